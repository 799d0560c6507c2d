package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
)

// sweep is a report of seven sockets at sizes on two hosts after ten rounds;
// socketpair is not measured. Each socket costs so many times unix.
func sweep(sizes ...int) *export.Report {
	factor := []float64{1, 1.0005, 1.001, 1, 2.1, 2.2, 2.3, 4}
	names := []string{"unix", "unix", "unix-abstract", "socketpair", "tcp4", "tcp4", "tcp6", "tls"}
	c := profiles.Comparison{
		ID: "C-7", Title: "All sockets", State: profiles.Done, Base: "unix", Host: "epyc-2",
		Spec: json.RawMessage(`{"workload":"echo","requests":10000}`),
		Parts: []profiles.Part{
			{Host: "epyc-2", State: profiles.Done, Fingerprint: json.RawMessage(`{"kernel":"6.18.5","boost":"1","cpus":64}`)},
			{Host: "arm-box", State: profiles.Done, Fingerprint: json.RawMessage(`{"kernel":"6.12.0","cpus":4}`)},
		},
	}
	for _, host := range []string{"epyc-2", "arm-box"} {
		for _, size := range sizes {
			for i, name := range names {
				cell := profiles.Cell{Socket: name, Workload: "echo", Size: size, Concurrency: 1, Placement: "split", Host: host, AA: i == 1}
				if i == 3 {
					cell.NA = "A socketpair has no address to dial: both ends are made at once."
				}
				if i == 5 {
					cell.Variant = "nagle"
				}
				c.Cells = append(c.Cells, cell)
			}
		}
	}
	r := &export.Report{Comparison: c, Procs: 2}
	wobble := [10]float64{5, -4, 3, -2, 1, -1, 2, -3, 4, -5}
	for round := 1; round <= 10; round++ {
		for i, cell := range c.Cells {
			if cell.NA != "" {
				continue
			}
			f := factor[i%8]
			if cell.Size >= 1<<20 {
				f = 1 // alike
			}
			v := 20_000 * (1 + float64(cell.Size)/10_000) * f * (1 + wobble[(round*(i+1)+3*i)%10]/1000)
			run := profiles.Run{Round: round, Cell: i, Attempt: 1, Metrics: map[string]float64{
				profiles.LatencyMean: v * 1.1, profiles.LatencyP50: v, profiles.LatencyP99: 3 * v, profiles.RequestsPerSecond: 1e9 / v, profiles.ClientCPU: v / 2,
			}, Counters: map[string]int64{"requests": 9000}}
			if round == 1 && i == 4 {
				run.Noisy = "Other processes used 40 % of the CPU time."
			}
			r.Runs = append(r.Runs, run)
		}
	}
	r.Comparison.Total = 10 * profiles.Measured(c.Cells)
	r.Comparison.Done = r.Comparison.Total
	return judged(r)
}

