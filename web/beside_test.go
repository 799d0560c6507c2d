package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
)

func TestBeside(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a, b := s.done("first"), s.done("second")
	home := "/comparisons/" + a.ID + "/beside"
	if page := s.page(home).want(t, http.StatusOK).body; !strings.Contains(page, b.ID+": second") {
		t.Error("the other comparison is not offered")
	}
	page := html.UnescapeString(s.page(home+"?other="+b.ID).want(t, http.StatusOK).body)
	for _, want := range []string{"different sessions", "no interval is claimed", "unix, 5 B, 1 connection, split", "tcp4, 5 B, 1 connection, split", "1.00", "Client CPU per request"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "A/A, 5 B") {
		t.Error("the A/A cell is laid beside another")
	}
	if page := s.page(home+"?other="+b.ID+"&metric=client_cpu_ns_per_op").want(t, http.StatusOK).body; !strings.Contains(page, `<caption class="u-hidden">Client CPU per request`) {
		t.Error("the metric of the link is not shown")
	}
	s.page(home+"?other="+b.ID+"&metric="+url.QueryEscape(attacks[0])).want(t, http.StatusOK)
	s.page(home+"?other="+a.ID).want(t, http.StatusBadRequest)
	s.page(home+"?other=C-999").want(t, http.StatusNotFound)
	s.page(home+"?other="+url.QueryEscape(attacks[0])).want(t, http.StatusNotFound)
}

// Two comparisons that were asked for different things say so, and show nothing
// that was not measured in both.
func TestBesideUnlike(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.done("first")
	s.api("POST", "/comparisons", `{"workload":"echo","rate":100,"requests":7,"placements":["same"],"budget_s":600}`).want(t, http.StatusCreated)
	page := s.page("/comparisons/"+a.ID+"/beside?other=C-2").want(t, http.StatusOK).body
	says(t, page, "different workloads: dial-echo in A, echo in B", "different rates: a closed loop in A, 100 a second in B", "different placements", "different time budgets: none in A, 10 min in B", "C-2 is queued", "No cell was measured in both", "Only "+a.ID+" has unix")
	saysNot(t, page, "Only C-2 has", "they differ in") // it was not measured yet
}

// A response time is not divided by a service time.
func TestBesideOpenAndClosedLoop(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Workload, spec.Rounds = runner.Echo, 8
	closed := s.stored(spec, 8, true, nil)
	spec.Rate = 20_000
	open, again := s.stored(spec, 8, true, nil), s.stored(spec, 8, true, nil)
	home := "/comparisons/" + open.ID + "/beside?metric=latency_p50_ns&other="
	mixed := s.page(home+closed.ID).want(t, http.StatusOK).body
	says(t, mixed, "no ratio: one is a response time, the other a service time")
	saysNot(t, mixed, " 1.00 ", "Response time p50")
	says(t, s.page("/comparisons/"+open.ID+"/beside?metric=client_cpu_ns_per_op&other="+closed.ID).want(t, http.StatusOK).body, " 1.00 ")
	both := s.page(home+again.ID).want(t, http.StatusOK).body
	says(t, both, "Response time p50", " 1.00 ")
	saysNot(t, both, "no ratio", "Latency p50")
}

// What one of several hosts measured stands beside what that host measured alone,
// and never beside another machine's.
func TestBesideOfSeveralHosts(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Rounds = 3
	alone := s.stored(spec, 3, true, nil) // on testhost
	spec.Hosts = []string{"arm-box", "testhost"}
	several := s.stored(spec, 3, true, nil)
	page := s.page("/comparisons/"+several.ID+"/beside?other="+alone.ID).want(t, http.StatusOK).body
	says(t, page, "unix, 5 B, 1 connection, split, testhost", "Only "+several.ID+" has unix, 5 B, 1 connection, split, arm-box", "with its 95 % interval from 6 rounds on")
	saysNot(t, page, "arm-box and testhost")
	if n := strings.Count(page, `<th scope="row">unix, 5 B`); n != 1 {
		t.Errorf("unix stands in %d rows, want that of testhost alone", n)
	}
}

func TestBesideChosenInTheList(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.done("first")
	s.clock.advance(3600e9)
	b := s.done("second")
	if page := s.page("/comparisons").want(t, http.StatusOK).body; strings.Count(page, `name="id"`) != 2 || !strings.Contains(page, `action="/comparisons/beside"`) {
		t.Error("the list has no boxes to choose two")
	}
	for _, q := range []string{"id=" + a.ID + "&id=" + b.ID, "id=" + b.ID + "&id=" + a.ID} {
		if to := s.page("/comparisons/beside?"+q).want(t, http.StatusSeeOther).Header.Get("Location"); to != "/comparisons/"+a.ID+"/beside?other="+b.ID {
			t.Errorf("%s leads to %s", q, to)
		}
	}
	s.page("/comparisons/beside").want(t, http.StatusOK)
	if to := s.page("/comparisons/beside?id="+a.ID).want(t, http.StatusSeeOther).Header.Get("Location"); to != "/comparisons/"+a.ID+"/beside" {
		t.Errorf("one alone leads to %s", to)
	}
	if to := s.page("/comparisons/beside?id=" + url.QueryEscape("//evil.example")).Header.Get("Location"); !strings.HasPrefix(to, "/comparisons/%2F%2Fevil.example/") {
		t.Errorf("an address of another host leads to %s", to)
	}
	s.page("/comparisons/beside?id=C-1&id=C-2&id=C-3").want(t, http.StatusBadRequest)
	s.page("/comparisons/beside?id=C-1&id=C-999").want(t, http.StatusNotFound)
}

// A share is of one comparison: it neither shows another one nor leads to one.
func TestBesideIsNotShared(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a, b := s.done("first"), s.done("second")
	home, _ := s.share("/comparisons/" + a.ID)
	for _, path := range []string{home + "/beside?other=" + b.ID, home + "/beside", home + "/comparisons/beside?id=" + a.ID + "&id=" + b.ID} {
		s.page(path).want(t, http.StatusNotFound)
	}
	s.post("/shares", url.Values{"path": {"/comparisons/" + a.ID + "/beside?other=" + b.ID}}).want(t, http.StatusUnprocessableEntity)
	if page := s.page(home).want(t, http.StatusOK).body; strings.Contains(page, "/beside") || strings.Contains(page, b.ID) {
		t.Error("the shared page leads to what is not shared")
	}
}

func TestBesideIsHostile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	plain, hostile := map[string]bool{}, map[string]bool{}
	a, b := s.done("plain"), s.done("plain too")
	markup(t, "beside", s.page("/comparisons/"+a.ID+"/beside?other="+b.ID).want(t, http.StatusOK).body, plain)
	for _, text := range attacks[:4] {
		c := s.done(text)
		markup(t, "beside", s.page("/comparisons/"+a.ID+"/beside?other="+c.ID).want(t, http.StatusOK).body, hostile)
		markup(t, "beside", s.page("/comparisons/"+c.ID+"/beside?other="+a.ID+"&metric="+url.QueryEscape(text)).want(t, http.StatusOK).body, hostile)
	}
	for name := range hostile {
		if !plain[name] {
			t.Errorf("<%s> came from a title", name)
		}
	}
}
