package bench_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner/child"
)

// Variables that make this binary something else than a test: a child that
// misbehaves, the bare loop, a parent to be killed.
const (
	script = "BENCH_TEST_SCRIPT"
	bare   = "BENCH_TEST_BARE"
)

func TestMain(m *testing.M) {
	if s := os.Getenv(script); s != "" {
		play(s, child.Role(os.Getenv(child.Environment)))
	}
	child.Main()
	if side := os.Getenv(bare); side != "" {
		playBare(side)
	}
	goleak.VerifyTestMain(m)
}
