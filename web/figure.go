package web

import (
	"fmt"
	"math"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/templates"
)

// figure turns the values of one sample type into the numbers of a page: divided
// by what the mode says, in a unit, with their sampling error.
type figure struct {
	Mode Mode
	kind string // of the sample type: "cpu", "inuse_space"
	unit string // of the sample type: "nanoseconds", "bytes", "count"
	// census is set where all of one side was counted.
	census bool
	// operation is what ran while it was taken: "request", "operation".
	operation string
}

// text writes a value after the factor was applied.
func (f figure) text(v float64) string {
	switch {
	case v == 0:
		return "·"
	case f.Mode == Share:
		return quantity.Percent(v)
	case f.Mode == Cores:
		return quantity.Number(v) + " cores"
	}
	return inUnit(v, f.unit)
}

// signed writes a difference: "+32.8 µs", "−1.7 µs".
func (f figure) signed(v float64) string {
	if v == 0 {
		return "·"
	}
	s := strings.TrimPrefix(strings.TrimPrefix(f.text(math.Abs(v)), "−"), "-")
	if bare, ok := strings.CutSuffix(s, "%"); ok {
		s = bare + "points" // "+3 %" would be taken for a ratio
	}
	if v < 0 {
		return "−" + s
	}
	return "+" + s
}

// per is what stands behind the figures in words: "CPU per request".
func (f figure) per() string {
	what := f.counted()
	switch f.Mode {
	case PerOp:
		return what + " per " + f.operation
	case Share:
		return "share of the profile"
	case Normalize:
		return what + ", scaled to the total of the base"
	case Cores:
		return "cores busy"
	}
	return what + ", as recorded"
}

// ofSamples reports whether the values are the number of samples themselves.
func (f figure) ofSamples() bool { return f.kind == "samples" || f.kind == "sample" }

// counted is what the values are of, in words.
func (f figure) counted() string {
	switch f.kind {
	case "cpu":
		return "CPU"
	case "goroutine", "sample":
		return f.kind + "s"
	case "threadcreate":
		return "threads"
	}
	return clip(spaced(first(f.kind, "value")))
}

// samples writes the count of samples behind a value of a side with the error that it
// carries, 95 % either way.
func (e exposure) samples(count int64) string {
	switch {
	case e.census:
		return "counted one by one: no sampling error"
	case count <= 0:
		return "number of samples not known"
	}
	return fmt.Sprintf("%s, ±%s", quantity.Plural(count, "sample", "samples"), quantity.Percent(stats.CountError(count)))
}

// change is a difference as a page shows it: grey with ≈ within sampling noise.
func (f figure) change(a, b float64, kA, kB int64, nA, nB float64) templates.Difference {
	d := b - a
	switch {
	case a == 0 && b == 0:
		return templates.Difference{Text: "·", Tone: templates.Unclear}
	case d == 0 && (kA == 0 || kB == 0): // of samples it is chance
		return templates.Difference{Text: "·", Tone: templates.Unclear, Title: "no difference"}
	}
	title := "new"
	if a != 0 {
		title = quantity.Change(b / a)
	}
	if b == 0 {
		title = "gone"
	}
	if half := changeError(a, b, kA, kB); half > 0 {
		title += ", ±" + f.text(half)
	}
	if f.within(a, b, kA, kB, nA, nB) {
		return templates.Difference{Text: "≈", Tone: templates.Unclear, Title: f.signed(d) + ", within sampling noise"}
	}
	tone := templates.Worse
	if d < 0 {
		tone = templates.Better
	}
	return templates.Difference{Text: f.signed(d), Tone: tone, Title: title}
}

// within says whether two figures differ within sampling noise only. Of figures
// whose samples are not known nothing says so.
func (f figure) within(a, b float64, kA, kB int64, nA, nB float64) bool {
	if a == b {
		return true
	}
	if kA == 0 && kB == 0 || a != 0 && kA == 0 || b != 0 && kB == 0 {
		return false
	}
	_, within := stats.Noise(kA, kB, nA, nB)
	return within
}

// changeError is half of the 95 % interval of a difference by sampling; 0 for
// unknown.
func changeError(a, b float64, kA, kB int64) float64 {
	square := 0.0
	for _, x := range [2]struct {
		figure  float64
		samples int64
	}{{a, kA}, {b, kB}} {
		if x.figure == 0 {
			continue
		}
		if x.samples <= 0 {
			return 0
		}
		half := x.figure * stats.CountError(x.samples)
		square += half * half
	}
	return math.Sqrt(square)
}
