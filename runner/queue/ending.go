package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/merge"
)

// finish merges the profiles of a part's rounds and ends the part with them. What a
// canceled or failed part has of complete rounds is merged too. The cells of a part
// are its own, so no part waits for another one.
func (d *Dispatcher) finish(ctx context.Context, c profiles.Comparison, p profiles.Part, state profiles.State, failure string) error {
	if state == profiles.Done && p.Done < p.Total {
		state, failure = profiles.Failed, fmt.Sprintf("The worker stopped after %d of %d runs without saying why; look at its log.", p.Done, p.Total)
	}
	merged, err := d.merge(ctx, c, p.Host)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		d.log.ErrorContext(ctx, "profiles cannot be merged", "comparison", c.ID, "err", err)
		merged = nil
		if state == profiles.Done {
			state, failure = profiles.Failed, "The profiles of the rounds could not be merged; each round's own are kept, run `sockscope check --read-data` on the data directory."
		}
	}
	if len(failure) > maxSentence {
		failure = strings.ToValidUTF8(failure[:maxSentence], "") + "…"
	}
	err = d.store.Finish(ctx, c.ID, p.Host, p.Attempt, profiles.Ending{State: state, Failure: failure, Merged: merged})
	if err == nil || errors.Is(err, profiles.ErrFinal) || errors.Is(err, profiles.ErrNotFound) {
		d.board.end(task{c.ID, d.workerOf(p.Host)}, p.Attempt)
	}
	if err != nil {
		return err
	}
	d.log.InfoContext(ctx, "part ended", "comparison", c.ID, "host", p.Host, "attempt", p.Attempt, "state", state, "runs", p.Done, "failure", failure)
	return nil
}

// merge makes one profile of each cell of a host, side and kind out of those of the
// rounds that the host has completed.
func (d *Dispatcher) merge(ctx context.Context, c profiles.Comparison, host string) ([]profiles.Evidence, error) {
	runs, err := d.store.Runs(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	complete := map[int]int{} // runs of each round
	for _, r := range runs {
		if c.HostOf(r.Cell) == host {
			complete[r.Round]++
		}
	}
	all, err := d.store.Profiles(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	var order []merge.Key
	groups := map[merge.Key][]profiles.Profile{}
	for _, p := range all {
		if p.Merged() || c.HostOf(p.Cell) != host || complete[p.Round] < c.CellsOf(host) {
			continue
		}
		k := merge.Key{Cell: p.Cell, Side: p.Side, Kind: p.Kind}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], p)
	}
	merged := []profiles.Evidence{}
	for _, k := range order {
		e, err := d.mergeOne(ctx, c, k, groups[k])
		if err != nil {
			return nil, err
		}
		merged = append(merged, e)
	}
	return merged, nil
}

func (d *Dispatcher) mergeOne(ctx context.Context, c profiles.Comparison, k merge.Key, rows []profiles.Profile) (e profiles.Evidence, err error) {
	var parts []merge.Part
	for _, r := range rows {
		data, err := d.store.Blob(ctx, r.SHA256)
		if err != nil {
			return e, err
		}
		p, err := guard.DecodeBytes(data, guard.Stored())
		if err != nil {
			return e, err
		}
		parts = append(parts, merge.Part{Profile: p, Ops: r.Ops, Duration: r.Duration})
	}
	return merge.Rounds(c, k, parts)
}
