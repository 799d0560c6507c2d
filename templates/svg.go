package templates

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Picture is what every picture in a file of its own has: fixed sizes, a title, a
// description and its style. It is an SVG document that loads nothing.
type Picture struct {
	Width, Height int
	Title, Desc   string
	Hint          string // behind the title, in grey
	Style         string // the content of its style element: no text of people
	Keys          []Series
}

// Sizes of pictures, in pixels.
const (
	pictureSide   = 16 // free at each side
	pictureHead   = 58 // of the title and the line below it
	pictureFoot   = 34 // of a legend
	axisLeft      = 76
	axisRight     = 28
	axisBelow     = 44
	chartHeight   = 240
	barHeight     = 30
	barStep       = 42
	barName       = 104
	barTotal      = 96
	pictureLetter = 6.7
	pictureBold   = 7.4
	pictureTitle  = 9.4 // a letter of the title
)

// line is as much of a text as one line of the picture has room for.
func (p Picture) line(text string, letter float64) string {
	return cut(text, int(float64(p.Width-2*pictureSide)/letter))
}

// FlamePicture is a flame graph, or a pair of them, in a file of its own.
type FlamePicture struct {
	Picture
	Flame    Flame
	places   []flamePlace
	captions []flameCaption
	end      int // of the last graph
}

// flameCaption heads one graph of a pair.
type flameCaption struct {
	FlameCaption
	y int
}

// flamePlace is a box in pixels.
type flamePlace struct {
	*FlameBox
	x, y, w float64
	label   string
}

// NewFlamePicture lays a graph out in so many pixels.
func NewFlamePicture(p Picture, v Flame) FlamePicture {
	f := FlamePicture{Picture: p, Flame: v, end: pictureHead}
	f.add(v)
	if v.Pair != nil {
		f.end += 10
		f.add(*v.Pair)
	}
	f.Height = f.foot() - 12 + pictureFoot + 18*rows(f.legendPlaces())
	return f
}

func (f *FlamePicture) add(v Flame) {
	if v.Caption != nil {
		f.captions = append(f.captions, flameCaption{*v.Caption, f.end + 13})
		f.end += 22
	}
	room, depth := float64(f.Width-2*pictureSide), max(v.Depth, 1)
	for i := range v.Boxes {
		b := &v.Boxes[i]
		q := flamePlace{FlameBox: b, x: pictureSide + clamp(b.X)*room, w: clamp(b.Width) * room}
		row := b.Depth
		if v.Flip {
			row = depth - 1 - b.Depth
		}
		q.y = float64(f.end + row*rowHeight)
		q.label = cut(b.Name, int((q.w-7)/flameLetter))
		q.w = max(q.w-1, q.w*0.75, 0.1)
		f.places = append(f.places, q)
	}
	f.end += depth * rowHeight
}

func (q flamePlace) title() string {
	name := q.Name
	if q.Full != "" {
		name = q.Full
	}
	if q.Facts == "" {
		return name
	}
	return name + "\n" + q.Facts
}

func (q flamePlace) class() string {
	if q.Dim {
		return "Fill-dim"
	}
	return q.Fill.class()
}

// ChartPicture is a chart in a file of its own.
type ChartPicture struct {
	Picture
	Chart Chart
}

// NewChartPicture gives a chart its size.
func NewChartPicture(p Picture, c Chart) ChartPicture {
	p.Keys = c.Keys
	v := ChartPicture{p, c}
	v.Height = v.noted(len(v.notes()))
	return v
}

// notes are the lines of the sentence below the chart.
func (c ChartPicture) notes() []string {
	var lines []string
	line, room := "", int(float64(c.Width-2*pictureSide)/pictureLetter)
	for word := range strings.FieldsSeq(c.Chart.Note.Plain()) {
		if line != "" && utf8.RuneCountInString(line+" "+word) > room {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// noted is where a line of the note stands; after the last, the end of the picture.
func (c ChartPicture) noted(line int) int {
	return c.bottom() + axisBelow + 12 + 18*line
}

func (c ChartPicture) top() int    { return pictureHead + 24 + 18*rows(c.keyPlaces()) }
func (c ChartPicture) bottom() int { return c.top() + chartHeight }
func (c ChartPicture) x(at float64) string {
	return pixels(axisLeft + clamp(at)*float64(c.Width-axisLeft-axisRight))
}

func (c ChartPicture) y(at float64) string {
	return pixels(float64(c.top()) + (1-clamp(at))*chartHeight)
}

func (c ChartPicture) path(places []Place) string {
	var b strings.Builder
	for i, p := range places {
		b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + c.x(p.X) + " " + c.y(p.Y))
	}
	return b.String()
}

func (c ChartPicture) anchor(at float64) string {
	switch {
	case at <= 0:
		return "start"
	case at >= 1:
		return "end"
	}
	return "middle"
}

// BarsPicture shows where the CPU of a request goes, in a file of its own.
type BarsPicture struct {
	Picture
	Bars []BreakdownBar
}

// NewBarsPicture gives the bars their size.
func NewBarsPicture(p Picture, b Breakdown) BarsPicture {
	p.Height = pictureHead + max(len(b.Bars), 1)*barStep + 8
	return BarsPicture{p, b.Bars}
}

// barPlace is a part of a bar in pixels.
type barPlace struct {
	placed
	left, wide float64
	label      string
}

func (v BarsPicture) y(i int) int { return pictureHead + i*barStep }

func (v BarsPicture) parts(b BreakdownBar) []barPlace {
	room := float64(v.Width - 2*pictureSide - barName - barTotal)
	out := []barPlace{}
	for _, p := range b.places() {
		q := barPlace{placed: p, left: pictureSide + barName + p.x*room, wide: clamp(p.Width) * room}
		inner := q.wide - 16
		q.label = fit(inner, pictureLetter, p.Label+" "+p.figure(), p.Label, cut(p.Label, int(inner/pictureLetter)))
		out = append(out, q)
	}
	return out
}

// spot is where an entry of a legend stands.
type spot struct {
	x   float64
	row int
}

// spots sets entries one after another, in as many rows as they need.
func spots(width int, names []string, extra float64) []spot {
	at, out := spot{x: pictureSide}, []spot{}
	for _, n := range names {
		wide := extra + float64(utf8.RuneCountInString(n))*pictureLetter
		if at.x > pictureSide && at.x+wide > float64(width-pictureSide) {
			at = spot{pictureSide, at.row + 1}
		}
		out = append(out, at)
		at.x += wide
	}
	return out
}

func rows(list []spot) int {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].row
}

func (p Picture) keyPlaces() []spot {
	names := make([]string, len(p.Keys))
	for i, k := range p.Keys {
		names[i] = k.Name
	}
	return spots(p.Width, names, 34)
}

func (v FlamePicture) legendPlaces() []spot {
	names := make([]string, len(v.Flame.Legend.Packages))
	for i, k := range v.Flame.Legend.Packages {
		names[i] = k.Label
	}
	return spots(v.Width, names, 36)
}

// foot is where the legend of a graph begins.
func (v FlamePicture) foot() int { return v.end + 12 }

func clamp(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}

// pixels writes a length.
func pixels(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

func plus(a, b int) string { return strconv.Itoa(a + b) }

// Class is the name by which the style sheet knows the colour.
func (f Fill) Class() string { return f.class() }

// Social is what a page says to who shows a link to it: OpenGraph.
type Social struct{ Title, Description, URL, Image string }
