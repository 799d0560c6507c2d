package export

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// Document builds the JSON document.
func (r *Report) Document() Comparison {
	c := &r.Comparison
	d := Comparison{
		ID: c.ID, Title: c.Title, State: c.State, Spec: object(c.Spec), Host: c.Host, Base: c.Base,
		Progress: Progress{c.Done, c.Total},
		Rounds:   Rounds{r.Summary.Rounds, r.Summary.Planned, r.Summary.Indicative, r.Summary.Grade},
		Loop:     loop(*c), Crossovers: r.crossovers(), Parts: parts(c.Parts),
		Cells:   make([]Cell, len(r.Summary.Cells)),
		Attempt: c.Attempt, Failure: c.Failure,
		CreatedAt: moment(c.CreatedAt), StartedAt: moment(c.StartedAt),
		FinishedAt: moment(c.FinishedAt), InterruptedAt: moment(c.InterruptedAt),
	}
	if len(c.Fingerprint) > 0 {
		d.Fingerprint = object(c.Fingerprint)
	}
	for i := range r.Summary.Cells {
		d.Cells[i] = r.cell(&r.Summary.Cells[i])
	}
	d.Verdict = r.verdict()
	return d
}

// parts are those of a comparison on several hosts.
func parts(all []profiles.Part) []Part {
	ps := []Part{}
	if len(all) < 2 {
		return ps
	}
	for _, a := range all {
		p := Part{
			Host: a.Host, State: a.State, Attempt: a.Attempt, Done: a.Done, Total: a.Total, Failure: a.Failure,
			StartedAt: moment(a.StartedAt), FinishedAt: moment(a.FinishedAt), InterruptedAt: moment(a.InterruptedAt),
		}
		if len(a.Fingerprint) > 0 {
			p.Fingerprint = object(a.Fingerprint)
		}
		ps = append(ps, p)
	}
	return ps
}

func loop(c profiles.Comparison) Loop {
	l := Loop{Kind: "closed", Rate: verdict.Rate(c), Label: verdict.Loop(c)}
	if l.Rate > 0 {
		l.Kind = "open"
	}
	return l
}

func (r *Report) crossovers() []Crossover {
	m := verdict.Metric(r.Comparison, r.Summary)
	words := map[stats.Relation]string{stats.Less: "faster", stats.Alike: "alike", stats.More: "slower"}
	found := []Crossover{}
	for _, c := range stats.Crossovers(r.Summary, m) {
		before := c.Before
		for _, t := range c.Turns {
			like := c.Sweep.Like
			x := Crossover{
				Metric: m.Name, Axis: string(c.Sweep.Axis), Socket: c.Line.Socket, Variant: c.Line.Variant,
				Host: like.Host, Size: like.Size, Concurrency: like.Concurrency, Placement: like.Placement,
				Before: words[before], From: t.From, After: words[t.Relation],
			}
			if until := c.Until(t); until < len(c.Sweep.Values)-1 {
				x.To = c.Sweep.Values[until]
			}
			found = append(found, x)
			before = t.Relation
		}
	}
	return found
}

func (r *Report) verdict() Verdict {
	v := &r.Verdict
	d := Verdict{Outcome: v.Outcome, Text: v.Text, Facts: texts(v.Facts), Notes: texts(v.Notes)}
	h := v.Headline
	if h == nil || !within(h.Cheaper, r.Summary.Cells) || !within(h.Costlier, r.Summary.Cells) {
		return d
	}
	d.Headline = &Headline{
		Metric: h.Metric, Estimate: h.Ratio.Estimate, P: h.Ratio.P, AdjustedP: h.AdjustedP, Family: h.Family, Clear: h.Clear, Label: h.Label,
		Cheaper:  r.Summary.Cells[h.Cheaper].Cell.Name(),
		Costlier: r.Summary.Cells[h.Costlier].Cell.Name(),
	}
	d.Headline.Low, d.Headline.High = bounds(h.Ratio.Low, h.Ratio.High, h.Ratio.Interval)
	return d
}

func within(i int, cells []stats.CellSummary) bool { return i >= 0 && i < len(cells) }

func (r *Report) cell(s *stats.CellSummary) Cell {
	d := Cell{
		Socket: s.Cell.Socket, Workload: s.Cell.Workload, Size: s.Cell.Size,
		Concurrency: s.Cell.Concurrency, Placement: s.Cell.Placement, AA: s.Cell.AA,
		Variant: s.Cell.Variant, Host: s.Cell.Host, NA: s.Cell.NA, Noisy: s.Noisy,
		Metrics: map[string]Metric{}, Ratio: map[string]Ratio{}, Counters: map[string]int64{},
		Profiles: []Profile{}, Warnings: []string{}, Curve: []Point{},
	}
	for name, e := range s.Metrics {
		m := Metric{Median: e.Median, Rounds: slices.Clone(e.Rounds)}
		m.Low, m.High = bounds(e.Low, e.High, e.Interval)
		d.Metrics[name] = m
	}
	for name, x := range s.Ratio {
		q := Ratio{Estimate: x.Estimate, P: x.P, Rounds: x.N, Clear: s.Clear[name]}
		q.Low, q.High = bounds(x.Low, x.High, x.Interval)
		if p, ok := s.Adjusted[name]; ok {
			q.AdjustedP = &p
		}
		d.Ratio[name] = q
	}
	for name, n := range s.Counters {
		d.Counters[name] = n
	}
	for i, e := range s.Curve {
		if e.N > 0 && i < len(profiles.Quantiles) {
			d.Curve = append(d.Curve, Point{profiles.Quantiles[i], e.Median})
		}
	}
	if s.Effect.N > 0 {
		d.ProfilingEffect = &s.Effect.Median
	}
	for _, w := range s.Warnings {
		d.Warnings = append(d.Warnings, w.Sentence)
	}
	for i := range r.Profiles {
		if p := &r.Profiles[i]; p.Cell == s.Index {
			d.Profiles = append(d.Profiles, Profile{p.ID, p.Side, p.Kind, p.Samples, p.Ops, p.Round})
		}
	}
	slices.SortStableFunc(d.Profiles, func(a, b Profile) int { return a.Round - b.Round })
	return d
}

func bounds(low, high float64, exist bool) (*float64, *float64) {
	if !exist {
		return nil, nil
	}
	return &low, &high
}

// object passes JSON on, and null for what is none: one broken row must not make
// the whole document fail.
func object(raw json.RawMessage) json.RawMessage {
	if !json.Valid(raw) {
		return json.RawMessage("null")
	}
	return raw
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func texts(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
