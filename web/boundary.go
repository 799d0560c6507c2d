package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// The boundary is what stands before every handler: which names of this server
// are answered to, which pages of other origins may send what, who may change
// things, and what a browser is told about the answer.

// contentPolicy lets a page use what this server serves and nothing else. No script
// makes markup of text: fragments are parsed by the browser as documents.
var contentPolicy = sync.OnceValue(func() string {
	return "default-src 'none'; script-src 'self'; style-src 'self' " + digest(style()) + "; img-src 'self'; " +
		"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'"
})

func headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy())
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		if from := c.Request().Header.Get("Sec-Fetch-Site"); from != "none" && from != "same-origin" {
			// A page that leads here may hold this window: it is let go, which makes the
			// browser start another process. At an address that was typed and at our own
			// links it is spared that, a quarter of the time to the first paint.
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "private, no-store")
		return next(c)
	}
}

// Hosts are the values of the Host header that the server answers to. A page of
// another name that resolves to this address (DNS rebinding) is not among them.
type Hosts struct {
	loopback bool // the loopback names, with any port: whoever asks must know it
	public   string
}

// NewHosts answers to the loopback names and, when publicURL is set, to its host.
func NewHosts(publicURL string) (Hosts, error) {
	h := Hosts{loopback: true}
	if publicURL == "" {
		return h, nil
	}
	u, err := url.Parse(publicURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return h, fmt.Errorf("the public URL %q is no http or https address: write it as https://bench.example.org", publicURL)
	}
	h.public = strings.ToLower(u.Host)
	return h, nil
}

// Allow reports whether a request that names this host is meant for the server.
func (h Hosts) Allow(hostport string) bool {
	hostport = strings.ToLower(hostport)
	if h.public != "" && hostport == h.public {
		return true
	}
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if strings.Trim(port, "0123456789") != "" {
		return false // it would stand in links and commands
	}
	return h.loopback && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, host)
}

func (h Hosts) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r := c.Request(); !h.Allow(r.Host) || r.URL.Host != "" && !h.Allow(r.URL.Host) {
			return sentence(http.StatusMisdirectedRequest,
				"This server does not answer to the name %q: open it by the address that it printed, or start it with --public-url.", r.Host)
		}
		return next(c)
	}
}

// sameOrigin refuses what a page of another origin sends, by Sec-Fetch-Site and
// Origin. Programs that send neither pass: they are held by the token.
func sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return sentence(http.StatusForbidden, "A page of another site sent this request, so it was not done: use sockscope's own page.")
		}
		return next(c)
	}
}

// Key is the start token: who holds it may start, cancel, upload, share, delete.
type Key struct{ sum [sha256.Size]byte }

// NewKey keeps the token's digest only.
func NewKey(token string) Key { return Key{sha256.Sum256([]byte(token))} }

func (k Key) opens(token string) bool {
	sum := sha256.Sum256([]byte(token))
	return token != "" && subtle.ConstantTimeCompare(sum[:], k.sum[:]) == 1
}

// cookieName holds the port, since browsers give a host's cookies to all its ports.
func cookieName(r *http.Request) string {
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil || port == "" {
		return "sockscope"
	}
	return "sockscope-" + port
}

// holds reports whether the request carries the token, by cookie or as Bearer.
func (k Key) holds(r *http.Request) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return k.opens(strings.TrimSpace(bearer))
	}
	cookie, err := r.Cookie(cookieName(r))
	return err == nil && k.opens(cookie.Value)
}

// signIn takes the token from the printed link, keeps it in a cookie, and leads to
// the same page without it, so that the token stays out of history and shares.
func (k Key) signIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		token := r.URL.Query().Get("token")
		if token == "" || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			return next(c)
		}
		if !k.opens(token) {
			return sentence(http.StatusUnauthorized, "That token is not this server's: it prints its link again at every start, open that one.")
		}
		keepToken(c, token)
		u := *r.URL
		q := u.Query()
		q.Del("token")
		u.RawQuery = q.Encode()
		// Only the path: a request line may carry a whole URL of another host.
		return c.Redirect(http.StatusSeeOther, "/"+strings.TrimLeft(u.EscapedPath(), "/\\")+query(u.RawQuery))
	}
}

// keepToken has the browser send the token from now on.
func keepToken(c echo.Context, token string) {
	c.SetCookie(&http.Cookie{
		Name: cookieName(c.Request()), Value: token, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: c.Scheme() == "https", MaxAge: 90 * 24 * 3600,
	})
}

func query(raw string) string {
	if raw == "" {
		return ""
	}
	return "?" + raw
}

// needed lets only holders of the token through.
func (k Key) needed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !k.holds(c.Request()) {
			return sentence(http.StatusUnauthorized,
				"This needs the start token: open the link that sockscope printed when it started, or send it as Authorization: Bearer.")
		}
		return next(c)
	}
}
