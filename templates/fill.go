package templates

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Fill is the number of a colour of a flame graph: a class of the style sheet.
// Fills of a difference go from [FillLeast] over 0 (the same, or noise) to
// [FillMost]; Fills of packages from [FillOther] on.
type Fill int

// The ends of a difference.
const (
	FillLeast Fill = -10
	FillSame  Fill = 0
	FillMost  Fill = 10
)

// Fills of a single profile, by the package of the function.
const (
	FillOther   Fill = 20 + iota // unknown packages and the user's own
	FillMain                     // package main and the workload
	FillNet                      // net, internal/poll, crypto/tls
	FillStd                      // the rest of the standard library
	FillSyscall                  // syscall, internal/runtime/syscall, golang.org/x/sys
	FillRuntime
	FillGC
	FillKernel
	FillSmaller // "n smaller" boxes, and the root
)

// packageFills are the class names and legends of the fills from FillOther on.
var packageFills = [...]struct{ class, legend string }{
	{"other", "other packages"},
	{"main", "the program"},
	{"net", "net, internal/poll"},
	{"std", "standard library"},
	{"syscall", "syscall"},
	{"runtime", "runtime"},
	{"gc", "garbage collection"},
	{"kernel", "kernel"},
	{"smaller", "smaller frames"},
}

// DiffFill is the colour of a bounded relative change, -1 … 1 as in
// flame.Box.Change. What is within sampling noise takes the colour of the same.
// A change that is none keeps at least the weakest colour of its sign.
func DiffFill(change float64, noise bool) Fill {
	if noise || change == 0 || math.IsNaN(change) {
		return FillSame
	}
	f := Fill(math.Round(10 * max(-1, min(1, change))))
	if f == 0 {
		return Fill(math.Copysign(1, change))
	}
	return f
}

// PackageFill is the colour of a function by its package. Kernel frames are told
// by their file in the profile, not by name: the caller passes FillKernel then.
func PackageFill(function string) Fill {
	pkg := packageOf(function)
	switch {
	case strings.HasPrefix(function, "runtime.gc") || strings.HasPrefix(function, "runtime.bgscavenge") ||
		strings.HasPrefix(function, "runtime.bgsweep") || strings.HasPrefix(function, "runtime.scanobject"):
		return FillGC
	case pkg == "syscall" || strings.HasSuffix(pkg, "/syscall") || strings.HasPrefix(pkg, "golang.org/x/sys"):
		return FillSyscall
	case pkg == "runtime" || strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/runtime/"):
		return FillRuntime
	case pkg == "net" || pkg == "internal/poll" || strings.HasPrefix(pkg, "net/") || pkg == "crypto/tls":
		return FillNet
	case pkg == "main" || strings.HasSuffix(pkg, "runner/workload"):
		return FillMain
	case pkg != "" && !strings.Contains(firstElement(pkg), "."):
		return FillStd // the first element of others' import paths has a dot
	}
	return FillOther
}

// packageOf returns the import path of a function's name as pprof writes it:
// "net/http" of "net/http.(*conn).serve".
func packageOf(function string) string {
	end := len(function)
	if i := strings.IndexAny(function, "[("); i >= 0 {
		end = i // type arguments and receivers may hold slashes
	}
	slash := strings.LastIndexByte(function[:end], '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return ""
	}
	return function[:slash+dot]
}

func firstElement(pkg string) string {
	first, _, _ := strings.Cut(pkg, "/")
	return first
}

// PackageLegend lists the colours that boxes of a single profile use, in order.
func PackageLegend(boxes []FlameBox) []LegendKey {
	var used [len(packageFills)]bool
	for _, b := range boxes {
		if i := b.Fill - FillOther; i >= 0 && int(i) < len(used) {
			used[i] = true
		}
	}
	keys := []LegendKey{}
	for i, u := range used {
		if u && Fill(i)+FillOther != FillSmaller {
			keys = append(keys, LegendKey{FillOther + Fill(i), packageFills[i].legend})
		}
	}
	return keys
}

func (f Fill) class() string {
	switch {
	case f >= FillOther && int(f-FillOther) < len(packageFills):
		return "Fill-" + packageFills[f-FillOther].class
	case f < 0:
		return "Fill-l" + strconv.Itoa(int(-max(f, FillLeast)))
	case f > 0:
		return "Fill-m" + strconv.Itoa(int(min(f, FillMost)))
	}
	return "Fill-same"
}

// ramp is the legend of a difference, from less to more.
func ramp() []Fill {
	fills := make([]Fill, 0, FillMost-FillLeast+1)
	for f := FillLeast; f <= FillMost; f++ {
		fills = append(fills, f)
	}
	return fills
}

// rowHeight is the distance of two rows of a flame graph, in pixels.
const rowHeight = 18

func (v Flame) height() string { return strconv.Itoa(max(v.Depth, 1) * rowHeight) }

func (v Flame) zoom(b FlameBox) string { return v.ZoomURL + b.At }

func (b FlameBox) title() string {
	if b.Facts == "" {
		return b.Name
	}
	return b.Name + "\n" + b.Facts
}

func (b FlameBox) class() string {
	c := b.Fill.class()
	if b.Dim {
		c = "Fill-dim"
	}
	if b.Matched {
		c += " Flame-match"
	}
	return c
}

// label is as much of the name as fits on a wide screen; "" in a narrow box.
func (b FlameBox) label() string {
	room := int((b.Width*flameWidth - 7) / flameLetter)
	if room < 3 {
		return ""
	}
	if utf8.RuneCountInString(b.Name) <= room {
		return b.Name
	}
	runes := []rune(b.Name)
	return string(runes[:room-1]) + "…"
}
