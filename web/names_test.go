package web_test

import (
	"testing"

	"github.com/sockscope/sockscope/web"
)

// A label drops what a Go package has before its last element, and nothing of other
// names.
func TestShortNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"internal/poll.(*FD).Read": "poll.(*FD).Read", "example.com/a/b.Map[x/y.T]": "b.Map[…]", "slices.Map[a/b.T]": "slices.Map[…]",
	} {
		if got := web.ShortName(name); got != want {
			t.Errorf("%q is shortened to %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{
		"LazyCompile:*fib /usr/src/app/main.js:1", "Function:^processTimers node:internal/timers:497", "lib/web/fetch/index.js", "GET /api/v1.users",
		"std::vector<a/b>::push_back", "Foo::operator[]", "0x41aa70 in app", "/usr/lib/libc.so.6", "bin/rails", "type:.eq.internal/abi.Name",
	} {
		if got := web.ShortName(name); got != name {
			t.Errorf("%q is shortened to %q", name, got)
		}
	}
}
