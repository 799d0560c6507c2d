package child_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner/child"
)

// TestNoSecretReachesAChild sets five canaries, so it cannot run in parallel.
func TestNoSecretReachesAChild(t *testing.T) {
	const canary = "canary-7f3a"
	for _, name := range []string{"SOCKSCOPE_TOKEN", "SOCKSCOPE_DATA", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "HOME"} {
		t.Setenv(name, canary)
	}
	t.Setenv("GOGC", "77")
	p := start(t, child.Client, child.Options{})
	// The reply shows that the child has come to its orders.
	if err := p.Begin(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	env := environ(t, p.PID())
	for name, value := range env {
		if strings.Contains(value, canary) {
			t.Errorf("the child has %s=%s", name, value)
		}
	}
	if env["GOGC"] != "77" || env[child.Environment] != string(child.Client) {
		t.Errorf("the child lacks what it needs: %v", env)
	}
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.PID())); err != nil || string(b) != "sockscope\x00client\x00" {
		t.Errorf("its command line is %q, %v", b, err)
	}
}
