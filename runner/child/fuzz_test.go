package child

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// recorder is a side that does nothing and remembers what it was told.
type recorder struct {
	told []order
	left bool
}

func (r *recorder) open(t Task) (string, error) {
	r.told = append(r.told, order{Do: open, Task: &t})
	return "somewhere", nil
}

func (r *recorder) rotate(n int) error {
	r.told = append(r.told, order{Do: rotate, Targets: n})
	return nil
}

func (r *recorder) run(b workload.Budget) (*Pass, error) {
	r.told = append(r.told, order{Do: run, Budget: &b})
	return &Pass{}, nil
}

func (r *recorder) counts() workload.Counts { return workload.Counts{} }
func (r *recorder) receiveBuffer() int      { return 0 }
func (r *recorder) leave()                  { r.left = true }

func goodOrders() []order {
	return []order{
		{Do: open, Task: &Task{Socket: runner.TCP4, Variant: runner.Nagle, Workload: runner.Echo, Size: 5, Concurrency: 2, Dir: "d", Targets: 8}},
		{Do: rotate, Targets: 3},
		{Do: begin, Profile: true},
		{Do: run, Budget: &workload.Budget{Requests: 10, AtLeast: time.Second, AtMost: time.Minute}},
		{Do: end},
	}
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	line, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// FuzzOrder reads a line as a child does. What it takes is within the limits of a
// Spec, and reads the same when it is written again.
func FuzzOrder(f *testing.F) {
	for _, o := range goodOrders() {
		f.Add(encoded(f, o))
	}
	for _, bad := range []string{"", "null", "{}", `{"do":"open"}`, `{"do":"run","budget":{"requests":-1}}`, `{"do":"end"} {"do":"end"}`, `{"do":"rotate","targets":100000}`, strings.Repeat("[", 10_000)} {
		f.Add([]byte(bad))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		o, err := decodeOrder(line)
		if err != nil {
			return
		}
		if k := o.Task; o.Do == open && (k.Size < 1 || k.Size > runner.MaxSize || k.Concurrency < 1 || k.Concurrency > runner.MaxConcurrency || k.Targets < 0 || k.Files < 0 || k.Rate < 0) {
			t.Errorf("a child was opened for %+v", k)
		}
		if b := o.Budget; o.Do == run && (b.Requests < 0 || b.AtLeast < 0 || b.AtMost < 0) {
			t.Errorf("a pass of %+v was ordered", b)
		}
		again, err := decodeOrder(encoded(t, o))
		if d := cmp.Diff(o, again); err != nil || d != "" {
			t.Errorf("written and read again: %v\n%s", err, d)
		}
	})
}

// FuzzReply reads a line as the parent does: a pass, a report or an error.
func FuzzReply(f *testing.F) {
	for _, r := range []reply{
		{Did: open, Address: "unix:/run/s"},
		{Did: run, Pass: &Pass{Requests: 3, Elapsed: time.Second, Counts: workload.Counts{Messages: 3}, Histogram: []byte("HISTFAAAA"), Usage: Usage{User: 1}}},
		{Did: end, Report: &Report{Counts: workload.Counts{Messages: 3, Receiving: time.Second}, Profile: []byte{0x1f, 0x8b}, Window: time.Second}},
		{Did: run, Error: "no route to host"},
	} {
		f.Add(encoded(f, r))
	}
	for _, bad := range []string{"", "null", `"run"`, `{"did":"run","pass":{"requests":-1}}`, `{"did":"end","report":{"window_ns":-9223372036854775808}}`, `{"did":1e400}`} {
		f.Add([]byte(bad))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := decodeReply(line)
		if err != nil {
			return
		}
		if p := r.Pass; p != nil && (p.Requests < 0 || p.Elapsed < 0 || p.Late < 0 || p.Counts.Lost < 0 || p.Usage.User+p.Usage.System < 0) {
			t.Errorf("a pass of %+v was taken", p)
		}
		if p := r.Report; p != nil && (p.Window < 0 || p.Counts.Messages < 0 || p.Counts.Receiving < 0) {
			t.Errorf("a report of %+v was taken", p)
		}
		again, err := decodeReply(encoded(t, r))
		if d := cmp.Diff(r, again, cmpopts.EquateEmpty()); err != nil || d != "" {
			t.Errorf("written and read again: %v\n%s", err, d)
		}
	})
}

// TestObey gives all orders one by one, then the end. It has the process's one CPU
// profiler, so it does not run in parallel.
func TestObey(t *testing.T) {
	in, orders := io.Pipe()
	replies, out := io.Pipe()
	side, done := &recorder{}, make(chan error, 1)
	go func() { done <- obey(in, out, side) }()
	lines := bufio.NewScanner(replies)
	for _, o := range goodOrders() {
		if _, err := orders.Write(append(encoded(t, o), '\n')); err != nil {
			t.Fatal(err)
		}
		lines.Scan()
		r, err := decodeReply(lines.Bytes())
		if err != nil || r.Did != o.Do || r.Error != "" {
			t.Errorf("the reply to %s: %+v, %v", o.Do, r, err)
		}
		if o.Do == end && (r.Report == nil || len(r.Report.Profile) == 0) {
			t.Errorf("the end came without a profile: %+v", r)
		}
	}
	orders.Close()
	if err := <-done; err != nil || !side.left {
		t.Errorf("obey: %v; the side has left: %t", err, side.left)
	}
	want := goodOrders()
	if d := cmp.Diff([]order{want[0], want[1], want[3]}, side.told); d != "" {
		t.Errorf("the side was told (-want +got):\n%s", d)
	}
}

func TestObeyRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`{"do":"sing"}`, `{"do":"open","task":{"size":-1}}`, "no order", strings.Repeat("x", maxOrder+1)} {
		side := &recorder{}
		if err := obey(strings.NewReader(bad+"\n"), io.Discard, side); err == nil || !side.left || len(side.told) > 0 {
			t.Errorf("obey of %.20q: %v; the side has left: %t, and was told %v", bad, err, side.left, side.told)
		}
	}
}
