package fleet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

const startToken = "start-token-of-the-test"

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// site is a server with what is needed to ask it.
type site struct {
	t    *testing.T
	data string
	*process
	url    string
	client *http.Client
}

// serve starts a server in a place.
func serve(t *testing.T, place, data string, dial dialer, args ...string) *site {
	t.Helper()
	p := start(t, "serve", place, sockscope(t), append([]string{"serve", "--verbose", "--listen", "127.0.0.1:0", "--data", data}, args...)...)
	url, _, _ := strings.Cut(word(p.await("/?token="), "http://"), "/?")
	return &site{t: t, data: data, process: p, url: url, client: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

// call sends a request to the API and decodes the answer.
func (s *site) call(method, path string, body, into any) {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	answer := s.send(method, path, text)
	if err := json.Unmarshal(answer, into); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}

func (s *site) send(method, path string, text []byte) []byte {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+startToken)
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %s %s, %v", method, path, resp.Status, answer, err)
	}
	return answer
}

// compare queues a small comparison on two hosts and returns its id.
func (s *site) compare(rounds int, hosts ...string) string {
	s.t.Helper()
	var created struct{ ID string }
	s.call(http.MethodPost, "/api/v1/comparisons", map[string]any{
		"workload": "echo", "sockets": []string{"unix", "tcp"}, "rounds": rounds, "requests": 500, "placements": []string{"free"}, "hosts": hosts,
	}, &created)
	return created.ID
}

// report is what the API says of a comparison.
type report struct {
	State    profiles.State
	Failure  string
	Progress struct{ Done, Total int }
	Cells    []struct {
		Socket, Host string
		Metrics      map[string]any
	}
}

func (s *site) await(id string, what string, ok func(report) bool) report {
	s.t.Helper()
	for end := time.Now().Add(patience); ; {
		var r report
		s.call(http.MethodGet, "/api/v1/comparisons/"+id, nil, &r)
		if ok(r) {
			return r
		}
		if time.Now().After(end) || r.State == profiles.Failed {
			s.t.Fatalf("%s is %s with %v, and not %s; the server said\n%s", id, r.State, r.Progress, what, s.said())
		}
		time.Sleep(100 * time.Millisecond) // between two questions
	}
}

// complete checks that a comparison has ended with what both hosts measured, each
// run once, and that nothing is half-written; the server is stopped for it.
func (s *site) complete(id string, hosts ...string) {
	s.t.Helper()
	r := s.await(id, "done", func(r report) bool { return r.State == profiles.Done })
	seen := map[string]int{}
	for _, c := range r.Cells {
		if len(c.Metrics) > 0 {
			seen[c.Host]++
		}
	}
	for _, h := range hosts {
		if seen[h] != 3 {
			s.t.Errorf("the JSON shows %d measured cells of %s, want 3; all: %v", seen[h], h, seen)
		}
	}
	page := string(s.send(http.MethodGet, "/comparisons/"+id, nil))
	for _, h := range hosts {
		if !strings.Contains(page, h) {
			s.t.Errorf("the page does not show %s", h)
		}
	}
	if code := s.stop(); code != 0 {
		s.t.Errorf("the server exits with %d", code)
	}
	db, err := store.Open(s.t.Context(), s.data, store.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Comparison(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	runs, err := db.Runs(s.t.Context(), id)
	if err != nil || len(runs) != c.Total {
		s.t.Errorf("%d runs, %v; want %d", len(runs), err, c.Total)
	}
	once := map[string]bool{}
	for _, run := range runs {
		at := fmt.Sprint(run.Round, run.Cell)
		if once[at] {
			s.t.Errorf("two results of round and cell %s", at)
		}
		once[at] = true
	}
	for _, p := range c.Parts {
		s.t.Logf("host %s: %d runs, %d attempts", p.Host, p.Done, p.Attempt)
		if p.State != profiles.Done || p.Done != p.Total || p.Fingerprint == nil {
			s.t.Errorf("the part of %s is %+v", p.Host, p)
		}
	}
	if check, err := db.Check(s.t.Context(), true); err != nil || len(check.Problems) > 0 {
		s.t.Errorf("the check finds %q, %v", check.Problems, err)
	}
}

// join starts a worker in a place.
func join(t *testing.T, name, place, url, tokenFile string) *process {
	t.Helper()
	return start(t, "worker "+name, place, sockscope(t), "worker", "--join", url, "--token-file", tokenFile, "--host", name)
}

// tokenIn is the file of the workers' token that a server has made.
func (s *site) tokenIn() string { return filepath.Join(s.data, "worker-token") }
