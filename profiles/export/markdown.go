package export

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Markdown writes the answer and the tables for a pull request. Names and titles
// cannot break the table, start a link, or mention anybody.
func (r *Report) Markdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "### %s\n\n", escape(r.Comparison.Title))
	fmt.Fprintf(out, "**%s**", escape(r.Verdict.Text))
	if h := r.Verdict.Headline; h != nil {
		fmt.Fprintf(out, " %s (%s, %s", escape(h.Figure), escape(h.Label), escape(h.Interval))
		if h.P != "" {
			fmt.Fprintf(out, ", %s", escape(h.P))
		}
		fmt.Fprint(out, ")")
	}
	fmt.Fprint(out, "\n")
	for i, fact := range r.Verdict.Facts {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "- %s\n", escape(fact))
	}
	for _, g := range append(r.measured(), r.byLine()...) {
		fmt.Fprintln(out)
		g.markdown(out)
	}
	fmt.Fprintf(out, "\n<sub>%s", escape(r.subtitle()))
	for _, note := range r.Verdict.Notes {
		fmt.Fprintf(out, " · %s", escape(note))
	}
	fmt.Fprintln(out, "</sub>")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s as Markdown: %w", r.Comparison.ID, err)
	}
	return nil
}

func (g grid) markdown(out io.Writer) {
	if g.title != "" {
		fmt.Fprintf(out, "%s\n\n", escape(g.title))
	}
	for n, row := range g.rows {
		for _, cell := range row {
			fmt.Fprintf(out, "| %s ", escape(cell))
		}
		fmt.Fprintln(out, "|")
		if n == 0 {
			fmt.Fprintln(out, "|---|"+strings.Repeat("--:|", len(row)-1))
		}
	}
}

// escape makes a text mean itself in Markdown. Signs that Markdown or HTML reads
// are written as character references, which no rule of either looks into.
// References to people and issues are found after those are resolved, so @ and #
// are followed by a space without width.
func escape(s string) string {
	var b strings.Builder
	for _, c := range oneLine(s) {
		switch {
		case c == '@' || c == '#':
			b.WriteString("&#" + strconv.Itoa(int(c)) + ";\u200b")
		case strings.ContainsRune("\\`*_{}[]<>|!&~$", c):
			b.WriteString("&#" + strconv.Itoa(int(c)) + ";")
		default:
			b.WriteRune(c)
		}
	}
	return links.Replace(b.String())
}

// links breaks what would become a link by itself.
var links = strings.NewReplacer("://", "&#58;//", "www.", "www&#46;")
