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
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
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
	return events
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
	share := func(expires time.Duration) (profiles.Share, string) {
		sh, token, err := s.store.CreateShare(t.Context(), "/comparisons/"+c.ID, s.clock.Now().Add(expires))
		if err != nil {
			t.Fatal(err)
		}
		return sh, s.url + "/s/" + token + "/events"
	}
	first, address := share(time.Hour)
	second, address2 := share(time.Hour)
	_, shortly := share(time.Second)
	streams := []<-chan event{follow(t, address), follow(t, address2), follow(t, shortly)}
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
	rest(streams[2])
	s.get(strings.TrimPrefix(address, s.url)).want(t, http.StatusGone)
	s.get(strings.TrimPrefix(shortly, s.url)).want(t, http.StatusGone)
}

// A server bounds the time of reading a request; a stream outlasts it.
func TestStreamOutlastsTheReadTimeout(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.running("", 1)
	brief := httptest.NewUnstartedServer(s.echo)
	brief.Config = web.NewServer(s.echo)
	const timeout = 200 * time.Millisecond
	brief.Config.ReadTimeout, brief.Config.WriteTimeout = timeout, timeout
	brief.Start()
	defer brief.Close()
	events := follow(t, brief.URL+"/api/v1/comparisons/"+c.ID+"/events")
	<-events
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
