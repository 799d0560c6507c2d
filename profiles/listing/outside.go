package listing

import (
	"strings"

	"github.com/google/pprof/profile"
)

// Accepting labels what a server spends in taking connections.
const Accepting = "accept loop"

// Rest labels what the module of a function spends elsewhere.
const Rest = "rest of the program"

// own is the module of this program, and broker the one that it links for its queue.
// The children of a run are the same binary, so a timer that the broker's package
// server/pse arms once a second before main begins runs in them, too (docs/design.md,
// decision 3). It is no part of what is measured, and its package's name tells nobody so.
const (
	own    = "github.com/sockscope/sockscope"
	broker = "github.com/nats-io/nats-server"
)

// surroundings names what of a profile is not below a function.
type surroundings struct {
	module  string          // of the function; "" for none
	accepts map[string]bool // the functions that take connections
}

func surroundingsOf(p *profile.Profile, function string) surroundings {
	a := surroundings{module: moduleOf(Package(function)), accepts: map[string]bool{}}
	for _, s := range p.Sample {
		caller := ""
		for name := range namesFrom(s) {
			if accept(name) {
				if caller != "" {
					a.accepts[caller] = true
				}
				break
			}
			caller = name
		}
	}
	return a
}

// label names whose goroutine a sample is of, by its frames from the root on.
func (a surroundings) label(s *profile.Sample) string {
	first, looping := "", false
	for name := range namesFrom(s) {
		if looping && !ofAccepting(name) {
			looping = false
			break
		}
		if looping && accept(name) {
			return Accepting
		}
		if a.accepts[name] {
			looping = true
		}
		if first == "" && !started(name) {
			first = Package(name)
		}
	}
	switch {
	case looping:
		return Accepting
	case first == "":
		return Outside
	case a.module != "" && moduleOf(first) == a.module:
		return Rest
	case a.module == own && moduleOf(first) == broker:
		return Rest
	}
	if host, _, _ := strings.Cut(first, "/"); strings.Contains(host, ".") {
		first = first[strings.LastIndexByte(first, '/')+1:]
	}
	return first
}

// accept reports whether a function is the method of a listener that takes a connection.
func accept(name string) bool {
	return strings.HasSuffix(name, ").Accept") && !strings.HasPrefix(name, "internal/poll.")
}

// ofAccepting reports whether a loop that takes connections calls a function for no
// other end: to take one, or to start the goroutine that serves it.
func ofAccepting(name string) bool {
	return accept(name) || isRuntime(Package(name)) || strings.HasPrefix(name, "sync.(*WaitGroup).") || strings.HasPrefix(name, "sync/atomic.")
}

// started reports whether a frame says nothing about whose goroutine it is: those
// of the runtime, and what starts a function in a goroutine.
func started(name string) bool {
	pkg := Package(name)
	return pkg == "" || isRuntime(pkg) || name == "sync.(*WaitGroup).Go.func1"
}

func isRuntime(pkg string) bool {
	return pkg == "runtime" || strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/runtime/")
}

// moduleOf is the root of the repository that a package with a host's name is of:
// "github.com/a/b" of "github.com/a/b/c/d"; "" of others.
func moduleOf(pkg string) string {
	parts := strings.SplitN(pkg, "/", 4)
	if len(parts) < 3 || !strings.Contains(parts[0], ".") {
		return ""
	}
	return strings.Join(parts[:3], "/")
}

// namesFrom yields the functions of a stack, the root first.
func namesFrom(s *profile.Sample) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := len(s.Location) - 1; i >= 0; i-- {
			lines := s.Location[i].Line
			for j := len(lines) - 1; j >= 0; j-- {
				if lines[j].Function != nil && !yield(FunctionName(lines[j].Function)) {
					return
				}
			}
		}
	}
}
