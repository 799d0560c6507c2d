package samples

import "github.com/sockscope/sockscope/templates"

// options are the choices of how a graph is drawn.
func options() []templates.Switch {
	return []templates.Switch{
		{Label: "Graphs", Links: []templates.Link{current("one", "?"), link("two", "?graphs=pair")}},
		{Label: "Direction", Links: []templates.Link{current("callees", "?"), {Label: "callers and callees", Off: "zoom to a function first: its card leads to its callers and callees"}}},
		{Label: "Root", Links: []templates.Link{current("above", "?"), link("below", "?orient=flame")}},
		{Label: "Frames", Links: []templates.Link{current("all", "?"), link("changed 31", "?only=changed"), link("new 12", "?only=new"), link("gone 9", "?only=gone")}},
		{Label: "Colour", Links: []templates.Link{current("difference", "?"), link("package", "?colour=package"), link("layer", "?colour=layer")}},
		{Label: "Change of", Links: []templates.Link{current("total", "?"), link("self", "?delta=self")}},
	}
}

func card() *templates.FlameCard {
	return &templates.FlameCard{
		Name: "net.(*netFD).connect", Noise: "The difference is within sampling noise.",
		Facts: []templates.Fact{
			{Label: "unix", Value: "12.1 µs · 21 % of all"},
			{Label: "tcp4", Value: "12.4 µs · 12 % of all"},
			{Label: "difference", Value: "+0.3 µs (+2.5 %)"},
			{Label: "unix, self", Value: "0.2 µs"},
			{Label: "tcp4, self", Value: "·"},
			{Label: "unix, samples", Value: "436 samples, ±4.8 %"},
			{Label: "tcp4, samples", Value: "434 samples, ±4.8 %"},
		},
		Links: []templates.Link{
			link("lines of this function", "/comparisons/C-42/lines?function=connect"),
			{Label: "callers and callees", URL: "?pivot=connect", Title: "callers above, callees below"},
			{Label: "focus on it", URL: "?focus=connect", Title: "only samples that go through it"},
			{Label: "hide it", URL: "?hide=connect", Title: "what it calls moves up to its callers"},
		},
	}
}

func table() *templates.FlameTable {
	t := &templates.FlameTable{Caption: "The same as a table: 2 frames", Columns: []templates.Series{{Name: "unix", Series: 1}, {Name: "tcp4", Series: 2}}, Against: "tcp4 against unix"}
	for i, name := range []string{"all samples", "net.(*netFD).connect"} {
		t.Rows = append(t.Rows, templates.FlameRow{
			Name: name, URL: "?at=1", Depth: i, Values: []templates.FlameValue{{Total: "57.3 µs", Self: "·", Samples: "2 063"}, {Total: "105 µs", Self: "1.2 µs", Samples: "3 675"}},
			Diff: templates.Difference{Text: "+47.7 µs", Tone: templates.Worse, Title: "(+83.2 %)"},
		})
	}
	return t
}

// FlamePair has each side by itself, on one scale; the base lacks the zoomed frame.
func FlamePair() templates.FlamePage {
	v := Difference()
	v.Options, v.Selected, v.Table, v.Hint = options(), card(), table(), "width: CPU per request, on one scale"
	below := v
	v.Label, v.Caption = "Flame graph of unix", &templates.FlameCaption{Series: templates.Series{Name: "unix", Series: 1}, Total: "·", Absent: "unix has no sample of this frame"}
	v.Boxes, v.Depth = v.Boxes[:1], 1
	below.Label, below.Caption = "Flame graph of tcp4", &templates.FlameCaption{Series: templates.Series{Name: "tcp4", Series: 2}, Total: "105 µs"}
	v.Pair = &below
	return flamePage(v)
}

// FlameLayers stands on its root, coloured by layer.
func FlameLayers() templates.FlamePage {
	v := Single()
	v.Options, v.Selected, v.Flip = options(), card(), true
	fills := []templates.LegendKey{
		{Fill: templates.FillMain, Label: "user code"},
		{Fill: templates.FillStd, Label: "Go standard library"},
		{Fill: templates.FillRuntime, Label: "Go runtime"},
		{Fill: templates.FillSyscall, Label: "system call boundary"},
		{Fill: templates.FillKernel, Label: "kernel"},
		{Fill: templates.FillSoftIRQ, Label: "kernel: softirq"},
	}
	for i := range v.Boxes {
		v.Boxes[i].Fill = fills[min(v.Boxes[i].Depth/3, len(fills)-1)].Fill
	}
	v.Legend.Packages = fills
	return flamePage(v)
}

// FlameFiltered asks for what is new where nothing is.
func FlameFiltered() templates.FlamePage {
	v := Difference()
	v.Options, v.Boxes, v.Depth = options(), []templates.FlameBox{}, 0
	v.Empty = "No frame is new: unix has each that tcp4 has."
	return flamePage(v)
}
