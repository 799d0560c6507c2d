package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// period is the CPU time of one sample of the profiles made here.
const period = 10 * time.Millisecond

// frame is a line of a function.
type frame struct {
	function, file string
	line, start    int64
}

// recorder makes a CPU profile from stacks.
type recorder struct {
	p  *profile.Profile
	at map[frame]*profile.Location
}

func newRecorder() *recorder {
	return &recorder{at: map[frame]*profile.Location{}, p: &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: int64(period), DurationNanos: int64(2 * time.Second),
		TimeNanos: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).UnixNano(),
		Mapping:   []*profile.Mapping{{ID: 1, Start: 0x400000, Limit: 0x800000, File: "/usr/bin/sockscope", HasFunctions: true, HasFilenames: true, HasLineNumbers: true}},
	}}
}

func (r *recorder) location(f frame) *profile.Location {
	if l := r.at[f]; l != nil {
		return l
	}
	var fn *profile.Function
	for _, known := range r.p.Function {
		if known.Name == f.function && known.Filename == f.file {
			fn = known
		}
	}
	if fn == nil {
		fn = &profile.Function{ID: uint64(len(r.p.Function) + 1), Name: f.function, SystemName: f.function, Filename: f.file, StartLine: f.start}
		r.p.Function = append(r.p.Function, fn)
	}
	l := &profile.Location{ID: uint64(len(r.p.Location) + 1), Mapping: r.p.Mapping[0], Line: []profile.Line{{Function: fn, Line: f.line}}}
	l.Address = 0x400000 + l.ID
	r.p.Location = append(r.p.Location, l)
	r.at[f] = l
	return l
}

// add records n samples of a stack, the root first.
func (r *recorder) add(n int64, stack ...frame) {
	s := &profile.Sample{Value: []int64{n, n * int64(period)}}
	for i := len(stack) - 1; i >= 0; i-- {
		s.Location = append(s.Location, r.location(stack[i]))
	}
	r.p.Sample = append(r.p.Sample, s)
}

