package flame

import (
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles/ksym"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree"
)

// Layer is whose code a frame is, from the user's down into the kernel.
type Layer int

// The layers.
const (
	User     Layer = iota // what is none of the following: the program and its modules
	Standard              // the Go standard library
	Runtime               // the Go runtime
	Boundary              // the last frames before the kernel: packages syscall and the like
	Kernel
	SoftIRQ // what the kernel does in soft interrupts: the receiver's part of a loopback send
)

// softDoors are functions of the kernel around those that run soft interrupts: they do
// nothing else, so they are shown as a part of it.
var softDoors = []string{"do_softirq", "run_ksoftirqd", "__irq_exit_rcu", "irq_exit_rcu", "net_rx_action", "net_tx_action"}

func soft(symbol string) bool {
	name := ksym.Name(symbol)
	return ksym.IsSoftIRQ(name) || slices.Contains(softDoors, name)
}

// LayerOf is the layer of node i, by its name and by where it stands. Frames of a
// kernel are those that the profile says are (tree.Kernel), and those that have no
// package and stand below a system call of Go: perf names them "tcp_sendmsg".
func LayerOf(t *tree.Tree, i int) Layer {
	name := t.Name(i)
	layer := layerOf(name, listing.Package(name))
	if layer != User || i == 0 {
		return layer
	}
	kernel := t.Kernel(i)
	if !kernel && !plain(name) {
		return User
	}
	inSoft := soft(name)
	for j := t.Parent(i); j > 0; j = t.Parent(j) {
		above := t.Name(j)
		inSoft = inSoft || soft(above)
		if t.Kernel(j) || plain(above) {
			kernel = kernel || t.Kernel(j)
			continue
		}
		kernel = kernel || layerOf(above, listing.Package(above)) == Boundary
		break
	}
	switch {
	case kernel && inSoft:
		return SoftIRQ
	case kernel:
		return Kernel
	}
	return User
}

// layerOf is the layer of a Go function; User for what is none.
func layerOf(name, pkg string) Layer {
	first, _, _ := strings.Cut(pkg, "/")
	switch {
	case pkg == "" || pkg == "main":
		return User
	case pkg == "syscall" || strings.HasPrefix(pkg, "internal/runtime/syscall") || strings.HasPrefix(pkg, "runtime/internal/syscall") || strings.HasPrefix(pkg, "golang.org/x/sys"):
		return Boundary
	case pkg == "runtime" || strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/runtime"):
		return Runtime
	case !strings.Contains(first, ".") && first != "command-line-arguments" && standard(first):
		return Standard
	}
	return User
}

// standard reports whether the first element of an import path is one of the
// standard library. Modules may have names without a dot, such as "example".
func standard(first string) bool {
	_, ok := slices.BinarySearch(standardRoots, first)
	return ok
}

// standardRoots are the first elements of the standard library's import paths.
var standardRoots = []string{
	"archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding", "errors", "expvar",
	"flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect",
	"regexp", "slices", "sort", "strconv", "strings", "structs", "sync", "testing", "text", "time", "unicode", "unique", "unsafe", "vendor", "weak",
}

// plain reports whether a name is one of C, as the kernel's are.
func plain(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool {
		return !(r == '_' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}) < 0 && !('0' <= name[0] && name[0] <= '9') && listing.Package(name) == "" || strings.Contains(name, ".part.") || strings.Contains(name, ".isra.") || strings.Contains(name, ".constprop.")
}
