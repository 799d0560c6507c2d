package child_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
)

// alive reports whether a process runs; one that only waits to be reaped does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

// gone waits for the end of a process that is not a child of this one.
func gone(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	const limit = 10_000 // ms
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, limit)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			t.Errorf("process %d is there after %d ms: %v", pid, limit, err)
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		return
	}
}

func grandchild(t *testing.T, tail string) int {
	t.Helper()
	var pid int
	if _, err := fmt.Sscanf(tail, "grandchild %d", &pid); err != nil {
		t.Fatalf("no grandchild in %q", tail)
	}
	return pid
}

// TestKilledParentLeavesNothing kills -9 the parent of two children at work. The
// clients of unixgram make a file for each dial.
func TestKilledParentLeavesNothing(t *testing.T) {
	t.Parallel()
	for i := range 6 {
		kind := []runner.Socket{runner.Unix, runner.UnixGram}[i%2]
		t.Run(fmt.Sprint(kind, i), func(t *testing.T) {
			t.Parallel()
			dir := runDir(t)
			parent, children := startParent(t, kind, dir)
			if files, err := os.ReadDir(dir); err != nil || len(files) == 0 {
				t.Fatalf("the server has no socket: %v", err)
			}
			killed := time.Now()
			_ = parent.Process.Kill()
			_ = parent.Wait()
			for _, pid := range children {
				gone(t, pid)
			}
			t.Logf("both children were gone %s after the kill", time.Since(killed).Round(10*time.Microsecond))
			if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// TestKilledSide kills -9 one of the children, or both, so that they remove
// nothing: the parent can, and whoever sweeps can when the parent is gone too.
func TestKilledSide(t *testing.T) {
	t.Parallel()
	for i, name := range []string{"server", "client", "parent and both"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := runDir(t)
			base := filepath.Dir(dir)
			parent, children := startParent(t, runner.UnixGram, dir)
			if i == 2 {
				_ = parent.Process.Kill()
				_ = parent.Wait()
			}
			for j, pid := range children {
				if i == 2 || i == j {
					_ = unix.Kill(pid, unix.SIGKILL)
				}
			}
			if i < 2 { // then the parent, which panics: its child is gone
				_ = parent.Process.Kill()
				_ = parent.Wait()
			}
			for _, pid := range children {
				gone(t, pid)
			}
			if _, err := child.Sweep(base); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// startParent starts a parent of two children in dir, and tells who they are:
// server, client.
func startParent(t *testing.T, kind runner.Socket, dir string) (parent *exec.Cmd, children []int) {
	t.Helper()
	parent = exec.Command("/proc/self/exe")
	parent.Env = append(os.Environ(), script+"=parent "+string(kind)+" "+dir)
	stdin, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close() })
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(stdout).Decode(&children); err != nil || len(children) != 2 {
		t.Fatalf("children %v, %v", children, err)
	}
	return parent, children
}

// TestPinned asks the kernel which CPUs a pinned child may use, thread by thread.
func TestPinned(t *testing.T) {
	t.Parallel()
	p := start(t, child.Server, child.Options{CPUs: []int{0}})
	if _, err := p.Open(t.Context(), child.Task{Socket: runner.TCP4, Size: 5, Concurrency: 1, Workload: runner.Echo, Dir: runDir(t)}); err != nil {
		t.Fatal(err)
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", p.PID()))
	if err != nil || len(threads) < 2 {
		t.Fatalf("%d threads, %v", len(threads), err)
	}
	for _, file := range threads {
		b, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if !strings.Contains(string(b), "Cpus_allowed_list:\t0\n") {
			t.Errorf("%s may run elsewhere", file)
		}
	}
	var mine unix.CPUSet
	if err := unix.SchedGetaffinity(0, &mine); err != nil || mine.Count() < 2 && numCPU(t) > 1 {
		t.Errorf("this process is tied to %d CPUs after starting a pinned child: %v", mine.Count(), err)
	}
	if env := environ(t, p.PID()); env["GOMAXPROCS"] != "1" {
		t.Errorf("GOMAXPROCS=%q for one CPU", env["GOMAXPROCS"])
	}
}

func numCPU(t *testing.T) int {
	t.Helper()
	online, err := os.ReadFile("/proc/self/status")
	if err != nil || strings.Contains(string(online), "Cpus_allowed_list:\t0\n") {
		return 1
	}
	return 2
}

func TestPinToNoSuchCPU(t *testing.T) {
	t.Parallel()
	_, err := child.Start(t.Context(), child.Client, child.Options{CPUs: []int{1023}})
	if err == nil || !strings.Contains(err.Error(), "1023") || !strings.Contains(err.Error(), "free") {
		t.Errorf("a child on CPU 1023: %v", err)
	}
}

func environ(t *testing.T, pid int) map[string]string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for v := range strings.SplitSeq(string(b), "\x00") {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return env
}
