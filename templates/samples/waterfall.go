package samples

import "github.com/sockscope/sockscope/templates"

// Waterfall explains the difference of the two clients.
func Waterfall() *templates.Waterfall {
	return &templates.Waterfall{
		Title: "Where the difference comes from", Hint: "CPU per request, by line of workload.dialEcho", FullURL: "/comparisons/C-42/waterfall",
		Switches: []templates.Switch{{Label: "Side", Links: []templates.Link{
			current("client", "/comparisons/C-42#waterfall"), link("server", "/comparisons/C-42?side=server#waterfall"), link("both", "/comparisons/C-42?sum=sides#waterfall"),
		}}},
		Falls: []templates.Fall{Fall()},
		Note:  "Grey: within sampling noise. ± is the sampling error, at 95 %. The last digits are rounded so that they add up.",
	}
}

// Fall is the article's difference: it adds up to +48.0 µs.
func Fall() templates.Fall {
	const scale = 100.0
	at := 33.5
	step := func(label, where string, base, other, change float64, texts ...string) templates.FallStep {
		s := templates.FallStep{
			Label: label, Where: where, URL: "/comparisons/C-42#lines", From: at / scale, To: (at + change) / scale,
			Base: texts[0], Other: texts[1], Diff: templates.Difference{Text: texts[2], Tone: templates.Tone(texts[3])}, Error: texts[4], Share: texts[5],
			Title: label + ": " + texts[0] + " on unix, " + texts[1] + " on tcp4",
		}
		at += change
		return s
	}
	f := templates.Fall{
		Caption: "tcp4 against unix", Head: "line", Base: unix, Other: tcp,
		Ticks: []templates.Tick{{At: 0, Label: "0 µs"}, {At: .2, Label: "20 µs"}, {At: .4, Label: "40 µs"}, {At: .6, Label: "60 µs"}, {At: .8, Label: "80 µs"}, {At: 1, Label: "100 µs"}},
		Start: templates.FallEnd{Text: "33.5 µs", At: .335},
		Steps: []templates.FallStep{
			step("net.Dial", "line 32", 11.8, 44.6, 32.8, "11.8 µs", "44.6 µs", "+32.8 µs", "worse", "±1.5", "68 %"),
			step("Write", "line 36", 2, 10.7, 8.7, "2.0 µs", "10.7 µs", "+8.7 µs", "worse", "±0.7", "18 %"),
			step("ReadFull", "line 39", 7.4, 5.7, -1.7, "7.4 µs", "5.7 µs", "−1.7 µs", "better", "±0.7", "−3.5 %"),
			step("Close", "line 42", 6.8, 14.6, 7.8, "6.8 µs", "14.6 µs", "+7.8 µs", "worse", "±0.9", "16 %"),
			step("runtime", "scheduler and garbage collector", 5.5, 5.9, .4, "5.5 µs", "5.9 µs", "+0.4 µs", "unclear", "±0.7", ""),
		},
		End:   templates.FallEnd{Text: "81.5 µs", At: .815},
		Total: templates.Difference{Text: "+48.0 µs", Tone: templates.Worse}, TotalError: "±2.1",
	}
	f.Steps[4].URL = ""
	f.Sum = templates.Rich{
		{Text: "tcp4", Series: 2},
		{Text: " against "},
		{Text: "unix", Series: 1},
		{Text: ": net.Dial "},
		{Text: "+32.8", Strong: true},
		{Text: ", Write "},
		{Text: "+8.7", Strong: true},
		{Text: ", ReadFull "},
		{Text: "−1.7", Strong: true},
		{Text: ", Close "},
		{Text: "+7.8", Strong: true},
		{Text: ", runtime "},
		{Text: "+0.4", Strong: true},
		{Text: " = "},
		{Text: "+48.0 µs", Strong: true},
		{Text: " of CPU per request"},
	}
	return f
}

// WaterfallFull is the page of its own.
func WaterfallFull() templates.WaterfallPage {
	w := *Waterfall()
	w.FullURL = ""
	w.Search = &templates.Search{Action: "/comparisons/C-42/waterfall", Name: "function", Label: "Function whose calls are the steps (regular expression)", Placeholder: "calls of (regexp)"}
	return templates.WaterfallPage{Chrome: chrome("Waterfall of C-42", templates.SectionComparisons), ID: "C-42", URL: "/comparisons/C-42", Heading: heading("where the difference comes from"), Waterfall: w}
}

// WaterfallEmpty looks at no sample.
func WaterfallEmpty() templates.WaterfallPage {
	v := WaterfallFull()
	v.Waterfall.Falls, v.Waterfall.Empty = nil, "No sample is left to explain a difference with."
	return v
}
