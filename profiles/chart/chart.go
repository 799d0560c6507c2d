// Package chart turns estimates into the geometry of charts: plain coordinates
// that a template draws as SVG.
//
// Every coordinate is a share of the plot's width or height, from 0 to 1, with
// the origin at the top left as in SVG. Nothing is ever outside, and a chart
// without data has no series and no ticks rather than NaN.
package chart

import (
	"math"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// Tick is a mark on an axis.
type Tick struct {
	At    float64
	Label string
}

// Axis is the marks along one side of a plot.
type Axis struct {
	Ticks []Tick
}

// Point is a figure in a plot. Low and High are the ends of its error bar, equal
// to Y where there is none; High is the greater figure, so the smaller
// coordinate.
type Point struct {
	X, Y      float64
	Low, High float64
	Title     string // the exact figure in words
}

// Series is the points of one cell.
type Series struct {
	Cell   int // index into the comparison's cells
	Name   string
	Socket string
	// Variant of the cell; "" for a plain one.
	Variant string
	AA      bool // drawn hollow
	// Service marks service time beside the response time of the same cell, in an
	// open loop: drawn dashed.
	Service bool
	Points  []Point
}

// Chart is a plot. Its slices are never nil.
type Chart struct {
	X, Y   Axis
	Series []Series

	scale span // of figures, where other things are placed on it too
}

func empty() Chart {
	return Chart{X: Axis{Ticks: []Tick{}}, Y: Axis{Ticks: []Tick{}}, Series: []Series{}}
}

// Path writes points as the data of an SVG path in a plot of that size, with two
// decimals: "M0.00 10.00L20.00 30.00". It is "" for no points.
func Path(points []Point, width, height float64) string {
	var b strings.Builder
	for i, p := range points {
		if i == 0 {
			b.WriteByte('M')
		} else {
			b.WriteByte('L')
		}
		b.WriteString(coordinate(p.X*width) + " " + coordinate(p.Y*height))
	}
	return b.String()
}

// Band writes the area between the error bars of the points as a closed path.
func Band(points []Point, width, height float64) string {
	if len(points) == 0 {
		return ""
	}
	outline := make([]Point, 0, 2*len(points))
	for _, p := range points {
		outline = append(outline, Point{X: p.X, Y: p.High})
	}
	for i := len(points) - 1; i >= 0; i-- {
		outline = append(outline, Point{X: points[i].X, Y: points[i].Low})
	}
	return Path(outline, width, height) + "Z"
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// span is a scale from figures to the height of a plot.
type span struct {
	low, high float64 // figures at the bottom and at the top
	log       bool
}

// y is where a figure stands, kept within the plot.
func (s span) y(v float64) float64 { return 1 - s.share(v) }

func (s span) share(v float64) float64 {
	low, high := s.low, s.high
	if s.log {
		v, low, high = math.Log(v), math.Log(low), math.Log(high)
	}
	if !(high > low) {
		return 0.5
	}
	return min(1, max(0, (v-low)/(high-low)))
}

// axis makes the marks of figures on a span. On a linear scale they share the
// unit of the largest; on a logarithmic one each has its own.
func (s span) axis(u profiles.Unit, marks []float64) Axis {
	a := Axis{Ticks: make([]Tick, 0, len(marks))}
	common := quantity.ScaleOf(u, marks[len(marks)-1])
	for _, v := range marks {
		label := common.Brief(v)
		if s.log {
			label = quantity.Of(u, v)
		}
		a.Ticks = append(a.Ticks, Tick{At: s.y(v), Label: label})
	}
	return a
}

// logSpan returns a span whose ends are marks of the 1-2-5 series around the
// figures, with between 3 and 7 marks as far as the figures allow.
func logSpan(low, high float64) (span, []float64) {
	steps := []float64{1, 2, 5}
	if high/low > 200 { // more than seven marks: decades only
		steps = []float64{1}
	}
	if high/low > 1e7 {
		low, high = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
		return span{low, high, true}, []float64{low, high}
	}
	var marks []float64
	for e := math.Floor(math.Log10(low)) - 1; e <= math.Ceil(math.Log10(high))+1; e++ {
		for _, step := range steps {
			marks = append(marks, step*math.Pow(10, e))
		}
	}
	first, last := 0, len(marks)-1
	for first+1 < len(marks) && marks[first+1] <= low {
		first++
	}
	for last > first+1 && marks[last-1] >= high {
		last--
	}
	marks = marks[first : last+1]
	return span{marks[0], marks[len(marks)-1], true}, marks
}

// linearSpan returns a span with round marks around the figures. It starts at
// zero when the figures fill less than the upper half of it, so that what is
// drawn far apart is far apart.
func linearSpan(low, high float64) (span, []float64) {
	if low > 0 && low < high/2 {
		low = 0
	}
	if high == low {
		pad := max(math.Abs(high)/10, 1e-9)
		low, high = low-pad, high+pad
	}
	step := math.Pow(10, math.Floor(math.Log10(high-low))) / 10
	for i := 0; (high-low)/step > 5; i++ {
		step *= [...]float64{2, 2.5, 2}[i%3] // 1, 2, 5, 10, …
	}
	return marksOf(low, high, step)
}

// marksOf returns the multiples of step around the figures. They are computed
// from whole numbers, so that 0.3 is not 0.30000000000000004.
func marksOf(low, high, step float64) (span, []float64) {
	from, to := math.Floor(low/step+1e-9), math.Ceil(high/step-1e-9)
	var marks []float64
	for k := from; k <= to; k++ {
		marks = append(marks, k*step)
	}
	return span{low: from * step, high: to * step}, marks
}

func usable(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
