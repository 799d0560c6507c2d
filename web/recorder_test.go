package web_test

import (
	"bytes"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/runner/workload"
)

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
