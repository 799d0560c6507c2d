package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// listen answers what workers ask and report. Each subject has a goroutine of
// its own, so that beats are answered while a comparison is being merged.
func (d *Dispatcher) listen(ctx context.Context) ([]*nats.Subscription, error) {
	var subs []*nats.Subscription
	for subject, handle := range map[string]nats.MsgHandler{
		askHello:  handler(d, ctx, d.hello, maxRequest),
		askClaim:  handler(d, ctx, d.claim, maxRequest),
		askBeat:   handler(d, ctx, d.beat, maxRequest),
		askResult: handler(d, ctx, d.result, maxPayload),
		askFinish: handler(d, ctx, d.finished, maxRequest),
	} {
		sub, err := d.conn.Subscribe(subject, handle)
		if err != nil {
			return nil, fmt.Errorf("subscribe to %s: %w", subject, err)
		}
		subs = append(subs, sub)
	}
	if err := d.conn.Flush(); err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	return subs, nil
}

// handler decodes a request, answers it, and encodes the reply. A request that
// comes after Stop gets none: its worker asks the next dispatcher.
func handler[Q request, A any](d *Dispatcher, ctx context.Context, answer func(context.Context, Q) A, most int) nats.MsgHandler {
	return func(m *nats.Msg) {
		d.answering.RLock()
		defer d.answering.RUnlock()
		if d.closed || !strings.HasPrefix(m.Reply, workerInbox+".") {
			return // an answer to any other subject would be sent in the server's name
		}
		defer func() {
			if p := recover(); p != nil { // the worker's request times out and is sent again
				d.log.ErrorContext(ctx, "panic in the queue", "subject", m.Subject, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
		}()
		body, err := json.Marshal(reply(d, ctx, m, answer, most))
		if err == nil {
			err = m.Respond(body)
		}
		if err != nil {
			d.log.WarnContext(ctx, "answer was not sent", "subject", m.Subject, "err", err)
		}
	}
}

// reply is the answer to one message. What cannot be read is refused: to send it
// again would not help.
func reply[Q request, A any](d *Dispatcher, ctx context.Context, m *nats.Msg, handle func(context.Context, Q) A, most int) any {
	body, err := d.uploads.take(m, time.Now())
	var bad *badResult
	switch {
	case errors.As(err, &bad):
		return answer{refuse, bad.why}
	case err != nil:
		return answer{later, err.Error()}
	case body == nil && m.Header != nil:
		return answer{Verdict: goOn} // more parts are to come
	}
	q, err := decode[Q](body, most)
	if err != nil {
		d.log.WarnContext(ctx, "request was refused", "subject", m.Subject, "err", err)
		return answerTo(err)
	}
	return handle(ctx, q)
}
