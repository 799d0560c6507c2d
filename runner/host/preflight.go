package host

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/socket"
)

// Usable says whether one kind of socket can be opened here.
type Usable struct {
	Socket runner.Socket `json:"socket"`
	OK     bool          `json:"ok"`
	Reason string        `json:"reason,omitempty"` // a sentence, when it is not
	Advice string        `json:"advice,omitempty"` // a command that may mend it, to copy; "" for none
}

// Missing returns the reason why a kind of socket cannot be opened, for
// [runner.Spec.CellsWhere]; "" for those that can.
func Missing(all []Usable) func(runner.Socket) string {
	reasons := map[runner.Socket]string{}
	for _, u := range all {
		if !u.OK {
			reasons[u.Socket] = u.Reason
		}
	}
	return func(k runner.Socket) string { return reasons[k] }
}

// Preflight tries every kind of socket once, all at the same time: it listens,
// dials and has one byte sent back. It takes some milliseconds, and a second
// where a kind does not answer. It makes directories below base, that of runs ("" for
// the system's of temporary files), and removes them; what a kill leaves of them is swept with those of runs.
func Preflight(base string) []Usable {
	if base == "" {
		base = os.TempDir()
	}
	all := make([]Usable, len(runner.Sockets))
	var tries sync.WaitGroup
	for i, name := range runner.Sockets {
		tries.Go(func() { all[i] = preflight(name, base) })
	}
	tries.Wait()
	return all
}

func preflight(name runner.Socket, base string) Usable {
	dir, remove, err := child.MakeDir(base)
	if err != nil {
		return unusable(name, reason{text: noDirectory(err)})
	}
	defer remove()
	if err := try(name, dir); err != nil {
		return unusable(name, why(name, dir, err, loopbackDown()))
	}
	return Usable{Socket: name, OK: true}
}

func unusable(name runner.Socket, r reason) Usable {
	return Usable{Socket: name, Reason: fmt.Sprintf("The socket %s cannot be used here: %s.", name, r.text), Advice: r.command}
}

// answerWithin is how long the echo of one byte may take.
const answerWithin = time.Second

// try has one byte sent to a server and back.
func try(name runner.Socket, dir string) error {
	kind, err := socket.Of(name)
	if err != nil {
		return err
	}
	options, dial := socket.Options{Dir: dir}, socket.DialOptions{Dir: dir}
	if name == runner.SocketPair {
		server, client, err := socket.Pair()
		if err != nil {
			return err
		}
		defer client.Close() // twice is harmless: the dialer closes it too
		options.Files, dial.Files = []*os.File{server}, []*os.File{client}
	}
	l, address, err := kind.Listen(options)
	if err != nil {
		return err
	}
	dialer, err := kind.Dialer(address, dial)
	if err != nil {
		l.Close()
		return err
	}
	served := make(chan error, 1)
	go func() { served <- echoOnce(l) }()
	err = ask(dialer)
	l.Close() // ends an Accept that nobody dialed
	if serving := <-served; err != nil && serving != nil && !errors.Is(serving, net.ErrClosed) {
		return errors.Join(err, serving)
	}
	return err
}

// echoOnce is the server of one connection with one message.
func echoOnce(l net.Listener) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return err
	}
	message := make([]byte, 16)
	n, err := conn.Read(message)
	if err != nil {
		return err
	}
	_, err = conn.Write(message[:n])
	return err
}

// ask is the client.
func ask(d *socket.Dialer) error {
	conn, err := d.Dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return err
	}
	const sent = '!'
	if _, err := conn.Write([]byte{sent}); err != nil {
		return err
	}
	answer := make([]byte, 16)
	n, err := conn.Read(answer)
	if err != nil && (n == 0 || !errors.Is(err, io.EOF)) {
		return err
	}
	if n != 1 || answer[0] != sent {
		return fmt.Errorf("one byte was sent and %d other ones came back", n)
	}
	return nil
}
