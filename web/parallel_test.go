package web_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

// Every address is read many times at once while comparisons run, end and go: with
// -race this finds what is shared and should not be.
func TestPagesInParallel(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	running := s.running("runs", 2)
	q := s.upload(encode(t, client(t, "tcp4", 7)), "?ops=35000")
	paths := []string{
		"/comparisons/" + running.ID, "/comparisons/" + running.ID + "/rounds", "/diff?base=" + p.ID + "&other=" + q, "/diff?base=" + p.ID + "&other=" + q + "&tab=top", "/diff?base=" + p.ID + "&other=" + q + "&tab=lines",
		"/profiles/" + q + "?tab=top", "/profiles/" + q + "?tab=lines&function=.", "/profiles/" + q + "?pivot=net.(*conn).Write", "/comparisons/" + c.ID + "/flame?side=server&mode=share&search=Read", "/comparisons/" + c.ID + "/lines?side=server&socket=tcp4",
	}
	for _, at := range s.places(c, p, token) {
		if at.method == http.MethodGet {
			paths = append(paths, at.path)
		}
	}
	var wg sync.WaitGroup
	for range 3 {
		for _, path := range paths {
			wg.Go(func() {
				if a := s.do("GET", path, nil, browser, bearer); a.StatusCode != http.StatusOK {
					t.Errorf("%s: %d %.200s", path, a.StatusCode, a.body)
				}
			})
		}
	}
	wg.Go(func() { s.end(running, profiles.Done, "") })
	for range 3 {
		wg.Go(func() {
			gone := s.queued("goes")
			s.api("POST", "/comparisons/"+gone.ID+"/cancel", "").want(t, http.StatusAccepted)
			s.api("DELETE", "/comparisons/"+gone.ID, "").want(t, http.StatusNoContent)
		})
	}
	wg.Wait()
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Error("our own errors:", log)
	}
}
