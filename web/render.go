package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
	"github.com/sockscope/sockscope/web/assets"
)

// render writes a page. It is rendered whole first, so that an error half-way
// gives the error page and not half a page.
func render(c echo.Context, status int, page templ.Component) error {
	var b bytes.Buffer
	ctx := templates.WithGlossary(c.Request().Context(), scopeOf(c).glossary())
	if err := page.Render(ctx, &b); err != nil {
		return err
	}
	return c.HTMLBlob(status, b.Bytes())
}

// style is the style sheet as text.
var style = sync.OnceValue(func() string { return string(assets.Bytes("app.css")) })

// chrome is what stands around every page.
func (s *Server) chrome(c echo.Context, section templates.Section, title string) templates.Chrome {
	ch := templates.Chrome{
		Title:    title,
		Section:  section,
		Assets:   templates.Assets{CSS: assets.URL("app.css"), JS: assets.URL("app.js"), Icon: assets.URL("icon.svg")},
		MayStart: s.Key.holds(c.Request()),
		LoginURL: "/login",
		Version:  s.Version,
	}
	if from := c.Request().Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		// The first page of a visit is painted without waiting for a second answer;
		// those after it link to the sheet, which the browser keeps. Browsers say where
		// a visit comes from on loopback and over https.
		ch.Assets.Style = style()
	}
	if theme, err := c.Cookie("theme"); err == nil && (theme.Value == "light" || theme.Value == "dark") {
		ch.Theme = theme.Value
	}
	if sh := sharedOf(c); sh != nil {
		ch.MayStart = false
		ch.Social = s.social(c, title)
		ch.Shared = &templates.SharedBanner{Expires: "until " + moment(sh.ExpiresAt), HomeURL: sh.home}
		return ch
	}
	ch.Status = s.status(c)
	return ch
}

// status is the state of the queue, at the head of each page.
func (s *Server) status(c echo.Context) templates.Status {
	n, err := s.Archive.Counts(c.Request().Context())
	if err != nil {
		return templates.Status{Tone: templates.Bad, Text: "the database does not answer"}
	}
	return queueStatus(n[profiles.Running], n[profiles.Queued]+n[profiles.Interrupted])
}

func queueStatus(running, queued int) templates.Status {
	if running == 0 && queued == 0 {
		return templates.Status{Tone: templates.Good, Text: "idle · this host is ready", URL: "/hosts"}
	}
	return templates.Status{Tone: templates.Busy, Text: plural(running, "running", "running") + " · " + plural(queued, "queued", "queued"), URL: "/comparisons"}
}

// fail is the one place where errors become answers: a page for people, problem
// JSON (RFC 9457) for programs, plain text for go tool pprof.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := faultOf(err)
	r := c.Request()
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader went away
	}
	level := s.Log.InfoContext
	if f.status >= http.StatusInternalServerError {
		level = s.Log.ErrorContext
	}
	level(r.Context(), "request refused", "method", r.Method, "path", maskPath(r.URL.Path), "status", f.status, "err", err.Error())
	if err := s.answerFault(c, f); err != nil {
		s.Log.ErrorContext(r.Context(), "answer a fault", "err", err)
	}
}

func (s *Server) answerFault(c echo.Context, f *fault) error {
	r := c.Request()
	if f.status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		return problem(c, f)
	case strings.HasSuffix(r.URL.Path, ".pprof"), !wantsPage(r):
		// go tool pprof shows the body of an error only with this header.
		c.Response().Header().Set("X-Go-Pprof", "1")
		return c.Blob(f.status, "text/plain; charset=utf-8", []byte(f.sentence+"\n"))
	case f.status == http.StatusUnauthorized:
		return render(c, f.status, templates.Login(s.loginPage(c, f.sentence, "")))
	}
	v := templates.ErrorPage{
		Chrome: s.chrome(c, "", http.StatusText(f.status)), Code: f.status, Sentence: f.sentence,
		Action: templates.Link{Label: "Front page", URL: "/"},
	}
	if sharedOf(c) != nil || strings.HasPrefix(r.URL.Path, "/s/") {
		v.Action = templates.Link{}
	}
	return render(c, f.status, templates.Error(v))
}

// wantsPage tells a browser from curl and go tool pprof.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// problem is RFC 9457.
func problem(c echo.Context, f *fault) error {
	body := struct {
		Type   string             `json:"type"`
		Title  string             `json:"title"`
		Status int                `json:"status"`
		Detail string             `json:"detail"`
		Errors runner.FieldErrors `json:"errors,omitempty"`
	}{"about:blank", http.StatusText(f.status), f.status, f.sentence, f.fields}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.Blob(f.status, "application/problem+json", raw)
}

// secret is what a share's token or a start token looks like, wherever in a path
// somebody put it.
var secret = regexp.MustCompile(`[A-Za-z0-9_-]{20,}`)

// maskPath keeps tokens out of the log: what stands where a share's token does, and
// what looks like one.
func maskPath(path string) string {
	path = secret.ReplaceAllString(path, "***")
	rest, ok := strings.CutPrefix(path, "/s/")
	if !ok {
		return path
	}
	_, below, found := strings.Cut(rest, "/")
	if !found {
		return "/s/***"
	}
	return "/s/***/" + below
}
