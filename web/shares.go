package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// Bounds of a share's life.
const (
	defaultExpiry = 7 * 24 * time.Hour
	maxExpiry     = 366 * 24 * time.Hour
)

var expiries = []struct {
	d     time.Duration
	label string
}{
	{time.Hour, "1 hour"},
	{24 * time.Hour, "1 day"},
	{defaultExpiry, "7 days"},
	{30 * 24 * time.Hour, "30 days"},
	{365 * 24 * time.Hour, "1 year"},
}

// shareable is what a share can show: a comparison, a view of it, a profile, or the
// difference of two profiles.
var shareable = regexp.MustCompile(`^/(comparisons/C-[0-9]+(/lines|/flame|/rounds)?|profiles/P-[0-9]+|diff)$`)

// sharePath checks the path that is to be shared, query and all, against the
// addresses that exist. It must stand below this server: no host, no "..".
func (s *Server) sharePath(c echo.Context, raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "" || u.Host != "" || !shareable.MatchString(u.EscapedPath()) {
		return "", sentence(http.StatusUnprocessableEntity, "The path %q cannot be shared: share the page of a comparison, its lines, flame or rounds, of a profile, or of the difference of two.", clip(raw))
	}
	parts := strings.Split(u.Path, "/")
	switch {
	case u.Path == diffRoot:
		err = s.pairExists(c, u.Query())
	case parts[1] == "comparisons":
		_, err = s.Archive.Comparison(c.Request().Context(), parts[2])
	default:
		_, err = s.Archive.Profile(c.Request().Context(), parts[2])
	}
	if err != nil {
		return "", err
	}
	return u.EscapedPath() + query(u.Query().Encode()), nil
}

// pairExists checks the two profiles of a difference that is to be shared.
func (s *Server) pairExists(c echo.Context, q url.Values) error {
	for _, name := range []string{"base", "other"} {
		if q.Get(name) == "" {
			return sentence(http.StatusUnprocessableEntity, "A difference is shared with both its profiles: the path needs base= and other=.")
		}
		if _, err := s.Archive.Profile(c.Request().Context(), q.Get(name)); err != nil {
			return err
		}
	}
	return nil
}

// newShare makes a share and returns its whole address; "" for the expiry takes
// the default.
func (s *Server) newShare(c echo.Context, path, expires string) (profiles.Share, string, error) {
	path, err := s.sharePath(c, path)
	if err != nil {
		return profiles.Share{}, "", err
	}
	d := defaultExpiry
	if expires != "" {
		n, err := strconv.ParseInt(expires, 10, 64)
		if err != nil || n < 60 || n > int64(maxExpiry/time.Second) {
			return profiles.Share{}, "", sentence(http.StatusUnprocessableEntity, "A share cannot last %q seconds: choose 60 to %d.", clip(expires), int64(maxExpiry/time.Second))
		}
		d = time.Duration(n) * time.Second
	}
	share, token, err := s.Shares.CreateShare(c.Request().Context(), path, s.Now().Add(d))
	return share, s.origin(c.Request()) + "/s/" + token, err
}

// sharedPage shows what is shared: the page itself, or the view below it that the
// share was made of.
func (s *Server) sharedPage(c echo.Context) error {
	sh := sharedOf(c)
	if strings.HasSuffix(c.Request().URL.Path, ".pprof") {
		return s.sharedProfileFile(c)
	}
	if view, q, _ := strings.Cut(sh.Path, "?"); view != sh.root || q != "" {
		return c.Redirect(http.StatusSeeOther, sh.home+sh.below(view)+query(q))
	}
	return s.sharedWhole(c)
}

// sharedWhole is the page of the comparison, profile or difference that a share
// stands below.
func (s *Server) sharedWhole(c echo.Context) error {
	sh := sharedOf(c)
	if sh.root == diffRoot {
		return s.diff(c)
	}
	if strings.HasPrefix(sh.root, "/profiles/") {
		return s.profile(c)
	}
	return s.comparison(c)
}

// sharedSingle is what is shared as one file.
func (s *Server) sharedSingle(c echo.Context) error {
	switch root := sharedOf(c).root; {
	case root == diffRoot:
		return s.singleDiff(c)
	case strings.HasPrefix(root, "/profiles/"):
		return s.singleProfile(c)
	}
	return s.singleComparison(c)
}

