package samples

import "github.com/sockscope/sockscope/templates"

func topHead(label, sort string) templates.TopHead {
	return templates.TopHead{Label: label, URL: "/profiles/P-12?tab=top&sort=" + label, Sort: sort}
}

// top lists functions, of one profile or of two.
func top(difference bool) templates.TopTable {
	t := templates.TopTable{
		Hint: "flat: in the function itself; cum: with what it calls · CPU per request",
		More: "4 of 117 functions are shown.", MoreURL: "/profiles/P-12?tab=top&rows=400", MoreLabel: "Show 113 more",
		Name: topHead("function", ""), Groups: []templates.TopGroup{{Series: tcp, Span: 4}},
		Heads:  []templates.TopHead{topHead("flat", "descending"), {Label: "share"}, topHead("cum", ""), {Label: "share"}},
		Search: &templates.Search{Action: "/profiles/P-12", Hidden: []templates.Hidden{{Name: "tab", Value: "top"}}, Name: "search", Label: "Search functions", Placeholder: "search (regexp)"},
	}
	if difference {
		base := unix
		t.Groups = []templates.TopGroup{{Series: unix, Span: 2}, {Series: tcp, Span: 2}, {Series: tcp, Minus: &base, Span: 2}}
		t.Heads = []templates.TopHead{topHead("flat", ""), topHead("cum", ""), topHead("flat", ""), topHead("cum", ""), topHead("Δ flat", "other"), topHead("Δ cum", "")}
	}
	row := func(name, flat, cum, diff string, width float64, tone templates.Tone) templates.TopRow {
		r := templates.TopRow{Function: name, URL: "/profiles/P-12?tab=lines", PivotURL: "/profiles/P-12?pivot=f"}
		own := []templates.TopCell{{Text: flat, Title: "2 142 samples"}, {Text: cum, Width: width, Series: 2, Title: "2 142 samples"}}
		if !difference {
			r.Cells = []templates.TopCell{own[0], {Text: "74.8 %", Tone: templates.Soft}, own[1], {Text: "92.7 %", Tone: templates.Soft}}
			return r
		}
		change := templates.TopCell{Text: diff, Tone: tone, Title: "+110 %, ±1.2 µs"}
		r.Cells = []templates.TopCell{own[0], own[1], own[0], own[1], change, change}
		return r
	}
	total := row("everything", "81.8 µs", "81.8 µs", "+48.0 µs", 0, templates.Worse)
	total.URL, total.PivotURL = "", ""
	t.Total = &total
	t.Rows = []templates.TopRow{
		row("internal/runtime/syscall/linux.Syscall6", "61.2 µs", "61.2 µs", "+40.1 µs", .81, templates.Worse),
		row("runtime.futex", "4.4 µs", "4.4 µs", "≈", .06, templates.Unclear),
		row("runtime.mallocgc", "1.1 µs", "2.8 µs", "+1.4 µs", .04, templates.Worse),
		row("github.com/sockscope/sockscope/runner/workload.dialEcho", "0.2 µs", "75.8 µs", "+47.9 µs", 1, templates.Worse),
	}
	return t
}

// TopFull is the top table of a comparison on a page of its own.
func TopFull() templates.TopPage {
	t := top(true)
	t.Switches = []templates.Switch{{Label: "Which functions", Links: []templates.Link{current("all", "/comparisons/C-42/top"), link("changed", "/comparisons/C-42/top?only=changed")}}}
	return templates.TopPage{Chrome: chrome("Top functions of C-42", templates.SectionComparisons), ID: "C-42", URL: "/comparisons/C-42", Heading: heading("functions by cost"), Top: t}
}
