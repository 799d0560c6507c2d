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

func field(name, label, value, hint string, options ...templates.Option) templates.Field {
	return templates.Field{Name: name, Label: label, Value: value, Hint: hint, Options: options}
}

func form() templates.NewForm {
	return templates.NewForm{
		Action: "/comparisons",
		Title:  field("title", "Title", "", "optional; else it is named after its sockets"),
		Workload: field("workload", "Workload", "", "", templates.Option{Value: "dial-echo", Label: "dial, write, read, close", Selected: true},
			templates.Option{Value: "echo", Label: "echo on a kept connection"}),
		Sockets: field("sockets", "Sockets", "", "",
			templates.Option{Value: "unix", Label: "unix", Selected: true}, templates.Option{Value: "tcp4", Label: "tcp4", Selected: true},
			templates.Option{Value: "tcp6", Label: "tcp6"}, templates.Option{Value: "unix-abstract", Label: "unix-abstract"},
			templates.Option{Value: "unixpacket", Label: "unixpacket"}, templates.Option{Value: "udp4", Label: "udp4"},
			templates.Option{Value: "vsock", Label: "vsock", Off: "the loopback of vsock did not answer: load the module vsock_loopback"}),
		Base:        field("base", "Base", "", "", templates.Option{Value: "unix", Label: "unix", Selected: true}, templates.Option{Value: "tcp4", Label: "tcp4"}),
		Sizes:       field("sizes", "Message sizes", "5", "bytes; several with commas"),
		Concurrency: field("concurrency", "Connections at once", "1", "several with commas"),
		Placements: field("placements", "Placement", "", "", templates.Option{Value: "split", Label: "split: each side its own CPUs", Selected: true},
			templates.Option{Value: "same", Label: "same: both on one CPU"}, templates.Option{Value: "free", Label: "free: as the scheduler likes"}),
		Requests: field("requests", "Requests per round", "10 000", ""),
		Rounds:   field("rounds", "Rounds", "10", "from 6 on there is an interval"),
		Kernel:   field("kernel", "Kernel frames", "", "", templates.Option{Value: "auto", Label: "where perf events are allowed", Selected: true}, templates.Option{Value: "off", Label: "no"}),
		Host:     field("host", "Host", "", "", templates.Option{Value: "", Label: "this host", Selected: true}),
		Estimate: templates.Estimate{Text: "2 cells + A/A · 30 runs · about 1 min 20 s", PerRun: 1.2, PerRequest: 0.00014},
	}
}

// Form is the form on a page of its own.
func Form() templates.NewComparisonPage {
	return templates.NewComparisonPage{Chrome: chrome("New comparison", templates.SectionNew), Form: form()}
}

// FormWrong is the form given back.
func FormWrong() templates.NewComparisonPage {
	v := Form()
	v.Form.Rounds.Value, v.Form.Rounds.Error = "0", "0 rounds cannot be run; use 1 to 100 (6 give an interval, 10 are the default)."
	v.Form.Requests.Value, v.Form.Requests.Error = "1000000000", "1000000000 requests per round cannot be run; use 1 to 10000000."
	v.Form.Sockets.Error = `The socket "carrier-pigeon" is not known; use unix, tcp4.`
	return v
}
