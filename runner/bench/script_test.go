package bench_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/child"
)

// play is what a misbehaving child or a parent to be killed does. It returns for
// children that are to behave.
func play(script string, role child.Role) {
	name, rest, _ := strings.Cut(script, " ")
	switch {
	case name == "crash" && rest == string(role):
		panic("a script told me to crash")
	case name == "parent" && role == "":
		// The children inherit nothing of this and behave.
		mark, dir, _ := strings.Cut(rest, " ")
		err := bench.Compare(context.Background(), endless(), bench.Options{
			RunDir: dir, Env: []string{mark}, Profile: 50 * time.Millisecond,
			Progress: func(p runner.Progress) { fmt.Println(p.Phase) },
		})
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// endless is a comparison of many short runs.
func endless() runner.Spec {
	return runner.Spec{Rounds: runner.MaxRounds, Requests: 200}
}
