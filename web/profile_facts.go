package web

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// profileFacts are what is known of a profile beside its samples: what the row says,
// then what it tells of its making.
func (s *Server) profileFacts(c echo.Context, p panel) []templates.Fact {
	o, row := p.sides[0], p.sides[0].row
	facts := []templates.Fact{countedFact(o)}
	if !p.ofSamples() {
		facts = append([]templates.Fact{{Label: "Sum", Value: p.sums(0)[0], Title: "of all its samples, as recorded"}}, facts...)
	}
	put := func(label, value, title string) {
		if value != "" {
			facts = append(facts, templates.Fact{Label: label, Value: value, Title: title})
		}
	}
	if row.Ops > 0 {
		put("Operations", quantity.Count(row.Ops), "operations that ran while it was taken")
	}
	if row.Duration > 0 {
		put("Duration", quantity.Lasting(row.Duration), "")
		if st := o.decoded.SampleType[o.sampleType]; st.Type == "cpu" && st.Unit == "nanoseconds" && !o.ofDifferences() {
			busy := float64(o.total) / float64(row.Duration)
			put("On CPU", quantity.Percent(busy)+" of wall time", "a CPU profile does not see time spent waiting")
		}
	}
	if period := periodOf(o); period != "" {
		put("A sample every", period, "")
	}
	for _, f := range s.makingFacts(c.Request().Context(), o) {
		put(f.Label, f.Value, f.Title)
	}
	if row.Comparison != "" && sharedOf(c) == nil {
		facts = append(facts, templates.Fact{Label: "Comparison", Value: row.Comparison, URL: "/comparisons/" + row.Comparison})
	}
	put("Size", quantity.Bytes(row.Bytes), "")
	put("SHA-256", row.SHA256[:min(12, len(row.SHA256))], row.SHA256)
	return facts
}

// countedFact is how much was counted: samples, where their number is known, else
// what the file holds.
func countedFact(o side) templates.Fact {
	if o.samples > 0 {
		return templates.Fact{Label: "Samples", Value: quantity.Count(o.samples)}
	}
	f := templates.Fact{Label: "Stacks", Value: quantity.Count(int64(len(o.decoded.Sample))), Title: "different ones; the number of samples behind them is not known"}
	if o.exposure.census {
		f.Title = "different ones; each thing was counted, so that no figure has a sampling error"
	}
	return f
}

// makingFacts are what a profile tells of the program and the machine. What is not
// known is left out; it is not worth an error.
func (s *Server) makingFacts(ctx context.Context, o side) []templates.Fact {
	m, err := s.makingOf(ctx, o)
	if err != nil {
		return nil
	}
	title := ""
	if m.BuildID != "" {
		title = "build " + m.BuildID
	}
	facts := []templates.Fact{
		{Label: "Program", Value: clip(m.Binary), Title: title},
		{Label: "Built with", Value: clip(m.Go), Title: "read from the paths of the standard library in it"},
		{Label: "Platform", Value: strings.Trim(m.OS+"/"+m.Arch, "/"), Title: "read from the files of the runtime in it"},
		{Label: "CPU", Value: clip(m.cpu), Title: m.cpu},
	}
	if !m.Taken.IsZero() {
		facts = append(facts, templates.Fact{Label: "Taken", Value: moment(m.Taken)})
	}
	if len(m.Comments) > 0 {
		facts = append(facts, templates.Fact{Label: "Comment", Value: clip(m.Comments[0]), Title: strings.Join(m.Comments, "\n")})
	}
	return facts
}
