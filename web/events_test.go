package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/web"
)

// event is what a change says.
type event struct {
	State       profiles.State
	Done, Total int
}

// follow opens an event stream; the channel is closed when the stream ends, and
// the test fails when that takes longer than the heartbeat would.
func follow(t *testing.T, url string) <-chan event {
	t.Helper()
	events, err := stream(t, url)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func stream(t testing.TB, url string) (<-chan event, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d, %v", resp.StatusCode, resp.Header)
	}
	events := make(chan event, 100)
	go func() {
		defer close(events)
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e event
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					t.Errorf("event %q: %v", data, err)
				}
				events <- e
			}
		}
		if ctx.Err() != nil {
			t.Error("the stream did not end in time")
		}
	}()
	return events, nil
}

func rest(events <-chan event) (all []event) {
	for e := range events {
		all = append(all, e)
	}
	return all
}

func TestEventsFollowAComparisonToItsEnd(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.running("", 1)
	events := follow(t, s.url+"/api/v1/comparisons/"+c.ID+"/events")
	if e := <-events; e.State != profiles.Running || e.Done != 3 || e.Total != 24 {
		t.Errorf("first event %+v", e)
	}
	s.run(c, 2, 0)
	s.queue.tell(c.ID)
	if e := <-events; e.Done != 4 {
		t.Errorf("after a run: %+v", e)
	}
	s.end(c, profiles.Done, "")
	if all := rest(events); len(all) != 1 || all[0].State != profiles.Done {
		t.Errorf("at the end: %+v", all)
	}
	if all := rest(follow(t, s.url+"/api/v1/comparisons/"+c.ID+"/events")); len(all) != 1 || all[0].State != profiles.Done {
		t.Errorf("of one that has ended: %+v", all)
	}
	s.get("/api/v1/comparisons/C-999/events").want(t, http.StatusNotFound)
	s.do("HEAD", "/api/v1/comparisons/"+c.ID+"/events", nil).want(t, http.StatusOK)
}

func TestSharedStreamEndsWithItsShare(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.running("", 1)
	first, address := s.sharedStream(c.ID, time.Hour)
	second, address2 := s.sharedStream(c.ID, time.Hour)
	streams := []<-chan event{follow(t, address), follow(t, address2)}
	for _, events := range streams {
		<-events
	}
	s.post("/shares/"+first.ID+"/revoke", nil).want(t, http.StatusSeeOther)
	rest(streams[0])
	s.queue.tell(c.ID)
	if e, ok := <-streams[1]; !ok || e.State != profiles.Running {
		t.Error("the stream of another share ended too")
	}
	s.api("DELETE", "/shares/"+second.ID, "").want(t, http.StatusNoContent)
	rest(streams[1])
	s.get(strings.TrimPrefix(address, s.url)).want(t, http.StatusGone)
}

// A stream notices by itself that its share has expired, without an event or a
// heartbeat. The time of day stands still until the stream is open, however long
// that takes.
func TestSharedStreamEndsWhenItsShareExpires(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.clock.stop()
	c := s.running("", 1)
	const valid = 300 * time.Millisecond
	_, address := s.sharedStream(c.ID, valid)
	events := follow(t, address)
	<-events
	s.clock.advance(valid)
	rest(events)
	s.get(strings.TrimPrefix(address, s.url)).want(t, http.StatusGone)
}

// sharedStream is the address of a comparison's events below a new share.
func (s *site) sharedStream(id string, valid time.Duration) (profiles.Share, string) {
	s.t.Helper()
	sh, token, err := s.store.CreateShare(s.t.Context(), "/comparisons/"+id, s.clock.Now().Add(valid))
	if err != nil {
		s.t.Fatal(err)
	}
	return sh, s.url + "/s/" + token + "/events"
}

// A server bounds the time of reading a request; a stream outlasts it.
func TestStreamOutlastsTheReadTimeout(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.running("", 1)
	events, timeout := s.followBriefly("/api/v1/comparisons/" + c.ID + "/events")
	select {
	case _, ok := <-events:
		t.Fatalf("an event that nobody caused, or the end (%v)", !ok)
	case <-time.After(3 * timeout):
	}
	s.queue.tell(c.ID)
	if e, ok := <-events; !ok || e.State != profiles.Running {
		t.Error("the stream ended with the server's timeout for reading requests")
	}
	s.end(c, profiles.Done, "")
	rest(events)
}

// followBriefly follows a stream of a server with a short time for reading a request,
// and returns that too. A busy machine does not always send one in 200 ms, so it is
// given longer when the stream did not even begin.
func (s *site) followBriefly(path string) (<-chan event, time.Duration) {
	s.t.Helper()
	for timeout := 200 * time.Millisecond; timeout < 4*time.Second; timeout *= 4 {
		brief := httptest.NewUnstartedServer(s.echo)
		brief.Config = web.NewServer(s.echo)
		brief.Config.ReadTimeout, brief.Config.WriteTimeout = timeout, timeout
		brief.Start()
		s.t.Cleanup(brief.Close)
		events, err := stream(s.t, brief.URL+path)
		if err != nil {
			continue
		}
		if _, ok := <-events; ok {
			return events, timeout
		}
	}
	s.t.Fatal("no stream began")
	return nil, 0
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.running("", 1)
	open := make([]<-chan event, web.MaxStreams)
	for i := range open {
		open[i] = follow(t, s.url+"/api/v1/comparisons/"+c.ID+"/events")
		<-open[i]
	}
	if a := s.get("/api/v1/comparisons/"+c.ID+"/events").want(t, http.StatusServiceUnavailable); a.Header.Get("Retry-After") == "" {
		t.Error("the refusal does not say when to come again")
	}
	s.end(c, profiles.Done, "")
	for _, events := range open {
		rest(events)
	}
}
