package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// benchUnits are the units of Go's benchmark format for our metrics. benchstat
// turns "ns" into seconds by itself.
var benchUnits = [...]struct{ metric, unit string }{
	{profiles.LatencyMean, "ns/op"},
	{profiles.LatencyP50, "p50-ns"},
	{profiles.LatencyP90, "p90-ns"},
	{profiles.LatencyP99, "p99-ns"},
	{profiles.LatencyP999, "p999-ns"},
	{profiles.ServiceMean, "service-ns/op"},
	{profiles.ServiceP50, "service-p50-ns"},
	{profiles.ServiceP90, "service-p90-ns"},
	{profiles.ServiceP99, "service-p99-ns"},
	{profiles.ServiceP999, "service-p999-ns"},
	{profiles.RequestsPerSecond, "req/s"},
	{profiles.BytesPerSecond, "B/s"},
	{profiles.ClientUser, "client-user-ns/op"},
	{profiles.ClientSys, "client-sys-ns/op"},
	{profiles.ClientCPU, "client-cpu-ns/op"},
	{profiles.ServerUser, "server-user-ns/op"},
	{profiles.ServerSys, "server-sys-ns/op"},
	{profiles.ServerCPU, "server-cpu-ns/op"},
	{profiles.ClientAllocs, "client-allocs/op"},
	{profiles.ServerAllocs, "server-allocs/op"},
	{profiles.ClientSwitches, "client-switches/op"},
	{profiles.ServerSwitches, "server-switches/op"},
	{profiles.ClientReads, "client-reads/op"},
	{profiles.ClientWrites, "client-writes/op"},
	{profiles.ServerReads, "server-reads/op"},
	{profiles.ServerWrites, "server-writes/op"},
	{profiles.DialsPerRequest, "dials/op"},
	{profiles.LateShare, "late-share"},
	{profiles.LostShare, "lost-share"},
	{profiles.ClientOnCPU, "client-on-cpu"},
	{profiles.ServerOnCPU, "server-on-cpu"},
}

// Bench writes Go's benchmark format, one line for each run, so that benchstat
// pivots by any dimension:
//
//	BenchmarkSock/sock=unix/work=dial-echo/size=5/conc=1/place=split-2  10000  84200 ns/op  …
//
// A variant and, in a comparison on several hosts, the host follow the placement.
// The A/A cell is the socket with "-aa" behind it, so that it is a column of its
// own and not more rounds of the base. What was run where stands before as file
// keys, again for each host; cells that are not measured are comments:
// "benchstat -col /sock FILE".
func (r *Report) Bench(w io.Writer) error {
	out := bufio.NewWriter(w)
	r.benchKeys(out)
	procs := r.procs()
	for _, c := range r.Comparison.Cells {
		if c.NA != "" && !c.AA {
			fmt.Fprintf(out, "# %s: %s\n", benchName(c, procs(c.Host)), oneLine(c.NA))
		}
	}
	runs := r.ordered()
	hosts := r.benchHosts()
	for _, h := range hosts {
		h.write(out, hosts)
		for _, run := range runs {
			if len(hosts) == 1 || r.Comparison.Cells[run.Cell].Host == h.name {
				r.benchLine(out, run, procs)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s as benchmark text: %w", r.Comparison.ID, err)
	}
	return nil
}

func (r *Report) benchLine(out io.Writer, run *profiles.Run, procs func(host string) int) {
	iterations := int64(r.requests())
	if n := run.Counters["requests"]; n > 0 { // a time budget may cut a run short
		iterations = n
	}
	cell := r.Comparison.Cells[run.Cell]
	line := benchName(cell, procs(cell.Host)) + "\t" + strconv.FormatInt(iterations, 10)
	values := 0
	for _, u := range benchUnits {
		if v, ok := run.Metrics[u.metric]; ok && finite(v) {
			line += "\t" + number(v) + " " + u.unit
			values++
		}
	}
	if values > 0 {
		fmt.Fprintln(out, line)
	}
}

// benchKeys writes the file keys and what is better of the units that the
// reader cannot know.
func (r *Report) benchKeys(out io.Writer) {
	writeKey(out, "comparison", r.Comparison.ID)
	writeKey(out, "title", r.Comparison.Title)
	writeKey(out, "loop", verdict.Loop(r.Comparison))
	fmt.Fprintln(out, "Unit req/s better=higher")
	fmt.Fprintln(out, "Unit B/s better=higher")
}

func writeKey(out io.Writer, name, value string) {
	if value = oneLine(value); value != "" {
		fmt.Fprintf(out, "%s: %s\n", name, value)
	}
}

// benchName is that of a cell on a machine with so many procs.
func benchName(c profiles.Cell, procs int) string {
	socket := c.Socket
	if c.AA {
		socket += "-aa"
	}
	name := fmt.Sprintf("BenchmarkSock/sock=%s/work=%s/size=%d/conc=%d/place=%s",
		benchWord(socket), benchWord(c.Workload), c.Size, c.Concurrency, benchWord(c.Placement))
	if c.Variant != "" {
		name += "/variant=" + benchWord(c.Variant)
	}
	if c.Host != "" {
		name += "/host=" + benchWord(c.Host)
	}
	if procs > 0 {
		name += "-" + strconv.Itoa(procs)
	}
	return name
}

// benchWord keeps a name within its part of a benchmark's name.
func benchWord(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '/' || c == '=' || !unicode.IsPrint(c) {
			return '_'
		}
		return c
	}, s)
}

// requests is how many requests one run made; 1 when the Spec does not say, since
// the format needs a number.
func (r *Report) requests() int {
	var spec struct {
		Requests int `json:"requests"`
	}
	if json.Unmarshal(r.Comparison.Spec, &spec) != nil || spec.Requests < 1 {
		return 1
	}
	return spec.Requests
}

// number writes a figure for a program.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// figure is "" for what was not measured.
func figure(v float64, ok bool) string {
	if !ok || !finite(v) {
		return ""
	}
	return number(v)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// oneLine makes a text from outside fit on one line of a terminal: control
// characters, which could move its cursor, become spaces.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}
