package templates

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"io"
	"math"
	"slices"
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
		g := graph{out: make([]byte, 0, 1<<10+len(v.Boxes)*320), rows: max(v.Depth, 1), flip: v.Flip, scripted: v.Scripted > 0, width: cmp.Or(float64(v.Scripted), flameWidth), zoom: templ.EscapeString(string(templ.URL(v.ZoomURL)))}
		shape, facts := v.shape(), v.facts()
		g.bare = slices.ContainsFunc(v.Drawn, func(drawn string) bool { return strings.HasPrefix(drawn, shape+".") })
		g.known = g.bare && slices.Contains(v.Drawn, shape+"."+facts)
		g.open(v, shape, facts)
		if !g.known {
			for i := range v.Boxes {
				g.box(&v.Boxes[i])
			}
		}
		g.add("</svg>")
		_, err := w.Write(g.out)
		return err
	})
}

// shape tells graphs apart whose pictures differ in more than colour: a search, or
// figures in another unit, give the same one.
func (v Flame) shape() string {
	h := fnv.New64a()
	b := make([]byte, 0, 256)
	for i := range v.Boxes {
		x := &v.Boxes[i]
		b = binary.LittleEndian.AppendUint64(b[:0], math.Float64bits(x.X))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x.Width))
		b = binary.LittleEndian.AppendUint32(b, uint32(x.Depth))
		b = append(b, mark(x.New), mark(x.Gone), mark(x.At == ""))
		b = append(append(b, x.Name...), 0)
		_, _ = h.Write(b) // never an error
	}
	_, _ = h.Write([]byte{mark(v.Flip), byte(v.Depth), byte(v.Depth >> 8)})
	return strconv.FormatUint(h.Sum64(), 36)
}

// facts tells graphs of one shape apart whose frames mean something else: figures in
// another unit, or the same functions of another profile. A search gives the same one.
func (v Flame) facts() string {
	h := fnv.New64a()
	b := make([]byte, 0, 512)
	for i := range v.Boxes {
		x := &v.Boxes[i]
		b = append(append(append(b[:0], x.At...), 0), x.Full...)
		b = append(append(append(b, 0), x.Facts...), 0)
		_, _ = h.Write(b) // never an error
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

func mark(is bool) byte {
	if is {
		return 1
	}
	return 0
}

// graph is the text of a picture while it is written.
type graph struct {
	out  []byte
	rows int
	flip bool
	zoom string

	scripted bool
	bare     bool    // without rectangles and names: the script has them
	known    bool    // only with colours: it has the facts too
	width    float64 // that labels are fitted for
	links    int     // that were written
}

func (g *graph) add(s string) { g.out = append(g.out, s...) }

func (g *graph) open(v Flame, shape, facts string) {
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
	g.add(`" data-width="`)
	g.number(int(g.width))
	g.add(`" data-shape="`)
	g.add(shape)
	g.add(`" data-facts="`)
	g.add(facts)
	g.add(`" data-zoom="`)
	g.add(g.zoom)
	if g.bare {
		g.add(`" data-bare="`)
	}
	if g.known {
		g.add(`" data-fills="`)
		g.fills(v.Boxes)
	}
	g.add(`" data-flame data-swap>`)
	if v.marked || g.bare {
		return
	}
	g.add(`<defs><pattern id="flame-gone" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="Flame-mark" d="M0 0V8"></path></pattern>` +
		`<pattern id="flame-new" width="8" height="8" patternUnits="userSpaceOnUse"><circle class="Flame-dot" cx="2" cy="2" r="1"></circle></pattern></defs>`)
}

// fills are the classes of all boxes.
func (g *graph) fills(boxes []FlameBox) {
	for i := range boxes {
		if i > 0 {
			g.add(";")
		}
		g.add(boxes[i].class())
	}
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
	if g.scripted && b.At != "" {
		g.add(`" tabindex="`)
		g.number(max(-g.links, -1)) // one stop of Tab, arrow keys go on from there
		g.add(`" aria-label="`)
		g.title(b)
		g.add(`">`)
		g.links++
	} else {
		g.add(`"><title>`)
		g.title(b)
		g.add(`</title>`)
	}
	if !g.bare {
		g.picture(b, row)
	}
	if b.At != "" {
		g.add("</a>")
	} else {
		g.add("</g>")
	}
}

// picture is the rectangle with its marks and its name.
func (g *graph) picture(b *FlameBox, row int) {
	g.rect(b, row, "")
	if b.Gone {
		g.rect(b, row, "url(#flame-gone)")
	}
	if b.New {
		g.rect(b, row, "url(#flame-new)")
	}
	if text := b.label(g.width); text != "" {
		g.add(`<text x="`)
		g.percent(b.X)
		g.add(`" y="`)
		g.number(row*rowHeight + 13)
		g.add(`" dx="4">`)
		g.text(text)
		g.add(`</text>`)
	}
}

// title is the whole name, and below it the facts.
func (g *graph) title(b *FlameBox) {
	if b.Full != "" {
		g.text(b.Full)
	} else {
		g.text(b.Name)
	}
	if b.Facts != "" {
		g.add("\n")
		g.text(b.Facts)
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

// label is as much of the name as fits in a graph of that width; "" in a narrow box.
func (b *FlameBox) label(width float64) string {
	return cut(b.Name, int((b.Width*width-7)/flameLetter))
}
