package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/templates"
)

// heading is the title, or the sockets in their colours and the workload.
func (r *report) heading() templates.Rich {
	if r.spec.Title != "" {
		return templates.Rich{{Text: r.spec.Title}}
	}
	h := templates.Rich{}
	for i, socket := range r.sockets() {
		if i > 0 {
			h = append(h, templates.Span{Text: " vs "})
		}
		h = append(h, templates.Span{Text: socket, Series: r.colour(socket)})
	}
	return append(h, templates.Span{Text: " — " + r.spec.Workload.Label()})
}

// sockets in the order of their colours.
func (r *report) sockets() []string {
	names := []string{r.Comparison.Base}
	for _, k := range r.spec.Sockets {
		if string(k) != r.Comparison.Base {
			names = append(names, string(k))
		}
	}
	return names
}

func (r *report) series(cell int) templates.Series {
	c := r.Comparison.Cells[cell]
	s := templates.Series{Name: c.Name(), Series: r.colour(c.Socket), Hollow: c.AA}
	if c.AA {
		s.Title = "the base measured a second time: its difference from the base is noise"
	}
	return s
}

// meta is what was measured and where, in words.
func (r *report) meta(f host.Fingerprint) []string {
	s := r.spec
	m := []string{
		several(s.Sizes, func(n int) string { return quantity.Bytes(int64(n)) }) + " messages",
		several(s.Concurrency, strconv.Itoa) + map[bool]string{true: " connection", false: " connections"}[len(s.Concurrency) == 1 && s.Concurrency[0] == 1],
		plural(s.Rounds, "round", "interleaved rounds") + " of " + plural(s.Requests, "request", "requests"),
	}
	places := make([]string, len(s.Placements))
	for i, p := range s.Placements {
		places[i] = string(p)
	}
	m = append(m, "placement "+strings.Join(places, ", "))
	if f.CPU != "" {
		m = append(m, fmt.Sprintf("%s, %s", f.CPU, plural(f.CPUs, "CPU", "CPUs")))
	}
	if f.Kernel != "" {
		m = append(m, "Linux "+f.Kernel)
	}
	if f.Go != "" {
		m = append(m, f.Go)
	}
	return append(m, moment(r.Comparison.CreatedAt))
}

func several(ns []int, text func(int) string) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = text(n)
	}
	return strings.Join(parts, ", ")
}

func stateView(c profiles.Comparison) templates.StateView {
	switch c.State {
	case profiles.Queued:
		return templates.StateView{Tone: templates.Busy, Label: "queued"}
	case profiles.Running:
		return templates.StateView{Tone: templates.Busy, Label: fmt.Sprintf("running %d %%", 100*c.Done/max(c.Total, 1))}
	case profiles.Done:
		return templates.StateView{Tone: templates.Good, Label: "done"}
	case profiles.Canceled:
		return templates.StateView{Tone: templates.Soft, Label: "canceled"}
	}
	return templates.StateView{Tone: templates.Bad, Label: string(c.State)}
}

// rich gives the sockets of a sentence their colours.
func (r *report) rich(s verdict.Sentence) templates.Rich {
	out := templates.Rich{}
	for _, g := range s {
		span := templates.Span{Text: g.Text, Strong: g.Strong}
		if g.Socket != "" {
			span.Series = r.colour(g.Socket)
		}
		out = append(out, span)
	}
	return out
}

func (r *report) verdictView() templates.Verdict {
	v := templates.Verdict{Sentence: r.rich(r.Verdict.Sentence), Facts: []templates.Rich{}, Headlines: []templates.Headline{}}
	for _, f := range r.Verdict.FactSentences {
		v.Facts = append(v.Facts, r.rich(f))
	}
	h := r.Verdict.Headline
	if h == nil {
		return v
	}
	line := templates.Headline{Figure: h.Figure, Caption: h.Interval}
	if h.P != "" {
		line.Caption += " · " + h.P
	}
	if !h.Clear && r.Verdict.Outcome != verdict.Indicative {
		line.Figure = "≈"
	}
	line.Series = r.series(h.Costlier)
	v.Headlines = append(v.Headlines, line)
	return v
}

