package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/templates"
)

// common are the metrics that both have measured, the minor ones left out.
func common(a, b *report) []profiles.Metric {
	has := func(r *report, name string) bool {
		return slices.ContainsFunc(r.Summary.Cells, func(c stats.CellSummary) bool { return c.Metrics[name].N > 0 })
	}
	ms := []profiles.Metric{}
	for _, m := range profiles.Metrics {
		if !m.Minor && has(a, m.Name) && has(b, m.Name) {
			ms = append(ms, m)
		}
	}
	return ms
}

// chosenMetric is the one that the link names, else the one that the verdict of the
// first comparison is about.
func chosenMetric(ms []profiles.Metric, name string, a *report) profiles.Metric {
	if name == "" {
		name = verdict.Metric(a.Comparison, a.Summary).Name
	}
	for _, m := range ms {
		if m.Name == name {
			return m
		}
	}
	if len(ms) > 0 {
		return ms[0]
	}
	return profiles.Metric{Label: "nothing that both have"}
}

// besideRows are the cells that both have measured, and sentences about the others.
// A host counts as a part of a cell where one of the two ran on several: what one
// machine measured is never laid beside another's of the same comparison.
func besideRows(a, b *report, m profiles.Metric) (rows []templates.BesideRow, left []string) {
	rows, left = []templates.BesideRow{}, []string{}
	several := len(a.Comparison.Parts) > 1 || len(b.Comparison.Parts) > 1
	mixed := unlikeLoops(a, b, m)
	usedA, usedB := map[int]bool{}, map[int]bool{}
	for i, x := range a.Comparison.Cells {
		for j, y := range b.Comparison.Cells {
			x.Host, y.Host = cmp.Or(x.Host, a.Comparison.Host), cmp.Or(y.Host, b.Comparison.Host)
			if x.AA || y.AA || !alike(x, y, several) {
				continue
			}
			p, q := a.Summary.Cells[i].Metrics[m.Name], b.Summary.Cells[j].Metrics[m.Name]
			if p.N == 0 || q.N == 0 {
				continue
			}
			usedA[i], usedB[j] = true, true
			rows = append(rows, besideRow(besideName(x, hostsOf(x, y, several)), p, q, m, mixed))
		}
	}
	for _, r := range []struct {
		*report
		used map[int]bool
	}{{a, usedA}, {b, usedB}} {
		if names := r.alone(r.used); len(names) > 0 {
			left = append(left, "Only "+r.Comparison.ID+" has "+strings.Join(names, "; ")+".")
		}
	}
	return rows, left
}

// alone names the cells that were measured and have no counterpart.
func (r *report) alone(used map[int]bool) []string {
	const most = 6
	names := []string{}
	for i, c := range r.Comparison.Cells {
		if !used[i] && !c.AA && r.Summary.Cells[i].Rounds > 0 {
			names = append(names, besideName(c, c.Host))
		}
	}
	if n := len(names); n > most {
		names = append(names[:most-1], fmt.Sprintf("%d more cells", n-most+1))
	}
	return names
}

// alike compares two cells; hosts says whether those must be the same too.
func alike(a, b profiles.Cell, hosts bool) bool {
	if !hosts {
		a.Host, b.Host = "", ""
	}
	a.NA, b.NA = "", ""
	return a == b
}

// hostsOf names where the two cells of a row ran; "" where that goes without saying.
func hostsOf(x, y profiles.Cell, several bool) string {
	switch {
	case x.Host != y.Host:
		return x.Host + " and " + y.Host
	case several:
		return x.Host
	}
	return ""
}

// unlikeLoops reports whether a metric is a response time in one of the two, whose
// loop is open, and a service time in the other.
func unlikeLoops(a, b *report, m profiles.Metric) bool {
	return strings.HasPrefix(m.Name, "latency_") && (a.spec.Rate > 0) != (b.spec.Rate > 0)
}

// besideLabel is the name of a metric that holds for both.
func besideLabel(a, b *report, m profiles.Metric) string {
	if label := a.metricLabel(m); label == b.metricLabel(m) {
		return label
	}
	return m.Label
}

// besideHint says what stands behind each figure.
func besideHint(a, b *report) string {
	if a.Summary.Indicative || b.Summary.Indicative {
		return fmt.Sprintf("median over the rounds; with its 95 %% interval from %d rounds on", stats.MinRounds)
	}
	return "median over the rounds with its 95 % interval"
}

func besideRow(cell string, a, b stats.Estimate, m profiles.Metric, unlike bool) templates.BesideRow {
	scale := quantity.ScaleOf(m.Unit, a.Median, b.Median)
	row := templates.BesideRow{Cell: cell, A: scale.Format(a.Median), B: scale.Format(b.Median)}
	span := func(e stats.Estimate) string {
		if !e.Interval {
			return ""
		}
		return scale.Figure(e.Low) + " – " + scale.Figure(e.High)
	}
	row.SpanA, row.SpanB = span(a), span(b)
	switch {
	case unlike:
		row.NoteAB = "no ratio: one is a response time, the other a service time"
		return row
	case a.Median <= 0:
		row.NoteAB = "no ratio"
		return row
	}
	ratio := b.Median / a.Median
	row.Ratio = quantity.Ratio(ratio)
	row.Exact = quantity.Number(b.Median) + " ÷ " + quantity.Number(a.Median) + " = " + quantity.Number(ratio)
	return row
}

// besideName is a cell in words: "tcp4 nagle, 64 B, 4 connections, split".
func besideName(c profiles.Cell, where string) string {
	name := fmt.Sprintf("%s, %s, %s, %s", c.Name(), quantity.Bytes(int64(c.Size)), plural(c.Concurrency, "connection", "connections"), c.Placement)
	if where != "" {
		name += ", " + where
	}
	return name
}
