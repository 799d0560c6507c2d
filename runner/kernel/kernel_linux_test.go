package kernel_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/runner/kernel"
)

func sampler(t *testing.T) *kernel.Sampler {
	t.Helper()
	s := kernel.NewSampler()
	if !s.Support().Usable() || !s.Support().Names {
		t.Skip(s.Support().Sentence())
	}
	return s
}

// namesOf are the functions of a stack, the innermost first.
func namesOf(s *profile.Sample) []string {
	var names []string
	for _, l := range s.Location {
		for _, line := range l.Line {
			names = append(names, line.Function.Name)
		}
	}
	return names
}

// The kernel's functions stand below the lines that call them, in both of two children
// that run at once, and stacks are whole.
func TestKernelBelowGo(t *testing.T) {
	s := sampler(t)
	session, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	both := []*child{startEcho(t, session), startEcho(t, session)}
	for _, c := range both {
		if err := session.Watch(c.cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
	}
	if err := session.Enable(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); both[1].run(t) }()
	both[0].run(t)
	<-done
	if err := session.Disable(); err != nil {
		t.Fatal(err)
	}
	for _, c := range both {
		rec, err := session.Recording(c.cmd.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		check(t, rec)
	}
	t.Logf("%+v", session.Stats())
	if st := session.Stats(); st.Lost != 0 || st.Throttled != 0 {
		t.Errorf("%+v: samples were lost", st)
	}
}

func check(t *testing.T, rec kernel.Recording) {
	t.Helper()
	if err := rec.Profile.CheckValid(); err != nil {
		t.Fatal(err)
	}
	var total, below int64
	modes := map[string]int64{}
	for _, one := range rec.Profile.Sample {
		n := one.Value[0]
		total += n
		if one.Value[1] != n*int64(kernel.Period) {
			t.Fatalf("%d samples are worth %d ns", n, one.Value[1])
		}
		modes[one.Label["mode"][0]] += n
		all := strings.Join(namesOf(one), " ")
		k, w, h := strings.Index(all, "unix_stream_sendmsg"), strings.Index(all, "net.(*conn).Write"), strings.Index(all, "kernel_test.hotLoop")
		if k >= 0 && k < w && w < h {
			below += n
		}
	}
	whole, unnamed := int64(98), int64(0) // of 100, and in all
	if race {
		whole, unnamed = 50, rec.Unnamed // the race detector is C without frame pointers
	}
	t.Logf("%d samples, %d in unix_stream_sendmsg below Write, %d incomplete, modes %v", total, below, rec.Incomplete, modes)
	if total != rec.Samples || total < 100 || below < total/50 || modes["kernel"] < total/4 {
		t.Errorf("%d samples, %d below Write, %v", total, below, modes)
	}
	if (total-rec.Incomplete)*100 < total*whole || rec.Unnamed > unnamed {
		t.Errorf("%d of %d stacks do not reach their root, %d frames have no name", rec.Incomplete, total, rec.Unnamed)
	}
	for _, l := range rec.Profile.Location {
		if l.Address >= 1<<63 {
			t.Fatal("an address of the kernel is in the profile: it tells where this kernel lies in memory")
		}
	}
}

// go tool pprof opens the profile and lists the loop's lines.
func TestToolReadsIt(t *testing.T) {
	s := sampler(t)
	session, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	c := startEcho(t, session)
	if err := session.Watch(c.cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	_ = session.Enable()
	c.run(t)
	_ = session.Disable()
	rec, err := session.Recording(c.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := rec.Profile.Write(&b); err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/kernel.pprof"
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "pprof", "-list=hotLoop", file).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("c.Write([]byte(")) {
		t.Errorf("go tool pprof: %v\n%s", err, out)
	}
}

// Another program's addresses would get names of this one.
func TestOtherPrograms(t *testing.T) {
	s := sampler(t)
	session, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	other := exec.Command("sleep", "5")
	if err := session.Start(other.Start); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	if err := session.Watch(other.Process.Pid); err == nil {
		t.Error("a process that runs another program is sampled")
	}
	if _, err := session.Recording(other.Process.Pid); err == nil {
		t.Error("a process that was not watched has a recording")
	}
	session.Close()
	session.Close() // twice is fine
}
