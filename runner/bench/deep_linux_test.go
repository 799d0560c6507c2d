package bench_test

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/kernel"
)

// deepRuns are the kernel-deep profiles of runs, with what was counted of each run.
type deepRun struct {
	cell     profiles.Cell
	counters map[string]int64
	by       map[profiles.Side]*profile.Profile
	client   *profile.Profile // Go's own, of the client
	bytes    int
}

func deepRuns(t *testing.T, spec runner.Spec, length time.Duration) []deepRun {
	t.Helper()
	cells := spec.WithDefaults().Cells()
	var runs []deepRun
	o := bench.Options{RunDir: runDir(t), Profile: length, Result: func(r runner.Result) error {
		d := deepRun{cell: cells[r.Cell], counters: r.Counters, by: map[profiles.Side]*profile.Profile{}}
		for _, rec := range r.Profiles {
			p, err := profile.ParseData(rec.Data)
			if err != nil {
				return err
			}
			if rec.Kind != profiles.Kernel {
				if rec.Side == profiles.Client {
					d.client = p
				}
				continue
			}
			d.by[rec.Side], d.bytes = p, d.bytes+len(rec.Data)
			if rec.Ops <= 0 {
				t.Errorf("a profile of %d operations", rec.Ops)
			}
		}
		runs = append(runs, d)
		return nil
	}}
	if err := bench.Compare(t.Context(), spec, o); err != nil {
		t.Fatal(err)
	}
	empty(t, o.RunDir)
	return runs
}

// callsOf counts the samples whose stack has all of these functions, the callers first.
func callsOf(p *profile.Profile, functions ...string) (n int64) {
	for _, s := range p.Sample {
		left := functions
		for i := len(s.Location) - 1; i >= 0; i-- {
			for k := len(s.Location[i].Line) - 1; k >= 0 && len(left) > 0; k-- {
				if name, _, _ := strings.Cut(s.Location[i].Line[k].Function.Name, ".isra"); name == left[0] {
					left = left[1:]
				}
			}
		}
		if len(left) == 0 {
			n += s.Value[0]
		}
	}
	return n
}

// Each side of each cell has stacks from the measured loop into the protocol of its
// socket, nearly all of them whole, and no frame without a name.
func TestDeepProfiles(t *testing.T) {
	if s := kernel.Probe(); !s.Complete() {
		t.Skip(s.Sentence())
	}
	for _, w := range []runner.Workload{runner.DialEcho, runner.Echo} {
		for _, d := range deepRuns(t, runner.Spec{Rounds: 1, Requests: 500, Workload: w}, 600*time.Millisecond) {
			name := fmt.Sprint(w, " over ", d.cell.Name())
			all, incomplete := d.counters["kernel_samples"], d.counters["kernel_stacks_incomplete"]
			if all < 100 || incomplete*50 > all || d.counters["kernel_frames_unnamed"] != 0 || d.counters["kernel_samples_lost"] != 0 {
				t.Errorf("%s: %v", name, d.counters)
			}
			if d.bytes > 200<<10 {
				t.Errorf("%s: the profiles of a run take %d bytes", name, d.bytes)
			}
			send := map[string]string{"unix": "unix_stream_sendmsg", "tcp4": "tcp_sendmsg"}[d.cell.Socket]
			for side, p := range d.by {
				if n := callsOf(p, "net.(*conn).Write", send); n == 0 {
					t.Errorf("%s, %s: %s never stands below net.(*conn).Write", name, side, send)
				}
			}
			if d.cell.Socket == "tcp4" && callsOf(d.by[profiles.Client], "net.(*conn).Write", "handle_softirqs", "tcp_v4_rcv") == 0 {
				t.Errorf("%s: the receiver's input is not seen below the write", name)
			}
		}
	}
}

// Both profilers sample one pass, so they must find the same CPU time in the same places.
// They did not while all CPUs were interrupted at once: a client lost a third of it, most
// of what follows the wait for an answer.
func TestKernelSeesWhatGoSees(t *testing.T) {
	if s := kernel.Probe(); s.Level != kernel.System || !s.Names {
		t.Skip("it takes all processes with names: ", s.Sentence())
	}
	if runtime.NumCPU() < 2 {
		t.Skip("with one CPU no two are interrupted at once")
	}
	const loop, read = "github.com/sockscope/sockscope/runner/workload.DialEcho", "io.ReadFull"
	var inLoop, inRead [2]float64 // Go's and the kernel-deep one, in samples
	for _, d := range deepRuns(t, runner.Spec{Rounds: 3, Requests: 500, Sockets: []runner.Socket{runner.Unix}}, 1200*time.Millisecond) {
		for i, p := range []*profile.Profile{d.client, d.by[profiles.Client]} {
			inLoop[i] += float64(callsOf(p, loop))
			inRead[i] += float64(callsOf(p, loop, read))
		}
	}
	const goPeriod = 10 * time.Millisecond
	if seen := inLoop[1] * float64(kernel.Period) / (inLoop[0] * float64(goPeriod)); seen < 0.8 || seen > 1.6 { // Go misses some itself
		t.Errorf("kernel-deep samples hold %.2f times the CPU time of Go's", seen)
	}
	var share, variance [2]float64
	for i := range share {
		share[i] = inRead[i] / inLoop[i]
		variance[i] = share[i] * (1 - share[i]) / inLoop[i]
	}
	if off := math.Abs(share[0]-share[1]) / math.Sqrt(variance[0]+variance[1]); !(off < 4.5) {
		t.Errorf("%s has %.1f %% of Go's samples and %.1f %% of the kernel-deep ones, %.1f standard errors apart", read, 100*share[0], 100*share[1], off)
	}
	t.Logf("samples in the loop %v, in %s %v", inLoop, read, inRead)
}

func TestKernelOff(t *testing.T) {
	t.Parallel()
	for _, d := range deepRuns(t, runner.Spec{Rounds: 1, Requests: 100, Kernel: runner.KernelOff}, short) {
		if len(d.by) != 0 || d.counters["kernel_samples"] != 0 {
			t.Errorf("kernel=off has %d kernel-deep profiles, %v", len(d.by), d.counters)
		}
	}
}

// What is written is read by the tool, and has the sample types of Go's profiles.
func TestDeepProfileIsPlainPprof(t *testing.T) {
	if s := kernel.Probe(); !s.Usable() {
		t.Skip(s.Sentence())
	}
	for _, d := range deepRuns(t, runner.Spec{Rounds: 1, Requests: 100, Sockets: []runner.Socket{runner.Unix}}, short) {
		for side, p := range d.by {
			var b bytes.Buffer
			if err := p.Write(&b); err != nil || p.CheckValid() != nil {
				t.Errorf("%s: %v, %v", side, err, p.CheckValid())
			}
			if got := fmt.Sprint(p.SampleType[0].Type, "/", p.SampleType[0].Unit, " ", p.SampleType[1].Type, "/", p.SampleType[1].Unit); got != "samples/count cpu/nanoseconds" {
				t.Errorf("%s: sample types %s", side, got)
			}
		}
	}
}
