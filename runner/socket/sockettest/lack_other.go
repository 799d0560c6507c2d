//go:build !linux

package sockettest

import (
	"testing"

	"github.com/sockscope/sockscope/runner/socket"
)

// mayLack is the reason why a kind is not exercised, if it may be missing.
func mayLack(_ testing.TB, _ socket.Kind, err error) string { return err.Error() }