// sharedProfileFile is /s/{token}.pprof of a shared profile and
// /s/{token}/{id}.pprof of a profile below a shared comparison or difference.
func (s *Server) sharedProfileFile(c echo.Context) error {
	sh := sharedOf(c)
	name := c.Param("profile")
	if name == "" {
		name = strings.TrimPrefix(sh.root, "/profiles/") + ".pprof"
	}
	pid, ok := strings.CutSuffix(name, ".pprof")
	if !ok || strings.Contains(pid, "/") {
		return echo.ErrNotFound
	}
	return s.download(c, pid)
}

func (s *Server) shares(c echo.Context) error {
	v, err := s.sharesPage(c, c.QueryParam("path"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, templates.Shares(v))
}

func (s *Server) createShare(c echo.Context) error {
	share, address, err := s.newShare(c, c.FormValue("path"), c.FormValue("expires_in_s"))
	if err != nil {
		return err
	}
	v, err := s.sharesPage(c, share.Path)
	if err != nil {
		return err
	}
	v.Created = &templates.CreatedShare{URL: address, Expires: moment(share.ExpiresAt), Commands: embedding(address, share.Path)}
	switch sh, _ := sharedAt(share, address); {
	case sh != nil && sh.root == diffRoot:
		v.Created.Commands = append(v.Created.Commands, templates.Command{
			Label: "Open it in go tool pprof",
			Text:  "go tool pprof -http=: -diff_base=" + address + "/" + sh.pair[0] + ".pprof " + address + "/" + sh.pair[1] + ".pprof",
		})
	case strings.HasPrefix(share.Path, "/profiles/"):
		v.Created.Commands = append(v.Created.Commands, templates.Command{Label: "Open it in go tool pprof", Text: "go tool pprof -http=: " + address + ".pprof"})
	}
	return render(c, http.StatusOK, templates.Shares(v))
}

func (s *Server) revokeShare(c echo.Context) error {
	if err := s.revoke(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/shares")
}

// revoke ends a share, and the event streams that go through it.
func (s *Server) revoke(c echo.Context) error {
	if err := s.Shares.RevokeShare(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	s.revoked.ring()
	return nil
}

func (s *Server) sharesPage(c echo.Context, path string) (templates.SharePage, error) {
	v := templates.SharePage{
		Chrome: s.chrome(c, "", "Share"), Action: "/shares", BackURL: "/",
		Shows: []string{
			"Whoever has the link sees this comparison, profile or difference and what stands below it, and can download its profiles.",
			"They cannot start, cancel, change or delete anything, and they see no other comparison.",
			"Profiles hold function names and file paths of this machine.",
			"A link is not private: anyone who gets hold of it can open it, until it expires or you revoke it.",
		},
		Links: []templates.ShareRow{},
	}
	v.Expiry = templates.Field{Name: "expires_in_s", Label: "Valid for"}
	for _, e := range expiries {
		v.Expiry.Options = append(v.Expiry.Options, templates.Option{
			Value: strconv.FormatInt(int64(e.d/time.Second), 10), Label: e.label, Selected: e.d == defaultExpiry,
		})
	}
	if path != "" {
		checked, err := s.sharePath(c, path)
		if err != nil {
			return v, err
		}
		v.Path, v.BackURL = checked, checked
		v.What = templates.Rich{{Text: checked, Code: true}}
	}
	links, err := s.Shares.Shares(c.Request().Context())
	for _, l := range links {
		v.Links = append(v.Links, s.shareRow(l))
	}
	return v, err
}

func (s *Server) shareRow(l profiles.Share) templates.ShareRow {
	row := templates.ShareRow{
		ID: l.ID, Path: l.Path, PathURL: l.Path, Created: moment(l.CreatedAt), Expires: moment(l.ExpiresAt),
		State:     templates.StateView{Tone: templates.Good, Label: "valid"},
		RevokeURL: "/shares/" + l.ID + "/revoke",
	}
	switch {
	case !l.RevokedAt.IsZero():
		row.State, row.RevokeURL = templates.StateView{Tone: templates.Soft, Label: "revoked"}, ""
	case !l.ExpiresAt.After(s.Now()):
		row.State, row.RevokeURL = templates.StateView{Tone: templates.Soft, Label: "expired"}, ""
	}
	return row
}
