package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/source"
)

// claim gives a worker its part of a comparison, with what is done already.
func (d *Dispatcher) claim(ctx context.Context, q claimRequest) claimReply {
	if !d.stations.hear(q.Host, q.Instance, time.Now()) {
		return claimReply{answer: answer{later, "this worker is not admitted"}}
	}
	c, p, err := d.take(ctx, q.sender)
	if err != nil {
		return claimReply{answer: d.said(ctx, "claim", q.Comparison, err)}
	}
	defer d.hub.notify(c.ID)
	if c.CancelRequested {
		if err := d.finish(ctx, c, p, profiles.Canceled, ""); err != nil {
			return claimReply{answer: d.said(ctx, "cancel", c.ID, err)}
		}
		return claimReply{answer: answer{Verdict: gone}}
	}
	reply := claimReply{answer: answer{Verdict: goOn}, Cells: c.Cells, Attempt: p.Attempt, Total: p.Total, Done: []place{}, Seed: seed(c)}
	if len(c.Parts) > 1 {
		reply.Host = p.Host
	}
	if err := json.Unmarshal(c.Spec, &reply.Spec); err != nil {
		return claimReply{answer: d.said(ctx, "claim", c.ID, fmt.Errorf("decode spec of %s: %w", c.ID, err))}
	}
	runs, err := d.store.Runs(ctx, c.ID)
	if err != nil {
		return claimReply{answer: d.said(ctx, "claim", c.ID, err)}
	}
	for _, r := range runs {
		if c.HostOf(r.Cell) == p.Host {
			reply.Done = append(reply.Done, place{r.Round, r.Cell})
		}
	}
	d.log.InfoContext(ctx, "part runs", "comparison", c.ID, "host", q.Host, "attempt", p.Attempt, "stored", p.Done, "total", p.Total)
	return reply
}

// seed is the same for each attempt, so that a round that was cut short goes on
// in its order, and differs between installations.
func seed(c profiles.Comparison) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, c.ID, c.CreatedAt.UnixMicro())
	return h.Sum64()
}

// partOf is what the worker of a host has to do of a comparison.
func (d *Dispatcher) partOf(c profiles.Comparison, worker string) (profiles.Part, error) {
	for _, p := range c.Parts {
		if d.workerOf(p.Host) == worker {
			return p, nil
		}
	}
	return profiles.Part{}, fmt.Errorf("find part of %q in %s: %w", worker, c.ID, profiles.ErrNotFound)
}

// find reads the part that a request is about.
func (d *Dispatcher) find(ctx context.Context, q sender) (c profiles.Comparison, p profiles.Part, err error) {
	if c, err = d.store.Comparison(ctx, q.Comparison); err != nil {
		return c, p, err
	}
	p, err = d.partOf(c, q.Host)
	return c, p, err
}

// take claims a part and puts it on the board.
func (d *Dispatcher) take(ctx context.Context, q sender) (c profiles.Comparison, p profiles.Part, err error) {
	d.claims.Lock()
	defer d.claims.Unlock()
	if c, p, err = d.find(ctx, q); err != nil {
		return c, p, err
	}
	if c, err = d.store.Claim(ctx, q.Comparison, p.Host); err != nil {
		return c, p, err
	}
	p, _ = c.Part(p.Host)
	l := live{part: p.Host, attempt: p.Attempt, beat: time.Now(), cells: len(c.Cells)}
	l.progress.Done, l.progress.Total = p.Done, p.Total
	d.board.begin(task{c.ID, q.Host}, l, c)
	return c, p, nil
}

func (d *Dispatcher) beat(ctx context.Context, q beatRequest) answer {
	if !d.stations.hear(q.Host, q.Instance, time.Now()) {
		return answer{Verdict: stale}
	}
	v, known, changed := d.board.beat(q, time.Now())
	if changed {
		d.hub.notify(q.Comparison)
	}
	if known {
		return answer{Verdict: v}
	}
	// It is not on the board: it ended, was deleted or was interrupted, and the
	// store knows which.
	_, p, err := d.find(ctx, q.sender)
	switch {
	case err != nil:
		return d.said(ctx, "beat", q.Comparison, err)
	case p.State.Final():
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
	c, p, err := d.find(ctx, q.sender)
	if err != nil {
		return err
	}
	if p.Attempt != q.Attempt || p.State != profiles.Running || !d.stations.hear(q.Host, q.Instance, time.Now()) {
		return profiles.ErrStale
	}
	run, evidence, err := accept(c, p.Host, q.Result)
	if err != nil {
		return err
	}
	a := profiles.Attachment{Fingerprint: q.Fingerprint}
	if q.Sources != nil {
		files, err := source.Decode(q.Sources, source.DefaultLimits())
		if err != nil {
			return &badResult{fmt.Sprintf("its source files: %v", err)}
		}
		if a.Sources, err = d.withSources(ctx, c, files); err != nil {
			return err
		}
	}
	if _, err := d.store.StoreRun(ctx, q.Attempt, run, q.Result.Histogram, evidence); err != nil {
		return err
	}
	if a.Fingerprint == nil && a.Sources == nil {
		return nil
	}
	return d.store.Attach(ctx, c.ID, p.Host, q.Attempt, a)
}

// withSources are the source files that are stored of a comparison with further ones, as
// far as they can be read back: each host's are within the limits, those of all may not be.
func (d *Dispatcher) withSources(ctx context.Context, c profiles.Comparison, files source.Bundle) ([]byte, error) {
	var stored source.Bundle
	if c.Sources != "" {
		data, err := d.store.Blob(ctx, c.Sources)
		if err != nil {
			return nil, err
		}
		if stored, err = source.Decode(data, source.DefaultLimits()); err != nil { // it will not be better the next time
			d.log.ErrorContext(ctx, "stored source files cannot be read and are replaced", "comparison", c.ID, "err", err)
		}
	}
	data, left := source.Pack(source.DefaultLimits(), stored, files)
	if left > 0 {
		d.log.WarnContext(ctx, "source files were left out: those of all hosts are too many together", "comparison", c.ID, "files", left)
	}
	return data, nil
}

// finished ends an attempt as the worker says that it ended.
func (d *Dispatcher) finished(ctx context.Context, q finishRequest) answer {
	c, p, err := d.find(ctx, q.sender)
	if err != nil {
		return d.said(ctx, "finish", q.Comparison, err)
	}
	if p.Attempt != q.Attempt || !d.stations.hear(q.Host, q.Instance, time.Now()) {
		return answer{Verdict: stale}
	}
	defer d.hub.notify(c.ID)
	if q.State == profiles.Interrupted {
		return d.said(ctx, "interrupt", c.ID, d.interrupt(ctx, c.ID, p.Host, p.Attempt))
	}
	return d.said(ctx, "finish", c.ID, d.finish(ctx, c, p, q.State, q.Failure))
}

// interrupt puts a part back, because its worker stops or is silent; one that is to
// be canceled ends instead.
func (d *Dispatcher) interrupt(ctx context.Context, id, host string, attempt int) error {
	d.claims.Lock()
	err := d.store.Interrupt(ctx, id, host, attempt)
	d.board.end(task{id, d.workerOf(host)}, attempt)
	d.claims.Unlock()
	if err != nil {
		return err
	}
	c, err := d.store.Comparison(ctx, id)
	if err != nil || !c.CancelRequested {
		return err
	}
	return d.endWaiting(ctx, c)
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
