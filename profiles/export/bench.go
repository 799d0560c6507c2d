package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sockscope/sockscope/profiles"
)

// benchUnits are the units of Go's benchmark format for our metrics. benchstat
// turns "ns" into seconds by itself.
var benchUnits = [...]struct{ metric, unit string }{
	{profiles.LatencyMean, "ns/op"},
	{profiles.LatencyP50, "p50-ns"},
	{profiles.LatencyP90, "p90-ns"},
	{profiles.LatencyP99, "p99-ns"},
	{profiles.LatencyP999, "p999-ns"},
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
}

// Bench writes Go's benchmark format, one line for each run, so that benchstat
// pivots by any dimension:
//
//	BenchmarkSock/sock=unix/work=dial-echo/size=5/conc=1/place=split-2  10000  84200 ns/op  …
//
// The A/A cell is the socket with "-aa" behind it. What was run where stands
// before as file keys: "benchstat -col /sock -row /work,/size,/conc FILE".
func (r *Report) Bench(w io.Writer) error {
	out := bufio.NewWriter(w)
	r.benchKeys(out)
	iterations := r.requests()
	for _, run := range r.ordered() {
		line := r.benchName(r.Comparison.Cells[run.Cell]) + "\t" + strconv.Itoa(iterations)
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
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s as benchmark text: %w", r.Comparison.ID, err)
	}
	return nil
}

// benchKeys writes the file keys and what is better of the units that the
// reader cannot know.
func (r *Report) benchKeys(out io.Writer) {
	key := func(name, value string) {
		if value = oneLine(value); value != "" {
			fmt.Fprintf(out, "%s: %s\n", name, value)
		}
	}
	key("comparison", r.Comparison.ID)
	key("title", r.Comparison.Title)
	key("host", r.Comparison.Host)
	fingerprint := map[string]any{}
	if json.Unmarshal(r.Comparison.Fingerprint, &fingerprint) == nil {
		for _, name := range slices.Sorted(maps.Keys(fingerprint)) {
			switch v := fingerprint[name].(type) {
			case string:
				key(benchKey(name), v)
			case float64:
				key(benchKey(name), number(v))
			case bool:
				key(benchKey(name), strconv.FormatBool(v))
			}
		}
	}
	fmt.Fprintln(out, "Unit req/s better=higher")
	fmt.Fprintln(out, "Unit B/s better=higher")
	fmt.Fprintln(out)
}

// benchKey makes a file key: a lower-case letter first, no space, capital or
// colon. Host facts get a prefix, so that none shadows a key of ours.
func benchKey(name string) string {
	return "host-" + strings.Map(func(c rune) rune {
		switch c = unicode.ToLower(c); {
		case unicode.IsSpace(c), c == ':', c == '_', unicode.IsUpper(c):
			return '-'
		}
		return c
	}, name)
}

func (r *Report) benchName(c profiles.Cell) string {
	socket := c.Socket
	if c.AA {
		socket += "-aa"
	}
	name := fmt.Sprintf("BenchmarkSock/sock=%s/work=%s/size=%d/conc=%d/place=%s",
		benchWord(socket), benchWord(c.Workload), c.Size, c.Concurrency, benchWord(c.Placement))
	if r.Procs > 0 {
		name += "-" + strconv.Itoa(r.Procs)
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
