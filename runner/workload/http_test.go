package workload_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// counting counts dials.
type counting struct {
	workload.Dialer
	dials atomic.Int64
}

func (d *counting) Dial() (net.Conn, error) {
	d.dials.Add(1)
	return d.Dialer.Dial()
}

// TestHTTPDials: kept connections are as many as workers, from the start to the end,
// and one for all of HTTP/2; the others are as many as requests.
func TestHTTPDials(t *testing.T) {
	t.Parallel()
	const requests = 200
	for _, c := range []struct {
		w       runner.Workload
		k       runner.Socket
		workers int64
		opened  int64
		each    int64
	}{
		{runner.HTTP, runner.Unix, 32, 32, 0},
		{runner.HTTP, runner.SocketPair, 8, 8, 0},
		{runner.HTTP, runner.TLS, 4, 4, 0},
		{runner.HTTPDial, runner.Unix, 8, 8, requests},
		{runner.H2C, runner.Unix, 300, 1, 0},
	} {
		t.Run(fmt.Sprint(c.w, " ", c.k), func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.w, c.k, 64, int(c.workers))
			d := &counting{Dialer: s.dialer}
			client := open(t, workload.Options{Workload: c.w, Socket: c.k, Dialer: d, Size: 64, Concurrency: int(c.workers)})
			if n := d.dials.Load(); n != c.opened {
				t.Errorf("%d connections are opened for %d workers, want %d", n, c.workers, c.opened)
			}
			p, err := client.Run(workload.Budget{Requests: requests}, new(meter))
			if err != nil {
				t.Fatal(err)
			}
			if more := p.Dials - c.each; more < 0 || more > redials(c.w) || d.dials.Load() != c.opened+p.Dials {
				t.Errorf("%d requests dialed %d times, and %d in all; want %d", requests, p.Dials, d.dials.Load(), c.each)
			}
		})
	}
}

// TestHTTPRefusesOthers asks servers that are not ours.
func TestHTTPRefusesOthers(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"other bytes":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "\x00lies") },
		"with 7 bytes": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "welcome") },
		"404":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: handler}
			ended := make(chan error, 1)
			go func() { ended <- server.Serve(l) }()
			defer func() { server.Close(); <-ended }()
			_, err = workload.Open(workload.Options{
				Workload: runner.HTTP, Socket: runner.TCP4, Dialer: plain{l.Addr().String()}, Size: 5, Concurrency: 2,
			})
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("Open: %v", err)
			}
		})
	}
}

// TestServeRequestRefuses a message of another length, and answers the next one.
func TestServeRequestRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t, runner.HTTP, runner.TCP4, 5, 1)
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return s.dialer.Dial() }}
	defer transport.CloseIdleConnections()
	for body, want := range map[string]int{"Hell": 400, "Hello": 200, "Hello!": 400} {
		response, err := (&http.Client{Transport: transport}).Post("http://sockscope/", "", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%q is answered with %d, want %d", body, response.StatusCode, want)
		}
	}
	if n := s.tally.Counts().Messages; n != 1 {
		t.Errorf("%d requests are counted, want 1", n)
	}
}

// plain is net.Dial.
type plain struct{ address string }

func (d plain) Dial() (net.Conn, error) { return net.Dial("tcp4", d.address) }
func (plain) Retries() int64            { return 0 }
