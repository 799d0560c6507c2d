package queue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

func TestResultIsCheckedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*runner.Result)
		says  string
	}{
		"bytes that do not have the hash": {func(r *runner.Result) { r.Profiles[1].Data[20] ^= 1 }, "hash"},
		"no profile": {func(r *runner.Result) {
			r.Profiles[0] = rehashed(r.Profiles[0], []byte("<html>"))
		}, "not a pprof profile"},
		"unknown side":     {func(r *runner.Result) { r.Profiles[0].Side = "moon" }, "moon"},
		"unknown kind":     {func(r *runner.Result) { r.Profiles[0].Kind = "" }, "kind"},
		"two of one":       {func(r *runner.Result) { r.Profiles[1].Side = profiles.Client }, "two go profiles"},
		"round beyond":     {func(r *runner.Result) { r.Round = 3 }, "no round 3"},
		"round 0":          {func(r *runner.Result) { r.Round = 0 }, "no round 0"},
		"cell beyond":      {func(r *runner.Result) { r.Cell = 3 }, "no cell 3"},
		"cell below":       {func(r *runner.Result) { r.Cell = -1 }, "no cell -1"},
		"short curve":      {func(r *runner.Result) { r.Curve = r.Curve[1:] }, "curve"},
		"long warning":     {func(r *runner.Result) { r.Warnings = []string{strings.Repeat("w", 2000)} }, "warnings"},
		"long disturbance": {func(r *runner.Result) { r.Noisy = strings.Repeat("n", 2000) }, "disturbed"},
		"long refusal":     {func(r *runner.Result) { r.NoKernel = strings.Repeat("n", 2000) }, "kernel"},
		"too large":        {func(r *runner.Result) { r.Histogram = make([]byte, 16<<20) }, "bytes"},
		"negative ops":     {func(r *runner.Result) { r.Profiles[0].Ops = -1 }, "negative"},
		"too many of them": {func(r *runner.Result) { r.Profiles = make([]runner.Recorded, 9) }, "9 profiles"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t, t.TempDir())
			h.worker(func(_ context.Context, _ runner.Spec, task queue.Task) error {
				r := measured(1, 1)
				c.spoil(&r)
				return task.Result(r)
			})
			got := h.awaitState(h.submit(spec(2)), profiles.Failed)
			if !strings.HasPrefix(got.Failure, "The result of round ") || !strings.Contains(got.Failure, c.says) {
				t.Errorf("failure %q, want it to say %q", got.Failure, c.says)
			}
			if got.Done != 0 {
				t.Errorf("%d runs were stored", got.Done)
			}
		})
	}
}

// A bundle of source files that cannot be read is refused with its run.
func TestSourcesAreCheckedBeforeTheRunIsStored(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(instant, func(o *queue.WorkerOptions) {
		o.Sources = func([]*profile.Profile) ([]byte, error) { return []byte("package main"), nil }
	})
	got := h.awaitState(h.submit(spec(2)), profiles.Failed)
	if !strings.Contains(got.Failure, "its source files") || got.Done != 0 {
		t.Errorf("%d runs were stored, failure %q", got.Done, got.Failure)
	}
}

// The files of each host are within the limits, those of both are not: what is stored can
// be read all the same, and every result is taken.
func TestSourcesOfAllHostsCanBeRead(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	for _, host := range []string{"a", "b"} {
		h.worker(own, named(host), func(o *queue.WorkerOptions) {
			texts := map[string]string{}
			for i := range source.DefaultLimits().Files - 100 {
				texts[fmt.Sprint("/", host, "/", i, ".go")] = ""
			}
			data := source.Of(texts).Encode()
			o.Sources = func([]*profile.Profile) ([]byte, error) { return data, nil }
		})
	}
	c := h.awaitState(h.submit(specOf(2, "a", "b")), profiles.Done)
	data, err := h.store.Blob(t.Context(), c.Sources)
	if err != nil {
		t.Fatal(err)
	}
	files, err := source.Decode(data, source.DefaultLimits())
	if err != nil || files.Len() != source.DefaultLimits().Files {
		t.Errorf("%d source files are stored, %v", files.Len(), err)
	}
}

func rehashed(rec runner.Recorded, data []byte) runner.Recorded {
	rec.Data = data
	rec.SHA256 = digest(data)
	return rec
}