// measured are the tables of metrics, one for each size, concurrency and placement.
func (r *report) measured() []templates.Measured {
	tables := verdict.Tables(r.Comparison, r.Summary)
	out := []templates.Measured{}
	for _, t := range tables {
		v := templates.Measured{Title: "Measured", Columns: []templates.Series{}, Against: []string{}, Rows: []templates.MeasuredRow{}, More: []templates.MeasuredRow{}}
		v.Hint = fmt.Sprintf("median of %s ± 95 %% CI", plural(r.Summary.Rounds, "round", "rounds"))
		if r.Summary.Indicative {
			v.Hint = fmt.Sprintf("indicative: %s", plural(r.Summary.Rounds, "complete round", "complete rounds"))
		}
		if len(tables) > 1 {
			v.Title = verdict.Configuration(t.Cell)
		}
		base := r.Comparison.Cells[t.Cells[0]].Socket
		for i, cell := range t.Cells {
			v.Columns = append(v.Columns, r.series(cell))
			if i > 0 {
				v.Against = append(v.Against, r.Comparison.Cells[cell].Socket+" against "+base)
			}
		}
		for _, row := range t.Rows {
			if row.Metric.Name == profiles.LatencyP50 && row.AA != "" {
				v.Noise = fmt.Sprintf("A/A noise of the median latency, %s against %s: %s", base, base, row.AA)
			}
			if row.Metric.Minor {
				v.More = append(v.More, measuredRow(row))
			} else {
				v.Rows = append(v.Rows, measuredRow(row))
			}
		}
		out = append(out, v)
	}
	return out
}

var directions = map[verdict.Direction]templates.Tone{
	verdict.Same: templates.Unclear, verdict.Better: templates.Better, verdict.Worse: templates.Worse,
}

func measuredRow(row verdict.Row) templates.MeasuredRow {
	v := templates.MeasuredRow{Label: row.Metric.Label, Values: []templates.Value{}, Diffs: []templates.Difference{}}
	for _, f := range row.Figures {
		v.Values = append(v.Values, templates.Value{Text: f.Text, Error: f.Error, Title: strconv.FormatFloat(f.Exact, 'g', 8, 64) + " " + string(row.Metric.Unit)})
	}
	for _, c := range row.Changes {
		v.Diffs = append(v.Diffs, templates.Difference{Text: c.Text, Tone: directions[c.Direction], Title: c.Title})
	}
	return v
}

// breakdowns show where the CPU of one request goes, on each side, for one group.
func (r *report) breakdowns(group []int, link func(profiles.Side) string) []templates.Breakdown {
	out := []templates.Breakdown{}
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		b := templates.Breakdown{
			Title: "Where a request’s " + string(side) + " CPU goes",
			Hint:  "by line of the workload, same scale, from the profiled pass", Bars: []templates.BreakdownBar{},
		}
		for _, stack := range chart.Stacks(verdict.PartTableOf(r.Lines, side, group)) {
			bar := templates.BreakdownBar{Series: r.series(stack.Cell), Total: stack.Label, Parts: []templates.BreakdownPart{}}
			for _, p := range stack.Parts {
				part := templates.BreakdownPart{Label: p.Label, Value: p.Figure, Width: p.Width, Rest: p.Line == 0, Title: p.Title}
				if p.Line > 0 {
					part.URL = link(side)
				}
				bar.Parts = append(bar.Parts, part)
			}
			b.Bars = append(b.Bars, bar)
		}
		if len(b.Bars) > 0 {
			out = append(out, b)
		}
	}
	return out
}

// command is the command line that repeats a comparison; what has its default is
// left out.
func command(s runner.Spec) string {
	names := make([]string, len(s.Sockets))
	for i, k := range s.Sockets {
		names[i] = string(k)
	}
	d := runner.Article()
	line := "sockscope compare --sockets " + strings.Join(names, ",")
	add := func(flag, v, usual string) {
		if v != usual {
			line += " --" + flag + " " + v
		}
	}
	places, usual := make([]string, len(s.Placements)), string(d.Placements[0])
	for i, p := range s.Placements {
		places[i] = string(p)
	}
	add("workload", string(s.Workload), string(d.Workload))
	add("base", string(s.Base), names[0])
	add("rounds", strconv.Itoa(s.Rounds), strconv.Itoa(d.Rounds))
	add("requests", strconv.Itoa(s.Requests), strconv.Itoa(d.Requests))
	add("sizes", strings.ReplaceAll(several(s.Sizes, strconv.Itoa), " ", ""), "5")
	add("concurrency", strings.ReplaceAll(several(s.Concurrency, strconv.Itoa), " ", ""), "1")
	add("placement", strings.Join(places, ","), usual)
	add("kernel", string(s.Kernel), string(d.Kernel))
	return line
}
