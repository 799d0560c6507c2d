package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// article is a report of the article's experiment after so many rounds: unix
// takes 84 µs, tcp4 177 µs, both with half a percent of noise.
func article(rounds int) *export.Report {
	wobble := [10]float64{5, -4, 3, -2, 1, -1, 2, -3, 4, -5}
	cell := profiles.Cell{Socket: "unix", Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split"}
	aa, tcp := cell, cell
	aa.AA, tcp.Socket = true, "tcp4"
	start := time.Date(2026, 11, 22, 7, 31, 0, 0, time.FixedZone("CET", 3600))
	r := &export.Report{
		Comparison: profiles.Comparison{
			ID: "C-42", Title: "unix vs tcp4 — dial, write, read, close", State: profiles.Done, Base: "unix", Host: "epyc-2",
			Spec:        json.RawMessage(`{"workload":"dial-echo","sockets":["unix","tcp4"],"rounds":10,"requests":10000}`),
			Fingerprint: json.RawMessage(`{"kernel":"6.18.5","cpus":2,"virtual":true,"Go version":"go1.26.8","flags":["a"]}`),
			Cells:       []profiles.Cell{cell, aa, tcp}, Done: 3 * rounds, Total: 30, Attempt: 1,
			CreatedAt: start, StartedAt: start.Add(time.Second),
		},
		Procs: 1,
	}
	if rounds < 10 {
		r.Comparison.State = profiles.Running
	}
	for round := 1; round <= rounds; round++ {
		for i, v := range []float64{84_000, 84_100, 177_000} {
			v *= 1 + wobble[(round+3*i)%10]/1000
			r.Runs = append(r.Runs, profiles.Run{
				ID: int64(3*round + i), Round: round, Cell: i, Attempt: 1, Position: (round + i) % 3,
				StartedAt: start.Add(time.Duration(round) * time.Second), ProfilingEffect: 1.02,
				Metrics: map[string]float64{
					profiles.LatencyMean: v, profiles.LatencyP50: v * 0.96, profiles.RequestsPerSecond: 1e9 / v,
					profiles.ClientUser: v / 12, profiles.ClientSys: v / 4, profiles.ClientCPU: v / 3,
				},
				Counters: map[string]int64{"dial_retries": int64(i)},
				Curve:    []int64{40_000, 60_000},
				Warnings: []string{"The load was high."}[:round%2],
			})
		}
	}
	for i := range r.Comparison.Cells {
		for n, round := range []int{1, 0} {
			r.Profiles = append(r.Profiles, profiles.Profile{
				ID: fmt.Sprintf("P-%d", 2*i+n), Comparison: "C-42", Cell: i, Round: round,
				Side: profiles.Client, Kind: profiles.Go, Ops: 10_000, Samples: 70,
			})
		}
	}
	part := func(label string, line, count int64) listing.Part {
		return listing.Part{Label: label, Line: line, Value: count * 10_000_000, Count: count}
	}
	r.Lines = []verdict.Lines{
		{Cell: 0, Side: profiles.Client, Ops: 100_000, Parts: []listing.Part{part("net.Dial", 32, 118), part("conn.Write", 36, 20), part("runtime", 0, 56)}},
		{Cell: 2, Side: profiles.Client, Ops: 100_000, Parts: []listing.Part{part("net.Dial", 32, 447), part("conn.Write", 36, 107), part("runtime", 0, 60)}},
	}
	return judged(r)
}

// judged computes the summary and the verdict of a report.
func judged(r *export.Report) *export.Report {
	r.Summary = stats.Summarize(r.Comparison, r.Runs)
	r.Verdict = verdict.Of(r.Comparison, r.Summary, r.Lines)
	return r
}

// The document has the names that the contract of the API gives.
func TestDocument(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(article(10).Document())
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"id": "C-42", "state": "done", "host": "epyc-2", "base": "unix",
		"spec.requests": 10000.0, "progress.done": 30.0, "progress.total": 30.0,
		"rounds.indicative": false, "rounds.done": 10.0,
		"cells.0.socket": "unix", "cells.1.aa": true, "cells.2.socket": "tcp4", "cells.2.size": 5.0,
		"cells.2.concurrency": 1.0, "cells.2.placement": "split", "cells.2.aa": false,
		"cells.2.ratio.latency_p50_ns.p":          2.0 / 1024,
		"cells.2.ratio.latency_p50_ns.clear":      true,
		"cells.1.ratio.latency_p50_ns.clear":      false,
		"cells.1.ratio.latency_p50_ns.adjusted_p": nil,
		"cells.2.counters.dial_retries":           20.0,
		"cells.2.profiles.0.id":                   "P-5", // the merge of all rounds comes first
		"cells.2.profiles.0.side":                 "client",
		"cells.2.profiles.0.kind":                 "go",
		"cells.2.profiles.0.samples":              70.0,
		"cells.2.profiles.0.ops":                  10000.0,
		"cells.2.warnings.0":                      "The load was high.",
		"cells.2.curve.1.quantile":                0.05,
		"cells.2.profiling_effect":                1.02,
		"verdict.outcome":                         "shown",
		"verdict.text":                            "A request over unix takes 80.6 µs; over tcp4 it takes 170 µs.",
		"verdict.headline.costlier":               "tcp4",
		"created_at":                              "2026-11-22T06:31:00Z",
		"finished_at":                             nil,
		"fingerprint.kernel":                      "6.18.5",
	} {
		if got := at(t, d, path); got != want {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
	if n := len(at(t, d, "cells.2.metrics.latency_p50_ns.rounds").([]any)); n != 10 {
		t.Errorf("%d rounds", n)
	}
	if r := at(t, d, "cells.0.ratio").(map[string]any); len(r) != 0 {
		t.Errorf("the base has a ratio: %v", r)
	}
	if m := at(t, d, "cells.2.metrics.latency_p50_ns.median").(float64); math.Abs(m-169_920) > 1e-6 {
		t.Errorf("median = %v", m)
	}
	if low := at(t, d, "cells.2.ratio.latency_p50_ns.low").(float64); low < 2.09 || low > 2.11 {
		t.Errorf("low = %v", low)
	}
	var back export.Comparison
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("the document does not survive reading and writing: %v", err)
	}
}

// at follows a path of names and indices.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for _, name := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[name]; !ok {
				t.Fatalf("%s: no %q", path, name)
			}
		case []any:
			i := int(name[0] - '0')
			if i >= len(x) {
				t.Fatalf("%s: %d elements", path, len(x))
			}
			v = x[i]
		default:
			t.Fatalf("%s: %T at %q", path, v, name)
		}
	}
	return v
}

