package socket_test

import (
	"errors"
	"net"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// TestUnixFullBacklog dials a server that does not accept: connect(2) says
// EAGAIN at once, and the dial has to wait for room instead.
func TestUnixFullBacklog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(sockettest.Dir(t), "full")
	fd := listenWithBacklog(t, path, 1)
	for {
		conn, err := net.Dial("unix", path)
		if errors.Is(err, syscall.EAGAIN) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
	}
	dialer := of(t, runner.Unix).Dialer(path)
	dialed := make(chan error, 1)
	go func() {
		conn, err := dialer.Dial()
		if err == nil {
			err = conn.Close()
		}
		dialed <- err
	}()
	for dialer.Retries() == 0 {
		select {
		case err := <-dialed:
			t.Fatalf("the dial did not wait for room: %v", err)
		default:
			runtime.Gosched()
		}
	}
	accepted, _, err := syscall.Accept(fd)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(accepted)
	if err := <-dialed; err != nil {
		t.Errorf("the dial failed after there was room: %v", err)
	}
}

func listenWithBacklog(t *testing.T, path string, n int) (fd int) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, n); err != nil {
		t.Fatal(err)
	}
	return fd
}
