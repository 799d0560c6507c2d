package workload

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/sockscope/sockscope/runner"
)

// url is what HTTP asks for. All connections are dialed by us, so its host is a
// name in a header, and its scheme says nothing of TLS: over the socket of that
// name the connection has it already.
const url = "http://sockscope/"

// tries is how often a first request is made where requests get lost.
const tries = 20

// connect opens what the workers keep and checks it.
func (c *Client) connect(stream uint32) error {
	if c.o.Workload.HTTP() {
		c.http = c.newHTTP()
		return c.verifyHTTP()
	}
	for i := range c.workers {
		w := &c.workers[i]
		conn, err := w.dialer.Dial()
		if err != nil {
			return fmt.Errorf("open connection %d of %d: %w", i+1, len(c.workers), err)
		}
		w.conn = conn
		if c.o.Workload != runner.Stream {
			err = verify(conn, c.o.Size)
		} else {
			err = c.openStream(w, stream+uint32(i))
		}
		if err != nil {
			return fmt.Errorf("check the answer on connection %d: %w", i+1, err)
		}
	}
	if !c.o.Workload.Dials() {
		return nil
	}
	var errs []error
	for i := range c.workers {
		errs = append(errs, c.workers[i].conn.Close())
		c.workers[i].conn = nil
	}
	return errors.Join(errs...)
}

// openStream makes the connection of a worker a stream, and sends a pass of one
// message through it.
func (c *Client) openStream(w *worker, stream uint32) error {
	if !c.o.Socket.Connected() {
		s := newSender(w.conn, c.o, stream)
		w.conn = s
		if err := s.begin(); err != nil {
			return err
		}
	}
	for range tries {
		if _, err := w.conn.Write(w.message); err != nil {
			return err
		}
		r, err := endPass(w.conn)
		if err != nil {
			return err
		}
		if r.Messages == 1 && r.Bytes == int64(c.o.Size) {
			return nil
		}
		if !c.o.Socket.Lossy() {
			return fmt.Errorf("the receiver got %d messages of %d bytes when one of %d was sent", r.Messages, r.Bytes, c.o.Size)
		}
	}
	return fmt.Errorf("%d messages got lost, one after the other", tries)
}

// newHTTP returns a client that keeps a connection for each worker, or none, or
// one for all.
func (c *Client) newHTTP() *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(c.o.Workload != runner.H2C)
	protocols.SetUnencryptedHTTP2(c.o.Workload == runner.H2C)
	t := &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			c.dials.Add(1)
			return c.o.Dialer.Dial()
		},
		Protocols:           protocols,
		DisableKeepAlives:   c.o.Workload == runner.HTTPDial,
		MaxIdleConnsPerHost: len(c.workers), // the default of 2 makes all others dial again and again
	}
	switch c.o.Workload {
	case runner.HTTP:
		t.MaxConnsPerHost = len(c.workers)
	case runner.H2C:
		t.HTTP2 = &http.HTTP2Config{StrictMaxConcurrentRequests: true} // one connection, come what may
	}
	return &http.Client{Transport: t}
}

// verifyHTTP makes one request from each worker. None of them is read to its end
// before all are answered, so that there is a connection for each. The first one of
// HTTP/2 goes ahead, so that there is a connection for the others to use: as long as
// there is none, each request dials its own.
func (c *Client) verifyHTTP() error {
	if c.o.Workload == runner.H2C {
		if err := c.ask(func() {}); err != nil {
			return fmt.Errorf("check the answer: %w", err)
		}
	}
	errs := make([]error, len(c.workers))
	var answered, ended sync.WaitGroup
	answered.Add(len(c.workers))
	for i := range errs {
		ended.Go(func() {
			once := sync.OnceFunc(answered.Done)
			defer once()
			errs[i] = c.ask(func() { once(); answered.Wait() })
		})
	}
	ended.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("check the answer to worker %d of %d: %w", i+1, len(errs), err)
		}
	}
	return nil
}

// ask makes one request of random bytes and wants them back. It calls answered
// before it reads them.
func (c *Client) ask(answered func()) error {
	sent := make([]byte, c.o.Size)
	_, _ = rand.Read(sent) // never fails
	response, err := c.http.Post(url, "application/octet-stream", bytes.NewReader(sent))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answered()
	if response.StatusCode != http.StatusOK || response.ContentLength != int64(c.o.Size) {
		return unexpected(response)
	}
	got, err := io.ReadAll(response.Body)
	return errors.Join(err, same(sent, got))
}

// message is "Hello" as often as it fits.
func message(size int) []byte {
	return bytes.Repeat([]byte("Hello"), size/5+1)[:size]
}

// verify sends size random bytes and wants them back. Where requests get lost, it
// tries some more.
func verify(conn net.Conn, size int) (err error) {
	sent, got := make([]byte, size), make([]byte, size)
	for range tries {
		_, _ = rand.Read(sent) // never fails
		if _, err := conn.Write(sent); err != nil {
			return err
		}
		if _, err = io.ReadFull(conn, got); !errors.Is(err, errLost) {
			break
		}
	}
	if err != nil {
		return err
	}
	return same(sent, got)
}

func same(sent, got []byte) error {
	if !bytes.Equal(sent, got) {
		return errors.New("other bytes came back than were sent; another program may answer on this address")
	}
	return nil
}
