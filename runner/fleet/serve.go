package fleet

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/runner/queue"
)

// Options are the flags of "sockscope serve" about other hosts. The zero value is a
// server for itself.
type Options struct {
	Listen          string // --nats-listen
	Server          string // --nats
	ServerTokenFile string // --nats-token-file
	WorkerTokenFile string // --worker-token-file
}

// Bind adds the flags to the command.
func (o *Options) Bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Listen, "nats-listen", "", "address where workers of other machines connect, as 0.0.0.0:4222 (default nowhere)")
	f.StringVar(&o.WorkerTokenFile, "worker-token-file", "", "file that holds the workers' token, instead of "+TokenFile+" in the data directory")
	f.StringVar(&o.Server, "nats", "", "NATS server or cluster to use instead of the one that is built in, as nats://server:4222")
	f.StringVar(&o.ServerTokenFile, "nats-token-file", "", "file that holds this server's token or password at --nats")
}

func (o Options) check() error {
	switch {
	case o.Server != "" && o.Listen != "":
		return errors.New("--nats and --nats-listen exclude each other: workers connect to the NATS server that --nats names")
	case o.Server == "" && o.ServerTokenFile != "":
		return errors.New("--nats-token-file is for a NATS server elsewhere: name it with --nats, or leave the file out")
	case o.Listen == "" && o.WorkerTokenFile != "":
		return errors.New("--worker-token-file is for workers of other machines: say with --nats-listen where they connect, or leave the file out")
	}
	return nil
}

// Queue is the queue of a server while it runs.
type Queue struct {
	*queue.Dispatcher
	// Join tells how other hosts join, for the log of the start; "" when they cannot.
	Join string

	worker *queue.Worker
	close  []func() // in the order of opening
	log    *slog.Logger
}

// Start opens the queue, starts its dispatcher and the worker of this machine. The
// data directory is where the store is. Close ends all of it.
func (o Options) Start(ctx context.Context, data string, store queue.Store, m Machine, log *slog.Logger) (_ *Queue, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	q := &Queue{log: log}
	defer func() {
		if err != nil {
			q.Close()
		}
	}()
	server, own, err := o.open(q, data)
	if err != nil {
		return nil, err
	}
	instance := rand.Text()
	q.Dispatcher = queue.NewDispatcher(server, store, queue.Options{Log: log, Host: m.Name, Instance: instance})
	if err := q.Dispatcher.Start(ctx); err != nil {
		return nil, err
	}
	q.close = append(q.close, q.Dispatcher.Stop)
	q.worker = newWorker(own, m, instance, log, func(ok bool, sentence string) {
		if !ok {
			log.Error("this machine's worker is refused", "why", sentence)
		}
	})
	q.worker.Start()
	q.close = append(q.close, q.worker.Stop)
	return q, nil
}

// open connects the dispatcher and the worker of this machine.
func (o Options) open(q *Queue, data string) (server, own *nats.Conn, err error) {
	if o.Server != "" {
		return o.dial(q)
	}
	engine, join, err := o.engine(data)
	if err != nil {
		return nil, nil, err
	}
	q.Join = join
	q.close = append(q.close, func() {
		if err := engine.Stop(); err != nil {
			q.log.Error("stop the queue's engine", "err", err)
		}
	})
	if server, err = engine.Connect("server"); err != nil {
		return nil, nil, err
	}
	q.close = append(q.close, server.Close)
	if own, err = engine.ConnectWorker("worker"); err != nil {
		return nil, nil, err
	}
	q.close = append(q.close, own.Close)
	return server, own, nil
}

// engine starts the NATS server that is built in.
func (o Options) engine(data string) (e *queue.Engine, join string, err error) {
	options := queue.EngineOptions{Listen: o.Listen}
	file := ""
	if o.Listen != "" {
		if options.WorkerToken, file, err = workerToken(o.WorkerTokenFile, data); err != nil {
			return nil, "", err
		}
	}
	if e, err = queue.StartEngine(filepath.Join(data, "queue"), options); err != nil {
		return nil, "", err
	}
	if o.Listen == "" {
		return e, "", nil
	}
	return e, fmt.Sprintf("other hosts join with: sockscope worker --join nats://%s --token-file %s", reachable(e.Addr()), file), nil
}

// reachable is the address by which other machines may find this one.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	return net.JoinHostPort(host, port)
}

// dial connects to a NATS server elsewhere, which has to be there.
func (o Options) dial(q *Queue) (server, own *nats.Conn, err error) {
	where, err := shown(o.Server)
	if err != nil {
		return nil, nil, fmt.Errorf("--nats: %w", err)
	}
	token := ""
	if o.ServerTokenFile != "" {
		if token, err = ReadToken(o.ServerTokenFile, "token for NATS"); err != nil {
			return nil, nil, err
		}
	}
	for _, c := range []struct {
		name  string
		conn  **nats.Conn
		login []nats.Option
	}{
		{"sockscope server", &server, queue.ServerLogin(token)},
		{"sockscope worker of the server", &own, append(queue.Login(""), queue.ServerLogin(token)...)},
	} {
		*c.conn, err = nats.Connect(o.Server, append(usual(c.name, q.log), c.login...)...)
		switch {
		case refused(err):
			return nil, nil, fmt.Errorf("the NATS server at %s refuses this server: name the file with its token or password with --nats-token-file", where)
		case err != nil:
			return nil, nil, fmt.Errorf("the NATS server at %s cannot be reached (%w): start it, or leave --nats out for the one that is built in", where, err)
		}
		q.close = append(q.close, (*c.conn).Close)
	}
	q.Join = fmt.Sprintf("other hosts join with: sockscope worker --join %s --token-file FILE", where)
	return server, own, nil
}

// StopWorker interrupts what the worker of this machine is at.
func (q *Queue) StopWorker() {
	if q.worker != nil {
		q.worker.Stop()
	}
}

// Close ends everything in the reverse order of opening. It may be called again.
func (q *Queue) Close() {
	for i := len(q.close) - 1; i >= 0; i-- {
		q.close[i]()
	}
	q.close = nil
}
