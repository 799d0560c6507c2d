package queue_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

// measured is the result of a run that took no time, with two profiles.
func measured(round, cell int) runner.Result {
	r := runner.Result{Run: profiles.Run{
		Round: round, Cell: cell, Position: cell, StartedAt: time.Now(), Elapsed: time.Millisecond,
		Metrics: map[string]float64{profiles.LatencyP50: float64(100*cell + round)}, Counters: map[string]int64{},
		Curve: make([]int64, len(profiles.Quantiles)), Warnings: []string{},
	}, Histogram: []byte{1, byte(round), byte(cell)}}
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		r.Profiles = append(r.Profiles, recorded(side, int64(100*cell+round)))
	}
	return r
}

// recorded is a profile with one stack of main.work, worth that many samples.
func recorded(side profiles.Side, samples int64) runner.Recorded {
	f := &profile.Function{ID: 1, Name: "main.work", SystemName: "main.work", Filename: "main.go"}
	l := &profile.Location{ID: 1, Address: 1, Line: []profile.Line{{Function: f, Line: 7}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7, DurationNanos: 1e9,
		Sample:   []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{samples, samples * 1e7}}},
		Location: []*profile.Location{l}, Function: []*profile.Function{f},
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		panic(err)
	}
	return runner.Recorded{Side: side, Kind: profiles.Go, Ops: 10, Duration: time.Second, SHA256: digest(b.Bytes()), Data: b.Bytes()}
}

// plan calls do for each run that is not skipped, in order.
func plan(ctx context.Context, s runner.Spec, t queue.Task, do func(round, cell int) error) error {
	for round := 1; round <= s.Rounds; round++ {
		for cell := range s.Cells() {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if t.Skip(round, cell) {
				continue
			}
			if err := do(round, cell); err != nil {
				return err
			}
		}
	}
	return nil
}

// instant is a benchmark that takes no time.
func instant(ctx context.Context, s runner.Spec, t queue.Task) error {
	return plan(ctx, s, t, func(round, cell int) error { return t.Result(measured(round, cell)) })
}

// gate is a benchmark that stops before a run until it is let through, and tells
// how it ended.
type gate struct {
	round, cell int
	reached     chan struct{} // gets a value when the run begins
	open        chan struct{} // close to let it through
	ended       chan error    // the context's cause, when it ended at the gate
}

func newGate(round, cell int) *gate {
	return &gate{round, cell, make(chan struct{}, 10), make(chan struct{}), make(chan error, 10)}
}

func (g *gate) bench(ctx context.Context, s runner.Spec, t queue.Task) error {
	return plan(ctx, s, t, func(round, cell int) error {
		if round == g.round && cell == g.cell {
			t.Progress(runner.Progress{Done: 1, Total: 9, Round: round, Cell: cell, Phase: "timing pass"})
			g.reached <- struct{}{}
			select {
			case <-g.open:
			case <-ctx.Done():
				g.ended <- context.Cause(ctx)
				return context.Cause(ctx)
			}
		}
		return t.Result(measured(round, cell))
	})
}

func receive[T any](t *testing.T, from <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		t.Fatalf("waited %s for %s", patience, what)
	}
	return v
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
