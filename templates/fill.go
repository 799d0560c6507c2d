package templates

import (
	"math"
	"strconv"
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

// Fills by the package of the function, or by its layer.
const (
	FillOther   Fill = 20 + iota // unknown packages and the user's own
	FillMain                     // package main and the workload; of layers: the user's code
	FillNet                      // net, internal/poll, crypto/tls
	FillStd                      // the rest of the standard library; of layers: all of it
	FillSyscall                  // syscall, internal/runtime/syscall, golang.org/x/sys
	FillRuntime
	FillGC
	FillKernel
	FillSmaller // "n smaller" boxes, and the root
	FillSoftIRQ // network input that the kernel does on the way
)

// packageFills are the names of the classes of the fills from FillOther on.
var packageFills = [...]string{"other", "main", "net", "std", "syscall", "runtime", "gc", "kernel", "smaller", "softirq"}

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

func (f Fill) class() string {
	switch {
	case f >= FillOther && int(f-FillOther) < len(packageFills):
		return "Fill-" + packageFills[f-FillOther]
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
