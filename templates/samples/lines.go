package samples

import "github.com/sockscope/sockscope/templates"

func row(number, text string, hot bool, base string, baseWidth float64, other string, otherWidth float64, diff string, tone templates.Tone) templates.LineRow {
	r := templates.LineRow{
		Number: number, Text: text, Hot: hot,
		Values: []templates.LineValue{
			{Text: base, Width: baseWidth, Title: "cum " + base + " ± 4 %, 425 samples"}, {Text: other, Error: "±2 %", Width: otherWidth, Title: "cum " + other + " ± 2 %, 1 564 samples"},
		},
		Diffs: []templates.Difference{{}, {Text: diff, Tone: tone}},
		Noise: tone == templates.Unclear,
	}
	if hot {
		r.OpenURL = "?open=" + number
	}
	return r
}

// landmark is where a closed line leaves for the kernel.
func landmark(function, base, other, diff string, tone templates.Tone) templates.LineRow {
	r := row("", "", false, base, 0, other, 0, diff, tone)
	r.Kind, r.Callee, r.CalleeURL = templates.LandmarkLine, function, "?function="+function
	return r
}

// call is what an opened line calls.
func call(function, text string, depth int, base, other, diff string, tone templates.Tone) templates.LineRow {
	r := row("512", text, false, base, 0.1, other, 0.4, diff, tone)
	r.Kind, r.Callee, r.CalleeURL, r.Depth = templates.CallLine, function, "?function="+function, depth
	r.OpenURL, r.FlameURL = "?open=32>"+function, "?pivot="+function
	return r
}

// Lines is the workload's function for unix and tcp4.
func Lines() templates.Lines {
	return templates.Lines{
		Title: "Per-line timings", Hint: "runner/workload.dialEcho · CPU per request, cumulative",
		Switches: []templates.Switch{
			{Label: "Side", Links: []templates.Link{current("client", "?side=client"), link("server", "?side=server")}},
			{Label: "Kind", Links: []templates.Link{current("Go", "?kind=go"), {Label: "Go + kernel", Off: "perf events are not allowed here: set kernel.perf_event_paranoid to 1"}}},
		},
		Search: &templates.Search{
			Action: "/comparisons/C-42/lines", Hidden: []templates.Hidden{}, Name: "function", Value: "dialEcho", Label: "Function", Placeholder: "function (regexp)",
			Suggestions: []string{"github.com/sockscope/sockscope/runner/workload.dialEcho", "net.Dial", "net.(*conn).Close"},
		},
		Columns: []templates.LineColumn{{Series: unix}, {Series: tcp, Against: "tcp4 against unix", OrderURL: "?order=difference"}},
		Cells: &templates.CellChooser{
			Action: "/comparisons/C-42/lines", Hidden: []templates.Hidden{}, Summary: "Side by side: 2 of 3 cells",
			Groups: []templates.ChoiceGroup{{Options: []templates.ChoiceOption{{Value: "unix", Label: "unix", Current: true}, {Value: "tcp4", Label: "tcp4", Current: true}, {Value: "tcp6", Label: "tcp6"}}}},
		},
		Largest: []templates.LargestList{{Label: "Largest differences, self", Links: []templates.LargestLink{
			{Link: link("syscall.Connect", "?function=syscall.Connect"), Value: templates.Difference{Text: "+23.3 µs", Tone: templates.Worse}},
		}}},
		Sheets: []templates.Sheet{{
			Function: "workload.dialEcho", File: "runner/workload/dial_echo.go", FileURL: "?whole=dial_echo.go", FlameURL: "?pivot=dialEcho",
			Totals: []templates.LineValue{{Text: "27.9 µs"}, {Text: "75.8 µs"}}, Diffs: []templates.Difference{{}, {Text: "+47.9 µs", Tone: templates.Worse}},
			Cheaper: &templates.Link{Label: "net.(*Dialer).Dial", URL: "?function=Dial", Title: "the function that costs a little less"},
			Rows: []templates.LineRow{
				row("28", "func dialEcho(network, address string, n int) error {", false, "·", 0, "·", 0, "·", templates.Soft),
				row("31", "\tfor range n {", false, "·", 0, "0.2 µs", .004, "≈", templates.Unclear),
				row("32", "\t\tconn, err := net.Dial(network, address)", true, "11.8 µs", .264, "44.7 µs", 1, "+32.8 µs", templates.Worse),
				landmark("syscall.Connect", "3.1 µs", "26.4 µs", "+23.3 µs", templates.Worse),
				landmark("syscall.Socket", "2.9 µs", "4.1 µs", "+1.2 µs", templates.Worse),
				row("33", "\t\tif err != nil {", false, "·", 0, "·", 0, "·", templates.Soft),
				row("34", "\t\t\treturn err", false, "·", 0, "·", 0, "·", templates.Soft),
				row("36", "\t\tif _, err := conn.Write(msg); err != nil {", true, "2.0 µs", .045, "10.7 µs", .239, "+8.7 µs", templates.Worse),
				row("39", "\t\tif _, err := io.ReadFull(conn, buf); err != nil {", true, "7.3 µs", .163, "5.7 µs", .128, "−1.7 µs", templates.Better),
				row("42", "\t\tif err := conn.Close(); err != nil {", true, "6.8 µs", .152, "14.7 µs", .329, "+7.8 µs", templates.Worse),
			},
		}},
		Note: "≈ is within sampling noise",
	}
}

