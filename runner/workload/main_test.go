package workload_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
	"github.com/sockscope/sockscope/runner/workload"
)

// asServer is the variable that makes the test binary an echo server; its value is
// the directory for the socket.
const asServer = "SOCKSCOPE_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asServer); dir != "" {
		if err := serveAlone(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// serveAlone echoes 64 bytes over a unix socket until its standard input ends.
func serveAlone(dir string) error {
	kind, err := socket.Of(runner.Unix)
	if err != nil {
		return err
	}
	l, address, err := kind.Listen(socket.Options{Dir: dir})
	if err != nil {
		return err
	}
	fmt.Println(address)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		l.Close()
	}()
	return workload.Serve(l, workload.ServeOptions{Workload: runner.Echo, Socket: runner.Unix, Size: 64}, &workload.Tally{})
}

// startServer runs serveAlone in a process of its own until the test ends.
func startServer(t testing.TB) (*os.Process, *socket.Dialer) {
	t.Helper()
	dir := sockettest.Dir(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), asServer+"="+dir), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	var address string
	if _, err := fmt.Fscanln(out, &address); err != nil {
		t.Fatal(err)
	}
	kind, err := socket.Of(runner.Unix)
	if err != nil {
		t.Fatal(err)
	}
	dialer, err := kind.Dialer(address, socket.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return cmd.Process, dialer
}
