package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/web/assets"
)

// led is a request as a browser marks it that was led here from somewhere; "" is one
// that does not say.
func led(from string) with {
	return func(r *http.Request) {
		r.Header.Del("Sec-Fetch-Site")
		if from != "" {
			r.Header.Set("Sec-Fetch-Site", from)
		}
	}
}

// Whoever leads here from another page loses hold of the window.
func TestNobodyElseHoldsTheWindow(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for from, want := range map[string]string{"cross-site": "same-origin", "same-site": "same-origin", "": "same-origin", "other": "same-origin", "same-origin": "", "none": ""} {
		a := s.do("GET", "/comparisons", nil, led(from))
		if got := a.Header.Get("Cross-Origin-Opener-Policy"); got != want {
			t.Errorf("led here from %q: Cross-Origin-Opener-Policy is %q, want %q", from, got, want)
		}
	}
}

var inStyle = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

// The first page of a visit holds the style sheet, which its policy allows; those
// after it link to it.
func TestFirstPageHoldsItsStyle(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	home, _ := s.share("/comparisons/" + c.ID)
	link := `<link rel="stylesheet" href="` + assets.URL("app.css") + `"`
	for _, path := range []string{"/", "/comparisons/" + c.ID, home, home + "/embed/answer", "/login", "/glossary", "/comparisons/C-999"} {
		for _, from := range []string{"", "none", "cross-site", "same-site", "same-origin"} {
			a := s.do("GET", path, nil, browser, led(from))
			text := a.body
			styles := inStyle.FindAllStringSubmatch(text, -1)
			if from == "same-origin" || from == "" {
				if len(styles) != 0 || strings.Count(text, link) != 1 {
					t.Errorf("%s from %q: %d style elements, want the link alone", path, from, len(styles))
				}
				continue
			}
			if len(styles) != 1 || strings.Contains(text, link) {
				t.Errorf("%s from %q: %d style elements, want one and no link", path, from, len(styles))
				continue
			}
			sum := sha256.Sum256([]byte(styles[0][1]))
			if source := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(a.Header.Get("Content-Security-Policy"), source) {
				t.Errorf("%s from %q: the policy does not allow %s", path, from, source)
			}
		}
	}
}
