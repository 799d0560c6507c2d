package fleet_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// addresses of the two network namespaces.
const (
	addressA = "10.213.7.1"
	addressB = "10.213.7.2"
)

// twoHosts makes two network namespaces that a veth pair joins, and returns their
// names.
func twoHosts(t *testing.T) (a, b string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("network namespaces take root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("network namespaces take ip, of iproute2")
	}
	a, b = fmt.Sprintf("sockscope%da", os.Getpid()), fmt.Sprintf("sockscope%db", os.Getpid())
	for _, ns := range []string{a, b} {
		if out, err := exec.CommandContext(t.Context(), "ip", "netns", "add", ns).CombinedOutput(); err != nil {
			t.Skipf("no network namespace can be made here: %v: %s", err, out)
		}
		t.Cleanup(func() {
			if out, err := exec.Command("ip", "netns", "del", ns).CombinedOutput(); err != nil {
				t.Errorf("remove namespace %s: %v: %s", ns, err, out)
			}
		})
	}
	for _, line := range []string{
		"-n " + a + " link add eth0 type veth peer name eth0 netns " + b,
		"-n " + a + " addr add " + addressA + "/24 dev eth0", "-n " + b + " addr add " + addressB + "/24 dev eth0",
		"-n " + a + " link set eth0 up", "-n " + b + " link set eth0 up", "-n " + a + " link set lo up", "-n " + b + " link set lo up",
	} {
		if out, err := exec.CommandContext(t.Context(), "ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", line, err, out)
		}
	}
	return a, b
}

// within dials from inside a network namespace: a socket stays where it was made.
func within(ns string) dialer {
	return func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			var f *os.File
			if f, err = os.Open("/run/netns/" + ns); err != nil {
				return
			}
			defer f.Close()
			if err = unix.Setns(int(f.Fd()), unix.CLONE_NEWNET); err != nil {
				return
			}
			// One address of one family: no other goroutine takes part in the dial.
			conn, err = (&net.Dialer{FallbackDelay: -1}).DialContext(ctx, network, address)
		}()
		<-done
		return conn, err
	}
}

func TestTwoHostsOverThePortOfTheServer(t *testing.T) {
	a, b := twoHosts(t)
	s := serve(t, a, t.TempDir(), within(a), "--nats-listen", addressA+":0")
	url := word(s.process.await("other hosts join with"), "nats://")
	killInTheMiddle(t, s, a, b, url, s.tokenIn())
}

// The same against a NATS server as it comes, with JetStream.
func TestTwoHostsOverANATSServer(t *testing.T) {
	a, b := twoHosts(t)
	file, err := built().nats()
	if err != nil {
		t.Skipf("nats-server cannot be built here: %v", err)
	}
	const token = "token-of-the-nats-server"
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := start(t, "nats-server", a, file, "-js", "-sd", t.TempDir(), "-a", addressA, "-p", "4222", "--auth", token)
	n.await("Server is ready")
	const url = "nats://" + addressA + ":4222"
	s := serve(t, a, t.TempDir(), within(a), "--nats", url, "--nats-token-file", tokenFile)
	killInTheMiddle(t, s, a, b, url, tokenFile)
}

// killInTheMiddle runs a comparison on both hosts, kills the worker of one of them
// while it measures, and starts it again.
func killInTheMiddle(t *testing.T, s *site, a, b, url, tokenFile string) {
	wa, wb := join(t, "east", a, url, tokenFile), join(t, "west", b, url, tokenFile)
	wa.await("host east takes orders")
	wb.await("host west takes orders")
	id := s.compare(4, "east", "west")
	s.process.await("part runs", "host=west", "attempt=1")
	s.await(id, "in the middle", func(r report) bool { return r.Progress.Done >= 4 })
	wb.kill()
	killed := time.Now()
	wb = join(t, "west", b, url, tokenFile)
	s.process.await("part runs", "host=west", "attempt=2")
	again := time.Since(killed)
	t.Logf("worked again %s after kill -9", again.Round(10*time.Millisecond))
	if again > 30*time.Second {
		t.Errorf("it took %s until the order was worked again", again)
	}
	s.complete(id, "east", "west")
	for _, w := range []*process{wa, wb} {
		if code := w.stop(); code != 0 {
			t.Errorf("%s exits with %d on SIGTERM", w.name, code)
		}
	}
}
