package web

import (
	"strings"

	"github.com/sockscope/sockscope/templates"
)

// shortName drops the path before the last element of the package and the type
// parameters: "internal/poll.(*FD).Read" is "poll.(*FD).Read".
func shortName(name string) string {
	if i := strings.IndexByte(name, '['); i > 0 && strings.HasSuffix(name, "]") {
		name = name[:i] + "[…]"
	}
	end := strings.IndexAny(name, "([")
	if end < 0 {
		end = len(name)
	}
	if slash := strings.LastIndexByte(name[:end], '/'); slash >= 0 && slash+1 < len(name) {
		return name[slash+1:]
	}
	return name
}

// packageOf is the import path of a function: "internal/poll" of the above.
func packageOf(name string) string {
	end := len(name)
	if i := strings.IndexAny(name, "[("); i >= 0 {
		end = i // type parameters and receivers may hold slashes
	}
	slash := strings.LastIndexByte(name[:end], '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return ""
	}
	return name[:slash+dot]
}

// packageFill is the colour of a function by its package.
func packageFill(name string) templates.Fill {
	pkg := packageOf(name)
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

// packageLegend names the colours that are drawn.
func packageLegend(boxes []templates.FlameBox) []templates.LegendKey {
	drawn := map[templates.Fill]bool{}
	for _, b := range boxes {
		drawn[b.Fill] = true
	}
	keys := []templates.LegendKey{}
	for _, k := range fillLabels {
		if drawn[k.Fill] {
			keys = append(keys, k)
		}
	}
	return keys
}

// shortFile drops what a path tells of the machine that compiled: the standard
// library's files start at their package, the product's own at "runner".
func shortFile(path string) string {
	for _, root := range []string{"/src/", "/pkg/mod/"} {
		if i := strings.LastIndex(path, root); i >= 0 && strings.HasPrefix(path, "/") {
			return path[i+len(root):]
		}
	}
	if i := strings.Index(path, "/runner/"); i >= 0 {
		return path[i+1:]
	}
	return path
}
