package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

// TestAuthorisation is who may open what: {anyone, holder of a share, owner} ×
// {own, foreign, expired, revoked, unknown} × every route.
func TestAuthorisation(t *testing.T) {
	t.Parallel()
	s := setup(t)
	own, foreign := s.done("own"), s.done("foreign")
	p, q := s.merged(own, 0, profiles.Client), s.merged(foreign, 0, profiles.Client)
	before := s.state()
	token := func(expires time.Duration) (profiles.Share, string) {
		sh, token, err := s.store.CreateShare(t.Context(), "/comparisons/"+own.ID, s.clock.Now().Add(expires))
		if err != nil {
			t.Fatal(err)
		}
		return sh, token
	}
	_, valid := token(time.Hour)
	_, expired := token(-time.Second)
	gone, revoked := token(time.Hour)
	if err := s.store.RevokeShare(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	tokens := map[string]struct {
		token  string
		status int
	}{
		"valid": {valid, http.StatusOK}, "expired": {expired, http.StatusGone}, "revoked": {revoked, http.StatusGone},
		"unknown": {"AAAAAAAAAAAAAAAAAAAAAAAAAAA", http.StatusNotFound}, "literal": {":token", http.StatusNotFound}, "id": {gone.ID, http.StatusNotFound},
		"other case": {strings.ToLower(valid), http.StatusNotFound}, "longer": {valid + "A", http.StatusNotFound}, "shorter": {valid[:26], http.StatusNotFound},
	}
	routes := 0
	for name, tt := range tokens {
		for _, at := range s.places(own, p, tt.token) {
			if !strings.HasPrefix(at.route, "/s/") {
				continue
			}
			routes++
			a := s.do(at.method, at.path, nil, browser)
			if a.StatusCode != tt.status {
				t.Errorf("%s share, %s %s: %d, want %d", name, at.method, at.route, a.StatusCode, tt.status)
			}
			if !strings.Contains(at.route, ":profile") {
				continue
			}
			// Another comparison's profile is as if it did not exist, for every token.
			foreign := strings.ReplaceAll(at.path, "/"+p.ID, "/"+q.ID)
			want := tt.status
			if want == http.StatusOK {
				want = http.StatusNotFound
			}
			for who, h := range map[string]with{"anyone": browser, "owner": bearer} {
				s.do("GET", foreign, nil, h).want(t, want)
				if b := s.do("GET", strings.TrimSuffix(foreign, ".pprof"), nil, h); b.StatusCode != want {
					t.Errorf("%s share, %s as %s: %d, want %d", name, foreign, who, b.StatusCode, want)
				}
			}
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			for _, below := range []string{"", "/cancel", "/delete", "/revoke", "/lines", "/profiles/" + p.ID, "/../../comparisons/" + own.ID + "/delete"} {
				if a := s.do(method, "/s/"+tt.token+below, strings.NewReader("{}"), bearer); a.StatusCode < 400 {
					t.Errorf("%s share takes %s %s: %d", name, method, below, a.StatusCode)
				}
			}
		}
	}
	if routes < 60 {
		t.Errorf("only %d cases", routes)
	}
	if now := s.state(); !strings.HasPrefix(now, before[:strings.Index(before, "[")]) {
		t.Errorf("something changed:\n%s\n%s", before, now)
	}
}
