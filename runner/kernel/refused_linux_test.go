package kernel_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// answer is what a process in some situation finds.
type answer struct{ level, names, reason, mend string }

// probed asks a process of this binary in another situation. It is skipped where that
// cannot be made here.
func probed(t *testing.T, attr *syscall.SysProcAttr, env ...string) answer {
	t.Helper()
	exe := copied(t)
	cmd := exec.Command(exe)
	cmd.Env = append([]string{"KERNEL_TEST=probe"}, env...)
	cmd.SysProcAttr = attr
	cmd.Dir = "/"
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("the situation cannot be made here: %v %s", err, out)
	}
	f := strings.Split(strings.TrimSpace(string(out)), "|")
	if len(f) != 4 {
		t.Fatalf("the child says %q", out)
	}
	return answer{f[0], f[1], f[2], f[3]}
}

// copied is this binary where another user may run it.
func copied(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kernel")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	exe := dir + "/probe"
	if err := os.WriteFile(exe, self, 0o755); err != nil {
		t.Fatal(err)
	}
	return exe
}

var nobody = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}

func root(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("it takes root to make other users' situations")
	}
}

// set changes a setting of the machine for a test. What is set here concerns users
// without privileges only, and tests that sample run as root.
func set(t *testing.T, name, value string) {
	t.Helper()
	file := "/proc/sys/kernel/" + name
	before, err := os.ReadFile(file)
	if err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(file, []byte(value), 0o644); err != nil {
		t.Skip("the setting cannot be changed here: ", err)
	}
	t.Cleanup(func() {
		if err := os.WriteFile(file, before, 0o644); err != nil {
			t.Error("the setting stays changed: ", err)
		}
	})
}

func TestUserIsRefused(t *testing.T) {
	root(t)
	set(t, "perf_event_paranoid", "2")
	a := probed(t, nobody)
	if a.level != "user only" || !strings.Contains(a.reason, "perf_event_paranoid=2") || !strings.Contains(a.mend, "cap_perfmon") {
		t.Errorf("%+v", a)
	}
}

func TestUserWithParanoidOne(t *testing.T) {
	root(t)
	set(t, "perf_event_paranoid", "1")
	set(t, "kptr_restrict", "0")
	if a := probed(t, nobody); a.level != "tasks" || a.names != "true" || a.reason != "" {
		t.Errorf("%+v: own children can be sampled, and names are shown", a)
	}
	set(t, "kptr_restrict", "1")
	if a := probed(t, nobody); a.level != "tasks" || a.names != "false" || !strings.Contains(a.reason, "no names") || !strings.Contains(a.mend, "cap_syslog") {
		t.Errorf("%+v: with kptr_restrict=1 kernel functions have no names", a)
	}
}

func TestFilteredSystemCall(t *testing.T) {
	a := probed(t, nil, "KERNEL_TEST_FILTER=1")
	if a.level != "none" || !strings.Contains(a.reason, "seccomp") || !strings.Contains(a.mend, "PERFMON") {
		t.Errorf("%+v", a)
	}
}

func TestUserNamespace(t *testing.T) {
	root(t)
	set(t, "perf_event_paranoid", "2")
	a := probed(t, &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: 65534, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: 65534, Size: 1}},
	})
	if a.level != "user only" || !strings.Contains(a.reason, "user namespace") {
		t.Errorf("%+v", a)
	}
}

func TestRootSeesAll(t *testing.T) {
	root(t)
	if a := probed(t, nil); a.level != "system" {
		t.Skipf("this root sees less: %+v", a)
	} else if a.names == "true" && (a.reason != "" || a.mend != "") {
		t.Errorf("%+v: nothing is missing", a)
	}
}

// A user who may sample its own children only gets the same profiles.
func TestTasksLevel(t *testing.T) {
	root(t)
	set(t, "perf_event_paranoid", "1")
	set(t, "kptr_restrict", "0")
	cmd := exec.Command(copied(t), "-test.run=^TestKernelBelowGo$", "-test.v")
	cmd.Env, cmd.Dir, cmd.SysProcAttr = []string{"PATH=" + os.Getenv("PATH")}, "/", nobody
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestKernelBelowGo") || !strings.Contains(string(out), "Level:tasks") {
		t.Errorf("%v\n%s", err, out)
	}
}
