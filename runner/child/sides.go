package child

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/workload"
)

// client is the side that measures.
type client struct {
	own
	dialer *socket.Dialer
	load   *workload.Client
}

func (c *client) open(t Task) (string, error) {
	kind, err := socket.Of(t.Socket)
	if err != nil {
		return "", err
	}
	if err := c.make(t.Dir, func() error { return nil }); err != nil {
		return "", err
	}
	c.dialer, err = kind.Dialer(t.Address, socket.DialOptions{Dir: t.Dir, Files: passed(t.Files), Variant: t.Variant})
	if err != nil {
		return "", err
	}
	c.dialer.Rotate(c.dialer.Targets())
	c.load, err = workload.Open(workload.Options{
		Workload: t.Workload, Socket: t.Socket, Variant: t.Variant, Dialer: c.dialer,
		Size: t.Size, Concurrency: t.Concurrency, Rate: t.Rate,
	})
	return t.Address, err
}

func (c *client) rotate(targets int) error {
	if c.dialer == nil {
		return errors.New("nothing is open")
	}
	c.dialer.Rotate(targets)
	return nil
}

func (c *client) run(b workload.Budget) (*Pass, error) {
	if c.load == nil {
		return nil, errors.New("nothing is open")
	}
	var g gauge
	resumed := c.dialer.Resumed()
	p, err := c.load.Run(b, &g)
	if err != nil {
		return nil, err
	}
	pass := &Pass{
		Requests: p.Requests, Elapsed: p.Elapsed, Retries: p.Retries, Beyond: p.Beyond, Dials: p.Dials, Late: p.Late,
		Resumed: c.dialer.Resumed() - resumed, Counts: p.Counts, Usage: g.used,
	}
	if pass.Histogram, err = encode(p.Latency); err != nil {
		return nil, err
	}
	if p.Service != nil {
		pass.Service, err = encode(p.Service)
	}
	return pass, err
}

func encode(h *hdrhistogram.Histogram) ([]byte, error) {
	b, err := h.EncodeV2()
	if err != nil {
		return nil, fmt.Errorf("encode the histogram: %w", err)
	}
	return b, nil
}

func (c *client) counts() workload.Counts { return workload.Counts{} }
func (c *client) receiveBuffer() int      { return 0 }
func (c *client) leave()                  { c.own.leave(func() {}) }

// server is the side that answers.
type server struct {
	own
	tally    workload.Tally
	listener net.Listener // of own
	buffer   int          // bytes of the receive buffer, where all clients share one
}

func (s *server) open(t Task) (string, error) {
	kind, err := socket.Of(t.Socket)
	if err != nil {
		return "", err
	}
	var address string
	err = s.make(t.Dir, func() error {
		// Without connections, what reads at once are the CPUs, not the clients.
		s.listener, address, err = kind.Listen(socket.Options{
			Dir: t.Dir, Targets: t.Targets, Files: passed(t.Files), Servers: runtime.GOMAXPROCS(0), Variant: t.Variant,
		})
		return err
	})
	if err != nil {
		return "", err
	}
	if !t.Socket.Connected() {
		s.buffer, _, _ = socket.Buffers(s.listener) // 0 for unknown
	}
	go s.serve(s.listener, workload.ServeOptions{Workload: t.Workload, Socket: t.Socket, Size: t.Size})
	return address, nil
}

// serve ends the process when it cannot accept any more: the parent then reports
// what stands on stderr.
func (s *server) serve(l net.Listener, o workload.ServeOptions) {
	if err := workload.Serve(l, o, &s.tally); err != nil {
		fmt.Fprintln(os.Stderr, err)
		s.leave()
		os.Exit(1)
	}
}

func (s *server) rotate(int) error { return errors.New("a server does not dial") }

func (s *server) run(workload.Budget) (*Pass, error) { return nil, errors.New("a server does not run") }

func (s *server) counts() workload.Counts {
	c := s.tally.Counts()
	if s.listener != nil {
		c.Foreign += socket.Foreign(s.listener) // connections of other users, which were closed
	}
	return c
}
func (s *server) receiveBuffer() int { return s.buffer }

func (s *server) leave() {
	s.own.leave(func() {
		if s.listener != nil {
			s.listener.Close()
		}
	})
}

// own is what one side has outside of its process. Once it has left, nothing is
// made.
type own struct {
	mu   sync.Mutex
	left bool
	dir  *runDir
}

// make makes the directory, if path names one, and what f makes.
func (o *own) make(path string, f func() error) (err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.left {
		return errors.New("the parent is gone")
	}
	if path != "" {
		if o.dir, err = makeRunDir(path); err != nil {
			return err
		}
	}
	return f()
}

func (o *own) leave(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.left = true
	f()
	o.dir.remove()
}

// passed are the files that the parent opened for this process. They are closed in
// whatever this process starts.
func passed(n int) []*os.File {
	var files []*os.File
	for fd := firstFile; fd < firstFile+n; fd++ {
		closeOnExec(fd)
		files = append(files, os.NewFile(uintptr(fd), "passed "+strconv.Itoa(fd)))
	}
	return files
}

// firstFile follows stdin, stdout and stderr.
const firstFile = 3
