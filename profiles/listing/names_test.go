package listing_test

import (
	"testing"

	"github.com/sockscope/sockscope/profiles/listing"
)

// Only Go has packages: names of other languages hold slashes and dots too.
func TestPackage(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"internal/poll.(*FD).Read": "internal/poll", "main.main": "main", "slices.Map[a/b.T]": "slices", "a/b.Map[go.shape.struct { X int }]": "a/b",
		"gopkg.in/yaml%2ev3.(*d).parse": "gopkg.in/yaml%2ev3", "example.com/straße.F": "example.com/straße", "glob..func1": "glob",
		"LazyCompile:*fib /usr/src/app/main.js:1": "", "Function:^processTimers node:internal/timers:497": "", "lib/web/fetch/index.js": "", "main.js:12": "",
		"/usr/lib/libc.so.6": "", "libc.so.6": "", "std::vector<a/b.c>::push_back": "", "bin/rails": "", "GET /api/v1.json": "", "tcp_sendmsg": "",
		"type:.eq.internal/abi.Name": "", "": "",
	} {
		if got := listing.Package(name); got != want {
			t.Errorf("the package of %q is %q, want %q", name, got, want)
		}
	}
}
