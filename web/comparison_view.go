package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
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

// meta is what was measured and where, in words.
func (r *report) meta(f host.Fingerprint) []string {
	s := r.spec
	m := []string{
		several(s.Sizes, r.size) + " messages",
		several(s.Concurrency, strconv.Itoa) + map[bool]string{true: " connection", false: " connections"}[len(s.Concurrency) == 1 && s.Concurrency[0] == 1],
		plural(s.Rounds, "round", "interleaved rounds") + " of " + plural(s.Requests, "request", "requests"),
	}
	if s.Rate > 0 {
		m = append(m, "open loop, "+quantity.Count(int64(s.Rate))+" requests/s")
	}
	places := make([]string, len(s.Placements))
	for i, p := range s.Placements {
		places[i] = string(p)
	}
	m = append(m, "placement "+strings.Join(places, ", "))
	if s.Ports == runner.OneAddress {
		m = append(m, "one address to dial")
	}
	if len(s.Hosts) > 1 {
		m = append(m, strings.Join(s.Hosts, ", "))
	} else {
		m = append(m, fingerprintLine(f)...)
	}
	return append(m, moment(r.Comparison.CreatedAt))
}

// fingerprintLine is a machine in a few words.
func fingerprintLine(f host.Fingerprint) []string {
	m := []string{}
	if f.CPU != "" {
		m = append(m, fmt.Sprintf("%s, %s", f.CPU, plural(f.CPUs, "CPU", "CPUs")))
	}
	if f.Kernel != "" {
		m = append(m, "Linux "+f.Kernel)
	}
	if f.Go != "" {
		m = append(m, f.Go)
	}
	return m
}

// maxListed is how many numbers a heading names before it counts them.
const maxListed = 6

// several names numbers, of many only the ends.
func several(ns []int, text func(int) string) string {
	if len(ns) > maxListed {
		return fmt.Sprintf("%d from %s to %s", len(ns), text(slices.Min(ns)), text(slices.Max(ns)))
	}
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
	grade := stats.GradeOf(r.Summary.Rounds)
	v.Grade = grade.Words() + ": " + plural(r.Summary.Rounds, "round", "rounds")
	v.GradeTitle = gradeTitles[grade]
	h := r.Verdict.Headline
	if h == nil {
		return v
	}
	line := templates.Headline{Figure: h.Figure, Caption: h.Interval}
	if h.P != "" {
		line.Caption += " · " + h.P
	}
	line.Series = r.series(h.Costlier)
	v.Headlines = append(v.Headlines, line)
	return v
}

// gradeTitles say what so many rounds can carry.
var gradeTitles = map[stats.Grade]string{
	stats.Indicative:  "Fewer than 6 rounds give no interval.",
	stats.Quick:       "From 6 rounds on there is an interval; it spans all of them, and a small difference stays hidden.",
	stats.Usual:       "10 rounds and more tell a difference of a few percent from noise; 20 are worth publishing.",
	stats.Publishable: "20 rounds and more: enough to publish, with the host and the placement.",
}

// breakdowns show where the CPU of one request goes, on each side, for one group.
func (r *report) breakdowns(group []int, link func(profiles.Side) string) []templates.Breakdown {
	out, op := []templates.Breakdown{}, "request"
	if r.spec.Workload == runner.Stream {
		op = "message"
	}
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		b := templates.Breakdown{
			Name: "cpu-" + string(side), Title: "Where a " + op + "’s " + string(side) + " CPU goes",
			Hint: "by line of the workload, same scale, from the profiled pass", Bars: []templates.BreakdownBar{},
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
