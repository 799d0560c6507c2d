package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

func (s *Server) loginPage(c echo.Context, why, wrong string) templates.LoginPage {
	next := ""
	switch {
	case c.Path() == "/login": // in the address, or in the form after a wrong token
		next = c.FormValue("next")
	case c.Request().Method == http.MethodGet: // elsewhere nothing of a refused body is read
		next = c.Request().URL.Path + query(c.QueryString())
	}
	return templates.LoginPage{
		Chrome: s.chrome(c, "", "Start token"), Why: why, Action: "/login", Next: ownPath(next), Error: wrong,
		Command: templates.Command{Label: "sockscope prints its link when it starts; a token of your own choice goes", Text: "SOCKSCOPE_TOKEN=… sockscope serve"},
	}
}

func (s *Server) login(c echo.Context) error {
	return render(c, http.StatusOK, templates.Login(s.loginPage(c, "Starting, canceling, uploading, sharing and deleting need the start token.", "")))
}

// loginPost takes the token where somebody has it but not the link.
func (s *Server) loginPost(c echo.Context) error {
	token := strings.TrimSpace(c.FormValue("token"))
	if !s.Key.opens(token) {
		return render(c, http.StatusUnauthorized, templates.Login(s.loginPage(c, "", "That is not this server’s token: it is in the link that sockscope printed when it started, behind token=.")))
	}
	keepToken(c, token)
	return c.Redirect(http.StatusSeeOther, ownPath(c.FormValue("next")))
}

// ownPath is a path of this server, or "/" for anything that a browser could take
// for another place: another host, a backslash, a control character.
func ownPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(u.Path, "//") || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) ||
		strings.ContainsFunc(u.Path, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return u.EscapedPath() + query(u.RawQuery)
}
