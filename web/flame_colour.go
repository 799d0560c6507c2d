package web

import (
	"strings"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// What colours of a flame graph mean, as links say it.
const (
	byDifference = "difference"
	byPackage    = "package"
	byLayer      = "layer"
)

// colour is what the colours mean: of two profiles their difference, if nothing else
// is asked for, of one its packages.
func (g grapher) colour() string {
	switch {
	case g.lens.Colour == byLayer:
		return byLayer
	case g.diff && g.lens.Colour != byPackage:
		return byDifference
	}
	return byPackage
}

func (g grapher) fill(b flame.Box, t *tree.Tree) templates.Fill {
	switch by := g.colour(); {
	case by == byDifference:
		return templates.DiffFill(b.Change, b.Noise)
	case b.Smaller > 0 || b.Name == tree.Root:
		return templates.FillSmaller
	case by == byLayer:
		return layerFills[flame.LayerOf(t, b.Node)]
	}
	return packageFill(b.Name)
}

// legend says what the colours of these boxes mean.
func (g grapher) legend(boxes ...templates.FlameBox) templates.Legend {
	switch g.colour() {
	case byDifference:
		base, other := g.sides[0].series.Name, g.sides[1].series.Name
		what := g.per()
		if g.Mode == Raw || g.Mode == Normalize {
			what = g.counted()
		}
		if g.lens.Delta == string(flame.OfSelf) {
			what += ", in the frame itself,"
		}
		less := "less "
		if g.unit == "count" && (g.Mode == Raw || g.Mode == Normalize) {
			less = "fewer "
		}
		where := " over " // a socket
		if g.alone {
			where = " in " // a profile
		}
		return templates.Legend{Less: less + what + where + other, More: "more", Gone: "only" + where + base, New: "only" + where + other}
	case byLayer:
		return templates.Legend{Packages: drawn(layerLabels[:], boxes)}
	}
	return templates.Legend{Packages: drawn(g.packageLabels(), boxes)}
}

// packageLabels are the colours of a profile in words; main is a workload where it
// was measured here.
func (g grapher) packageLabels() []templates.LegendKey {
	labels := fillLabels
	if g.operation != "request" {
		labels[0].Label = "package main"
	}
	return labels[:]
}

// layerFills are the colours of layers.
var layerFills = [...]templates.Fill{
	flame.User: templates.FillMain, flame.Standard: templates.FillStd, flame.Runtime: templates.FillRuntime,
	flame.Boundary: templates.FillSyscall, flame.Kernel: templates.FillKernel, flame.SoftIRQ: templates.FillSoftIRQ,
}

// layerLabels are the layers in words, from a program down into the kernel.
var layerLabels = [...]templates.LegendKey{
	{Fill: templates.FillMain, Label: "user code"},
	{Fill: templates.FillStd, Label: "Go standard library"},
	{Fill: templates.FillRuntime, Label: "Go runtime"},
	{Fill: templates.FillSyscall, Label: "system call boundary"},
	{Fill: templates.FillKernel, Label: "kernel"},
	{Fill: templates.FillSoftIRQ, Label: "kernel: softirq"},
}

// packageFill is the colour of a function by its package.
func packageFill(name string) templates.Fill {
	pkg := listing.Package(name)
	first, _, _ := strings.Cut(pkg, "/")
	switch {
	case pkg == "":
		return templates.FillOther
	case pkg == "main" || strings.HasSuffix(pkg, "/runner/workload"):
		return templates.FillMain
	case pkg == "runtime" && (strings.HasPrefix(name, "runtime.gc") || strings.Contains(name, "sweep") || strings.Contains(name, "scavenge")):
		return templates.FillGC
	case pkg == "syscall" || strings.HasPrefix(pkg, "internal/runtime/syscall") || strings.HasPrefix(pkg, "golang.org/x/sys"):
		return templates.FillSyscall
	case pkg == "runtime" || strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/runtime"):
		return templates.FillRuntime
	case first == "net" || pkg == "internal/poll" || pkg == "crypto/tls":
		return templates.FillNet
	case !strings.Contains(first, "."):
		return templates.FillStd // import paths of modules start with a host's name
	}
	return templates.FillOther
}

// fillLabels are the colours of a single profile in words, in order.
var fillLabels = [...]templates.LegendKey{
	{Fill: templates.FillMain, Label: "the workload, package main"},
	{Fill: templates.FillNet, Label: "net"},
	{Fill: templates.FillSyscall, Label: "system calls"},
	{Fill: templates.FillRuntime, Label: "runtime"},
	{Fill: templates.FillGC, Label: "garbage collector"},
	{Fill: templates.FillStd, Label: "standard library"},
	{Fill: templates.FillOther, Label: "other packages"},
}

// drawn are the colours that boxes have.
func drawn(all []templates.LegendKey, boxes []templates.FlameBox) []templates.LegendKey {
	has := map[templates.Fill]bool{}
	for _, b := range boxes {
		has[b.Fill] = true
	}
	keys := []templates.LegendKey{}
	for _, k := range all {
		if has[k.Fill] {
			keys = append(keys, k)
		}
	}
	return keys
}
