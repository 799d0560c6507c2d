//go:build !linux

package access

import "context"

// Main has to be called first thing in main and in TestMain, beside child.Main. It
// returns at once in an ordinary process, and never in one that Try started.
func Main() {}

func try(context.Context, Options) ([]Row, error) {
	return rowsOf(func(int, setting, string) Row {
		return Row{Skipped: "The experiment needs Linux."}
	}), nil
}
