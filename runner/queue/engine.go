package queue

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Engine is a NATS server within this process that listens nowhere.
type Engine struct {
	server *server.Server
	dir    string
}

// StartEngine starts it. It keeps orders in memory; the directory is where NATS
// insists on a place of its own, is emptied first and removed by Stop.
func StartEngine(dir string) (*Engine, error) {
	if dir == "" {
		return nil, errors.New("start the queue: it needs a directory") // NATS would take one that all servers of the machine share
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("empty the queue's directory: %w", err)
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "sockscope", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: dir, JetStreamMaxStore: 1 << 20, JetStreamMaxMemory: 256 << 20,
		MaxPayload: maxPayload,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the queue: %w", err)
	}
	s.Start()
	e := &Engine{server: s, dir: dir}
	const ready = 10 * time.Second // it takes 6 ms
	if !s.ReadyForConnections(ready) {
		return nil, errors.Join(fmt.Errorf("start the queue: not ready after %s", ready), e.Stop())
	}
	return e, nil
}

// Connect opens a connection within the process. The caller closes it.
func (e *Engine) Connect(name string) (*nats.Conn, error) {
	c, err := nats.Connect("", nats.InProcessServer(e.server), nats.Name(name), nats.MaxReconnects(-1))
	if err != nil {
		return nil, fmt.Errorf("connect %s to the queue: %w", name, err)
	}
	return c, nil
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
