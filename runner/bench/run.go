package bench

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// The names of phases, as [runner.Progress] has them.
const (
	WarmUp   = "warm-up"
	Timing   = "timing pass"
	Profiled = "profiled pass"
)

// Lengths of passes. The first dial of a process takes five times as long as the
// later ones, and caches and the scheduler need some 100 ms. At 100 samples per
// second of CPU a profile of 1.2 s holds some 80 samples a side; ten rounds
// together hold enough for lines above a few percent.
const (
	warmUpRequests = 500
	warmUpAtLeast  = 200 * time.Millisecond
	warmUpAtMost   = 2 * time.Second
	profileAtLeast = 1200 * time.Millisecond
	profileAtMost  = 3 * time.Second
)

// patience is how long a pass may take: ten times what the warm-up promises, and
// half a minute for what can stall once.
func patience(expected time.Duration) time.Duration { return 30*time.Second + 10*expected }

// run is one cell in one round.
type run struct {
	spec    runner.Spec
	cell    profiles.Cell
	places  host.Places
	runDir  string
	env     []string
	profile time.Duration
	phase   func(string)

	client, server *child.Process
	pace           time.Duration // wall time of one request, from the warm-up
}

// pass is what one pass left at both sides.
type pass struct {
	client  child.Pass
	latency *hdrhistogram.Histogram
	reports [2]child.Report // client, server
	machine host.Sample     // what the whole machine did meanwhile
}

// do makes the run. Its processes and its directory are gone when it returns.
func (r *run) do(ctx context.Context) (result runner.Result, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dir := filepath.Join(r.runDir, child.DirName(rand.Text()[:10]))
	defer func() { err = errors.Join(err, child.RemoveDir(dir)) }()
	r.phase(WarmUp)
	if r.server, err = child.Start(ctx, child.Server, child.Options{CPUs: r.places.Server, Env: r.env}); err != nil {
		return result, err
	}
	defer func() { err = first(err, r.server.Close()) }()
	if r.client, err = child.Start(ctx, child.Client, child.Options{CPUs: r.places.Client, Env: r.env}); err != nil {
		return result, err
	}
	defer func() { err = first(err, r.client.Close()) }()
	if err := r.open(ctx, dir); err != nil {
		return result, err
	}
	if err := r.warmUp(ctx); err != nil {
		return result, err
	}
	requests := int64(r.spec.Requests)
	r.phase(Timing)
	timing, err := r.pass(ctx, false, workload.Budget{Requests: requests})
	if err != nil {
		return result, err
	}
	r.phase(Profiled)
	atLeast := r.profile
	if atLeast == 0 {
		atLeast = profileAtLeast
	}
	profiled, err := r.pass(ctx, true, workload.Budget{Requests: requests, AtLeast: atLeast, AtMost: max(atLeast, profileAtMost)})
	if err != nil {
		return result, err
	}
	return r.result(timing, profiled), nil
}

// first is err, or else what closing said: a child that is in disorder after all
// went well is an error too.
func first(err, closing error) error {
	if err != nil {
		return err
	}
	return closing
}

func (r *run) open(ctx context.Context, dir string) error {
	t := child.Task{
		Socket: runner.Socket(r.cell.Socket), Workload: runner.Workload(r.cell.Workload),
		Size: r.cell.Size, Concurrency: r.cell.Concurrency, Dir: dir,
	}
	address, err := r.server.Open(ctx, t)
	if err != nil {
		return err
	}
	t.Dir, t.Address = "", address
	_, err = r.client.Open(ctx, t)
	return err
}

func (r *run) warmUp(ctx context.Context) error {
	b := workload.Budget{Requests: warmUpRequests, AtLeast: warmUpAtLeast, AtMost: warmUpAtMost}
	p, err := r.client.Run(ctx, b, patience(warmUpAtMost))
	if err != nil {
		return err
	}
	r.pace = p.Elapsed / time.Duration(max(p.Requests, 1))
	return nil
}

// pass makes one pass at both sides. The server's window is the wider one: it
// opens before the client's first request and closes after its last.
func (r *run) pass(ctx context.Context, profile bool, b workload.Budget) (pass, error) {
	var p pass
	for _, side := range []*child.Process{r.server, r.client} {
		if err := side.Begin(ctx, profile); err != nil {
			return p, err
		}
	}
	before := host.TakeSample()
	var err error
	if p.client, err = r.client.Run(ctx, b, patience(r.pace*time.Duration(b.Requests)+b.AtLeast)); err != nil {
		return p, err
	}
	p.machine = host.TakeSample().Since(before)
	if p.reports, err = r.end(ctx); err != nil {
		return p, err
	}
	if p.latency, err = hdrhistogram.Decode(p.client.Histogram); err != nil {
		return p, fmt.Errorf("read the client's histogram: %w", err)
	}
	if n := p.latency.TotalCount(); n != p.client.Requests || n == 0 {
		return p, fmt.Errorf("the client reports %d requests and %d latencies", p.client.Requests, n)
	}
	return p, nil
}

// end closes both windows at once: a profiler takes a tenth of a second to stop.
func (r *run) end(ctx context.Context) (reports [2]child.Report, err error) {
	var errs [2]error
	server := make(chan struct{})
	go func() {
		defer close(server)
		reports[1], errs[1] = r.server.End(ctx)
	}()
	reports[0], errs[0] = r.client.End(ctx)
	<-server
	return reports, first(errs[0], errs[1])
}

func (r *run) result(timing, profiled pass) runner.Result {
	result := runner.Result{
		Run: profiles.Run{
			Metrics: metrics(timing), Counters: counters(timing), Curve: curve(timing.latency),
			Warnings:        append(append([]string{}, r.places.Warnings...), warnings(r.cell, timing)...),
			ProfilingEffect: profiled.latency.Mean() / timing.latency.Mean(),
		},
		Histogram: timing.client.Histogram,
	}
	for i, side := range []profiles.Side{profiles.Client, profiles.Server} {
		report := profiled.reports[i]
		sum := sha256.Sum256(report.Profile)
		result.Profiles = append(result.Profiles, runner.Recorded{
			Side: side, Kind: profiles.Go, Ops: profiled.client.Requests, Duration: report.Window,
			SHA256: hex.EncodeToString(sum[:]), Data: report.Profile,
		})
	}
	return result
}
