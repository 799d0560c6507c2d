package templates

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// flip writes a place counted from below as an SVG length counted from above.
func flip(y float64) string { return percent(1 - y) }

// path writes a curve in the stretched box of 1000 × 1000.
func path(places []Place) string {
	var b strings.Builder
	for i, p := range places {
		b.WriteByte("LM"[min(1, 1-min(i, 1))])
		b.WriteString(strconv.FormatFloat(1000*p.X, 'f', 1, 64))
		b.WriteByte(' ')
		b.WriteString(strconv.FormatFloat(1000*(1-p.Y), 'f', 1, 64))
	}
	return b.String()
}

// chartEnd anchors the first and the last label inside the picture.
func chartEnd(at float64) string {
	switch {
	case at <= 0:
		return "Chart-x--first"
	case at >= 1:
		return "Chart-x--last"
	}
	return ""
}

func (m Measured) caption() string {
	if m.Caption != "" {
		return m.Caption
	}
	return m.Title
}

// within reports whether a column's difference stands below its value: one that
// says no more than the value does is left out.
func (m Measured) within(r MeasuredRow, column int) bool {
	return m.Within != "" && column > 0 && column <= len(r.Diffs) && r.Diffs[column-1].Text != r.Values[column].Text && r.Diffs[column-1].Text != quantity.Missing
}

func toneClass(t Tone) string {
	if t == "" {
		return ""
	}
	return "Tone Tone--" + string(t)
}

// Widths in which labels are fitted: of the flame graph on a screen of 1,300 pixels,
// and of its letters. The script fits them again on other screens.
const (
	flameWidth  = float64(FlameWidth)
	flameLetter = 6.6
)

// FlameWidth is how wide the graph is on a screen of 1,300 pixels.
const FlameWidth = 1150

// placed is a part of a bar with its place.
type placed struct {
	BreakdownPart
	x     float64
	class string
}

// places puts the parts one after another; the first parts are strongest, the
// rest is grey.
func (b BreakdownBar) places() []placed {
	out := make([]placed, 0, len(b.Parts))
	x, shade := 0.0, 1
	for _, p := range b.Parts {
		q := placed{BreakdownPart: p, x: x, class: "Breakdown-rest"}
		if !p.Rest {
			own := p.Shade
			if own == 0 {
				own, shade = shade, min(shade+1, 4)
			}
			q.class = "Breakdown-shade" + strconv.Itoa(own)
		}
		out = append(out, q)
		x += p.Width
	}
	return out
}

// figure is the value without its unit, which the bar's total says.
func (p placed) figure() string {
	number, _, _ := strings.Cut(p.Value, "\u00a0")
	number, _, _ = strings.Cut(number, " ")
	return number
}

// labels are the texts of a part, for a wide bar and for narrower ones.
func (p placed) labels() []fitted {
	return fits(p.Width, p.Label+" "+p.figure(), p.Label, cut(p.Label, 16), cut(p.Label, 10), cut(p.Label, 7), cut(p.Label, 4))
}

// fit returns the first text that has room, "" when none has.
func fit(room, letter float64, texts ...string) string {
	for _, t := range texts {
		if float64(utf8.RuneCountInString(t))*letter <= room {
			return t
		}
	}
	return ""
}

// cut shortens a text to so many letters; "" below three.
func cut(text string, letters int) string {
	if letters < 3 {
		return ""
	}
	end := 0 // of the first letters-1 letters
	for i := range text {
		if letters == 1 {
			end = i
		}
		if letters--; letters < 0 {
			return text[:end] + "…"
		}
	}
	return text
}

func (p placed) title() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Label + " " + p.Value
}

// label says a bar in words.
func (b BreakdownBar) label() string {
	var s strings.Builder
	s.WriteString(b.Series.Name + ", " + b.Total)
	for i, p := range b.Parts {
		s.WriteString([]string{", ", ": "}[max(0, 1-i)] + p.Label + " " + p.Value)
	}
	return s.String()
}
