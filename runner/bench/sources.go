package bench

import (
	"runtime"
	"sync"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/workload"
)

// origins are where the sources of the children's profiles are taken from: the
// measured loops and the sockets, which are embedded, and the standard library,
// where this machine has the one that this binary was built with.
var origins = sync.OnceValue(func() []source.Origin {
	const module = "github.com/sockscope/sockscope/runner/"
	from := []source.Origin{
		source.NewEmbedded(workload.Sources, workload.SourceDir(), module+"workload"),
		source.NewEmbedded(socket.Sources, socket.SourceDir(), module+"socket"),
	}
	version := runtime.Version()
	if goroot, err := source.OpenGoroot(source.FindGoroot(version), version); err == nil {
		from = append(from, goroot) // without it the standard library has numbers but no text
	}
	return from
})

// Sources bundles the source files that profiles of the children name.
func Sources(ps []*profile.Profile) source.Bundle { return source.Capture(ps, origins()...) }
