//go:build !unix

package source_test

import "testing"

// mkfifo does nothing: there are no named pipes here.
func mkfifo(*testing.T, string) {}
