package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mayBeMissing are kinds that a machine can be without: a container with no IPv6,
// a kernel with no module.
func mayBeMissing(k runner.Socket) bool {
	return k == runner.TCP6 || k == runner.UDP6 || k == runner.VSock
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	all := Preflight(base)
	for i, u := range all {
		if u.Socket != runner.Sockets[i] {
			t.Errorf("row %d is %s, want %s", i, u.Socket, runner.Sockets[i])
		}
		if !u.OK && (!mayBeMissing(u.Socket) || u.Reason == "" || u.Advice == "") {
			t.Errorf("%+v", u)
		}
		if u.OK && u.Reason+u.Advice != "" {
			t.Errorf("usable with a reason: %+v", u)
		}
		if strings.Contains(u.Reason, base) {
			t.Errorf("reason names a path: %q", u.Reason)
		}
		if got := Missing(all)(u.Socket); got != u.Reason {
			t.Errorf("Missing(%s) is %q, want %q", u.Socket, got, u.Reason)
		}
	}
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestPreflightSaysWhatIsWrongWithTheDirectory(t *testing.T) {
	t.Parallel()
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 25))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, u := range Preflight(long) {
		if mayBeMissing(u.Socket) {
			continue
		}
		if u.OK == hasFile(u.Socket) || !u.OK && (!strings.Contains(u.Reason, "TMPDIR") || u.Advice == "" || strings.Contains(u.Reason, "/long")) {
			t.Errorf("below a directory with a long name: %+v", u)
		}
	}
	for _, u := range Preflight(filepath.Join(long, "nowhere")) {
		if u.OK || !strings.Contains(u.Reason, "does not exist") || strings.Contains(u.Reason, "/long") {
			t.Errorf("below a directory that does not exist: %+v", u)
		}
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	const dir = "/tmp/try-1"
	number := func(n syscall.Errno) error {
		return fmt.Errorf("dial: %w", os.NewSyscallError("connect", n))
	}
	for _, c := range []struct {
		socket  runner.Socket
		err     error
		text    string
		command string // a word of it
	}{
		{runner.TCP6, number(syscall.EADDRNOTAVAIL), "no IPv6 loopback", "disable_ipv6=0"},
		{runner.UDP6, number(syscall.EAFNOSUPPORT), "no IPv6 loopback", "disable_ipv6=0"},
		{runner.TCP4, number(syscall.ENETUNREACH), "no loopback address", "ip link"},
		{runner.VSock, os.ErrDeadlineExceeded, "vsock_loopback", "modprobe"},
		{runner.VSock, number(syscall.ENODEV), "vsock_loopback", "modprobe"},
		{runner.VSock, number(syscall.EACCES), "may not open", ""},
		{runner.UnixPacket, number(syscall.EPROTONOSUPPORT), "does not have", ""},
		{runner.UnixAbstract, number(syscall.EPERM), "forbids it", ""},
		{runner.UDP4, number(syscall.EMFILE), "too many files", "ulimit"},
		{runner.UDP4, os.ErrDeadlineExceeded, "no answer", ""},
		{runner.TCP4, number(syscall.ENOMEM), syscall.ENOMEM.Error(), ""},
		{runner.Unix, errors.New("odd thing in " + dir + "/s\nsecond line"), "odd thing in the run's directory/s", ""},
	} {
		got := why(c.socket, dir, c.err, false)
		if !strings.Contains(got.text, c.text) || !strings.Contains(got.command, c.command) || (c.command == "") != (got.command == "") || strings.ContainsAny(got.text, "\n") || strings.Contains(got.text, dir) {
			t.Errorf("%s: %v: %+v, want %q and %q", c.socket, c.err, got, c.text, c.command)
		}
	}
}

func TestWhyWithoutLoopback(t *testing.T) {
	t.Parallel()
	for _, k := range runner.Sockets {
		got := why(k, "/tmp/try-1", os.NewSyscallError("connect", syscall.EADDRNOTAVAIL), true)
		if down := strings.Contains(got.text, "interface is down"); down != (k.TCP() || k.Lossy()) {
			t.Errorf("%s: %+v", k, got)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	ports := func(reuse string) map[string]string {
		return map[string]string{"proc/sys/net/ipv4/ip_local_port_range": "32768 60999\n", "proc/sys/net/ipv4/tcp_tw_reuse": reuse + "\n"}
	}
	article := runner.Article()
	with := func(change func(*runner.Spec)) runner.Spec {
		s := runner.Article()
		change(&s)
		return s
	}
	for _, c := range []struct {
		name  string
		spec  runner.Spec
		reuse string
		files uint64
		want  []string // words of each sentence
	}{
		{"the article", article, "2", 1024, nil},
		{"the article without reuse, over several addresses", article, "0", 1024, nil},
		{"many dials at one address", with(func(s *runner.Spec) { s.Requests, s.Ports = 20_000, runner.OneAddress }), "2", 1024, nil},
		{"many dials at one address without reuse", with(func(s *runner.Spec) { s.Requests, s.Ports = 20_000, runner.OneAddress }), "0", 1024, []string{"tcp_tw_reuse"}},
		{"TLS dials at one address without reuse", with(func(s *runner.Spec) {
			s.Requests, s.Ports, s.Sockets, s.Workload = 20_000, runner.OneAddress, []runner.Socket{runner.TLS}, runner.HTTPDial
		}), "0", 1024, []string{"tcp_tw_reuse"}},
		{"few dials at one address without reuse", with(func(s *runner.Spec) { s.Requests, s.Ports = 5_000, runner.OneAddress }), "0", 1024, nil},
		{"no dials without reuse", with(func(s *runner.Spec) { s.Requests, s.Ports, s.Workload = 20_000, runner.OneAddress, runner.Echo }), "0", 1024, nil},
		{"no TCP without reuse", with(func(s *runner.Spec) {
			s.Requests, s.Ports, s.Sockets = 20_000, runner.OneAddress, []runner.Socket{runner.Unix}
		}), "0", 1024, nil},
		{"more connections than files", with(func(s *runner.Spec) { s.Concurrency = []int{1, 600} }), "2", 1024, []string{"ulimit -n 1265"}},
		{"just enough files", with(func(s *runner.Spec) { s.Concurrency = []int{480}; s.Workload = runner.Echo }), "2", 1024, nil},
		{"not enough for socketpairs", with(func(s *runner.Spec) {
			s.Concurrency, s.Workload, s.Sockets = []int{480}, runner.Echo, []runner.Socket{runner.SocketPair}
		}), "2", 1024, []string{"ulimit -n 1088"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := check(c.spec, files(ports(c.reuse)), c.files, true)
			if len(got) != len(c.want) {
				t.Fatalf("sentences %q, want %d", got, len(c.want))
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("sentence %q lacks %q", got[i], want)
				}
			}
		})
	}
}

// TestCheckMindsTheBaseOnly asks below a directory that no socket's path fits in.
func TestCheckMindsTheBaseOnly(t *testing.T) {
	t.Parallel()
	if got := Check(runner.Article(), Preflight("")); got != nil {
		t.Errorf("the article cannot run here: %q", got)
	}
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 25))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	s := runner.Article()
	if got := Check(s, Preflight(long)); len(got) != 1 || !strings.Contains(got[0], "base") {
		t.Errorf("with the base missing: %q", got)
	}
	s.Base = runner.TCP4
	if got := Check(s, Preflight(long)); got != nil {
		t.Errorf("with another socket missing: %q", got)
	}
}
