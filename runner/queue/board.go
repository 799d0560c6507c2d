package queue

import (
	"strings"
	"sync"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// task is what one worker has: its part of a comparison.
type task struct{ id, worker string }

// live is a part that a worker has.
type live struct {
	part     string // Part.Host
	attempt  int
	canceled bool // answer its next beat with cancel
	cells    int  // of the comparison
	progress runner.Progress
	beat     time.Time // the last sign of life
}

// board holds the live parts.
type board struct {
	mu  sync.Mutex
	all map[task]*live
	// parts are those of the comparisons with a live part, as they were at the last
	// claim.
	parts map[string][]profiles.Part
}

func newBoard() *board { return &board{all: map[task]*live{}, parts: map[string][]profiles.Part{}} }

// begin puts a part on the board in place of an older attempt.
func (b *board) begin(t task, l live, c profiles.Comparison) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all[t] = &l
	b.parts[t.id] = append([]profiles.Part{}, c.Parts...)
}

// end takes it off, unless a newer attempt has begun.
func (b *board) end(t task, attempt int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.all[t]; ok && l.attempt <= attempt {
		b.remove(t, l)
	}
}

// remove is called with the lock held.
func (b *board) remove(t task, l *live) {
	delete(b.all, t)
	for i, p := range b.parts[t.id] {
		if p.Host == l.part {
			b.parts[t.id][i].Done = l.progress.Done
		}
	}
	for other := range b.all {
		if other.id == t.id {
			return
		}
	}
	delete(b.parts, t.id)
}

// drop takes a comparison off, whoever has parts of it.
func (b *board) drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for t, l := range b.all {
		if t.id == id {
			b.remove(t, l)
		}
	}
}

// beat notes a sign of life and answers it; known is false for a part that is not
// on the board, and changed says whether its progress did.
func (b *board) beat(q beatRequest, now time.Time) (v verdict, known, changed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.all[task{q.Comparison, q.Host}]
	switch {
	case !ok:
		return later, false, false
	case l.attempt != q.Attempt:
		return stale, true, false
	}
	p := l.sane(q.Progress)
	changed = l.progress != p
	l.beat, l.progress = now, p
	if l.canceled {
		return cancel, true, changed
	}
	return goOn, true, changed
}

// sane is progress that a worker reports, within what can be.
func (l *live) sane(p runner.Progress) runner.Progress {
	const phase, long = 40, 30 * 24 * time.Hour
	p.Total = l.progress.Total
	p.Done = min(max(p.Done, 0), p.Total)
	p.Left = min(max(p.Left, 0), long)
	p.Phase = strings.ToValidUTF8(p.Phase[:min(len(p.Phase), phase)], "")
	if p.Cell < 0 || p.Cell >= l.cells || p.Round < 1 || p.Round > runner.MaxRounds {
		p.Round, p.Cell = 0, 0
	}
	return p
}

// cancel marks the parts of a comparison, so that their workers hear it with the
// next beat.
func (b *board) cancel(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for t, l := range b.all {
		if t.id == id {
			l.canceled = true
		}
	}
}

// progress adds up the parts of a comparison. The run that goes on is that of the
// first part that is live; what is left is as long as the longest of them.
func (b *board) progress(id string) (sum runner.Progress, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	lives := map[string]*live{}
	for t, l := range b.all {
		if t.id == id {
			lives[l.part] = l
		}
	}
	for _, p := range b.parts[id] {
		l := lives[p.Host]
		if l == nil {
			sum.Done, sum.Total = sum.Done+p.Done, sum.Total+p.Total
			continue
		}
		sum.Done, sum.Total, sum.Left = sum.Done+l.progress.Done, sum.Total+l.progress.Total, max(sum.Left, l.progress.Left)
		if sum.Round == 0 {
			sum.Round, sum.Cell, sum.Phase = l.progress.Round, l.progress.Cell, l.progress.Phase
		}
	}
	return sum, len(lives) > 0
}

// silent returns the parts that have not given a sign of life since.
func (b *board) silent(since time.Time) map[task]live {
	return b.where(func(_ task, l *live) bool { return l.beat.Before(since) })
}

// of returns the parts that the worker of a host has.
func (b *board) of(worker string) map[task]live {
	return b.where(func(t task, _ *live) bool { return t.worker == worker })
}

func (b *board) where(holds func(task, *live) bool) map[task]live {
	b.mu.Lock()
	defer b.mu.Unlock()
	some := map[task]live{}
	for t, l := range b.all {
		if holds(t, l) {
			some[t] = *l
		}
	}
	return some
}

// at is the comparison that the worker of a host works at; "" for none.
func (b *board) at(worker string) string {
	for t := range b.of(worker) {
		return t.id
	}
	return ""
}
