package export_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"

	"github.com/sockscope/sockscope/profiles"
)

func TestText(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := article(10).Text(&b); err != nil {
		t.Fatal(err)
	}
	want := `unix vs tcp4 — dial, write, read, close
C-42 · epyc-2 · 10_000 requests a run · 10 rounds · service time (closed loop)

2.1× · tcp4 against unix, latency p50 · 95 % CI 2.10 – 2.11 · p = 0.0020
A request over unix takes 80.6 µs; over tcp4 it takes 170 µs.
  - net.Dial (line 32) is 78 % of the difference in CPU: 44.7 ±4.2 against 11.8 ±2.2 µs of client CPU.
  - conn.Write (line 36) costs more over tcp4: 10.7 ±2.1 against 2.0 ±0.9 µs of client CPU.

                               unix             tcp4   tcp4 against unix      A/A unix
Requests per second    11_905 ±0.4 %    5_650 ±0.4 %             −52.6 %   0.99 – 1.00
Latency p50            80.6 µs ±0.4 %   169.9 µs ±0.4 %             +110.8 %   1.00 – 1.01
Client CPU per request 28.0 µs ±0.4 %   59.0 µs ±0.4 %             +110.8 %   1.00 – 1.01

Client CPU per request by line
line                      unix            tcp4   tcp4 difference
32  net.Dial     11.8 µs ±2.2    44.7 µs ±4.2          +32.9 µs
36  conn.Write   2.0 µs ±0.9     10.7 µs ±2.1           +8.7 µs
runtime          5.6 µs ±1.5     6.0 µs ±1.6        within noise
total            19.4 µs ±2.8    61.4 µs ±4.9          +42.0 µs

A/A noise, unix against unix, latency p50: 1.00 – 1.01.
The load was high. (15 of 30 runs)
`
	// Columns are compared by their words; their alignment is tested below.
	squeeze := func(s string) string {
		lines := strings.Split(strings.ReplaceAll(s, "\u202f", "_"), "\n")
		for i, l := range lines {
			lines[i] = strings.Join(strings.Fields(l), " ")
		}
		return strings.Join(lines, "\n")
	}
	if diff := cmp.Diff(squeeze(want), squeeze(b.String())); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	var widths []int
	for _, l := range strings.Split(b.String(), "\n") {
		if strings.HasPrefix(l, "Requests") || strings.HasPrefix(l, "Latency") || strings.HasPrefix(l, "Client CPU per request  ") {
			widths = append(widths, len([]rune(l)))
		}
	}
	if len(widths) != 3 || widths[0] != widths[1] || widths[1] != widths[2] {
		t.Errorf("lines of the table end at %v:\n%s", widths, b.String())
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	r := article(10)
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"### unix vs tcp4 — dial, write, read, close\n",
		"**A request over unix takes 80.6 µs; over tcp4 it takes 170 µs.** 2.1× (tcp4 against unix, latency p50, 95 % CI 2.10 – 2.11, p = 0.0020)\n",
		"|  | unix | tcp4 | tcp4 against unix | A/A unix |\n|---|--:|--:|--:|--:|\n",
		"| Latency p50 | 80.6 µs ±0.4 % | 169.9 µs ±0.4 % | +110.8 % | 1.00 – 1.01 |\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	r := article(10)
	r.Runs = append(r.Runs, r.Runs[0], profiles.Run{Round: 1, Cell: 9}) // a repeated row and a foreign cell
	delete(r.Runs[1].Metrics, profiles.LatencyP50)
	var b strings.Builder
	if err := r.CSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		strings.Split("comparison,title,host,socket,workload,size_bytes,concurrency,placement,aa,variant,rate_per_second,round,position,started_at,profiling_effect,"+
			"requests_per_second,latency_p50_ns,latency_mean_ns,client_cpu_ns_per_op,client_cpu_user_ns_per_op,client_cpu_sys_ns_per_op,dial_retries,noisy,warnings", ","),
		{
			"C-42", "unix vs tcp4 — dial, write, read, close", "epyc-2", "unix", "dial-echo", "5", "1", "split", "false", "", "", "1", "1",
			"2026-11-22T06:31:01.000Z", "1.02",
		},
	}
	if diff := cmp.Diff(want, [][]string{rows[0], rows[1][:15]}); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	if len(rows) != 31 || rows[2][16] != "" || rows[2][3] != "unix" || rows[2][8] != "true" {
		t.Errorf("%d rows, the second with %q", len(rows), rows[2])
	}
}

// benchstat's reader takes the benchmark text and finds the dimensions.
func TestBench(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	r := article(10)
	if err := r.Bench(&b); err != nil {
		t.Fatal(err)
	}
	reader := benchfmt.NewReader(strings.NewReader(b.String()), "C-42.bench")
	var names []string
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.Result:
			names = append(names, rec.Name.String())
			if got, _ := rec.Value("sec/op"); rec.Iters != 10_000 || got < 83e-6 || got > 178e-6 {
				t.Errorf("%s: %d iterations, %v sec/op", rec.Name, rec.Iters, got)
			}
			if got := rec.GetConfig("host"); got != "epyc-2" {
				t.Errorf("host: %q", got)
			}
			if got := rec.GetConfig("host-go-version"); got != "go1.26.8" {
				t.Errorf("host-go-version: %q", got)
			}
			for _, unit := range []string{"p50-sec", "req/s", "client-user-sec/op", "client-sys-sec/op"} {
				if _, ok := rec.Value(unit); !ok {
					t.Errorf("%s has no %s: %v", rec.Name, unit, rec.Values)
				}
			}
		case *benchfmt.SyntaxError:
			t.Error(rec)
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	if len(names) != 30 || names[0] != "Sock/sock=unix/work=dial-echo/size=5/conc=1/place=split-1" ||
		names[1] != "Sock/sock=unix-aa/work=dial-echo/size=5/conc=1/place=split-1" {
		t.Errorf("%d results, first %q", len(names), names[:2])
	}
	if m := reader.Units().GetBetter("req/s"); m != +1 {
		t.Errorf("req/s: better = %d, want more", m)
	}
}
