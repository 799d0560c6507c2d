package socket_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

func TestExercise(t *testing.T) {
	t.Parallel()
	for _, name := range runner.Sockets {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			kind := of(t, name)
			if kind.Name() != name {
				t.Errorf("Of(%q) is named %q", name, kind.Name())
			}
			sockettest.Exercise(t, kind)
		})
	}
}

func TestOfUnknown(t *testing.T) {
	t.Parallel()
	if _, err := socket.Of("carrier-pigeon"); err == nil || !strings.Contains(err.Error(), "carrier-pigeon") {
		t.Errorf("Of(carrier-pigeon): %v, want an error that names it", err)
	}
}

func TestSourcesHoldTheDialers(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"dialer.go": "func (d *Dialer) Dial()", "unix.go": "func (unix) Listen("} {
		if b, err := fs.ReadFile(socket.Sources, file); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("Sources lack %q in %s: %v", want, file, err)
		}
	}
}

func of(t *testing.T, name runner.Socket) socket.Kind {
	t.Helper()
	kind, err := socket.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	return kind
}

func dialEcho(d *socket.Dialer) error {
	conn, err := d.Dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("hello")); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 8))
	return err
}
