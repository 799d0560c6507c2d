package web

import (
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/runner"
)

// command is the command line that repeats a comparison on the machine that it is
// typed on; what has its default is left out.
func command(s runner.Spec) string {
	d := runner.Article()
	line := "sockscope compare --sockets " + commas(s.Sockets)
	add := func(flag, v, usual string) {
		if v != usual {
			line += " --" + flag + " " + v
		}
	}
	add("workload", string(s.Workload), string(d.Workload))
	add("base", string(s.Base), string(s.Sockets[0]))
	add("variants", commas(s.Variants), "")
	add("rounds", strconv.Itoa(s.Rounds), strconv.Itoa(d.Rounds))
	add("requests", strconv.Itoa(s.Requests), strconv.Itoa(d.Requests))
	add("sizes", numbersOf(s.Sizes), "5")
	add("concurrency", numbersOf(s.Concurrency), "1")
	add("placement", commas(s.Placements), commas(d.Placements))
	add("rate", strconv.Itoa(s.Rate), "0")
	if s.Budget > 0 {
		line += " --budget " + strconv.Itoa(s.Budget) + "s"
	}
	if s.Ports != "" {
		add("ports", string(s.Ports), string(d.Ports))
	}
	add("kernel", string(s.Kernel), string(d.Kernel))
	return line
}

func commas[T ~string](names []T) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = string(n)
	}
	return strings.Join(parts, ",")
}

func numbersOf(ns []int) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ",")
}