func encode(t testing.TB, p *profile.Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// loopFile is the file of a measured loop, as profiles of the children name it,
// and its text.
func loopFile(t testing.TB, name string) (file, text string) {
	t.Helper()
	raw, err := workload.Sources.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return path.Join(workload.SourceDir(), name), string(raw)
}

// lineOf finds a line by what stands in it.
func lineOf(t testing.TB, text, part string) int64 {
	t.Helper()
	for i, l := range strings.Split(text, "\n") {
		if strings.Contains(l, part) {
			return int64(i + 1)
		}
	}
	t.Fatalf("no line has %q", part)
	return 0
}

// client is a profile of the dial-echo loop: n samples in all its dials, writes,
// reads and closes, dials costing more over tcp4.
func client(t testing.TB, socket string, n int64) *profile.Profile {
	t.Helper()
	file, text := loopFile(t, "dial_echo.go")
	fn := "github.com/sockscope/sockscope/runner/workload.DialEcho"
	at := func(part string) frame {
		return frame{fn, file, lineOf(t, text, part), lineOf(t, text, "func DialEcho")}
	}
	main := frame{"github.com/sockscope/sockscope/runner/child.Main", "/src/runner/child/child.go", 40, 30}
	std := func(name string, line int64) frame {
		return frame{name, "/usr/local/go/src/net/net.go", line, line - 3}
	}
	dial := 4 * n
	if socket == "tcp4" {
		dial *= 3
	}
	r := newRecorder()
	r.add(dial, main, at("dialer.Dial()"), std("net.(*Dialer).DialContext", 100), std("internal/runtime/syscall.Syscall6", 20))
	r.add(2*n, main, at("conn.Write("), std("net.(*conn).Write", 200), std("internal/poll.(*FD).Write", 210))
	r.add(3*n, main, at("io.ReadFull("), std("io.ReadFull", 300), std("internal/poll.(*FD).Read", 310))
	r.add(n, main, at("err = conn.Close()"), std("net.(*conn).Close", 400))
	r.add(n, frame{"runtime.mcall", "/usr/local/go/src/runtime/asm.s", 10, 5}, frame{"runtime.findRunnable", "/usr/local/go/src/runtime/proc.go", 500, 450})
	return r.p
}

func server(t testing.TB, n int64) *profile.Profile {
	t.Helper()
	file, text := loopFile(t, "serve.go")
	fn := "github.com/sockscope/sockscope/runner/workload.ServeConn"
	r := newRecorder()
	r.add(3*n, frame{fn, file, lineOf(t, text, "io.ReadFull("), lineOf(t, text, "func ServeConn")}, frame{"internal/poll.(*FD).Read", "/usr/local/go/src/internal/poll/fd.go", 310, 300})
	r.add(2*n, frame{fn, file, lineOf(t, text, "conn.Write("), lineOf(t, text, "func ServeConn")}, frame{"internal/poll.(*FD).Write", "/usr/local/go/src/internal/poll/fd.go", 210, 200})
	return r.p
}

// queued files the article's comparison, of 8 rounds, as a page or program asked
// for it.
func (s *site) queued(title string) profiles.Comparison {
	s.t.Helper()
	spec := runner.Article()
	spec.Title, spec.Rounds = title, 8
	raw, err := json.Marshal(spec)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.store.CreateComparison(s.t.Context(), profiles.Comparison{
		Title: spec.Name(), Spec: raw, Base: string(spec.Base), Cells: spec.Cells(), Host: "testhost", Total: len(spec.Cells()) * spec.Rounds,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// running files a comparison whose first rounds are done.
func (s *site) running(title string, rounds int) profiles.Comparison {
	s.t.Helper()
	c, err := s.store.Claim(s.t.Context(), s.queued(title).ID, "")
	if err != nil {
		s.t.Fatal(err)
	}
	bundle := map[string]string{}
	for _, name := range []string{"dial_echo.go", "serve.go"} {
		file, text := loopFile(s.t, name)
		bundle[file] = text
	}
	err = s.store.Attach(s.t.Context(), c.ID, "", c.Attempt, profiles.Attachment{
		Fingerprint: json.RawMessage(`{"hostname":"testhost","cpu":"Test CPU","cpus":2,"kernel":"6.1","go":"go1.26"}`), Sources: source.Of(bundle).Encode(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for round := 1; round <= rounds; round++ {
		for cell := range c.Cells {
			s.run(c, round, cell)
		}
	}
	return c
}

const opsPerRun = 5000

func (s *site) run(c profiles.Comparison, round, cell int) {
	s.t.Helper()
	slow := 1.0
	if c.Cells[cell].Socket == "tcp4" {
		slow = 2.1
	}
	jitter := 1 + float64((round*7+cell*3)%5)/100
	run := profiles.Run{
		Comparison: c.ID, Round: round, Cell: cell, Position: (cell + round) % len(c.Cells), StartedAt: s.clock.Now(), Elapsed: 3 * time.Second,
		Metrics:  map[string]float64{},
		Counters: map[string]int64{"dial_retries": int64(round)}, Curve: make([]int64, len(profiles.Quantiles)), Warnings: []string{}, ProfilingEffect: 1.04,
		NoKernel: "This user may not. What helps: “sudo sysctl”.",
	}
	for i, q := range profiles.Quantiles {
		run.Curve[i] = int64(40_000 * slow * jitter * (1 + q))
	}
	for _, m := range profiles.Metrics {
		switch {
		case m.Name == profiles.BytesPerSecond:
		case m.MoreIsBetter:
			run.Metrics[m.Name] = 12_000 / slow / jitter
		default:
			run.Metrics[m.Name] = 30_000 * slow * jitter
		}
	}
	ps := []profiles.Evidence{}
	for side, p := range s.sides(c, cell) {
		ps = append(ps, profiles.Evidence{Profile: merge.Row(p, side, profiles.Go, opsPerRun, 2*time.Second), Data: encode(s.t, p)})
	}
	stored, err := s.store.StoreRun(s.t.Context(), c.Attempt, run, fmt.Appendf(nil, "histogram %d %d", round, cell), ps)
	if err != nil || !stored {
		s.t.Fatalf("store round %d, cell %d: %v, %v", round, cell, stored, err)
	}
}

func (s *site) sides(c profiles.Comparison, cell int) map[profiles.Side]*profile.Profile {
	return map[profiles.Side]*profile.Profile{profiles.Client: client(s.t, c.Cells[cell].Socket, 5), profiles.Server: server(s.t, 5)}
}

// done files a finished comparison with its runs, profiles, merges and sources.
func (s *site) done(title string) profiles.Comparison {
	s.t.Helper()
	c := s.running(title, 8)
	s.end(c, profiles.Done, "")
	return c
}

func (s *site) end(c profiles.Comparison, state profiles.State, failure string) {
	s.t.Helper()
	ending := profiles.Ending{State: state, Failure: failure}
	for cell := range c.Cells {
		for side, p := range s.sides(c, cell) {
			parts := []merge.Part{}
			for range c.Rounds() {
				parts = append(parts, merge.Part{Profile: p, Ops: opsPerRun, Duration: 2 * time.Second})
			}
			e, err := merge.Rounds(c, merge.Key{Cell: cell, Side: side, Kind: profiles.Go}, parts)
			if err != nil {
				s.t.Fatal(err)
			}
			ending.Merged = append(ending.Merged, e)
		}
	}
	if err := s.store.Finish(s.t.Context(), c.ID, "", c.Attempt, ending); err != nil {
		s.t.Fatal(err)
	}
	s.queue.tell(c.ID)
}

// merged is a merged profile of a comparison.
func (s *site) merged(c profiles.Comparison, cell int, side profiles.Side) profiles.Profile {
	s.t.Helper()
	ps, err := s.store.Profiles(s.t.Context(), c.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range ps {
		if p.Merged() && p.Cell == cell && p.Side == side {
			return p
		}
	}
	s.t.Fatalf("%s has no merged profile of cell %d, %s", c.ID, cell, side)
	return profiles.Profile{}
}

// upload sends a profile through the API and returns its id.
func (s *site) upload(data []byte, query string) string {
	s.t.Helper()
	a := s.do("POST", "/api/v1/profiles"+query, bytes.NewReader(data), bearer).want(s.t, 201)
	var got struct{ ID, URL string }
	a.json(s.t, &got)
	return got.ID
}

func (a answer) json(t testing.TB, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), to); err != nil {
		t.Fatalf("%s %s: no JSON (%v): %.300s", a.Request.Method, a.Request.URL, err, a.body)
	}
}
