package stats

import "github.com/sockscope/sockscope/profiles"

// Relation is how a cell compares with its base at one point of a sweep.
type Relation int

// The relations. Less costs fewer nanoseconds, or has the higher rate.
const (
	Unknown Relation = iota // the intervals do not tell
	Less
	Alike
	More
)

// AlikeWithin is the factor within which two sockets are called alike: the whole
// interval of their ratio must lie between its inverse and it.
const AlikeWithin = 1.10

// Turn is a point of a sweep from which on a relation is seen, up to
// [Crossover.Until].
type Turn struct {
	From     int // place on the axis
	Point    int // its index into the sweep's values
	Relation Relation
	// Last is the last point before at which another relation was seen. Between the
	// two the intervals do not tell.
	Last int
}

// Crossover is where along a sweep a socket and its base become alike or change
// places.
type Crossover struct {
	Sweep Sweep
	Line  Line
	// Before is the relation from FirstKnown to the first turn.
	Before Relation
	Turns  []Turn // one or two, ascending
	// FirstKnown and LastKnown are the first and the last point, as indices into the
	// sweep's values, at which a relation is seen. What lies beyond is not told.
	FirstKnown, LastKnown int
}

// Until is the last point at which the relation of a turn is seen, as an index into
// the sweep's values.
func (c Crossover) Until(t Turn) int {
	for _, next := range c.Turns {
		if next.Point > t.Point {
			return next.Last
		}
	}
	return c.LastKnown
}

// Crossovers finds them for a metric: one for each line of each sweep that has
// one.
func Crossovers(s Summary, m profiles.Metric) []Crossover {
	cells := make([]profiles.Cell, len(s.Cells))
	for i := range s.Cells {
		cells[i] = s.Cells[i].Cell
	}
	found := []Crossover{}
	for _, w := range Sweeps(cells) {
		for _, l := range w.Lines {
			if c, ok := crossover(s, w, l, m); ok {
				found = append(found, c)
			}
		}
	}
	return found
}

// crossover reads the relations of a line. It says nothing when they go back and
// forth: one odd point must not make a sentence.
func crossover(s Summary, w Sweep, l Line, m profiles.Metric) (Crossover, bool) {
	c := Crossover{Sweep: w, Line: l}
	last, now := 0, Unknown
	for point, i := range l.Cells {
		r := s.relation(i, m)
		if r == Unknown {
			continue
		}
		switch {
		case now == Unknown:
			c.Before, c.FirstKnown = r, point
		case r != now:
			c.Turns = append(c.Turns, Turn{From: w.Values[point], Point: point, Relation: r, Last: last})
		}
		now, last, c.LastKnown = r, point, point
	}
	return c, len(c.Turns) > 0 && c.monotone()
}

// monotone reports whether the relations go one way only: from more over alike to
// less, or back.
func (c Crossover) monotone() bool {
	way, at := 0, c.Before
	for _, t := range c.Turns {
		step := 1
		if t.Relation < at {
			step = -1
		}
		if way != 0 && step != way {
			return false
		}
		way, at = step, t.Relation
	}
	return true
}

// relation is that of cell i to its base.
func (s Summary) relation(i int, m profiles.Metric) Relation {
	if i < 0 || i >= len(s.Cells) || s.Cells[i].Base < 0 || s.Cells[i].Cell.AA {
		return Unknown
	}
	r, ok := s.Cells[i].Ratio[m.Name]
	if !ok || !r.Interval {
		return Unknown
	}
	if m.MoreIsBetter {
		r = r.Inverse()
	}
	switch {
	case r.Low >= 1/AlikeWithin && r.High <= AlikeWithin:
		return Alike
	case !s.Cells[i].Clear[m.Name]:
		return Unknown
	case r.Low > 1:
		return More
	}
	return Less
}
