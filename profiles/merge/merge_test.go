package merge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/merge"
)

// of makes a CPU profile whose stacks take so many samples of 10 ms.
func of(samples map[string]int64) *profile.Profile {
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 10_000_000, DurationNanos: int64(time.Second),
	}
	for name, n := range samples {
		id := uint64(len(p.Function) + 1)
		f := &profile.Function{ID: id, Name: name, SystemName: name, Filename: name + ".go"}
		l := &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: 1}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{l}, Value: []int64{n, n * p.Period}})
	}
	return p
}

func comparison(sizes ...int) profiles.Comparison {
	c := profiles.Comparison{ID: "C-7"}
	for _, size := range sizes {
		c.Cells = append(c.Cells, profiles.Cell{Socket: "unix", Workload: "echo", Size: size, Concurrency: 1, Placement: "split"})
	}
	return c
}

func total(t *testing.T, p *profile.Profile) (samples int64) {
	t.Helper()
	for _, s := range p.Sample {
		samples += s.Value[0]
	}
	return samples
}

func TestRoundsAddUp(t *testing.T) {
	t.Parallel()
	a, b := of(map[string]int64{"read": 3, "write": 4}), of(map[string]int64{"read": 5, "close": 1})
	k := merge.Key{Side: profiles.Client, Kind: profiles.Go}
	parts := []merge.Part{{Profile: a, Ops: 100, Duration: time.Second}, {Profile: b, Ops: 50, Duration: 2 * time.Second}}
	e, err := merge.Rounds(comparison(5), k, parts)
	if err != nil {
		t.Fatal(err)
	}
	if e.Ops != 150 || e.Duration != 3*time.Second || e.Samples != 13 || e.Title != "unix client" {
		t.Errorf("the row is %+v", e.Profile)
	}
	p, err := guard.DecodeBytes(e.Data, guard.Default())
	if err != nil {
		t.Fatal(err)
	}
	if got := total(t, p); got != 13 {
		t.Errorf("the merge has %d samples, want 13", got)
	}
	if len(p.Comments) != 1 || !strings.Contains(p.Comments[0], "C-7") || !strings.Contains(p.Comments[0], "150 ops in 2 rounds") {
		t.Errorf("the comment is %q", p.Comments)
	}
	if total(t, a) != 7 || total(t, b) != 6 || len(a.Comments) != 0 {
		t.Error("a part was changed")
	}
	// The order of the rounds changes neither the samples nor the row.
	f, err := merge.Rounds(comparison(5), k, []merge.Part{parts[1], parts[0]})
	if err != nil || f.Samples != e.Samples || f.Ops != e.Ops {
		t.Errorf("the other way round: %+v, %v", f.Profile, err)
	}
}

func TestRoundsOfDifferentTypesAreRefused(t *testing.T) {
	t.Parallel()
	heap := of(map[string]int64{"make": 1})
	heap.SampleType = []*profile.ValueType{{Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}}
	_, err := merge.Rounds(comparison(5), merge.Key{Side: profiles.Server, Kind: profiles.Go}, []merge.Part{{Profile: of(map[string]int64{"read": 1})}, {Profile: heap}})
	if err == nil || !strings.Contains(err.Error(), "server") {
		t.Errorf("err = %v, want one that names the side", err)
	}
}

func TestTitleSaysWhatVaries(t *testing.T) {
	t.Parallel()
	c := comparison(5, 64)
	if got, want := merge.Title(c, merge.Key{Cell: 1, Side: profiles.Server}), "unix, 64 B, server"; got != want {
		t.Errorf("Title = %q, want %q", got, want)
	}
	c.Cells[1].AA = true
	if got, want := merge.Title(c, merge.Key{Cell: 1, Side: profiles.Client, Kind: profiles.Kernel}), "unix A/A, 64 B, client, with kernel"; got != want {
		t.Errorf("Title = %q, want %q", got, want)
	}
}
