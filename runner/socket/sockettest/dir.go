package sockettest

import (
	"os"
	"testing"
)

// Dir makes a private directory whose name is short enough for a unix socket,
// which that of t.TempDir may not be. It is gone after the test.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ss")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
