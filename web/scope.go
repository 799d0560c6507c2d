package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
)

// scope says where the links of a page lead: to the pages themselves, or, when it
// is seen through a share, to the same pages below the share's address.
type scope struct {
	shared *shared
}

// shared is the share that a request came through.
type shared struct {
	profiles.Share
	home string    // "/s/TOKEN"
	root string    // path of what is shared: "/comparisons/C-42", "/profiles/P-7" or "/diff"
	pair [2]string // base and other of a shared difference
}

const (
	sharedKey = "shared"
	diffRoot  = "/diff"
)

// whole is the address of the page of what is shared. A share of one view leads
// from its home to that view, so the page stands beside it.
func (s *shared) whole() string {
	if s.Path == s.root {
		return s.home
	}
	return s.home + "/page"
}

// below is what follows a share's home for a path below what is shared.
func (s *shared) below(path string) string {
	if path == s.root && s.root == diffRoot {
		return "/diff"
	}
	if path == s.root {
		return "/page"
	}
	return strings.TrimPrefix(path, s.root)
}

func sharedOf(c echo.Context) *shared {
	s, _ := c.Get(sharedKey).(*shared)
	return s
}

func scopeOf(c echo.Context) scope { return scope{sharedOf(c)} }

// comparison is the address of a comparison's page, or of one below it.
func (s scope) comparison(id, below string) string {
	if s.shared != nil && below == "" {
		return s.shared.whole()
	}
	if s.shared != nil {
		return s.shared.home + below
	}
	return "/comparisons/" + url.PathEscape(id) + below
}

// profile is the address of a profile's page; suffix is "" or ".pprof".
func (s scope) profile(id, suffix string) string {
	if s.shared == nil {
		return "/profiles/" + url.PathEscape(id) + suffix
	}
	if strings.HasPrefix(s.shared.root, "/profiles/") && suffix == "" {
		return s.shared.whole()
	}
	return s.shared.home + "/profiles/" + url.PathEscape(id) + suffix
}

// covers reports whether a profile stands below what is shared.
func (s scope) covers(p profiles.Profile) bool {
	if s.shared == nil {
		return true
	}
	if s.shared.root == diffRoot {
		return slices.Contains(s.shared.pair[:], p.ID)
	}
	return s.shared.root == "/profiles/"+p.ID ||
		p.Comparison != "" && s.shared.root == "/comparisons/"+p.Comparison
}

// throughShare finds the share of the token in the path and hands the request on,
// with the id of what is shared as the parameter that the page's handler reads.
func (s *Server) throughShare(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token := strings.TrimSuffix(c.Param("token"), ".pprof")
		share, err := s.Shares.ShareByToken(c.Request().Context(), token)
		if err != nil {
			return err
		}
		sh, id := sharedAt(share, "/s/"+token)
		if sh == nil {
			return profiles.ErrNotFound
		}
		c.Set(sharedKey, sh)
		c.Set("id", id)
		return next(c)
	}
}

// sharedAt reads the path of a share, and the id in it; nil for one that shows
// nothing.
func sharedAt(share profiles.Share, home string) (sh *shared, id string) {
	root, raw, _ := strings.Cut(share.Path, "?")
	if root == diffRoot {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return nil, ""
		}
		return &shared{Share: share, home: home, root: root, pair: [2]string{q.Get("base"), q.Get("other")}}, ""
	}
	parts := strings.Split(strings.Trim(root, "/"), "/")
	if len(parts) < 2 {
		return nil, ""
	}
	return &shared{Share: share, home: home, root: "/" + parts[0] + "/" + parts[1]}, parts[1]
}

// id is the id in the path, or that of what is shared.
func id(c echo.Context) string {
	if shared, ok := c.Get("id").(string); ok {
		return shared
	}
	return c.Param("id")
}

// origin is "http://host:port" for links that leave the page.
func (s *Server) origin(r *http.Request) string {
	if s.PublicURL != "" {
		return strings.TrimSuffix(s.PublicURL, "/")
	}
	return "http://" + r.Host
}
