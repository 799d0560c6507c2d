// These tests look at processes through /proc.

package child_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// pair opens a server and a client for a task.
func pair(t *testing.T, task child.Task) (server, client *child.Process) {
	t.Helper()
	server, client, err := openBoth(context.WithoutCancel(t.Context()), task)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return server, client
}

// TestPass makes a pass of every workload over every socket.
func TestPass(t *testing.T) {
	t.Parallel()
	missing := host.Missing(host.Preflight(""))
	for _, kind := range runner.Sockets {
		for _, w := range runner.Workloads {
			t.Run(string(kind)+" "+string(w), func(t *testing.T) {
				t.Parallel()
				if reason := cmp.Or(runner.Applicable(w, kind, 5, 0), missing(kind)); reason != "" {
					t.Skip(reason)
				}
				dir := runDir(t)
				server, client := pair(t, child.Task{Socket: kind, Workload: w, Size: 5, Concurrency: 3, Dir: dir})
				onePass(t, server, client, w, 500)
				for _, p := range []*child.Process{client, server} {
					if err := p.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				}
				if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) > 0 {
					t.Errorf("left behind after both left: %v, %v", left, err)
				}
			})
		}
	}
}

func onePass(t *testing.T, server, client *child.Process, w runner.Workload, n int64) {
	t.Helper()
	ctx := t.Context()
	for _, p := range []*child.Process{server, client} {
		if err := p.Begin(ctx, false); err != nil {
			t.Fatal(err)
		}
	}
	pass, err := client.Run(ctx, workload.Budget{Requests: n}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	report, err := server.End(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h, err := hdrhistogram.Decode(pass.Histogram)
	if err != nil {
		t.Fatal(err)
	}
	latencies := n
	if w == runner.Stream {
		latencies = 0
	}
	if pass.Requests != n || h.TotalCount() != latencies {
		t.Errorf("%d requests and %d latencies, want %d and %d", pass.Requests, h.TotalCount(), n, latencies)
	}
	if off := report.Counts.Messages - n; off < -3 || off > 3 {
		t.Errorf("the server counts %d echoes of %d", report.Counts.Messages, n)
	}
	for side, u := range map[string]child.Usage{"client": pass.Usage, "server": report.Usage} {
		// A few messages of a stream fit into its buffers, and nobody waits.
		if u.User+u.System <= 0 || u.Switches && u.Voluntary <= 0 && w != runner.Stream {
			t.Errorf("the %s used nothing: %+v", side, u)
		}
	}
	if own, end := pass.Usage, mustEnd(t, client); end.Profile != nil || own.User+own.System > end.Usage.User+end.Usage.System {
		t.Errorf("the client used %+v in the pass and %+v in the window around it", own, end.Usage)
	}
}

// TestCallsAreCounted: a request is one write of each side, and a read or more.
func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/io"); err != nil {
		t.Skip("this kernel does not count the calls of a process: ", err)
	}
	const n, beside = 500, 25 // beside: orders, replies, and wakes of the netpoller
	for _, kind := range []runner.Socket{runner.Unix, runner.TCP4} {
		for _, w := range []runner.Workload{runner.Echo, runner.DialEcho} {
			server, client := pair(t, child.Task{Socket: kind, Workload: w, Size: 5, Concurrency: 1, Dir: runDir(t)})
			for _, p := range []*child.Process{server, client} {
				if err := p.Begin(t.Context(), false); err != nil {
					t.Fatal(err)
				}
			}
			pass, err := client.Run(t.Context(), workload.Budget{Requests: n}, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			for side, u := range map[string]child.Usage{"client": pass.Usage, "server": mustEnd(t, server).Usage} {
				if !u.Calls || u.Reads < n || u.Reads > 4*n+beside || u.Writes < n || u.Writes > n+beside {
					t.Errorf("%s over %s: the %s made %d reads and %d writes in %d requests (counted: %t)", w, kind, side, u.Reads, u.Writes, n, u.Calls)
				}
			}
			mustEnd(t, client)
		}
	}
}

func mustEnd(t *testing.T, p *child.Process) child.Report {
	t.Helper()
	r, err := p.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestProfiles takes a CPU profile at both sides and looks for the measured loops.
func TestProfiles(t *testing.T) {
	t.Parallel()
	server, client := pair(t, child.Task{Socket: runner.Unix, Workload: runner.DialEcho, Size: 5, Concurrency: 1, Dir: runDir(t)})
	for _, p := range []*child.Process{server, client} {
		if err := p.Begin(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Run(t.Context(), workload.Budget{Requests: 1, AtLeast: time.Second}, time.Minute); err != nil {
		t.Fatal(err)
	}
	for p, loop := range map[*child.Process]string{client: "workload.DialEcho", server: "workload.ServeConn"} {
		r := mustEnd(t, p)
		got, err := profile.Parse(bytes.NewReader(r.Profile))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(got.String(), loop) {
			t.Errorf("the profile of %d samples does not have %s", len(got.Sample), loop)
		}
		if r.Window < time.Second {
			t.Errorf("the window was %s for a pass of a second", r.Window)
		}
	}
}

func TestReportedErrors(t *testing.T) {
	t.Parallel()
	client := start(t, child.Client, child.Options{})
	_, err := client.Open(t.Context(), child.Task{Socket: runner.Unix, Workload: runner.Echo, Size: 5, Concurrency: 1, Address: "/nowhere/at/all"})
	if e := (*child.Error)(nil); !errors.As(err, &e) || !strings.Contains(e.Reason, "/nowhere/at/all") {
		t.Errorf("Open of a socket that is not there: %v", err)
	}
	// The child lives on after an error that it reports itself.
	if _, err := client.Run(t.Context(), workload.Budget{Requests: 1}, time.Minute); err == nil || !strings.Contains(err.Error(), "nothing is open") {
		t.Errorf("Run before Open: %v", err)
	}
	if err := client.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// TestScripts plays children that misbehave.
func TestScripts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		script string
		limit  time.Duration // of the order
		want   string
	}{
		{"crash", time.Minute, "the sky is falling"},
		{"leave", time.Minute, "ended without a reply"},
		{"hang", 100 * time.Millisecond, "did not answer within 100ms"},
		{"garbage", time.Minute, "not a reply"},
		{"chatter", time.Minute, `replied to "open"`},
		{"flood", time.Minute, "16 MiB in one line"},
		{"mumble", time.Minute, "word 9999"},
		{"mute", time.Minute, "closed its output"},
		{"wrong", time.Minute, `replied to "end"`},
		{"empty", time.Minute, "without a result"},
		{"grandchild", time.Minute, "exit status 3"},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			p := startScript(t, c.script)
			_, err := p.Run(t.Context(), workload.Budget{Requests: 1}, c.limit)
			var e *child.Error
			if !errors.As(err, &e) {
				t.Fatalf("Run: %v, want a child.Error", err)
			}
			if e.Role != child.Client || e.During != "run" || !strings.Contains(e.Error(), c.want) {
				t.Errorf("error %q lacks %q", e, c.want)
			}
			if len(e.Tail) > 4<<10 {
				t.Errorf("%d bytes of stderr were kept", len(e.Tail))
			}
			if alive(p.PID()) {
				t.Error("the child lives on")
			}
			if c.script == "grandchild" {
				gone(t, grandchild(t, e.Tail))
			}
		})
	}
}

func TestCloseEndsADeafChild(t *testing.T) {
	t.Parallel()
	p := startScript(t, "deaf")
	if _, err := p.Open(t.Context(), child.Task{}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err == nil || !strings.Contains(err.Error(), "did not leave") {
		t.Errorf("Close: %v", err)
	}
	if alive(p.PID()) {
		t.Error("the child lives on")
	}
}

func TestCancelEndsTheChild(t *testing.T) {
	t.Parallel()
	reason := errors.New("somebody pressed cancel")
	ctx, cancel := context.WithCancelCause(t.Context())
	p, err := child.Start(ctx, child.Client, child.Options{Env: []string{script + "=hang"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cancel(reason)
	if _, err := p.Open(ctx, child.Task{}); !errors.Is(err, reason) {
		t.Errorf("Open after cancel: %v, want the cause", err)
	}
	if alive(p.PID()) {
		t.Error("the child lives on")
	}
}

func TestUnknownRole(t *testing.T) {
	t.Parallel()
	p := start(t, "juggler", child.Options{})
	if _, err := p.Open(t.Context(), child.Task{}); err == nil || !strings.Contains(err.Error(), "juggler") {
		t.Errorf("a child that plays no known role: %v", err)
	}
}
