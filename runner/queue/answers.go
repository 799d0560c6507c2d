package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/source"
)

// listen answers what workers ask and report. Each subject has a goroutine of
// its own, so that beats are answered while a comparison is being merged.
func (d *Dispatcher) listen(ctx context.Context) ([]*nats.Subscription, error) {
	var subs []*nats.Subscription
	for subject, handle := range map[string]nats.MsgHandler{
		askClaim:  handler(d, ctx, d.claim),
		askBeat:   handler(d, ctx, d.beat),
		askResult: handler(d, ctx, d.result),
		askFinish: handler(d, ctx, d.finished),
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
func handler[Q, A any](d *Dispatcher, ctx context.Context, answer func(context.Context, Q) A) nats.MsgHandler {
	return func(m *nats.Msg) {
		d.answering.RLock()
		defer d.answering.RUnlock()
		if d.closed {
			return
		}
		defer func() {
			if p := recover(); p != nil { // the worker's request times out and is sent again
				d.log.ErrorContext(ctx, "panic in the queue", "subject", m.Subject, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
		}()
		var q Q
		if err := json.Unmarshal(m.Data, &q); err != nil {
			d.log.WarnContext(ctx, "request cannot be read", "subject", m.Subject, "err", err)
			return
		}
		body, err := json.Marshal(answer(ctx, q))
		if err == nil {
			err = m.Respond(body)
		}
		if err != nil {
			d.log.WarnContext(ctx, "answer was not sent", "subject", m.Subject, "err", err)
		}
	}
}

// claim gives a comparison to the worker that asks, with what is done already.
func (d *Dispatcher) claim(ctx context.Context, q claimRequest) claimReply {
	c, err := d.take(ctx, q.Comparison)
	if err != nil {
		return claimReply{answer: d.said(ctx, "claim", q.Comparison, err)}
	}
	defer d.hub.notify(c.ID)
	if c.CancelRequested {
		if err := d.finish(ctx, c, profiles.Canceled, ""); err != nil {
			return claimReply{answer: d.said(ctx, "cancel", c.ID, err)}
		}
		return claimReply{answer: answer{Verdict: gone}}
	}
	reply := claimReply{answer: answer{Verdict: goOn}, Attempt: c.Attempt, Done: []place{}, Seed: seed(c)}
	if err := json.Unmarshal(c.Spec, &reply.Spec); err != nil {
		return claimReply{answer: d.said(ctx, "claim", c.ID, fmt.Errorf("decode spec of %s: %w", c.ID, err))}
	}
	runs, err := d.store.Runs(ctx, c.ID)
	if err != nil {
		return claimReply{answer: d.said(ctx, "claim", c.ID, err)}
	}
	for _, r := range runs {
		reply.Done = append(reply.Done, place{r.Round, r.Cell})
	}
	d.log.InfoContext(ctx, "comparison runs", "comparison", c.ID, "attempt", c.Attempt, "stored", len(runs), "total", c.Total)
	return reply
}

// seed is the same for each attempt, so that a round that was cut short goes on
// in its order, and differs between installations.
func seed(c profiles.Comparison) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, c.ID, c.CreatedAt.UnixMicro())
	return h.Sum64()
}

// take claims a comparison and puts it on the board.
func (d *Dispatcher) take(ctx context.Context, id string) (profiles.Comparison, error) {
	d.claims.Lock()
	defer d.claims.Unlock()
	c, err := d.store.Claim(ctx, id)
	if err != nil {
		return c, err
	}
	l := live{attempt: c.Attempt, beat: time.Now()}
	l.progress.Done, l.progress.Total = c.Done, c.Total
	d.board.begin(id, l)
	return c, nil
}

func (d *Dispatcher) beat(ctx context.Context, q beatRequest) answer {
	v, known, changed := d.board.beat(q, time.Now())
	if changed {
		d.hub.notify(q.Comparison)
	}
	if known {
		return answer{Verdict: v}
	}
	// It is not on the board: it ended, was deleted or was interrupted, and the
	// store knows which.
	c, err := d.store.Comparison(ctx, q.Comparison)
	switch {
	case err != nil:
		return d.said(ctx, "beat", q.Comparison, err)
	case c.State.Final():
		return answer{Verdict: gone}
	}
	return answer{Verdict: stale}
}

// result stores a run, once it has been checked.
func (d *Dispatcher) result(ctx context.Context, q resultRequest) answer {
	err := d.file(ctx, q)
	if err == nil {
		d.hub.notify(q.Comparison)
	}
	return d.said(ctx, "result", q.Comparison, err)
}

func (d *Dispatcher) file(ctx context.Context, q resultRequest) error {
	c, err := d.store.Comparison(ctx, q.Comparison)
	if err != nil {
		return err
	}
	if c.Attempt != q.Attempt || c.State != profiles.Running {
		return profiles.ErrStale
	}
	run, evidence, err := accept(c, q.Result)
	if err != nil {
		return err
	}
	if _, err := d.store.StoreRun(ctx, q.Attempt, run, q.Result.Histogram, evidence); err != nil {
		return err
	}
	return d.attach(ctx, c, q)
}

// attach stores what came beside the run: the machine, and source files to add
// to those that are there.
func (d *Dispatcher) attach(ctx context.Context, c profiles.Comparison, q resultRequest) error {
	a := profiles.Attachment{Fingerprint: q.Fingerprint}
	if q.Sources != nil {
		files, err := source.Decode(q.Sources, source.DefaultLimits())
		if err != nil {
			return &badResult{fmt.Sprintf("its source files: %v", err)}
		}
		if c.Sources != "" {
			data, err := d.store.Blob(ctx, c.Sources)
			if err != nil {
				return err
			}
			stored, err := source.Decode(data, source.DefaultLimits())
			if err != nil {
				return fmt.Errorf("decode stored sources of %s: %w", c.ID, err)
			}
			files = source.Merge(stored, files)
		}
		a.Sources = files.Encode()
	}
	if a.Fingerprint == nil && a.Sources == nil {
		return nil
	}
	return d.store.Attach(ctx, c.ID, q.Attempt, a)
}

// finished ends an attempt as the worker says that it ended.
func (d *Dispatcher) finished(ctx context.Context, q finishRequest) answer {
	c, err := d.store.Comparison(ctx, q.Comparison)
	if err != nil {
		return d.said(ctx, "finish", q.Comparison, err)
	}
	if c.Attempt != q.Attempt {
		return answer{Verdict: stale}
	}
	defer d.hub.notify(c.ID)
	if q.State == profiles.Interrupted {
		return d.said(ctx, "interrupt", c.ID, d.interrupt(ctx, c))
	}
	return d.said(ctx, "finish", c.ID, d.finish(ctx, c, q.State, q.Failure))
}

// interrupt puts a comparison back, because its worker stops or is silent; one
// that is to be canceled ends instead.
func (d *Dispatcher) interrupt(ctx context.Context, c profiles.Comparison) error {
	d.claims.Lock()
	err := d.store.Interrupt(ctx, c.ID, c.Attempt)
	d.board.end(c.ID, c.Attempt)
	d.claims.Unlock()
	if err != nil {
		return err
	}
	if c, err = d.store.Comparison(ctx, c.ID); err != nil {
		return err
	}
	if c.CancelRequested {
		return d.finish(ctx, c, profiles.Canceled, "")
	}
	return nil
}

// said is the answer to an error, which is logged here when the worker cannot be
// expected to cause it.
func (d *Dispatcher) said(ctx context.Context, what, id string, err error) answer {
	a := answerTo(err)
	switch {
	case a.Verdict == later && !errors.Is(err, context.Canceled):
		d.log.ErrorContext(ctx, "worker's request failed", "request", what, "comparison", id, "err", err)
	case a.Verdict == refuse, a.Verdict == stale:
		d.log.InfoContext(ctx, "worker's report was refused", "request", what, "comparison", id, "err", err)
	}
	return a
}
