package child

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/workload"
)

// client is the side that measures.
type client struct{ load *workload.Client }

func (c *client) open(t Task) (string, error) {
	kind, err := socket.Of(t.Socket)
	if err != nil {
		return "", err
	}
	dialer, err := kind.Dialer(t.Address, socket.DialOptions{Dir: t.Dir})
	if err != nil {
		return "", err
	}
	c.load, err = workload.Open(workload.Options{
		Workload: t.Workload, Socket: t.Socket, Dialer: dialer, Size: t.Size, Concurrency: t.Concurrency,
	})
	return t.Address, err
}

func (c *client) run(o order) (*Pass, error) {
	if c.load == nil {
		return nil, errors.New("nothing is open")
	}
	var g gauge
	p, err := c.load.Run(*o.Budget, &g)
	if err != nil {
		return nil, err
	}
	histogram, err := p.Latency.EncodeV2()
	if err != nil {
		return nil, fmt.Errorf("encode the histogram: %w", err)
	}
	return &Pass{
		Requests: p.Requests, Elapsed: p.Elapsed, Retries: p.Retries, Beyond: p.Beyond,
		Histogram: histogram, Usage: g.used,
	}, nil
}

func (c *client) served() int64 { return 0 }
func (c *client) leave()        {}

// server is the side that answers.
type server struct {
	tally workload.Tally

	mu       sync.Mutex
	left     bool
	dir      *runDir
	listener net.Listener
}

func (s *server) open(t Task) (string, error) {
	kind, err := socket.Of(t.Socket)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left {
		return "", errors.New("the parent is gone")
	}
	if s.dir, err = makeRunDir(t.Dir); err != nil {
		return "", err
	}
	var address string
	if s.listener, address, err = kind.Listen(socket.Options{Dir: t.Dir, Servers: t.Concurrency}); err != nil {
		return "", err
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

func (s *server) run(order) (*Pass, error) { return nil, errors.New("a server does not run") }
func (s *server) served() int64            { return s.tally.Counts().Messages }

func (s *server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = true
	if s.listener != nil {
		s.listener.Close()
	}
	s.dir.remove()
}
