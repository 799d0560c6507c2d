package fleet_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTwoWorkersOnLoopback(t *testing.T) {
	s := serve(t, "", t.TempDir(), (&net.Dialer{}).DialContext, "--nats-listen", "127.0.0.1:0")
	url := word(s.process.await("other hosts join with"), "nats://")
	a, b := join(t, "east", "", url, s.tokenIn()), join(t, "west", "", url, s.tokenIn())
	a.await("host east takes orders")
	b.await("host west takes orders")

	second := join(t, "west", "", url, s.tokenIn())
	second.await("another worker is there for the host west")
	id := s.compare(1, "east", "west")
	s.process.await("part runs", "host=west")
	if code := b.stop(); code != 0 { // it interrupts its part
		t.Errorf("west exits with %d on SIGTERM", code)
	}
	second.await("host west takes orders")
	s.complete(id, "east", "west")
}

func TestWorkerThatCannotWorkSaysWhy(t *testing.T) {
	t.Parallel()
	s := serve(t, "", t.TempDir(), (&net.Dialer{}).DialContext, "--nats-listen", "127.0.0.1:0")
	url := word(s.process.await("other hosts join with"), "nats://")
	wrong, short := filepath.Join(t.TempDir(), "wrong"), filepath.Join(t.TempDir(), "short")
	for file, token := range map[string]string{wrong: "a-token-of-another-server", short: "short"} {
		if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start := func(args ...string) *process {
		return start(t, "worker", "", sockscope(t), append([]string{"worker"}, args...)...)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"wrong token":     {[]string{"--join", url, "--token-file", wrong}, "refuses the token of " + wrong},
		"no token":        {[]string{"--join", url}, "without a token"},
		"short token":     {[]string{"--join", url, "--token-file", short}, "shorter than 16 characters"},
		"no token file":   {[]string{"--join", url, "--token-file", wrong + "er"}, "no such file"},
		"the start token": {[]string{"--join", strings.Replace(url, "nats://", "nats://"+startToken+"@", 1)}, "without a token"},
		"no server":       {nil, "--join nats://SERVER:4222"},
		"http":            {[]string{"--join", s.url}, "no address of a NATS server"},
		"a strange name":  {[]string{"--join", url, "--host", "a b"}, "none that a host can have"},
	} {
		t.Run(name, func(t *testing.T) {
			p := start(c.args...)
			if code := p.exit(); code != 2 {
				t.Errorf("it exits with %d, want 2", code)
			}
			p.await(c.says)
			if n := strings.Count(p.said(), "\n"); n > 0 {
				t.Errorf("it said %d lines: %q", n+1, p.said())
			}
			if strings.Contains(p.said(), startToken) {
				t.Error("it prints the password of the URL")
			}
		})
	}
}

// A worker waits for a server that is not there, and for one that comes back.
func TestWorkerOutlivesItsServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	data, token := t.TempDir(), filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("the-token-of-the-workers"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := join(t, "w", "", "nats://"+address, token)
	w.await("no answer yet")
	begin := func() *site {
		return serve(t, "", data, (&net.Dialer{}).DialContext, "--nats-listen", address, "--worker-token-file", token)
	}
	s := begin()
	w.await("host w takes orders")
	s.kill()
	w.await("lost nats://" + address)
	s = begin()
	w.await("connected to nats://" + address + " again")
	s.complete(s.compare(1, "w"), "")
	if code := w.stop(); code != 0 {
		t.Errorf("it exits with %d on SIGTERM", code)
	}
}

func TestServerNeedsItsNATSServer(t *testing.T) {
	t.Parallel()
	file, err := built().nats()
	if err != nil {
		t.Skipf("nats-server cannot be built here: %v", err)
	}
	n := start(t, "nats-server", "", file, "-a", "127.0.0.1", "-p", "-1") // without -js
	url := "nats://" + word(n.await("Listening for client connections on"), "127.0.0.1:")
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no JetStream":  {[]string{"--nats", url}, "has no JetStream: start it with -js"},
		"not there":     {[]string{"--nats", "nats://127.0.0.1:1"}, "nats://127.0.0.1:1 cannot be reached"},
		"both":          {[]string{"--nats", url, "--nats-listen", ":0"}, "exclude each other"},
		"no address":    {[]string{"--nats-listen", "here"}, "use one like 127.0.0.1:4222"},
		"port taken":    {[]string{"--nats-listen", strings.TrimPrefix(url, "nats://")}, "cannot take workers at"},
		"token for one": {[]string{"--worker-token-file", "x"}, "--nats-listen"},
	} {
		p := start(t, name, "", sockscope(t), append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, c.args...)...)
		if code := p.exit(); code != 2 {
			t.Errorf("%s: it exits with %d, want 2", name, code)
		}
		p.await(c.says)
	}
}
