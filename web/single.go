package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
	"github.com/sockscope/sockscope/web/assets"
)

// A page as one file: the components of the page, detached (detach.go), with the
// style sheet and a script of their own inside. It is sent as a download only, and
// forbids itself by its policy whatever it does not hold.

// singleMost bounds a file; singleBoxes is on how many frames its graphs share.
const (
	singleMost  = 5 << 20
	singleBoxes = 7000
)

// attempts are the parts of singleBoxes that are tried until the file is small
// enough.
var attempts = [...]int{1, 4, 16}

// inlined is what every file holds: the style sheet without its fonts, the script,
// and the policy that allows these two and nothing else.
var inlined = sync.OnceValue(func() (v struct{ policy, style, script string }) {
	v.style = fontFace.ReplaceAllString(style(), "")
	v.script = string(assets.Bytes("single.js"))
	v.policy = "default-src 'none'; script-src " + digest(v.script) + "; style-src " + digest(v.style) +
		"; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	return v
})

var fontFace = regexp.MustCompile(`@font-face\s*{[^}]*}`)

// digest is a source of a policy: the one text that hashes so.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// composed is a page to be saved; boxes is how many frames its graphs may have.
type composed func(boxes int) (templates.SinglePage, error)

// single sends a page as one file. Few are made at once: each takes memory and a
// processor for up to a second.
func (s *Server) single(c echo.Context, name string, compose composed) error {
	ctx := c.Request().Context()
	select {
	case s.exporting <- struct{}{}:
		defer func() { <-s.exporting }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, part := range attempts {
		v, err := compose(singleBoxes / part)
		if err != nil {
			return err
		}
		file, err := s.singleFile(ctx, v)
		if err != nil {
			return err
		}
		if len(file) > singleMost {
			continue
		}
		attach(c, name+".html", "text/html; charset=utf-8")
		c.Response().Header().Set("Content-Length", strconv.Itoa(len(file)))
		return c.Blob(http.StatusOK, "text/html; charset=utf-8", file)
	}
	return sentence(http.StatusUnprocessableEntity, "This page takes more than %d MB as one file: choose a part of the profile, or share a link to it instead.", singleMost>>20)
}

func (s *Server) singleFile(ctx context.Context, v templates.SinglePage) ([]byte, error) {
	var content, file bytes.Buffer
	if err := templates.SingleContent(v.Body).Render(ctx, &content); err != nil {
		return nil, err
	}
	body, err := detach(content.Bytes())
	if err != nil {
		return nil, err
	}
	in := inlined()
	v.Policy, v.Style, v.Script = in.policy, in.style, in.script
	v.Made, v.Version = moment(s.Now()), s.Version
	if err := templates.Single(v, string(body)).Render(ctx, &file); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// source is the address that a file or a picture was made from: that of the page.
func (s *Server) source(c echo.Context, page string) string {
	return s.origin(c.Request()) + page
}

// whole is the lens of a file's graphs: each from its root down, as its script zooms.
func (l lens) whole() lens {
	l.At, l.From, l.Pivot, l.Search, l.Graphs, l.Orient = 0, 0, "", "", "", ""
	return l
}

// singleFlame puts a graph into a file: its frames lead to places within.
func singleFlame(n int, name string, v *templates.Flame) templates.SingleFlame {
	f := templates.SingleFlame{Key: "flame-" + strconv.Itoa(n), Name: name, Folded: n > 1, Flame: *v}
	f.Flame.ZoomURL, f.Flame.Ancestors, f.Flame.ResetURL = "#"+f.Key+"/", nil, ""
	f.Flame.LinesURL, f.Flame.PivotURL, f.Flame.Pair, f.Flame.Caption = "", "", nil, nil
	f.Flame.Label = name + ": " + v.Label
	for i := range f.Flame.Boxes {
		if b := &f.Flame.Boxes[i]; b.Smaller > 0 {
			b.At = "" // the file does not hold what is inside
		}
	}
	return f
}

// saved hands addresses that end in .html to the file's handler, others to the
// page's.
func saved(page, file echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		bare, ok := strings.CutSuffix(c.Param("id"), ".html")
		if !ok {
			return page(c)
		}
		c.Set("id", bare)
		return file(c)
	}
}

// saves are the entries of the download menu that save the page itself.
func saves(file string) templates.DownloadGroup {
	return templates.DownloadGroup{Label: "This page", Links: []templates.Link{
		{Label: "One file (.html)", Title: "opens without a network", URL: file},
	}}
}
