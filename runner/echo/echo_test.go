package echo_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner/echo"
)

// arguments names the variable that makes this binary the command itself.
const arguments = "ECHO_TEST_ARGUMENTS"

func TestMain(m *testing.M) {
	if args := os.Getenv(arguments); args != "" {
		beCommand(strings.Split(args, "\n"))
	}
	goleak.VerifyTestMain(m)
}

// beCommand does what main does.
func beCommand(args []string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := echo.Command()
	c.SilenceErrors, c.SilenceUsage = true, true
	c.SetArgs(args)
	if err := c.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(0)
}

// running is a server of a test.
type running struct {
	ready string // its line
	stop  context.CancelFunc
	ended chan error
}

// start serves until stop is called or the test ends.
func start(t *testing.T, o echo.Options) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	r, w := io.Pipe()
	s := &running{stop: cancel, ended: make(chan error, 1)}
	go func() {
		err := echo.Serve(ctx, o, w)
		w.CloseWithError(err)
		s.ended <- err
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("serve %+v: %v", o, err)
	}
	s.ready = strings.TrimSpace(line)
	t.Cleanup(func() {
		cancel()
		if err := <-s.ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		s.ended <- nil
	})
	return s
}

// path is a socket's path that is short enough.
func path(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "se")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "echo.sock")
}

// ask sends a message and reads what comes until the server closes, or one
// record.
func ask(t *testing.T, network, address, message string) string {
	t.Helper()
	var d net.Dialer
	if network == "unixgram" {
		d.LocalAddr = &net.UnixAddr{Name: path(t), Net: network}
	}
	conn, err := d.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte(message)); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(network, "unix") && network != "unix" || strings.HasPrefix(network, "udp") {
		answer := make([]byte, 1024)
		n, err := conn.Read(answer)
		if err != nil {
			t.Fatal(err)
		}
		return string(answer[:n])
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// addressOf is the address in a ready line.
func addressOf(s *running) string {
	_, rest, _ := strings.Cut(s.ready, "ready on ")
	place, _, _ := strings.Cut(rest, ";")
	_, address, _ := strings.Cut(place, " ")
	return address
}

func TestServe(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the other systems lack some of these sockets")
	}
	for _, c := range []struct{ network, address, try string }{
		{"unix", "path", "nc -U "},
		{"unixpacket", "path", "UNIX-CONNECT:"},
		{"unixgram", "path", "nc -uU "},
		{"unix", "@sockscope-echo-test", "ABSTRACT-CONNECT:sockscope-echo-test"},
		{"unixpacket", "@sockscope-echo-test-packet", "socktype=5"},
		{"unixgram", "@sockscope-echo-test-gram", "socktype=2"},
		{"tcp", "127.0.0.1:0", "nc 127.0.0.1 "},
		{"tcp4", ":0", "nc 127.0.0.1 "},
		{"udp", "127.0.0.1:0", "nc -u "},
		{"udp4", "localhost:0", "nc -u "},
	} {
		t.Run(c.network+" "+c.address, func(t *testing.T) {
			t.Parallel()
			if c.address == "path" {
				c.address = path(t)
			}
			s := start(t, echo.Options{Network: c.network, Address: c.address})
			if !strings.Contains(s.ready, c.try) {
				t.Errorf("ready line %q lacks %q", s.ready, c.try)
			}
			for _, message := range []string{"Hello", "again\n"} {
				if got := ask(t, c.network, addressOf(s), message); got != message {
					t.Errorf("sent %q, got %q", message, got)
				}
			}
		})
	}
}

func TestKeepAnswersEachMessage(t *testing.T) {
	t.Parallel()
	p := path(t)
	s := start(t, echo.Options{Network: "unix", Address: p, Keep: true})
	conn, err := net.Dial("unix", p)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, message := range []string{"one\n", "two\n"} {
		if _, err := conn.Write([]byte(message)); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, len(message))
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != message {
			t.Errorf("sent %q, got %q, %v", message, answer, err)
		}
	}
	// The connection is open when the server stops, which closes it.
	s.stop()
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes from a server that stopped", n)
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	o := echo.Options{Network: "unix", Address: path(t), HTTP: true}
	s := start(t, o)
	var answer bytes.Buffer
	if err := echo.Get(t.Context(), o, "/", &answer); err != nil || answer.String() != "Hello kung fu developer!\n" {
		t.Errorf("answer %q, %v", answer.String(), err)
	}
	s.stop()
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
	s.ended <- nil
	if err := echo.Get(t.Context(), o, "/", io.Discard); err == nil || !strings.Contains(err.Error(), "there is no socket") {
		t.Errorf("without a server: %v", err)
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]echo.Options{
		"not known":            {Network: "carrier-pigeon"},
		"HTTP needs a stream":  {Network: "unixgram", Address: "/tmp/x", HTTP: true},
		"has a mode":           {Network: "tcp", Mode: "0600"},
		"leave --mode out":     {Network: "unix", Address: "@x", Mode: "0600"},
		"leave --replace out":  {Network: "udp", Replace: true},
		`mode "0888"`:          {Network: "unix", Mode: "0888"},
		`mode "7"`:             {Network: "unix", Mode: "7"},
		`mode "1777"`:          {Network: "unix", Mode: "1777"},
		`mode "-600"`:          {Network: "unix", Mode: "-600"},
		"abused from outside":  {Network: "udp", Address: "0.0.0.0:0"},
		"at most 107 fit":      {Network: "unix", Address: "/tmp/" + strings.Repeat("x", 103)},
		"does not exist":       {Network: "unix", Address: "/tmp/no/such/directory/s"},
		"is a directory":       {Network: "unix", Address: os.TempDir()},
		"listen on tcp nobody": {Network: "tcp", Address: "nobody"},
	} {
		if runtime.GOOS != "linux" && strings.Contains(want, "107") {
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // a server that starts after all must not run on
		if err := echo.Serve(ctx, o, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}

func dial(t *testing.T, network, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
