package web

import (
	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// scale is the unit and the decimals of a waterfall up to this figure: a last digit
// is then at most a third of a percent of the largest, so that small steps show.
func (f figure) scale(largest float64) quantity.Scale {
	const spare = 3
	switch {
	case f.Mode == Share:
		return quantity.ScaleOf(profiles.Portion, largest/spare)
	case f.Mode != Cores && f.unit == "nanoseconds":
		return quantity.ScaleOf(profiles.Nanoseconds, largest/spare)
	case f.Mode != Cores && f.unit == "bytes":
		return quantity.SizesOf(largest / spare)
	}
	return quantity.ScaleOf(profiles.PerOperation, largest/spare)
}

// text writes a figure that was rounded to the scale's last digit.
func (f faller) text(rounded float64) string { return f.scale.Format(rounded * f.scale.Last()) }

func (f faller) signed(rounded float64) string {
	text := f.scale.Signed(rounded * f.scale.Last())
	if f.panels[0].Mode == Share {
		return text[:len(text)-1] + "points" // "+3 %" would be taken for a ratio
	}
	return text
}

func (f faller) plusMinus(half float64) string {
	if half <= 0 {
		return ""
	}
	return "±" + f.scale.Figure(half)
}

// change is a difference with its tone: grey within noise, where the figure stays,
// since without it the steps would not add up.
func (f faller) change(exact, rounded float64, noise bool) templates.Difference {
	d := templates.Difference{Text: f.signed(rounded), Tone: templates.Worse}
	switch {
	case noise || exact == 0:
		d.Tone = templates.Unclear
	case exact < 0:
		d.Tone = templates.Better
	}
	if noise {
		d.Title = "within sampling noise"
	}
	return d
}

// bare is a change without its unit, which the sum at the end has.
func (f faller) bare(rounded float64) string {
	figure := f.scale.Figure(rounded * f.scale.Last())
	if rounded > 0 {
		return "+" + figure
	}
	return figure
}
