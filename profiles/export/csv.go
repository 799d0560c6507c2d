package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// CSV writes one row for each run: what was run, then every metric and counter
// that any run has, as plain numbers in the unit that the column's name tells.
// What a run did not measure is empty, and so is the rate of a closed loop. Cells
// that are not measured have no rows. A text cell that a spreadsheet would take
// for a formula starts with an apostrophe.
func (r *Report) CSV(w io.Writer) error {
	metrics, counters := r.columns()
	out := csv.NewWriter(w)
	header := []string{
		"comparison", "title", "host", "socket", "workload", "size_bytes", "concurrency", "placement",
		"aa", "variant", "rate_per_second", "round", "position", "started_at", "profiling_effect",
	}
	for _, name := range slices.Concat(metrics, counters) {
		header = append(header, text(name))
	}
	header = append(header, "noisy", "warnings")
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write header of %s as CSV: %w", r.Comparison.ID, err)
	}
	for _, run := range r.ordered() {
		if err := out.Write(r.row(run, metrics, counters)); err != nil {
			return fmt.Errorf("write round %d of %s as CSV: %w", run.Round, r.Comparison.ID, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write %s as CSV: %w", r.Comparison.ID, err)
	}
	return nil
}

func (r *Report) row(run *profiles.Run, metrics, counters []string) []string {
	c := r.Comparison.Cells[run.Cell]
	host, rate := r.Comparison.Host, ""
	if c.Host != "" {
		host = c.Host
	}
	if n := verdict.Rate(r.Comparison); n > 0 {
		rate = strconv.Itoa(n)
	}
	row := []string{
		text(r.Comparison.ID), text(r.Comparison.Title), text(host), text(c.Socket), text(c.Workload),
		strconv.Itoa(c.Size), strconv.Itoa(c.Concurrency), text(c.Placement),
		strconv.FormatBool(c.AA), text(c.Variant), rate, strconv.Itoa(run.Round), strconv.Itoa(run.Position), "", "",
	}
	if !run.StartedAt.IsZero() {
		row[len(row)-2] = run.StartedAt.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if run.ProfilingEffect > 0 {
		row[len(row)-1] = number(run.ProfilingEffect)
	}
	for _, name := range metrics {
		v, ok := run.Metrics[name]
		row = append(row, figure(v, ok))
	}
	for _, name := range counters {
		n, ok := run.Counters[name]
		if !ok {
			row = append(row, "")
			continue
		}
		row = append(row, strconv.FormatInt(n, 10))
	}
	return append(row, text(run.Noisy), text(strings.Join(run.Warnings, " ")))
}

// columns returns the metrics and counters that occur: metrics in page order,
// then what else there is by name.
func (r *Report) columns() (metrics, counters []string) {
	seen, counted := map[string]bool{}, map[string]bool{}
	for i := range r.Runs {
		for name := range r.Runs[i].Metrics {
			seen[name] = true
		}
		for name := range r.Runs[i].Counters {
			counted[name] = true
		}
	}
	for _, m := range profiles.Metrics {
		if seen[m.Name] {
			metrics = append(metrics, m.Name)
			delete(seen, m.Name)
		}
	}
	metrics = append(metrics, slices.Sorted(maps.Keys(seen))...)
	return metrics, slices.Sorted(maps.Keys(counted))
}

// ordered returns the runs that belong to a cell by round, then cell; of two
// attempts at one run the later.
func (r *Report) ordered() []*profiles.Run {
	type key struct{ round, cell int }
	latest := map[key]*profiles.Run{}
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Cell < 0 || run.Cell >= len(r.Comparison.Cells) {
			continue
		}
		k := key{run.Round, run.Cell}
		if old := latest[k]; old == nil || old.Attempt <= run.Attempt {
			latest[k] = run
		}
	}
	return slices.SortedFunc(maps.Values(latest), func(a, b *profiles.Run) int {
		if a.Round != b.Round {
			return a.Round - b.Round
		}
		return a.Cell - b.Cell
	})
}

// text makes a text cell harmless: spreadsheets run what starts with one of
// these as a formula.
func text(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
