package bench

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/kernel"
	"github.com/sockscope/sockscope/runner/socket"
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
	// StreamAtLeast is how long the timing pass of a stream goes on: 10,000 small
	// messages fit into the buffers of a socket, and would time nothing else.
	StreamAtLeast = 300 * time.Millisecond
	// closing is what a run takes after its last pass: to stop two profilers and
	// two processes.
	closing = 250 * time.Millisecond
)

// run is one cell in one round.
type run struct {
	spec    runner.Spec
	cell    profiles.Cell
	places  host.Places
	runDir  string
	env     []string
	lengths lengths
	phase   func(string)
	sampler *kernel.Sampler // nil where the kernel is not sampled

	began          time.Time
	client, server *child.Process
	targets        int             // addresses that the server listens at
	dialed         int             // how many of them the client dials in turn
	pace           time.Duration   // wall time of one request, from the warm-up
	plan           *host.PortPlan  // of the passes after the warm-up; nil where no ports are used up
	deep           *kernel.Session // of both sides; nil where the kernel is not sampled
	lack           string          // why it is not, where that was meant
}

// do makes the run.
func (r *run) do(ctx context.Context) (result runner.Result, err error) {
	err = r.with(ctx, func() (err error) {
		result, err = r.passes(ctx)
		return err
	})
	return result, err
}

// with calls measure when both sides are open and warm. Their processes and
// directories are gone when it returns.
func (r *run) with(ctx context.Context, measure func() error) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.began = time.Now()
	dir := filepath.Join(r.runDir, child.DirName(rand.Text()[:10]))
	defer func() { err = errors.Join(err, child.RemoveDir(dir), child.RemoveDir(dir+clientEnd)) }()
	r.phase(WarmUp)
	fork, err := r.openDeep()
	if err != nil {
		return err
	}
	if r.deep != nil {
		defer r.deep.Close()
	}
	serverEnds, clientEnds, err := r.pairs()
	if err != nil {
		return err
	}
	if r.server, err = child.Start(ctx, child.Server, child.Options{CPUs: r.places.Server, Env: r.env, Files: serverEnds, Fork: fork}); err != nil {
		closeAll(clientEnds)
		return err
	}
	defer func() { err = first(err, r.server.Close()) }()
	if r.client, err = child.Start(ctx, child.Client, child.Options{CPUs: r.places.Client, Env: r.env, Files: clientEnds, Fork: fork}); err != nil {
		return err
	}
	defer func() { err = first(err, r.client.Close()) }()
	if err := r.open(ctx, dir, len(serverEnds)); err != nil {
		return err
	}
	if err := r.watchDeep(); err != nil {
		return err
	}
	if err := r.warmUp(ctx); err != nil {
		return err
	}
	return measure()
}

// first is err, or else what closing said: a child that is in disorder after all
// went well is an error too.
func first(err, closing error) error {
	if err != nil {
		return err
	}
	return closing
}

// clientEnd is added to the name of the server's directory for the client's.
const clientEnd = "c"

// pairs makes the connected ends of a socketpair for each connection. Either
// child gets its ends as open files: there is no address to find the other at.
func (r *run) pairs() (server, client []*os.File, err error) {
	if r.socket() != runner.SocketPair {
		return nil, nil, nil
	}
	for range r.cell.Concurrency {
		s, c, err := socket.Pair()
		if err != nil {
			closeAll(server)
			closeAll(client)
			return nil, nil, fmt.Errorf("make %d socketpairs; use fewer connections at once, or raise the limit of open files with ulimit -n: %w", r.cell.Concurrency, err)
		}
		server, client = append(server, s), append(client, c)
	}
	return server, client, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

func (r *run) socket() runner.Socket     { return runner.Socket(r.cell.Socket) }
func (r *run) workload() runner.Workload { return runner.Workload(r.cell.Workload) }

// open gives both sides their task. The client makes files only where its end of
// a socket needs a name to be answered at.
func (r *run) open(ctx context.Context, dir string, files int) error {
	r.targets = r.planTargets()
	t := child.Task{
		Socket: r.socket(), Variant: runner.Variant(r.cell.Variant), Workload: r.workload(),
		Size: r.cell.Size, Concurrency: r.cell.Concurrency, Rate: r.spec.Rate,
		Dir: dir, Targets: r.targets, Files: files,
	}
	address, err := r.server.Open(ctx, t)
	if err != nil {
		return err
	}
	t.Dir, t.Address = "", address
	if r.socket() == runner.UnixGram {
		t.Dir = dir + clientEnd
	}
	_, err = r.client.Open(ctx, t)
	return err
}

func (r *run) warmUp(ctx context.Context) error {
	b := workload.Budget{Requests: warmUpRequests, AtLeast: r.lengths.warmUp, AtMost: warmUpAtMost}
	if r.lengths.warmUp < warmUpAtLeast { // somebody is in a hurry
		b.Requests, b.AtMost = leastRequests, 4*r.lengths.warmUp
	}
	p, err := r.client.Run(ctx, b, patience(warmUpAtMost))
	if err != nil {
		return err
	}
	r.pace = p.Elapsed / time.Duration(max(p.Requests, 1))
	return r.rotate(ctx)
}

// passes makes the timing pass and the profiled one.
func (r *run) passes(ctx context.Context) (result runner.Result, err error) {
	toCome := 2
	if r.lengths.profile < 0 {
		toCome = 1
	}
	b := workload.Budget{Requests: int64(r.spec.Requests), AtMost: r.lengths.atMost(time.Since(r.began), r.pace, toCome)}
	if r.workload() == runner.Stream {
		b.AtLeast = StreamAtLeast
	}
	r.phase(Timing)
	timing, err := r.pass(ctx, false, b)
	if err != nil {
		return result, err
	}
	result = r.result(timing)
	if r.lengths.profile < 0 {
		return result, nil
	}
	b.AtLeast = r.lengths.profile
	b.AtMost = max(b.AtLeast, profileAtMost)
	if most := r.lengths.atMost(time.Since(r.began), r.pace, 1); most > 0 {
		b.AtLeast, b.AtMost = min(b.AtLeast, most), min(b.AtMost, most)
	}
	r.phase(Profiled)
	profiled, err := r.pass(ctx, true, b)
	if err != nil {
		return result, err
	}
	result.ProfilingEffect = profiled.mean() / timing.mean()
	result.Profiles = profiled.profiles()
	return result, r.addDeep(&result, profiled)
}

func (r *run) result(timing pass) runner.Result {
	return runner.Result{
		Run: profiles.Run{
			Metrics: r.metrics(timing), Counters: r.counters(timing), Curve: curve(timing.latency),
			Warnings: r.warnings(timing), Noisy: timing.noisy(),
		},
		Histogram: timing.client.Histogram,
	}
}

// profiles are what both sides recorded in a pass.
func (p *pass) profiles() []runner.Recorded {
	var all []runner.Recorded
	for i, side := range []profiles.Side{profiles.Client, profiles.Server} {
		report := p.reports[i]
		all = append(all, recorded(side, profiles.Go, p.client.Requests, report.Window, report.Profile))
	}
	return all
}

func recorded(side profiles.Side, kind profiles.Kind, ops int64, window time.Duration, data []byte) runner.Recorded {
	sum := sha256.Sum256(data)
	return runner.Recorded{Side: side, Kind: kind, Ops: ops, Duration: window, SHA256: hex.EncodeToString(sum[:]), Data: data}
}
