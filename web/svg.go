package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/web/assets"
)

// Widths of a picture, in pixels.
const (
	usualWidth = 1200
	leastWidth = 320
	mostWidth  = 4000
)

// widthOf is how wide a picture is asked for.
func widthOf(c echo.Context) (int, error) {
	text := c.QueryParam("width")
	if text == "" {
		return usualWidth, nil
	}
	w, err := strconv.Atoi(text)
	if err != nil || w < leastWidth || w > mostWidth {
		return 0, sentence(http.StatusBadRequest, "A picture cannot be %q pixels wide: choose %d to %d.", clip(text), leastWidth, mostWidth)
	}
	return w, nil
}

// drawn sends a component as an SVG document: with the rules of the classes that it
// has, and without what XML does not allow.
func (s *Server) drawn(c echo.Context, name string, p templ.Component) error {
	var b bytes.Buffer
	if err := p.Render(c.Request().Context(), &b); err != nil {
		return err
	}
	body := bytes.Replace(b.Bytes(), []byte("<style></style>"), []byte("<style>"+pictureStyle(b.Bytes())+"</style>"), 1)
	return picture(c, name, "image/svg+xml", xmlText(body))
}

// picture sends an image that other sites may show where it stands below a share,
// and that is asked for again only when it has changed.
func picture(c echo.Context, name, contentType string, body []byte) error {
	h := c.Response().Header()
	sum := sha256.Sum256(body)
	tag := strconv.Quote(hex.EncodeToString(sum[:16]))
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")
	h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	if sharedOf(c) != nil {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, contentType, body)
}

var classWords = regexp.MustCompile(` class="([^"]*)"`)

// pictureStyle has the colours of the pages for the classes that a picture has, by
// what its reader's system prefers.
func pictureStyle(drawn []byte) string {
	used := map[string]bool{}
	for _, m := range classWords.FindAllSubmatch(drawn, -1) {
		for word := range strings.FieldsSeq(string(m[1])) {
			used[word] = true
		}
	}
	var light, dark strings.Builder
	rule := func(selector, property, colour string) {
		c := assets.ColourOf(colour)
		fmt.Fprintf(&light, "%s{%s:%s}", selector, property, c.Light)
		fmt.Fprintf(&dark, "%s{%s:%s}", selector, property, c.Dark)
	}
	for _, r := range pictureRules {
		if used[r.class] {
			rule("."+r.class, r.property, r.colour)
		}
	}
	for n := 1; n <= 8; n++ {
		series := "Series--" + strconv.Itoa(n)
		if !used[series] {
			continue
		}
		token := "--series-" + strconv.Itoa(n)
		at := "." + series
		rule(at+" .key,"+at+".point,"+at+" .name", "fill", token)
		rule(at+".line,"+at+".bar,"+at+".rule,"+at+".point,"+at+" .hollow", "stroke", token)
	}
	for _, name := range assets.ColourNames() {
		if strings.HasPrefix(name, "-") || !allUsed(name, used) {
			continue
		}
		rule(name, "fill", name)
	}
	rule(".open.point", "fill", "--panel")
	return pictureForm + light.String() + "@media (prefers-color-scheme:dark){" + dark.String() + "}"
}

// allUsed reports whether a picture has each class of a selector.
func allUsed(selector string, used map[string]bool) bool {
	words := strings.Fields(selector)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !strings.HasPrefix(w, ".") || !used[w[1:]] })
}

// pictureRules are the colours of what every picture is made of.
var pictureRules = [...]struct{ class, property, colour string }{
	{"back", "fill", "--panel"},
	{"head", "fill", "--ink"},
	{"total", "fill", "--ink"},
	{"soft", "fill", "--soft"},
	{"tick", "fill", "--soft"},
	{"frame", "fill", "--fill-ink"},
	{"part", "fill", "--fill-ink"},
	{"mark", "stroke", "--panel"},
	{"dot", "fill", "--panel"},
	{"grid", "stroke", "--line"},
	{"level", "stroke", "--soft"},
	{"link", "stroke", "--edge"},
	{"within", "fill", "--edge"},
	{"worse", "fill", "--worse"},
	{"better", "fill", "--better"},
}

// pictureForm is what is the same in both themes.
const pictureForm = `text{font:12px system-ui,"Segoe UI",Helvetica,Arial,sans-serif}.head{font-size:16px;font-weight:650}.soft{font-size:12px}` +
	`.frame{font:11px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}.match{font-weight:750}.name,.total{font-weight:600}` +
	`.mark{stroke-width:3;opacity:.4}.dot{opacity:.5}.line{fill:none;stroke-width:2;stroke-linejoin:round}.dashed{stroke-dasharray:4 3;stroke-width:1.5}` +
	`.bar{stroke-width:2;opacity:.55}.rule{stroke-width:1.5;stroke-dasharray:5 4}.level{stroke-dasharray:2 3}.hollow{fill:none;stroke-width:1.6}.whole{opacity:.45}.point{stroke-width:1.5}`

// xmlText drops what no XML document may hold: control characters, halves of
// surrogates, bytes that are no text.
func xmlText(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		bad := r == utf8.RuneError && n == 1 || r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffe || r == 0xffff
		if !bad {
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	return out
}
