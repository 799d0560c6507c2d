package samples

import "github.com/sockscope/sockscope/templates"

// Start is the start page with a finished comparison.
func Start() templates.StartPage {
	return templates.StartPage{
		Chrome: chrome("", ""),
		Article: templates.ArticleForm{
			Action:  "/comparisons",
			Fields:  []templates.Hidden{{Name: "workload", Value: "dial-echo"}},
			Summary: "unix against tcp4 · 10 000 × dial, write, read, close · 10 rounds · about 1 min 20 s",
		},
		Code:    code(true),
		Presets: presets(),
		Form:    form(),
		Recent:  rows()[1:4],
		MoreURL: "/comparisons",
	}
}

// StartEmpty is the start page of a fresh installation.
func StartEmpty() templates.StartPage {
	v := Start()
	v.Code, v.Recent, v.MoreURL = code(false), []templates.ComparisonRow{}, ""
	return v
}

// StartStranger is the start page for who does not hold the start token.
func StartStranger() templates.StartPage {
	v := Start()
	v.Chrome.MayStart = false
	return v
}

func code(values bool) templates.CodeCard {
	call := func(before, name, after string, costs ...string) templates.CodeLine {
		if !values {
			costs = nil
		}
		return templates.CodeLine{
			Text:   templates.Rich{{Text: before}, {Text: name, Strong: true}, {Text: after}},
			Values: append([]string{}, costs...),
		}
	}
	plain := func(text string) templates.CodeLine {
		l := templates.CodeLine{Text: templates.Rich{{Text: text}}, Values: []string{}}
		if values {
			l.Values = []string{"", ""}
		}
		return l
	}
	c := templates.CodeCard{Title: "runner/workload/dial_echo.go", Columns: []templates.Series{}, Lines: []templates.CodeLine{
		plain("for range requests {"),
		call("\tconn, err := ", "net.Dial", "(network, address)", "11.8", "44.7"),
		plain("\t…"),
		call("\t", "conn.Write", "(msg)", "2.0", "10.7"),
		call("\t", "io.ReadFull", "(conn, buf)", "7.3", "5.7"),
		call("\t", "conn.Close", "()", "6.8", "14.7"),
		plain("}"),
	}}
	if values {
		c.Columns, c.Unit = []templates.Series{unix, tcp}, "µs"
		c.Source, c.SourceURL = "client CPU per request, from C-42", "/comparisons/C-42"
	}
	return c
}

func rows() []templates.ComparisonRow {
	done := templates.StateView{Tone: templates.Good, Label: "done"}
	worse := templates.NewRatioBar(2.10, 2.05, 2.14, templates.Worse)
	small := templates.NewRatioBar(1.28, 1.21, 1.35, templates.Worse)
	none := templates.NewRatioBar(1.03, .95, 1.11, templates.Unclear)
	return []templates.ComparisonRow{
		{ID: "C-43", URL: "/comparisons/C-43", Heading: heading("dial, write, read, close"), State: templates.StateView{Tone: templates.Busy, Label: "running 43 %"}, Host: "epyc-2", When: "34 s ago", Exact: "22 Nov 2026 07:35:02 UTC"},
		{ID: "C-42", URL: "/comparisons/C-42", Heading: heading("dial, write, read, close"), State: done, Ratio: &worse, Host: "epyc-2", When: "4 min ago", Exact: "22 Nov 2026 07:31:10 UTC"},
		{ID: "C-41", URL: "/comparisons/C-41", Heading: heading("echo on a kept connection"), State: done, Ratio: &small, Host: "epyc-2", When: "31 min ago", Exact: "22 Nov 2026 07:04:40 UTC"},
		{ID: "C-40", URL: "/comparisons/C-40", Heading: templates.Rich{{Text: "sidecar, 64 KiB bodies"}}, State: done, Ratio: &none, Verdict: "no difference shown", Host: "epyc-2", When: "yesterday", Exact: "21 Nov 2026 18:20:00 UTC"},
		{ID: "C-39", URL: "/comparisons/C-39", Heading: heading("echo on a kept connection"), State: templates.StateView{Tone: templates.Bad, Label: "failed"}, Host: "epyc-2", When: "yesterday", Exact: "21 Nov 2026 17:02:00 UTC"},
		{ID: "C-38", URL: "/comparisons/C-38", Heading: heading("echo on a kept connection"), State: templates.StateView{Tone: templates.Soft, Label: "canceled"}, Host: "epyc-2", When: "2 days ago", Exact: "20 Nov 2026 11:00:00 UTC"},
	}
}

// Comparisons is the list.
func Comparisons() templates.ComparisonsPage {
	return templates.ComparisonsPage{
		Chrome: busy(chrome("Comparisons", templates.SectionComparisons)),
		States: templates.Switch{Label: "State", Links: []templates.Link{
			current("all", "/comparisons"), link("running", "/comparisons?state=running"), link("done", "/comparisons?state=done"), link("failed", "/comparisons?state=failed"),
		}},
		Rows:  rows(),
		Pager: templates.Pager{OlderURL: "/comparisons?before=C-38", Text: "43 comparisons"},
	}
}

// ComparisonsEmpty is the list before the first comparison.
func ComparisonsEmpty() templates.ComparisonsPage {
	v := Comparisons()
	v.Rows, v.Pager = []templates.ComparisonRow{}, templates.Pager{}
	return v
}