// A terminal shows many cells without lines that nobody can read.
func TestTextOfMany(t *testing.T) {
	t.Parallel()
	for _, sizes := range [][]int{{64}, {64, 4096, 65536, 1 << 20}} {
		var b strings.Builder
		if err := sweep(sizes...).Text(&b); err != nil {
			t.Fatal(err)
		}
		inTable := false
		for _, l := range strings.Split(b.String(), "\n") {
			inTable = inTable || strings.Contains(l, "each against unix")
			if n := utf8.RuneCountInString(l); inTable && n > 170 && !strings.HasPrefix(l, "A/A") {
				t.Errorf("%d sizes: a line of %d: %s", len(sizes), n, l)
			}
		}
		for _, want := range []string{
			"tcp4 with Nagle on", "socketpair is not measured on epyc-2 and arm-box: A socketpair has no address", "Latency p50, each against unix", "n/a",
			"of 140 runs", // noisy
		} {
			if len(sizes) > 1 {
				want = strings.ReplaceAll(want, "140", "560")
			}
			if !strings.Contains(b.String(), want) {
				t.Errorf("%d sizes: no %q in:\n%s", len(sizes), want, b.String())
			}
		}
	}
	var b strings.Builder
	if err := sweep(64, 4096, 65536, 1<<20).Markdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3.99×", "≈ 1.00×", "| n/a | 2.10× "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}

func TestDocumentOfMany(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(sweep(64, 4096, 65536, 1<<20).Document())
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"loop.kind": "closed", "loop.rate": 0.0, "loop.label": "service time (closed loop)",
		"rounds.grade": "usual", "parts.1.host": "arm-box", "parts.1.fingerprint.kernel": "6.12.0",
		"cells.3.na": "A socketpair has no address to dial: both ends are made at once.", "cells.3.host": "epyc-2",
		"cells.5.variant": "nagle", "cells.4.noisy": 1.0, "cells.4.variant": "",
		"crossovers.0.axis": "size", "crossovers.0.socket": "tcp4", "crossovers.0.from": float64(1 << 20),
		"crossovers.0.before": "slower", "crossovers.0.after": "alike", "crossovers.0.host": "epyc-2",
	} {
		if got := at(t, d, path); got != want {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
}

// What is not told or has not come is absent or null, and one host has no parts.
func TestDocumentClaimsNoMore(t *testing.T) {
	t.Parallel()
	r := sweep(64, 1<<20, 2<<20)
	r.Runs = slices.DeleteFunc(r.Runs, func(run profiles.Run) bool { return r.Comparison.Cells[run.Cell].Size == 2<<20 })
	d := judged(r).Document()
	if len(d.Crossovers) == 0 || d.Crossovers[0].From != 1<<20 || d.Crossovers[0].To != 1<<20 {
		t.Errorf("crossovers %+v", d.Crossovers)
	}
	if d.Parts[0].StartedAt != nil {
		t.Errorf("a part started at %v", d.Parts[0].StartedAt)
	}
	if h := d.Verdict.Headline; h == nil || h.Family < 2 || h.AdjustedP < h.P || !strings.Contains(h.Label, ", on epyc-2, with 64 B messages") {
		t.Errorf("headline %+v", h)
	}
	for _, c := range sweep(64, 1<<20).Document().Crossovers {
		if c.To != 0 {
			t.Errorf("it holds to the end of the sweep: %+v", c)
		}
	}
	one := article(10)
	one.Comparison.Parts = []profiles.Part{{State: profiles.Done}}
	if parts := one.Document().Parts; parts == nil || len(parts) != 0 {
		t.Errorf("parts of one host: %+v", parts)
	}
}

// The keys of each host stand before its lines, and cells that are not measured
// are no results.
func TestBenchOfHosts(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := sweep(64).Bench(&b); err != nil {
		t.Fatal(err)
	}
	reader := benchfmt.NewReader(strings.NewReader(b.String()), "C-7.bench")
	kernels, variants := map[string]int{}, 0
	for reader.Scan() {
		rec, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			if e, bad := reader.Result().(*benchfmt.SyntaxError); bad {
				t.Error(e)
			}
			continue
		}
		name := rec.Name.String()
		if strings.Contains(name, "socketpair") {
			t.Errorf("a result that was not measured: %s", name)
		}
		if strings.Contains(name, "sock=tcp4/work=echo/size=64/conc=1/place=split/variant=nagle/host=") {
			variants++
		}
		if boost := rec.GetConfig("host-boost"); (rec.GetConfig("host") == "epyc-2") != (boost == "1") {
			t.Errorf("%s: boost %q", name, boost)
		}
		if suffix := map[string]string{"epyc-2": "-64", "arm-box": "-4"}[rec.GetConfig("host")]; !strings.HasSuffix(name, suffix) {
			t.Errorf("%s has not the CPUs of its host", name)
		}
		kernels[rec.GetConfig("host")+" "+rec.GetConfig("host-kernel")]++
		if rec.Iters != 9000 {
			t.Errorf("%s: %d iterations, want those that were made", name, rec.Iters)
		}
	}
	if kernels["epyc-2 6.18.5"] != 70 || kernels["arm-box 6.12.0"] != 70 || variants != 20 {
		t.Errorf("results by host and kernel %v, %d of a variant", kernels, variants)
	}
	if !strings.Contains(b.String(), "# BenchmarkSock/sock=socketpair/") {
		t.Error("no comment says what is not measured")
	}
}

// benchstat itself pivots by socket and agrees with our medians to the digits that
// it writes.
func TestBenchstat(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("building benchstat takes a while")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	r := article(10)
	file := filepath.Join(t.TempDir(), "C-42.bench")
	var b bytes.Buffer
	if err := r.Bench(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools.mod", "benchstat", "-format", "csv", "-col", "/sock", file)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("benchstat cannot be run here: %v: %s", err, stderr.String())
	}
	medians := pivot(t, string(out))
	for unit, metric := range map[string]string{"sec/op": profiles.LatencyMean, "p50-sec": profiles.LatencyP50, "req/s": profiles.RequestsPerSecond, "client-sys-sec/op": profiles.ClientSys} {
		for socket, cell := range map[string]int{"unix": 0, "unix-aa": 1, "tcp4": 2} {
			got, ok := medians[unit+" "+socket]
			want := r.Summary.Cells[cell].Metrics[metric].Median
			if strings.Contains(unit, "sec") {
				want /= 1e9
			}
			if !ok || math.Abs(got/want-1) > 1e-6 {
				t.Errorf("%s of %s: benchstat says %v, we say %v", unit, socket, got, want)
			}
		}
	}
	if t.Failed() {
		t.Log(string(out))
	}
}

// pivot reads the tables of benchstat's CSV: the median by unit and column.
func pivot(t *testing.T, text string) map[string]float64 {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	medians := map[string]float64{}
	var sockets, units []string
	for _, row := range rows {
		switch {
		case slices.Contains(row, "CI"):
			units = row
		case len(row) > 1 && row[0] == "" && slices.Contains(row, "unix"):
			sockets = row
		case len(row) > 1 && strings.HasPrefix(row[0], "Sock/") && units != nil:
			for i, field := range row {
				if i < len(sockets) && sockets[i] != "" {
					if v, err := strconv.ParseFloat(field, 64); err == nil {
						medians[units[i]+" "+sockets[i]] = v
					}
				}
			}
		}
	}
	return medians
}
