//go:build unix

package source_test

import (
	"syscall"
	"testing"
)

// mkfifo makes a named pipe, where the system has them.
func mkfifo(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Log("no named pipes here: ", err)
	}
}
