package web

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/sockscope/sockscope/templates"
)

// Sizes of the picture of a share, in pixels: what sites that show links ask for.
const (
	cardWidth  = 1200
	cardHeight = 630
	cardSide   = 60
	cardRow    = 30 // of the flame graph, at least
)

// typefaces are read once; a face, which is not for several at once, is made for
// each picture.
var typefaces = sync.OnceValues(func() (map[string]*opentype.Font, error) {
	all := map[string]*opentype.Font{}
	for name, data := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF, "mono": gomono.TTF, "monobold": gomonobold.TTF} {
		f, err := opentype.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read the typeface %s: %w", name, err)
		}
		all[name] = f
	}
	return all, nil
})

// canvas is a picture while it is drawn.
type canvas struct {
	*image.RGBA
	fonts map[string]*opentype.Font
	faces map[string]font.Face
}

func (v *canvas) face(name string, size float64) font.Face {
	key := name + strconv.FormatFloat(size, 'f', 1, 64)
	if f, ok := v.faces[key]; ok {
		return f
	}
	f, err := opentype.NewFace(v.fonts[name], &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(fmt.Sprintf("a face of %s in %v: %v", name, size, err)) // sizes are constants
	}
	v.faces[key] = f
	return f
}

func (v *canvas) rect(x, y, w, h int, c color.Color) {
	draw.Draw(v.RGBA, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Src)
}

// text writes at a base line and returns where it ends.
func (v *canvas) text(s string, x, y int, f font.Face, c color.Color) int {
	d := font.Drawer{Dst: v.RGBA, Src: image.NewUniform(c), Face: f, Dot: fixed.P(x, y)}
	d.DrawString(s)
	return d.Dot.X.Ceil()
}

func widthIn(s string, f font.Face) int { return font.MeasureString(f, s).Ceil() }

// drawCard draws a card as PNG.
func drawCard(c card) ([]byte, error) {
	fonts, err := typefaces()
	if err != nil {
		return nil, err
	}
	v := &canvas{image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight)), fonts, map[string]font.Face{}}
	v.rect(0, 0, cardWidth, cardHeight, shade("--panel"))
	mark := v.face("monobold", 26)
	v.text("sockscope", cardWidth-cardSide-widthIn("sockscope", mark), 70, mark, shade("--soft"))
	v.paragraph(c.heading, box{cardSide, 70, cardWidth - 3*cardSide - widthIn("sockscope", mark), 1}, 30, 40, true)
	left := cardSide
	if c.figure != "" {
		big := v.face("monobold", 112)
		v.text(c.figure, cardSide-6, 212, big, shade("--ink"))
		v.text(printable(c.caption), cardSide, 258, v.face("regular", 20), shade("--soft"))
		left += max(widthIn(c.figure, big), widthIn(printable(c.caption), v.face("regular", 20))) + 50
	}
	v.paragraph(c.sentence, box{left, 152, cardWidth - cardSide - left, 4}, 32, 44, false)
	if c.flame != nil {
		top := 320
		if c.figure == "" {
			top = 230
		}
		v.flame(c.flame, top)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, v.RGBA); err != nil {
		return nil, fmt.Errorf("encode the picture of a share: %w", err)
	}
	return b.Bytes(), nil
}

// box is where a paragraph stands: its first base line, its width, its most lines.
type box struct{ x, y, width, lines int }

// word is a word with its colour and what stands before it.
type word struct {
	text  string
	space bool
	span  templates.Span
}

// paragraph writes text in which some words have a colour, broken in lines; what has
// no room ends in an ellipsis.
func (v *canvas) paragraph(r templates.Rich, at box, size float64, step int, bold bool) {
	x, y, line := at.x, at.y, 1
	for _, w := range wordsOf(r) {
		face := v.face("regular", size)
		if bold || w.span.Strong || w.span.Series > 0 {
			face = v.face("bold", size)
		}
		ink := shade("--ink")
		if w.span.Series > 0 {
			ink = shade("--series-" + strconv.Itoa((w.span.Series-1)%8+1))
		}
		gap := 0
		if w.space && x > at.x {
			gap = widthIn(" ", v.face("regular", size))
		}
		wide, end := widthIn(w.text, face), at.x+at.width
		if x+gap+wide > end && x > at.x {
			if line == at.lines {
				v.text("…", x, y, face, ink)
				return
			}
			x, y, line, gap = at.x, y+step, line+1, 0
		}
		for wide > at.width && len(w.text) > 1 { // one word that is wider than a line
			w.text = w.text[:len(w.text)*3/4]
			w.text = strings.ToValidUTF8(w.text, "") + "…"
			if len(w.text) < 8 {
				break
			}
			wide = widthIn(w.text, face)
		}
		x = v.text(w.text, x+gap, y, face, ink)
	}
}

func wordsOf(r templates.Rich) []word {
	words := []word{}
	for _, span := range r {
		text := printable(span.Text)
		space := strings.HasPrefix(text, " ")
		for i, field := range strings.Fields(text) {
			words = append(words, word{field, i > 0 || space, span})
			if len(words) > 80 {
				return words
			}
		}
		if strings.HasSuffix(text, " ") {
			words = append(words, word{"", true, span})
		}
	}
	kept := words[:0]
	for i, w := range words { // an empty word hands its space on
		if w.text == "" && i+1 < len(words) {
			words[i+1].space = true
		}
		if w.text != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

// printable leaves out what has no glyph or turns text around.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\u00a0' || r == '\u202f' || r == '\u2009' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// flame draws as many rows of a graph as there is room for.
func (v *canvas) flame(f *templates.Flame, top int) {
	const room = cardWidth - 2*cardSide
	row := min(max((cardHeight-cardSide-top)/max(f.Depth, 1), cardRow), 2*cardRow)
	mono := v.face("mono", 16)
	letter := float64(widthIn("mmmmmmmmmm", mono)) / 10
	for _, b := range f.Boxes {
		y := top + b.Depth*row
		if y+row > cardHeight-cardSide/2 || b.Width < 0.5/room {
			continue
		}
		x := cardSide + int(b.X*room)
		w := max(int((b.X+b.Width)*room)-int(b.X*room)-1, 1)
		class := b.Fill.Class()
		v.rect(x, y, w, row-2, shade("."+class))
		letters := int((float64(w) - 14) / letter)
		if name := []rune(printable(b.Name)); letters >= 3 {
			if len(name) > letters {
				name = append(name[:letters-1], '…')
			}
			v.text(string(name), x+7, y+row/2+5, mono, shade("--fill-ink"))
		}
	}
}