// Without an interval the bounds are null, and no slice ever is.
func TestDocumentPartial(t *testing.T) {
	t.Parallel()
	for _, rounds := range []int{0, 1, 4} {
		r := article(rounds)
		r.Profiles, r.Lines = nil, nil
		raw, err := json.Marshal(judged(r).Document())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"cells", "profiles", "warnings", "facts", "notes", "rounds", "curve", "metrics", "ratio", "counters"} {
			if strings.Contains(string(raw), `"`+name+`":null`) {
				t.Errorf("%d rounds: %s is null", rounds, name)
			}
		}
		if rounds > 0 && !strings.Contains(string(raw), `"low":null,"high":null`) {
			t.Errorf("%d rounds have an interval: %s", rounds, raw)
		}
	}
	raw, err := json.Marshal((&export.Report{Comparison: profiles.Comparison{Spec: json.RawMessage("{broken")}}).Document())
	if err != nil || !strings.Contains(string(raw), `"spec":null`) || !strings.Contains(string(raw), `"cells":[]`) ||
		!strings.Contains(string(raw), `"facts":[]`) {
		t.Errorf("an empty report: %s, %v", raw, err)
	}
}

// What a run claims to have measured never breaks the document.
func TestDocumentTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := article(7)
		for i := range r.Runs {
			if rapid.Bool().Draw(t, "odd") {
				r.Runs[i].Metrics[profiles.LatencyP50] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(-1), 0, -1, math.MaxFloat64}).Draw(t, "v")
			}
		}
		if _, err := json.Marshal(judged(r).Document()); err != nil {
			t.Fatal(err)
		}
	})
}
