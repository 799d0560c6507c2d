package sockettest

import (
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// mayLack is the reason why a kind is not exercised, if it may be missing.
func mayLack(t testing.TB, kind socket.Kind, err error) string {
	t.Helper()
	if kind.Name() != runner.VSock {
		t.Fatal(err)
	}
	return err.Error()
}
