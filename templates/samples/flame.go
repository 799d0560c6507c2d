package samples

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/templates"
)

// frames are the boxes of a difference: name, depth, place, width, µs over unix,
// µs over tcp4.
//
//go:embed frames.tsv
var frames string

// Difference is the flame graph of the client, tcp4 against unix.
func Difference() templates.Flame {
	v := templates.Flame{
		Title: "Flame graph", Hint: "width: CPU per request of both",
		Switches: []templates.Switch{
			{Label: "What is drawn", Links: []templates.Link{current("difference", "?view=diff"), link("unix", "?view=base"), link("tcp4", "?view=other")}},
			{Label: "Side", Links: []templates.Link{current("client", "?side=client"), link("server", "?side=server")}},
		},
		Search: &templates.Search{Action: "/comparisons/C-42/flame", Hidden: []templates.Hidden{{Name: "side", Value: "client"}}, Name: "search", Label: "Search functions", Placeholder: "search (regexp)"},
		Boxes:  []templates.FlameBox{}, Ancestors: []templates.Link{}, ZoomURL: "/comparisons/C-42/flame?side=client&at=", Diff: true,
		Legend: templates.Legend{Less: "less CPU per request over tcp4", More: "more", Gone: "only over unix", New: "only over tcp4"},
		Label:  "Differential flame graph of the client: tcp4 against unix",
	}
	for i, row := range strings.Split(strings.TrimSpace(frames), "\n") {
		v.Boxes = append(v.Boxes, box(i, strings.Split(row, "\t")))
		v.Depth = max(v.Depth, v.Boxes[i].Depth+1)
	}
	return v
}

func box(i int, column []string) templates.FlameBox {
	depth, _ := strconv.Atoi(column[1]) // the file is ours; a test looks at the boxes
	x, _ := strconv.ParseFloat(column[2], 64)
	width, _ := strconv.ParseFloat(column[3], 64)
	base, _ := strconv.ParseFloat(column[4], 64)
	other, _ := strconv.ParseFloat(column[5], 64)
	b := templates.FlameBox{
		X: x, Width: width, Depth: depth, Name: column[0], At: strconv.FormatUint(uint64(i)*0x9e3779b97f4a7c15, 16),
		Facts: fmt.Sprintf("unix %.1f µs · tcp4 %.1f µs · %+.1f µs\n%d and %d samples", base, other, other-base, int(base*36), int(other*35)),
		New:   base == 0 && other > 0, Gone: other == 0 && base > 0,
	}
	if base+other > 0 {
		b.Fill = templates.DiffFill((other-base)/math.Max(base, other), math.Abs(other-base) < .1)
	}
	return b
}

func flamePage(f templates.Flame) templates.FlamePage {
	return templates.FlamePage{Chrome: chrome("Flame graph of C-42", templates.SectionComparisons), ID: "C-42", URL: "/comparisons/C-42", Heading: heading("flame graph"), Flame: f}
}

// FlameDifference is the whole page.
func FlameDifference() templates.FlamePage { return flamePage(Difference()) }

// FlameSingle is the flame graph of one profile, coloured by package.
func FlameSingle() templates.FlamePage { return flamePage(Single()) }

// Single is one profile's graph.
func Single() templates.Flame {
	v := Difference()
	v.Diff, v.Label, v.Hint = false, "Flame graph of tcp4, client", "width: CPU per request"
	v.Switches[0].Links[0].Current, v.Switches[0].Links[2].Current = false, true
	v.Legend = templates.Legend{Packages: []templates.LegendKey{}}
	seen := map[templates.Fill]bool{}
	for i := range v.Boxes {
		b := &v.Boxes[i]
		b.New, b.Gone, b.Fill = false, false, templates.FillStd
		for _, p := range packages {
			if strings.HasPrefix(b.Name, p.prefix) {
				b.Fill = p.fill
				break
			}
		}
		seen[b.Fill] = true
	}
	for _, p := range packages {
		if seen[p.fill] {
			seen[p.fill] = false
			v.Legend.Packages = append(v.Legend.Packages, templates.LegendKey{Fill: p.fill, Label: p.label})
		}
	}
	return v
}

var packages = []struct {
	prefix, label string
	fill          templates.Fill
}{
	{"main.", "the workload, package main", templates.FillMain},
	{"net.", "net", templates.FillNet},
	{"internal/poll.", "net", templates.FillNet},
	{"syscall.", "system calls", templates.FillSyscall},
	{"internal/runtime/syscall", "system calls", templates.FillSyscall},
	{"runtime.gc", "garbage collector", templates.FillGC},
	{"runtime.", "runtime", templates.FillRuntime},
	{"io.", "standard library", templates.FillStd},
}

// FlameZoomed is zoomed in to net.Dial.
func FlameZoomed() templates.FlamePage {
	v := Difference()
	boxes := []templates.FlameBox{}
	var at templates.FlameBox
	for _, b := range v.Boxes {
		if b.Name == "net.Dial" {
			at = b
		}
	}
	for _, b := range v.Boxes {
		if b.Depth >= at.Depth && b.X >= at.X-1e-9 && b.X+b.Width <= at.X+at.Width+1e-6 {
			b.X, b.Width, b.Depth = (b.X-at.X)/at.Width, b.Width/at.Width, b.Depth-at.Depth
			boxes = append(boxes, b)
		}
	}
	last := &boxes[len(boxes)-1]
	last.Name, last.Smaller, last.Fill, last.Gone, last.New = "17 smaller", 17, templates.FillSame, false, false
	v.Boxes, v.Depth, v.ResetURL, v.Note = boxes, v.Depth-at.Depth, "/comparisons/C-42/flame?side=client", "17 of 96 frames are folded into 1 box; it opens."
	v.Ancestors = []templates.Link{link("all samples", v.ResetURL), link("runtime.main", "?at=1"), link("main.main", "?at=2"), link("main.dialEcho", "?at=3")}
	return flamePage(v)
}

// FlameSearch looks for system calls.
func FlameSearch() templates.FlamePage {
	v := Difference()
	v.Search.Value, v.Search.Matched, v.Search.ClearURL = "syscall", "78.2 % of the width matches, in 21 functions", "/comparisons/C-42/flame"
	for i := range v.Boxes {
		v.Boxes[i].Matched = strings.Contains(v.Boxes[i].Name, "syscall")
		v.Boxes[i].Dim = !v.Boxes[i].Matched
	}
	return flamePage(v)
}

// FlameEmpty has nothing to draw, and a search that does not compile.
func FlameEmpty() templates.FlamePage {
	v := Difference()
	v.Boxes, v.Depth = []templates.FlameBox{}, 0
	v.Empty = "The profile has no sample: the run was shorter than 10 ms of CPU."
	v.Search.Value, v.Search.Error = "dial(", "The pattern dial( does not compile: missing closing )."
	return flamePage(v)
}
