package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	before := s.state()
	cases := 0
	for _, r := range s.places(c, p, token) {
		if !strings.Contains(r.route, ":id") && !strings.Contains(r.route, "diff") {
			continue
		}
		for _, letter := range []string{"C-999", "P-999", "S-999", "C-0", "C-01", "C--1", "C-1e3", "P-9999999999999999999999", "x", "%00", "..%2f..%2fetc%2fpasswd", "C-1%20", "C-1'--", strings.Repeat("9", 2500)} {
			path := strings.NewReplacer(c.ID, letter, p.ID, letter, "S-1", letter).Replace(r.path)
			if path == r.path {
				continue
			}
			cases++
			a := s.do(r.method, path, nil, bearer, browser)
			if a.StatusCode != http.StatusNotFound {
				t.Errorf("%s %.80s: %d: %.200s", r.method, path, a.StatusCode, a.body)
			} else if strings.HasPrefix(r.route, "/api/") && r.method != http.MethodHead {
				a.problem(t)
			}
		}
	}
	for _, path := range []string{"/comparisons?before=x", "/api/v1/comparisons?before=P-1", "/profiles?before=C-1", "/comparisons/new?again=C-999", "/api/v1/comparisons/" + c.ID + ".exe", "/api/v1/comparisons/" + c.ID + ".", "/api/v1/comparisons/.csv", "/api/v1/profiles/" + p.ID + ".pprof"} {
		s.do("GET", path, nil, bearer, browser).want(t, http.StatusNotFound)
	}
	if cases < 250 {
		t.Errorf("only %d cases", cases)
	}
	s.unchanged(before)
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Error("an unknown id is logged as our own error:", s.log.String())
	}
}

func TestWrongLens(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	views := []string{"/comparisons/" + c.ID, "/comparisons/" + c.ID + "/lines", "/comparisons/" + c.ID + "/flame", "/profiles/" + p.ID, "/profiles/" + p.ID + "?tab=top", "/diff?base=" + p.ID + "&other=" + p.ID, "/s/" + token + "/flame", "/s/" + token + "/lines"}
	for _, view := range views {
		sep := "?"
		if strings.Contains(view, "?") {
			sep = "&"
		}
		for _, q := range []string{
			"side=middle", "kind=heap", "kind=x", "mode=furlongs", "at=%21", "at=zzzzzzzzzzzzzzzzzzzz", "at=-1", "group=-1", "group=x", "group=1.5", "from=-1", "from=x", "base_ops=0", "base_ops=-5", "other_ops=x", "base_ops=1e9",
		} {
			a := s.page(view + sep + q)
			if a.StatusCode != http.StatusBadRequest {
				t.Errorf("%s%s%s: %d", view, sep, q, a.StatusCode)
			}
		}
		// What somebody types into a field of the page comes back with a sentence.
		for _, q := range []string{"search=%28", "search=" + strings.Repeat("a", 1001), "function=%5B&tab=lines", "search=a%7B1000%7D%7B1000%7D"} {
			if a := s.page(view + sep + q); a.StatusCode != http.StatusOK {
				t.Errorf("%s%s%s: %d %.200s", view, sep, q, a.StatusCode, a.body)
			}
		}
		// Nothing that a query can hold is our own error.
		for _, q := range []string{
			"group=99", "group=9223372036854775807", "from=9999999", "at=1", "at=zzzzzzzzzz", "at=1&from=99999", "socket=none", "socket=" + "tcp4", "other=none", "sample_type=none", "sample_type=samples", "sample_type=samples/x", "sample_type=cpu/nanoseconds", "pivot=none",
			"pivot=all+samples", "pivot=root", "pivot=" + "internal/poll.(*FD).Read&search=Read&mode=share", "tab=none", "sort=none", "sort=diff&tab=top", "mode=cores&side=server", "mode=raw&search=%5Cx00", "function=.&tab=lines", "function=%00&tab=lines", "search=.&at=1", "side=server&kind=go", "mode=per-op&base_ops=5&other_ops=9223372036854775807",
			"%00=%00", "side=client&side=server", "a;b",
		} {
			if a := s.page(view + sep + q); a.StatusCode >= 500 || a.StatusCode == http.StatusBadRequest {
				t.Errorf("%s%s%s: %d %.300s", view, sep, q, a.StatusCode, a.body)
			}
		}
	}
	for path, status := range map[string]int{
		"/profiles/P-1/lines": 400, "/profiles/P-1/lines?function=%28": 400, "/profiles/P-1/lines?function=.&sample_type=none": 404, "/profiles/P-1/top?n=0": 400, "/profiles/P-1/top?n=x": 400, "/profiles/P-1/top?n=-1": 400, "/profiles/P-1/top?sample_type=x": 404,
		"/diff": 400, "/diff?base=P-1": 400, "/diff?base=P-1&other=P-1&mode=per-op": 400, "/diff?base=P-1&other=P-1&n=0": 400, "/diff/lines?base=P-1&other=P-2": 400, "/diff/lines?function=.&other=P-2": 400, "/diff?base=P-1&other=P-999": 404, "/diff?base=P-1&other=P-1&sample_type=x": 404,
	} {
		a := s.get("/api/v1" + path)
		if a.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, status)
		}
		a.problem(t)
	}
	for _, path := range []string{"/diff", "/diff?base=P-1", "/diff?other=P-1"} {
		if a := s.page(path).want(t, http.StatusOK); !strings.Contains(a.body, "Compare two profiles") {
			t.Errorf("%s does not ask for the profiles", path)
		}
	}
	s.page("/diff?base=P-999").want(t, http.StatusNotFound)
}

func TestWrongMoments(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ended, going, waiting := s.done(""), s.running("", 1), s.queued("")
	s.api("POST", "/comparisons/"+ended.ID+"/cancel", "").want(t, http.StatusConflict).problem(t)
	s.post("/comparisons/"+ended.ID+"/cancel", nil).want(t, http.StatusConflict)
	for _, c := range []profiles.Comparison{going, waiting} {
		s.api("DELETE", "/comparisons/"+c.ID, "").want(t, http.StatusConflict).problem(t)
		s.post("/comparisons/"+c.ID+"/delete", nil).want(t, http.StatusConflict)
		s.get("/comparisons/"+c.ID+"/lines").want(t, http.StatusOK)
		s.get("/comparisons/"+c.ID+"/flame").want(t, http.StatusOK)
		s.get("/comparisons/"+c.ID+"/rounds").want(t, http.StatusOK)
	}
	s.get("/comparisons/"+waiting.ID+"/profiles.zip").want(t, http.StatusNotFound)
	p := s.merged(ended, 0, profiles.Client)
	s.api("DELETE", "/profiles/"+p.ID, "").want(t, http.StatusNotFound).problem(t) // goes only with its comparison
	s.get("/profiles/"+p.ID+".pprof").want(t, http.StatusOK)
}

// Each link of a page holds what it was asked through, so an address is bounded: the
// page is too.
func TestLongAddressesAreRefused(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	for _, path := range []string{"/profiles/" + base + "?", "/diff?base=" + base + "&other=" + other + "&", "/diff.html?base=" + base + "&other=" + other + "&", "/profiles/" + base + "/flame.svg?"} {
		for _, name := range []string{"pivot", "search", "open", "whole", "label", "cell"} {
			s.page(path+name+"="+strings.Repeat("x", 8000)).want(t, http.StatusRequestURITooLong)
		}
		s.page(path+"open="+strings.Repeat("x", 1400)+"&open="+strings.Repeat("y", 500)+"&focus=.*"+strings.Repeat("x", 900)).want(t, 200)
	}
}
