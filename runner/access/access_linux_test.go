package access_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBinaryThatOthersMayNotExecute copies this binary to where only root can
// reach and execute it.
func TestBinaryThatOthersMayNotExecute(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	exe := filepath.Join(closed(t), "private")
	copyBinary(t, exe, 0o700)
	if d := cmp.Diff(asRoot(), summary(decode(t, exec.Command(exe)))); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
}

func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("TestTry does it")
	}
	dir := t.TempDir()
	open(t, dir)
	exe := filepath.Join(dir, "public")
	copyBinary(t, exe, 0o755)
	cmd := exec.Command(exe)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65533, Gid: 65533}}
	if d := cmp.Diff(asOrdinaryUser(), summary(decode(t, cmd))); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
}

func copyBinary(t *testing.T, to string, mode os.FileMode) {
	t.Helper()
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	// Note: a file that is written here can be busy for an exec when a process that
	// another test starts holds it between fork and exec; cp is done before.
	cp := exec.Command("cp", "/dev/stdin", to)
	cp.Stdin = from
	if out, err := cp.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Chmod(to, mode); err != nil {
		t.Fatal(err)
	}
}
