package stats

import (
	"slices"

	"github.com/sockscope/sockscope/profiles"
)

// measure estimates everything about a cell that needs no other cell.
func measure(cell profiles.Cell, index int, runs rounds) CellSummary {
	s := CellSummary{
		Cell: cell, Index: index, Base: -1, Noise: -1, Rounds: len(runs),
		Metrics: map[string]Estimate{}, Ratio: map[string]Ratio{}, Difference: map[string]Difference{},
		AA: map[string]Ratio{}, Adjusted: map[string]float64{}, Clear: map[string]bool{},
		Counters: map[string]int64{},
	}
	numbers := runs.numbers()
	values := map[string][]float64{}
	var effects []float64
	for _, n := range numbers {
		r := runs[n]
		for name, v := range r.Metrics {
			values[name] = append(values[name], v)
		}
		for name, n := range r.Counters {
			s.Counters[name] += n
		}
		if r.ProfilingEffect > 0 {
			effects = append(effects, r.ProfilingEffect)
		}
		s.warn(r.Warnings)
		if r.Noisy != "" {
			s.Noisy++
			if !slices.Contains(r.Warnings, r.Noisy) {
				s.warn([]string{r.Noisy})
			}
		}
	}
	for name, v := range values {
		if e := Median(v); e.N > 0 {
			s.Metrics[name] = e
		}
	}
	s.Effect = Median(effects)
	s.Curve = curve(runs, numbers)
	return s
}

// warn counts each sentence once for a run.
func (s *CellSummary) warn(sentences []string) {
	for i, sentence := range sentences {
		if slices.Contains(sentences[:i], sentence) {
			continue
		}
		at := slices.IndexFunc(s.Warnings, func(w Warning) bool { return w.Sentence == sentence })
		if at < 0 {
			s.Warnings = append(s.Warnings, Warning{Sentence: sentence})
			at = len(s.Warnings) - 1
		}
		s.Warnings[at].Rounds++
	}
}

// curve is the median over the rounds at each quantile, of the rounds that have
// enough samples there.
func curve(runs rounds, numbers []int) []Estimate {
	points := make([]Estimate, len(profiles.Quantiles))
	for q := range points {
		var v []float64
		for _, n := range numbers {
			if c := runs[n].Curve; q < len(c) && c[q] > 0 {
				v = append(v, float64(c[q]))
			}
		}
		points[q] = Median(v)
	}
	return points
}

// compare fills ratio and difference from the rounds that both cells have.
func (s *CellSummary) compare(base, own rounds) {
	both := slices.DeleteFunc(own.numbers(), func(n int) bool { return base[n] == nil })
	for name := range s.Metrics {
		var b, o []float64
		for _, n := range both {
			x, ok := base[n].Metrics[name]
			y, ok2 := own[n].Metrics[name]
			if ok && ok2 {
				b, o = append(b, x), append(o, y)
			}
		}
		if r := Compare(b, o); r.N > 0 {
			s.Ratio[name] = r
		}
		if d := Subtract(b, o); d.N > 0 {
			s.Difference[name] = d
		}
	}
}

// judge takes the noise floor from the A/A cell of the group and decides which
// differences are clear.
func (s *CellSummary) judge(cells []CellSummary) {
	var aa *CellSummary
	if s.Noise >= 0 {
		aa = &cells[s.Noise]
		for name, r := range aa.Ratio {
			s.AA[name] = r
		}
	}
	if s.Base < 0 {
		return
	}
	for name := range s.Metrics {
		s.Clear[name] = !s.Cell.AA && s.clear(name, aa)
	}
}

func (s *CellSummary) clear(name string, aa *CellSummary) bool {
	if r, ok := s.Ratio[name]; ok {
		if !r.ClearOfOne() {
			return false
		}
		if aa == nil {
			return true
		}
		noise, ok := aa.Ratio[name]
		spread := noise.Spread()
		return ok && noise.Interval && (r.Low > spread || r.High < 1/spread)
	}
	d, ok := s.Difference[name]
	if !ok || !d.Interval || d.Low <= 0 && d.High >= 0 {
		return false
	}
	if aa == nil {
		return true
	}
	noise, ok := aa.Difference[name]
	return ok && noise.Interval && (d.Low > noise.Spread() || d.High < -noise.Spread())
}

// adjust fills Adjusted: for each metric the family is the ratios of all cells
// that are neither a base nor an A/A cell.
func adjust(cells []CellSummary) {
	for _, m := range metricNames(cells) {
		var members []int
		var ps []float64
		for i := range cells {
			if r, ok := cells[i].Ratio[m]; ok && !cells[i].Cell.AA {
				members, ps = append(members, i), append(ps, r.P)
			}
		}
		for k, p := range Holm(ps) {
			cells[members[k]].Adjusted[m] = p
		}
	}
}

func metricNames(cells []CellSummary) []string {
	var names []string
	for i := range cells {
		for name := range cells[i].Ratio {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
