package web

import (
	"cmp"
	"fmt"
	"math"

	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/waterfall"
	"github.com/sockscope/sockscope/templates"
)

const (
	// maxSteps is how many steps one side's waterfall has; the smaller ones are one
	// step together.
	maxSteps = 14
	// leastStep is the share of the whole below which a step within noise has no row
	// of its own.
	leastStep = 0.02
	// sumSteps is how many steps the sentence above a waterfall names.
	sumSteps = 6
)

// divided is what a waterfall's steps are.
type divided int

const (
	byLine     divided = iota // the lines of the measured loop
	byFunction                // the functions by what they spend themselves
	byCall                    // what the functions of the lens call
)

// divided says what the steps of the panel are. On a page that has other panels too
// the function of the lens is theirs.
func (p panel) divided() divided {
	switch {
	case p.lens.Function != "" && p.anchor == "":
		return byCall
	case p.loop != "":
		return byLine
	}
	return byFunction
}

// faller draws the waterfalls of one pair of cells. Its panels are those of the
// sides that are added up, each with the base and the other.
type faller struct {
	evidence *evidence
	panels   []panel
	fall     waterfall.Fall
	scale    quantity.Scale
	rounded  waterfall.Rounded
}

func (s *Server) faller(panels []panel) faller {
	f := faller{evidence: s.evidence, panels: panels}
	pairs := make([]waterfall.Pair, len(panels))
	for i, p := range panels {
		pairs[i] = waterfall.Pair{Base: f.cost(p, 0), Other: f.cost(p, 1)}
	}
	f.fall = waterfall.Of(pairs, waterfall.Options{Most: maxSteps, Least: leastStep, Largest: panels[0].divided() != byLine})
	f.scale = panels[0].scale(max(math.Abs(f.fall.Base), math.Abs(f.fall.Other)))
	f.rounded = f.fall.Round(f.scale.Last())
	return f
}

// cost is the profile of one side in the parts that become steps.
func (f faller) cost(p panel, i int) waterfall.Cost {
	o := p.sides[i]
	c := waterfall.Cost{Factor: p.factor(o.exposure)}
	switch p.divided() {
	case byLine:
		c.Parts = f.evidence.parts(o.opened, "lines of "+p.loop, func() []listing.Part {
			return listing.Breakdown(o.decoded, o.sampleType, p.loop, o.files)
		})
		if i > 0 { // two comparisons may have been run by two versions of the loop
			c.Parts = p.book().Meet(i, p.loop, c.Parts)
		}
	case byCall:
		re, wrong := compile(p.lens.Function)
		if wrong != "" {
			return c
		}
		c.Parts = f.evidence.parts(o.opened, "calls of "+p.lens.Function, func() []listing.Part {
			return listing.Calls(o.decoded, o.sampleType, func(name string) bool {
				return re.MatchString(name) || len(name) > tree.MaxName && re.MatchString(tree.Clip(name))
			})
		})
	default:
		c.Parts = f.evidence.parts(o.opened, "selves", func() []listing.Part { return listing.Selves(o.decoded, o.sampleType) })
	}
	return c
}

// view is the waterfall as the page draws it.
func (f faller) view() templates.Fall {
	p := f.panels[0]
	d := chart.FallOf(f.fall, f.scale.Worth(), f.scale.Brief)
	base, other := p.sides[0].series, p.sides[1].series
	v := templates.Fall{
		Caption: other.Name + " against " + base.Name, Head: f.head(), Base: base, Other: other, Ticks: []templates.Tick{}, Steps: []templates.FallStep{},
		Start: templates.FallEnd{Text: f.text(f.rounded.Base), Zero: d.Zero, At: d.Base, Title: p.text(f.fall.Base)},
		End:   templates.FallEnd{Text: f.text(f.rounded.Other), Zero: d.Zero, At: d.Other, Title: p.text(f.fall.Other)},
	}
	for _, t := range d.Ticks {
		v.Ticks = append(v.Ticks, templates.Tick(t))
	}
	for i := range f.fall.Steps {
		v.Steps = append(v.Steps, f.step(i, d.Steps[i]))
	}
	v.Total = f.change(f.fall.Change(), f.rounded.Total(), f.fall.Noise)
	v.TotalError = f.plusMinus(f.fall.Error)
	v.Sum = f.sum(v)
	return v
}

func (f faller) head() string {
	switch f.panels[0].divided() {
	case byLine:
		return "line"
	case byCall:
		return "call"
	}
	return "function"
}

