package web

import (
	"math"
	"strings"

	"github.com/sockscope/sockscope/profiles/sampling"
	"github.com/sockscope/sockscope/templates"
)

// Mode is what a figure of a profile is divided by.
type Mode string

// The modes of profile views.
const (
	PerOp     Mode = "per-op"    // CPU per operation: the default where the operations are known
	Share     Mode = "share"     // of the profile's total
	Cores     Mode = "cores"     // CPU time per second of wall time
	Raw       Mode = "raw"       // as recorded: equal to go tool pprof
	Normalize Mode = "normalize" // scaled to the total of the base: go tool pprof -normalize
)

// Modes in page order.
var Modes = [...]Mode{PerOp, Share, Cores, Raw, Normalize}

// exposure is what one profile's values are divided by.
type exposure struct {
	total int64   // of the profile, in the sample type's unit
	base  float64 // total of the base, in the unit of the panel
	ops   int64   // 0 for unknown
	wall  float64 // seconds; 0 for unknown
	// sample is the value of one sample, so that profiles with different periods
	// compare; 0 for unknown.
	sample float64
	census bool    // each thing was counted, so that no value has an error
	scale  float64 // what one of its unit is worth in that of the panel
}

// factor is what one unit of a value is worth in the mode. Where the divisor is
// not known it is 0, and the mode is not offered.
func (f figure) factor(e exposure) float64 {
	switch f.Mode {
	case PerOp:
		return over(e.scale, float64(e.ops))
	case Share:
		return over(1, math.Abs(float64(e.total)))
	case Normalize:
		return over(math.Abs(e.base), math.Abs(float64(e.total)))
	case Cores:
		return over(e.scale, e.wall*1e9)
	}
	return e.scale
}

func over(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

// exposed is how much each mode exposes to sampling, for the noise test: what the
// counts of two profiles are divided by to be figures of one scale.
func (f figure) exposed(e exposure) float64 {
	k := f.factor(e)
	if e.sample > 0 {
		k *= e.sample
	}
	if k > 0 {
		return 1 / k
	}
	return 0
}

// alikeSamples takes a sample of a profile that has none for one of those beside it.
func alikeSamples(sides []side) {
	known := 0.0
	for _, o := range sides {
		known = max(known, o.exposure.sample*o.exposure.scale)
	}
	for i := range sides {
		if e := &sides[i].exposure; e.total == 0 {
			e.sample = over(known, e.scale)
		}
	}
}

// suits is the mode of profiles that nobody asked for another of: per operation
// where all know their operations; samples grow with the time that they were taken
// over, so of several profiles their share; everything else as recorded.
func (p panel) suits() Mode {
	if ok, _ := p.offers(PerOp); ok {
		return PerOp
	}
	if len(p.sides) == 1 {
		return Raw
	}
	for _, o := range p.sides {
		if !sampling.Of(o.decoded, o.sampleType).Known() {
			return Raw
		}
	}
	if p.lens.Tab == "waterfall" { // shares add up to no difference
		if ok, _ := p.offers(Cores); ok {
			return Cores
		}
		return Raw
	}
	return Share
}

// stock reports whether values are what there was at one moment: it does not grow
// with operations or with time.
func (f figure) stock() bool { return f.census || strings.HasPrefix(f.kind, "inuse_") }

// offers reports whether all sides know what the mode divides by, and if not, why.
func (p panel) offers(m Mode) (ok bool, why string) {
	if m == PerOp && len(p.sides) == 2 && p.sides[0].exposure.ops <= 0 && p.sides[1].exposure.ops <= 0 && !p.stock() {
		return false, "Neither profile says how many operations ran while it was taken."
	}
	for _, o := range p.sides {
		switch {
		case m == PerOp && p.stock():
			return false, "What there was at one moment does not grow with the operations."
		case m == PerOp && o.exposure.ops <= 0:
			return false, o.row.ID + " does not say how many operations ran while it was taken."
		case m == Cores && (o.exposure.wall <= 0 || p.kind != "cpu" || p.unit != "nanoseconds"):
			return false, o.row.ID + " does not say how long it was taken, or counts no CPU time."
		case m == Normalize && (o.exposure.total == 0 || o.exposure.base == 0):
			return false, "A profile whose sum is zero cannot be scaled to that of another."
		}
	}
	return true, ""
}

// modes switches between the modes. One profile has no base that it could be scaled to.
func (p panel) modes() templates.Switch {
	labels := map[Mode]string{PerOp: "per " + p.operation, Share: "share", Cores: "cores", Raw: "raw", Normalize: "normalized"}
	sw := templates.Switch{Label: "Unit", Links: []templates.Link{}}
	for _, m := range Modes {
		if m == Normalize && !p.alone && m != p.Mode {
			continue
		}
		link := templates.Link{Label: labels[m], URL: p.link(func(l *lens) { l.Mode = m }), Current: m == p.Mode}
		if m == Normalize {
			link.Title = "scaled to the total of " + p.sides[0].series.Name + ", as go tool pprof -normalize does"
		}
		if ok, why := p.offers(m); !ok {
			link.Off = why
		}
		sw.Links = append(sw.Links, link)
	}
	return sw
}

// operationOf is what ran while the profiles were taken: requests, or who knows what
// of an upload.
func operationOf(sides []side) string {
	for _, o := range sides {
		if o.row.Comparison == "" {
			return "operation"
		}
	}
	return "request"
}
