package web_test

import (
	"net/http"
	"testing"
)

func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	for _, path := range []string{"/nothing", "/api/v1/nothing", "/comparisonsx", "/s", "/assets/none.css", "/comparisons/" + c.ID + "/nothing", "/profiles/" + p.ID + "/nothing", "/s/" + token + "/nothing/x", "/api/v2/comparisons", "/..%2fhosts"} {
		for who, h := range map[string]with{"anyone": browser, "program": header("Accept", "*/*"), "owner": bearer} {
			a := s.do("GET", path, nil, h)
			if a.StatusCode != http.StatusNotFound {
				t.Errorf("%s as %s: %d", path, who, a.StatusCode)
			}
		}
	}
	for _, path := range []string{"/comparisons", "/api/v1/comparisons", "/hosts"} {
		if a := s.do("PUT", path, nil, bearer); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") == "" {
			t.Errorf("PUT %s: %d, Allow %q", path, a.StatusCode, a.Header.Get("Allow"))
		}
	}
	for _, path := range []string{"/", "/comparisons/" + c.ID, "/profiles/" + p.ID + ".pprof", "/api/v1/comparisons", "/healthz", "/s/" + token} {
		if a := s.do("HEAD", path, nil, browser); a.StatusCode != http.StatusOK || a.body != "" {
			t.Errorf("HEAD %s: %d, %d bytes", path, a.StatusCode, len(a.body))
		}
	}
}
