package socket_test

import (
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// asChild names what this binary does instead of its tests.
const asChild = "SOCKET_TEST_CHILD"

func TestMain(m *testing.M) {
	if name := os.Getenv(asChild); name != "" {
		os.Exit(children[name]())
	}
	goleak.VerifyTestMain(m)
}

// childOf is this binary as something else, without output so far.
func childOf(t *testing.T, name string, environment ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(append(os.Environ(), asChild+"="+name), environment...)
	return c
}
