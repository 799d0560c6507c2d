package queue

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Engine is a NATS server within this process.
type Engine struct {
	server *server.Server
	dir    string
	secret string // of the server's own connections
	token  string // of workers
}

// EngineOptions of [StartEngine]. The zero value listens nowhere.
type EngineOptions struct {
	// Listen is where workers of other machines connect, as "127.0.0.1:4222"; port 0
	// takes a free one.
	Listen string
	// WorkerToken is what they have to know; "" for a random one.
	WorkerToken string
}

// serverUser and workerUser are the names by which the two sides log in.
const (
	serverUser = "server"
	workerUser = "worker"
)

// StartEngine starts it. It keeps orders in memory; the directory is where NATS
// insists on a place of its own, is emptied first and removed by Stop.
func StartEngine(dir string, o EngineOptions) (*Engine, error) {
	if dir == "" {
		return nil, errors.New("start the queue: it needs a directory") // NATS would take one that all servers of the machine share
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("empty the queue's directory: %w", err)
	}
	e := &Engine{dir: dir, secret: rand.Text(), token: o.WorkerToken}
	if e.token == "" {
		e.token = rand.Text()
	}
	options, err := e.options(o.Listen)
	if err != nil {
		return nil, err
	}
	if e.server, err = server.NewServer(options); err != nil {
		return nil, fmt.Errorf("set up the queue: %w", err)
	}
	e.server.Start()
	const ready = 10 * time.Second // it takes 6 ms
	if !e.server.ReadyForConnections(ready) {
		return nil, errors.Join(fmt.Errorf("start the queue: not ready after %s", ready), e.Stop())
	}
	return e, nil
}

func (e *Engine) options(listen string) (*server.Options, error) {
	o := &server.Options{
		ServerName: "sockscope", DontListen: listen == "", NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: e.dir, JetStreamMaxStore: 1 << 20, JetStreamMaxMemory: 256 << 20,
		MaxPayload: maxPayload, MaxConn: 4 * maxHosts,
		Users: []*server.User{
			{Username: serverUser, Password: e.secret},
			{Username: workerUser, Password: e.token, Permissions: WorkerPermissions()},
		},
	}
	if listen == "" {
		return o, nil
	}
	host, port, err := net.SplitHostPort(listen)
	if err == nil {
		o.Port, err = strconv.Atoi(port)
	}
	if err != nil || o.Port < 0 || o.Port > 65535 {
		return nil, fmt.Errorf("the address %q for workers is none: use one like 127.0.0.1:4222", listen)
	}
	// NATS does not say why it cannot listen: try first.
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("cannot take workers at %s (%w): choose another address with --nats-listen", listen, err)
	}
	if err := l.Close(); err != nil {
		return nil, fmt.Errorf("try to listen on %s: %w", listen, err)
	}
	if o.Host = host; host == "" {
		o.Host = server.DEFAULT_HOST
	}
	if o.Port == 0 {
		o.Port = server.RANDOM_PORT
	}
	return o, nil
}

// WorkerPermissions is all that a worker needs: to send its requests, to take
// orders from its consumer and to settle them, to read the answers to itself.
func WorkerPermissions() *server.Permissions {
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: []string{
			askHello, askClaim, askBeat, askResult, askFinish,
			"$JS.API.CONSUMER.INFO." + stream + ".*", "$JS.API.CONSUMER.MSG.NEXT." + stream + ".*", "$JS.ACK." + stream + ".>",
		}},
		Subscribe: &server.SubjectPermission{Allow: []string{workerInbox + ".>"}},
	}
}

// Addr is where workers connect; nil when it listens nowhere.
func (e *Engine) Addr() net.Addr { return e.server.Addr() }

// Connect opens a connection of the server within the process. The caller closes it.
func (e *Engine) Connect(name string) (*nats.Conn, error) {
	return e.connect(name, nats.UserInfo(serverUser, e.secret))
}

// ConnectWorker opens a connection of a worker within the process, which may do no
// more than one of another machine. The caller closes it.
func (e *Engine) ConnectWorker(name string) (*nats.Conn, error) {
	return e.connect(name, Login(e.token)...)
}

func (e *Engine) connect(name string, login ...nats.Option) (*nats.Conn, error) {
	c, err := nats.Connect("", append(login, nats.InProcessServer(e.server), nats.Name(name), nats.MaxReconnects(-1))...)
	if err != nil {
		return nil, fmt.Errorf("connect %s to the queue: %w", name, err)
	}
	return c, nil
}

// Login is how a worker with this token connects: to the server's own engine, and
// to a NATS server that asks for a token or knows the user "worker". "" is for one
// that asks for nothing, or whose URL has the password.
func Login(token string) []nats.Option {
	inbox := nats.CustomInboxPrefix(workerInbox) // the dispatcher answers nowhere else
	if token == "" {
		return []nats.Option{inbox}
	}
	return []nats.Option{inbox, nats.UserInfo(workerUser, token), nats.Token(token)}
}

// ServerLogin is how the server connects with this token or password to a NATS
// server elsewhere.
func ServerLogin(token string) []nats.Option {
	if token == "" {
		return nil
	}
	return []nats.Option{nats.UserInfo(serverUser, token), nats.Token(token)}
}

// Stop ends the server, waits for it, and removes its directory.
func (e *Engine) Stop() error {
	e.server.Shutdown()
	e.server.WaitForShutdown()
	if err := os.RemoveAll(e.dir); err != nil {
		return fmt.Errorf("remove the queue's directory: %w", err)
	}
	return nil
}
