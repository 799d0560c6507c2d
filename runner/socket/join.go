package socket

import (
	"net"
	"sync"
)

// joined is one listener over several.
type joined struct {
	all      []net.Listener
	start    sync.Once
	stop     sync.Once
	accepted chan accepted
	closed   chan struct{}
	running  sync.WaitGroup
}

type accepted struct {
	conn net.Conn
	err  error
}

// join returns the one listener as it is, and a joined one for several.
func join(all []net.Listener) net.Listener {
	if len(all) == 1 {
		return all[0]
	}
	return &joined{all: all, accepted: make(chan accepted), closed: make(chan struct{})}
}

// Each returns the listeners below l, one for each target. A server that accepts
// from each in a goroutine of its own saves what handing them over in l.Accept
// costs.
func Each(l net.Listener) []net.Listener {
	if j, ok := l.(interface{ each() []net.Listener }); ok {
		return j.each()
	}
	return []net.Listener{l}
}

func (j *joined) each() []net.Listener { return j.all }

func (j *joined) Accept() (net.Conn, error) {
	j.start.Do(func() {
		for _, l := range j.all {
			j.running.Go(func() { j.pass(l) })
		}
	})
	select {
	case a := <-j.accepted:
		return a.conn, a.err
	case <-j.closed:
		return nil, &net.OpError{Op: "accept", Net: j.Addr().Network(), Addr: j.Addr(), Err: net.ErrClosed}
	}
}

func (j *joined) pass(l net.Listener) {
	for {
		conn, err := l.Accept()
		select {
		case j.accepted <- accepted{conn, err}:
		case <-j.closed:
			if err == nil {
				conn.Close()
			}
			return
		}
	}
}

// Close closes all the listeners. It may be called again.
func (j *joined) Close() error {
	var err error
	j.stop.Do(func() {
		close(j.closed)
		err = closeAll(j.all)
		j.running.Wait()
	})
	return err
}

func (j *joined) Addr() net.Addr { return j.all[0].Addr() }

func closeAll(all []net.Listener) error {
	var first error
	for _, l := range all {
		if err := l.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
