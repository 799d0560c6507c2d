package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
)

// place is a route with its parameters filled in.
type place struct{ method, route, path string }

// places are all routes that the server has, with the ids of things that exist.
func (s *site) places(c profiles.Comparison, p profiles.Profile, token string) []place {
	s.t.Helper()
	var all []place
	for _, r := range s.echo.Routes() {
		if r.Method == "echo_route_not_found" {
			continue
		}
		id := p.ID
		switch {
		case strings.Contains(r.Path, "comparisons/"):
			id = c.ID
		case strings.Contains(r.Path, "shares/"):
			id = "S-1"
		}
		path := strings.NewReplacer(":id", id, ":token", token, ":profile/", p.ID+"/", ":profile", p.ID+".pprof", ":chart", "latency.svg", ":part", "flame", "*", "app.css").Replace(r.Path)
		if strings.Contains(path, "/diff") {
			path += "?function=.&base=" + p.ID + "&other=" + p.ID
		}
		if strings.HasSuffix(path, "/lines") {
			path += "?function=."
		}
		all = append(all, place{r.Method, r.Path, path})
	}
	slices.SortFunc(all, func(a, b place) int { return strings.Compare(a.route+a.method, b.route+b.method) })
	if len(all) < 40 {
		s.t.Fatalf("only %d routes: are they read from the server?", len(all))
	}
	return all
}

func unsafe(all []place) []place {
	return slices.DeleteFunc(slices.Clone(all), func(p place) bool { return p.method == http.MethodGet || p.method == http.MethodHead })
}

// shown files a comparison that ended, one that runs, an upload and a share.
func (s *site) shown() (c profiles.Comparison, p profiles.Profile, token string) {
	s.t.Helper()
	c = s.done("shown")
	_, token, err := s.store.CreateShare(s.t.Context(), "/comparisons/"+c.ID, s.clock.Now().AddDate(0, 0, 1))
	if err != nil {
		s.t.Fatal(err)
	}
	return c, s.merged(c, 0, profiles.Client), token
}

// state is what a request may not change.
func (s *site) state() string {
	s.t.Helper()
	ctx := s.t.Context()
	cs, err := s.store.Comparisons(ctx, "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	text := ""
	for _, c := range cs {
		text += fmt.Sprintln(c.ID, c.State, c.CancelRequested)
	}
	ps, err := s.store.FindProfiles(ctx, profiles.Search{}, "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range ps {
		text += fmt.Sprintln(p.ID, p.SHA256)
	}
	shares, err := s.store.Shares(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, sh := range shares {
		text += fmt.Sprintln(sh.ID, sh.Path, sh.RevokedAt)
	}
	return text + fmt.Sprint(s.queue.orders())
}

func (s *site) unchanged(before string) {
	s.t.Helper()
	if now := s.state(); now != before {
		s.t.Errorf("something was changed by what was refused; before:\n%s\nnow:\n%s", before, now)
	}
}
