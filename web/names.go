package web

import (
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
)

// shortName drops the path before the last element of the package and the type
// parameters: "internal/poll.(*FD).Read" is "poll.(*FD).Read". Names of other
// languages stay as they are.
func shortName(name string) string {
	pkg := listing.Package(name)
	if pkg == "" {
		return name
	}
	if i := strings.IndexByte(name, '['); i > 0 && strings.HasSuffix(name, "]") {
		name = name[:i] + "[…]"
	}
	return name[strings.LastIndexByte(pkg, '/')+1:]
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
