package templates

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Graph is the picture alone: one graph, without what stands around it. Its boxes
// are placed in percent, so it is as wide as the page without being scaled.
//
// It is written by hand: a picture has up to 2,000 boxes, and each component, each
// needless attribute and each string that is made for one counts that often.
func Graph(v Flame) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		g := graph{out: make([]byte, 0, 1<<10+len(v.Boxes)*320), rows: max(v.Depth, 1), flip: v.Flip, zoom: templ.EscapeString(string(templ.URL(v.ZoomURL)))}
		g.open(v)
		for i := range v.Boxes {
			g.box(&v.Boxes[i])
		}
		g.add("</svg>")
		_, err := w.Write(g.out)
		return err
	})
}

// graph is the text of a picture while it is written.
type graph struct {
	out  []byte
	rows int
	flip bool
	zoom string
}

func (g *graph) add(s string) { g.out = append(g.out, s...) }

func (g *graph) open(v Flame) {
	g.add(`<svg class="Flame-svg" width="100%" height="`)
	g.number(g.rows * rowHeight)
	g.add(`" role="group" aria-label="`)
	g.text(v.Label)
	if v.LinesURL != "" {
		g.add(`" data-lines="`)
		g.text(v.LinesURL)
	}
	if v.PivotURL != "" {
		g.add(`" data-pivot="`)
		g.text(v.PivotURL)
	}
	if v.Flip {
		g.add(`" data-flip="`)
	}
	g.add(`" data-flame data-swap>`)
	if v.marked {
		return
	}
	g.add(`<defs><pattern id="flame-gone" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="Flame-mark" d="M0 0V8"></path></pattern>` +
		`<pattern id="flame-new" width="8" height="8" patternUnits="userSpaceOnUse"><circle class="Flame-dot" cx="2" cy="2" r="1"></circle></pattern></defs>`)
}

// box writes one frame: a link with its colour as class, its facts as title, its
// rectangle and, where there is room, its name.
func (g *graph) box(b *FlameBox) {
	row := b.Depth
	if g.flip {
		row = g.rows - 1 - b.Depth
	}
	if b.At != "" {
		g.add(`<a href="`)
		g.add(g.zoom)
		g.text(b.At)
		g.add(`" class="`)
	} else {
		g.add(`<g class="`)
	}
	g.add(b.class())
	g.add(`"><title>`)
	if b.Full != "" {
		g.text(b.Full)
	} else {
		g.text(b.Name)
	}
	if b.Facts != "" {
		g.add("\n")
		g.text(b.Facts)
	}
	g.add(`</title>`)
	g.rect(b, row, "")
	if b.Gone {
		g.rect(b, row, "url(#flame-gone)")
	}
	if b.New {
		g.rect(b, row, "url(#flame-new)")
	}
	if text := b.label(); text != "" {
		g.add(`<text x="`)
		g.percent(b.X)
		g.add(`" y="`)
		g.number(row*rowHeight + 13)
		g.add(`" dx="4">`)
		g.text(text)
		g.add(`</text>`)
	}
	if b.At != "" {
		g.add("</a>")
	} else {
		g.add("</g>")
	}
}

func (g *graph) rect(b *FlameBox, row int, fill string) {
	g.add(`<rect x="`)
	g.percent(b.X)
	g.add(`" y="`)
	g.number(row * rowHeight)
	g.add(`" width="`)
	g.percent(b.Width)
	if fill != "" {
		g.add(`" fill="`)
		g.add(fill)
	}
	g.add(`"/>`)
}

func (g *graph) number(n int) { g.out = strconv.AppendInt(g.out, int64(n), 10) }

// percent is like the function of this name.
func (g *graph) percent(x float64) {
	n := int64(0)
	if x > 0 { // false for what is no number
		n = int64(math.Round(min(x, 1) * 1e4))
	}
	g.out = strconv.AppendInt(g.out, n/100, 10)
	if cents := n % 100; cents > 0 {
		g.out = append(g.out, '.', byte('0'+cents/10))
		if cents%10 > 0 {
			g.out = append(g.out, byte('0'+cents%10))
		}
	}
	g.out = append(g.out, '%')
}

// text writes a text that is safe inside an element and inside quotes.
func (g *graph) text(s string) {
	if !strings.ContainsAny(s, "&<>\"'") {
		g.add(s)
		return
	}
	g.add(templ.EscapeString(s))
}

func (b *FlameBox) class() string {
	c := b.Fill.class()
	if b.Dim {
		c = "Fill-dim"
	}
	if b.Matched {
		c += " Flame-match"
	}
	return c
}

// label is as much of the name as fits on a wide screen; "" in a narrow box.
func (b *FlameBox) label() string {
	return cut(b.Name, int((b.Width*flameWidth-7)/flameLetter))
}