// LinesFull is the page of its own, with a function that recursion over-counts.
func LinesFull() templates.LinesPage {
	l := Lines()
	open := row("32", "\t\tconn, err := net.Dial(network, address)", true, "11.8 µs", .264, "44.7 µs", 1, "+32.8 µs", templates.Worse)
	open.Open, open.DeepURL = true, "?open=32>!"
	self := row("", "self: the line’s own work", false, "0.2 µs", 0, "0.3 µs", 0, "≈", templates.Unclear)
	self.Kind, self.Depth = templates.SelfLine, 1
	smaller := row("", "7 smaller", false, "0.9 µs", 0, "1.0 µs", 0, "≈", templates.Unclear)
	smaller.Kind, smaller.Depth, smaller.OpenURL = templates.SmallerLine, 1, "?open=32>*"
	added := row("36", "\t\tconn.SetDeadline(deadline)", false, "·", 0, "0.8 µs", .02, "+0.8 µs", templates.Worse)
	added.Mark, added.MarkTitle = "+", "not in the source of unix"
	l.Sheets = append(l.Sheets, templates.Sheet{
		Function: "workload.edited", File: "runner/workload/edited.go", URL: "?function=edited",
		Totals: []templates.LineValue{{Text: "11.8 µs"}, {Text: "45.5 µs"}}, Diffs: []templates.Difference{{}, {Text: "+33.7 µs", Tone: templates.Worse}},
		Rows: []templates.LineRow{
			{Kind: templates.FoldedLine, Text: "12 lines without samples", OpenURL: "?open=20-31"},
			open, self,
			call("net.Dial", "return d.DialContext(ctx, network, address)", 1, "11.0 µs", "43.4 µs", "+32.4 µs", templates.Worse),
			call("net.(*Dialer).DialContext", "c, err := sd.dialSerial(ctx, primaries)", 2, "11.0 µs", "43.4 µs", "+32.4 µs", templates.Worse), smaller, added,
		},
	}, templates.Sheet{
		Function: "net.(*Resolver).internetAddrList", File: "net/ipsock.go", Missing: "Source not captured: only lines with values are shown, without their text.",
		Totals: []templates.LineValue{{Text: "·"}, {Text: "2.1 µs"}}, Diffs: []templates.Difference{{}, {Text: "+2.1 µs", Tone: templates.Worse}},
		Note: "pprof prints 4.2 µs: it counts a sample once for each line of a recursion.",
		Rows: []templates.LineRow{row("281", "line 281", true, "·", 0, "2.1 µs", 1, "+2.1 µs", templates.Worse)},
	})
	return templates.LinesPage{Chrome: chrome("Lines of C-42", templates.SectionComparisons), ID: "C-42", URL: "/comparisons/C-42", Heading: heading("per-line timings"), Lines: l}
}

// LinesEmpty finds no function.
func LinesEmpty() templates.LinesPage {
	v := LinesFull()
	v.Lines.Sheets, v.Lines.Search.Value, v.Lines.Empty = []templates.Sheet{}, "nosuch", "No function with samples matches nosuch."
	return v
}