func (f faller) step(i int, at chart.Stretch) templates.FallStep {
	s := f.fall.Steps[i]
	p := f.panels[s.Pair]
	v := templates.FallStep{
		Label: s.Label, From: at.From, To: at.To, Base: f.scale.Format(s.BaseFigure()), Other: f.scale.Format(s.OtherFigure()),
		Diff: f.change(s.Change(), f.rounded.Changes[i], s.Noise), Error: f.plusMinus(s.Error),
	}
	f.place(&v, s, p)
	if total := f.fall.Change(); !f.fall.Noise && total != 0 && f.panels[0].Mode != Share && !s.Noise {
		v.Share = quantity.Percent(s.Change() / total)
	}
	v.Title = fmt.Sprintf("%s: %s on %s, %s on %s", v.Label, p.text(s.BaseFigure()), p.sides[0].series.Name, p.text(s.OtherFigure()), p.sides[1].series.Name)
	if s.Base.Count+s.Other.Count > 0 {
		v.Title += fmt.Sprintf(" · %s and %s", plural(int(s.Base.Count), "sample", "samples"), count(int(s.Other.Count)))
	}
	if s.Noise {
		v.Title += " · within sampling noise"
	}
	return v
}

// place says what a step is of and where its links lead.
func (f faller) place(v *templates.FallStep, s waterfall.Step, p panel) {
	lines := func(change func(*lens)) string {
		l := p.lens.with(change).with(func(l *lens) { l.Sum = "" })
		if p.anchor != "" {
			return l.on(p.path, "lines")
		}
		return l.on(cmp.Or(p.lines, p.path), "")
	}
	own := ""
	switch {
	case s.Smaller > 0:
		v.Label = count(s.Smaller) + " smaller"
	case p.divided() == byLine && s.Line > 0:
		if own = fmt.Sprintf("line %d", s.Line); own == s.Label {
			own = ""
		}
		v.URL = lines(func(l *lens) { l.Side, l.Function = p.side(), "" })
	case p.divided() == byLine && s.Label == listing.Outside:
		own = "scheduler and garbage collector"
	case p.divided() == byLine:
		own = "not below " + shortName(p.loop)
	case s.Label == listing.Stackless || s.Label == listing.Itself:
	default:
		v.Label = cutText(shortName(s.Label), maxText)
		v.URL = lines(func(l *lens) { l.Tab, l.Function = "lines", exactly(s.Label) })
		v.Into, v.IntoLabel = p.link(func(l *lens) { l.Function = exactly(s.Label) }), "what it calls"
		if p.divided() == byFunction {
			v.Into, v.IntoLabel = p.link(func(l *lens) { l.Tab, l.Pivot, l.At, l.From = "", tree.Clip(s.Label), 0, 0 }), "who calls it"
		}
	}
	if len(f.panels) > 1 {
		v.Where = string(p.side())
	}
	if v.Where != "" && own != "" {
		v.Where += ", "
	}
	v.Where += own
}

// sum is the waterfall in one line: "Dial +29.1, Write +8.8, … = +49.6 µs".
func (f faller) sum(v templates.Fall) templates.Rich {
	out := templates.Rich{{Text: v.Other.Name, Series: v.Other.Series}, {Text: " against "}, {Text: v.Base.Name, Series: v.Base.Series}, {Text: ": "}}
	rest, left := 0.0, 0
	for i, c := range f.rounded.Changes {
		if !f.named(i) {
			rest += c
			left++
			continue
		}
		out = append(out, templates.Span{Text: f.whose(i) + v.Steps[i].Label + " "}, templates.Span{Text: f.bare(c), Strong: true}, templates.Span{Text: ", "})
	}
	if left > 0 {
		out = append(out, templates.Span{Text: "the rest "}, templates.Span{Text: f.bare(rest), Strong: true}, templates.Span{Text: ", "})
	}
	out[len(out)-1].Text = " = "
	of := " of "
	if f.panels[0].Mode == Cores {
		of = " " // cores busy
	}
	return append(out, templates.Span{Text: v.Total.Text, Strong: true}, templates.Span{Text: of + f.panels[0].per()})
}

// whose names the side of a step, where there are two.
func (f faller) whose(i int) string {
	if len(f.panels) == 1 {
		return ""
	}
	return string(f.panels[f.fall.Steps[i].Pair].side()) + " "
}

// named says whether a step is one of the largest, which the sentence names.
func (f faller) named(i int) bool {
	larger := 0
	for k, s := range f.fall.Steps {
		a, b := math.Abs(s.Change()), math.Abs(f.fall.Steps[i].Change())
		if a > b || a == b && k < i {
			larger++
		}
	}
	return larger < sumSteps && f.fall.Steps[i].Smaller == 0 && f.rounded.Changes[i] != 0
}
