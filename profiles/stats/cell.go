package stats

import (
	"maps"
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
	values, counted := map[string][]float64{}, map[string]int64{}
	var effects []float64
	for _, n := range numbers {
		r := runs[n]
		for name, v := range r.Metrics {
			values[name] = append(values[name], v)
		}
		for name, n := range r.Counters {
			s.Counters[name] += n
			counted[name]++
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
	for name, n := range counted {
		if profiles.Gauge(name) {
			s.Counters[name] = (s.Counters[name] + n/2) / n
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
	for name := range s.Metrics {
		_, b, o := paired(base, own, name)
		if r := Compare(b, o); r.N > 0 {
			s.Ratio[name] = r
		}
		if d := Subtract(b, o); d.N > 0 {
			s.Difference[name] = d
		}
	}
}

// paired returns a metric of both cells in the rounds that both have.
func paired(base, own rounds, name string) (numbers []int, b, o []float64) {
	for _, n := range own.numbers() {
		if base[n] == nil {
			continue
		}
		x, ok := base[n].Metrics[name]
		y, ok2 := own[n].Metrics[name]
		if ok && ok2 && finite(x) && finite(y) {
			numbers, b, o = append(numbers, n), append(b, x), append(o, y)
		}
	}
	return numbers, b, o
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
	if p, ok := s.Adjusted[name]; !ok || p >= alpha {
		return false
	}
	if r, ok := s.Ratio[name]; ok {
		if !r.ClearOfOne() {
			return false
		}
		if aa == nil {
			return true
		}
		noise, ok := aa.Ratio[name]
		return ok && noise.Interval && r.Beyond(noise)
	}
	d, ok := s.Difference[name]
	if !ok || !d.Interval || d.Low <= 0 && d.High >= 0 {
		return false
	}
	if aa == nil {
		return true
	}
	noise, ok := aa.Difference[name]
	return ok && noise.Interval && d.Beyond(noise)
}

// adjust fills Adjusted: for each metric the family is all cells that are neither
// a base nor an A/A cell; those that have no ratio are a family of their own, by
// their differences.
func adjust(cells []CellSummary, table []rounds) {
	for _, m := range metricNames(cells) {
		var ratios, differences family
		for i := range cells {
			c := &cells[i]
			if c.Base < 0 || c.Cell.AA {
				continue
			}
			numbers, b, o := paired(table[c.Base], table[i], m)
			if r, ok := c.Ratio[m]; ok {
				ratios.add(i, r.P, numbers, b, o, logRatio)
			} else if d, ok := c.Difference[m]; ok {
				differences.add(i, d.P, numbers, b, o, func(b, o float64) float64 { return o - b })
			}
		}
		for _, f := range []*family{&ratios, &differences} {
			for k, p := range f.adjusted() {
				cells[f.cells[k]].Adjusted[m] = p
			}
		}
	}
}

// family is the tests that are made of one metric.
type family struct {
	cells []int
	ps    []float64
	ds    []map[int]float64 // by round
}

func (f *family) add(cell int, p float64, numbers []int, b, o []float64, difference func(b, o float64) float64) {
	d := map[int]float64{}
	for i, n := range numbers {
		d[n] = difference(b[i], o[i])
	}
	f.cells, f.ps, f.ds = append(f.cells, cell), append(f.ps, p), append(f.ds, d)
}

func (f *family) adjusted() []float64 {
	place := map[int]int{}
	for _, d := range f.ds {
		for n := range d {
			place[n] = 0
		}
	}
	for i, n := range slices.Sorted(maps.Keys(place)) {
		place[n] = i
	}
	ds := make([][]float64, len(f.ds))
	for k, d := range f.ds {
		ds[k] = make([]float64, len(place))
		for n, v := range d {
			ds[k][place[n]] = v
		}
	}
	return Adjust(f.ps, ds)
}

func metricNames(cells []CellSummary) []string {
	names := map[string]bool{}
	for i := range cells {
		for name := range cells[i].Difference {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
