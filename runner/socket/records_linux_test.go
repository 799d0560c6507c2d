package socket_test

import (
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// TestPacketOfNoBytes sends what looks like the end of a connection and is none.
func TestPacketOfNoBytes(t *testing.T) {
	t.Parallel()
	l, d := sockettest.Open(t, of(t, runner.UnixPacket), 1)
	own := sockettest.Dial(t, d)
	if _, err := own.Write(nil); err == nil || !strings.Contains(err.Error(), "no bytes") {
		t.Errorf("a record of no bytes: %v, want it refused", err)
	}
	if conn, err := l.Accept(); err != nil {
		t.Fatal(err)
	} else {
		conn.Close()
	}
	stranger, err := net.Dial("unixpacket", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	raw, err := stranger.(*net.UnixConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if e := raw.Control(func(fd uintptr) { err = syscall.Sendto(int(fd), nil, 0, nil) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	if _, err := stranger.Write([]byte("more")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 10)
	if n, err := server.Read(b); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("the empty record was read as %d bytes, %v; want io.EOF, from which it cannot be told", n, err)
	}
	if n, err := server.Read(b); err != nil || string(b[:n]) != "more" {
		t.Errorf("then came %q, %v", b[:n], err)
	}
}

// TestGramStrangers lets two talk to the server that cannot be answered: one
// without a name, one that is gone.
func TestGramStrangers(t *testing.T) {
	t.Parallel()
	l, d := sockettest.Open(t, of(t, runner.UnixGram), 1)
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 10)
	nameless, err := net.Dial("unixgram", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nameless.Close()
	if _, err := nameless.Write([]byte("hi")); err != nil {
		t.Fatal(err)
	}
	if n, err := server.Read(b); err != nil || n != 2 {
		t.Fatalf("read %d, %v", n, err)
	}
	if _, err := server.Write(b); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an answer to a client without a name: %v", err)
	}
	gone, err := d.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gone.Write([]byte("bye")); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	if n, err := server.Read(b); err != nil || n != 3 {
		t.Fatalf("read %d, %v", n, err)
	}
	if _, err := server.Write(b); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("an answer to a client that is gone: %v, want ENOENT", err)
	}
	client := sockettest.Dial(t, d)
	if _, err := client.Write([]byte{}); err != nil {
		t.Errorf("a datagram of no bytes: %v", err)
	}
	if n, err := server.Read(b); n != 0 || err != nil {
		t.Errorf("a datagram of no bytes was read as %d bytes, %v", n, err)
	}
	if _, err := server.Write([]byte("ok")); err != nil {
		t.Error(err)
	}
	if n, err := client.Read(b); err != nil || string(b[:n]) != "ok" {
		t.Errorf("after strangers, the client read %q, %v", b[:n], err)
	}
}

// TestGramBackPressure writes without a reader: the writer has to wait, and
// nothing may be lost.
func TestGramBackPressure(t *testing.T) {
	t.Parallel()
	queue, err := os.ReadFile("/proc/sys/net/unix/max_dgram_qlen")
	if err != nil {
		t.Skipf("the length of the queue is not told: %v", err)
	}
	length, err := strconv.Atoi(strings.TrimSpace(string(queue)))
	if err != nil {
		t.Fatal(err)
	}
	l, d := sockettest.Open(t, of(t, runner.UnixGram), 1)
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	client := sockettest.Dial(t, d)
	if err := client.SetWriteDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	sent := 0
	for {
		_, err := client.Write([]byte{byte(sent)})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			t.Fatalf("message %d: %v", sent, err)
		}
		if sent++; sent > length+1 {
			t.Fatalf("%d messages wait in a queue of %d", sent, length)
		}
	}
	if sent != length+1 {
		t.Errorf("the writer had to wait after %d messages, want %d", sent, length+1)
	}
	if err := client.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	go func() { _, err := client.Write([]byte{byte(sent)}); wrote <- err }()
	b := make([]byte, 2)
	for i := range sent + 1 {
		if n, err := server.Read(b); err != nil || n != 1 || b[0] != byte(i) {
			t.Errorf("message %d was read as %v, %v", i, b[:n], err)
		}
	}
	if err := <-wrote; err != nil {
		t.Errorf("the writer that waited: %v", err)
	}
}

// TestGramAnswersWait answers a client that does not read yet with more than its
// queue holds.
func TestGramAnswersWait(t *testing.T) {
	t.Parallel()
	const answers = 5000
	l, d := sockettest.Open(t, of(t, runner.UnixGram), 1)
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	client := sockettest.Dial(t, d)
	if _, err := client.Write([]byte("go")); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	go func() {
		b := make([]byte, 2)
		_, err := server.Read(b)
		for i := 0; i < answers && err == nil; i++ {
			_, err = server.Write([]byte{byte(i), byte(i >> 8)})
		}
		wrote <- err
	}()
	b := make([]byte, 3)
	for i := range answers {
		if n, err := client.Read(b); err != nil || n != 2 || int(b[0])|int(b[1])<<8 != i {
			t.Fatalf("answer %d was read as %v, %v", i, b[:n], err)
		}
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}
