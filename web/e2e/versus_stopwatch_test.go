package e2e

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

//go:embed testdata/stopwatch.js
var stopwatch string

// stopwatch puts the stopwatch into every page of the tab from now on.
func (b *tab) stopwatch() {
	b.t.Helper()
	command(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: stopwatch})
}

// file uploads a profile and returns its id.
func (s *server) file(t *testing.T, title string, p *profile.Profile) string {
	t.Helper()
	data, err := shapes.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/profiles?title="+url.QueryEscape(title), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var created struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&created); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("upload %s: %d, %v", title, res.StatusCode, err)
	}
	return created.ID
}
