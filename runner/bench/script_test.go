package bench_test

import "github.com/sockscope/sockscope/runner/child"

// play is what a misbehaving child does.
func play(script string, role child.Role) {
	if script == "crash "+string(role) {
		panic("a script told me to crash")
	}
}
