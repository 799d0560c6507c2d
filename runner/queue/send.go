package queue

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// oneTry is how long one request waits for its answer: a server that dies over it
// never gives one, and the connection to a NATS server elsewhere stays. Whatever is
// asked twice is done once.
const oneTry = 20 * time.Second

// ask sends a request until it is answered, for at most patience in all.
func ask[A any](ctx context.Context, w *Worker, subject string, q any, patience time.Duration) (a A, err error) {
	const pause = 100 * time.Millisecond
	body, err := json.Marshal(q)
	if err != nil {
		return a, fmt.Errorf("encode %s: %w", subject, err)
	}
	if len(body) > maxPayload {
		return a, &badResult{fmt.Sprintf("it has %d bytes, and the queue takes %d", len(body), maxPayload)}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		try, end := context.WithTimeout(ctx, oneTry)
		reply, err := w.request(try, subject, body)
		end()
		if err == nil {
			if err := json.Unmarshal(reply, &a); err != nil {
				return a, fmt.Errorf("decode answer to %s: %w", subject, err)
			}
			return a, nil
		}
		// Nobody listens while the server is restarting.
		if !sleep(ctx, pause) {
			return a, fmt.Errorf("ask %s: %w", subject, err)
		}
	}
}

var errPart = errors.New("a part was not taken")

// request sends one request, in parts when the NATS server lets no message of its
// size through, and returns the answer to the last of them.
func (w *Worker) request(ctx context.Context, subject string, body []byte) ([]byte, error) {
	const headers = 4 << 10 // room for what NATS counts beside the data
	most := min(maxPayload, int(w.conn.MaxPayload())) - headers
	if most < headers {
		most = headers // it is not connected, and does not know
	}
	if len(body) <= most {
		m, err := w.conn.RequestWithContext(ctx, subject, body)
		if err != nil {
			return nil, err
		}
		return m.Data, nil
	}
	id, parts := rand.Text(), (len(body)+most-1)/most
	for i := 1; ; i++ {
		m := nats.NewMsg(subject)
		m.Header.Set(headerUpload, id)
		m.Header.Set(headerPart, fmt.Sprintf("%d/%d", i, parts))
		m.Data = body[(i-1)*most : min(i*most, len(body))]
		r, err := w.conn.RequestMsgWithContext(ctx, m)
		if err != nil {
			return nil, err
		}
		if i == parts {
			return r.Data, nil
		}
		var a answer
		if err := json.Unmarshal(r.Data, &a); err != nil || a.Verdict == later {
			return nil, errPart
		}
		if a.Verdict != goOn {
			return r.Data, nil
		}
	}
}

// sleep reports whether it has slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
