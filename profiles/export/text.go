package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// Text writes the comparison for a terminal: the answer, its facts, the metrics
// with their errors and differences, and the client's CPU by line. It has no
// control characters but line ends, and no colours.
func (r *Report) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, oneLine(r.Comparison.Title))
	fmt.Fprintln(out, r.subtitle())
	fmt.Fprintln(out)
	if h := r.Verdict.Headline; h != nil {
		parts := []string{h.Figure, h.Label, h.Interval}
		if h.P != "" {
			parts = append(parts, h.P)
		}
		fmt.Fprintln(out, oneLine(strings.Join(parts, " · ")))
	}
	fmt.Fprintln(out, oneLine(r.Verdict.Text))
	for _, fact := range r.Verdict.Facts {
		fmt.Fprintln(out, "  - "+oneLine(fact))
	}
	for _, g := range append(r.measured(), r.byLine()...) {
		fmt.Fprintln(out)
		g.text(out)
	}
	if len(r.Verdict.Notes) > 0 {
		fmt.Fprintln(out)
	}
	for _, note := range r.Verdict.Notes {
		fmt.Fprintln(out, oneLine(note))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s as text: %w", r.Comparison.ID, err)
	}
	return nil
}

// subtitle says where the figures are from: "C-42 · epyc-2 · 10 of 10 rounds".
func (r *Report) subtitle() string {
	var parts []string
	for _, p := range []string{r.Comparison.ID, r.Comparison.Host} {
		if p = oneLine(p); p != "" {
			parts = append(parts, p)
		}
	}
	if len(r.Comparison.Cells) > 0 {
		parts = append(parts, quantity.Plural(int64(r.requests()), "request", "requests")+" a run")
	}
	rounds := quantity.Plural(int64(r.Summary.Rounds), "round", "rounds")
	if r.Summary.Planned > r.Summary.Rounds {
		rounds = quantity.Count(int64(r.Summary.Rounds)) + " of " + quantity.Plural(int64(r.Summary.Planned), "round", "rounds")
	}
	parts = append(parts, rounds, verdict.Loop(r.Comparison))
	if s := r.Comparison.State; s != "" && s != profiles.Done {
		parts = append(parts, string(s))
	}
	return strings.Join(parts, " · ")
}

// text writes the grid with its first column on the left and figures on the
// right.
func (g grid) text(out io.Writer) {
	if g.title != "" {
		fmt.Fprintln(out, g.title)
	}
	widths := g.widths()
	for _, row := range g.rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString(cell + pad)
				continue
			}
			b.WriteString("   " + pad + cell)
		}
		fmt.Fprintln(out, strings.TrimRight(b.String(), " "))
	}
}
