package templates

import (
	"math"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// scale maps values to 0 … 1 and names round values in between.
type scale struct {
	low, high float64
	log       bool
	unit      profiles.Unit
	marks     []float64
}

// logScale spans low to high, widened to the next of 1, 2 and 5 times a power of
// ten, with marks at each of these, or at powers of ten when they get many.
func logScale(low, high float64) scale {
	s := scale{log: true, unit: profiles.Nanoseconds}
	var all []float64
	for e := math.Floor(math.Log10(low)) - 1; e <= math.Ceil(math.Log10(high))+1; e++ {
		for _, m := range []float64{1, 2, 5} {
			all = append(all, m*math.Pow(10, e))
		}
	}
	first, last := 0, len(all)-1
	for first+1 < len(all) && all[first+1] <= low*(1+1e-9) {
		first++
	}
	for last > first+1 && all[last-1] >= high*(1-1e-9) {
		last--
	}
	all = all[first : last+1]
	s.low, s.high = all[0], all[len(all)-1]
	step := (len(all) + 6) / 7
	for i := 0; i < len(all); i += step {
		s.marks = append(s.marks, all[i])
	}
	return s
}

// linearScale spans low to high with room at both ends, and marks at multiples of
// 1, 2 or 5 times a power of ten: three to six of them.
func linearScale(low, high float64, unit profiles.Unit) scale {
	span := high - low
	if span <= 0 {
		span = max(math.Abs(high)/5, 1e-9)
	}
	s := scale{low: low - span/6, high: high + span/6, unit: unit}
	if low >= 0 {
		s.low = max(s.low, 0)
	}
	rough := (s.high - s.low) / 4
	step := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{5, 2} {
		if step*m <= rough {
			step *= m
			break
		}
	}
	for v := math.Ceil(s.low/step) * step; v <= s.high; v += step {
		s.marks = append(s.marks, v)
	}
	return s
}

// at is the place of a value, between 0 and 1.
func (s scale) at(v float64) float64 {
	low, high := s.low, s.high
	if s.log {
		low, high, v = math.Log(low), math.Log(high), math.Log(v)
	}
	if high <= low {
		return .5
	}
	return max(0, min(1, (v-low)/(high-low)))
}

func (s scale) ticks() []Tick {
	ticks := make([]Tick, 0, len(s.marks))
	for _, m := range s.marks {
		ticks = append(ticks, Tick{s.at(m), quantity.Of(s.unit, m)})
	}
	return ticks
}
