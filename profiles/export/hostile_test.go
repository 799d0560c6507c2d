package export_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// Texts from outside do no harm in any format.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{
		"=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "a\x1b[2Jb", "|a|b|", "<img src=x onerror=y>",
		"[x](https://evil.example)", "www.evil.example", "@everyone #1", "a\u202eb", "x\nBenchmarkFake 1 1 ns/op", "\xff\xfe",
	} {
		r := article(10)
		r.Comparison.Title, r.Comparison.Host, r.Comparison.ID = evil, evil, evil
		r.Comparison.Fingerprint, _ = json.Marshal(map[string]string{evil: evil})
		for i := range r.Comparison.Cells {
			if r.Comparison.Cells[i].Socket == "tcp4" {
				r.Comparison.Cells[i].Socket = evil
			}
		}
		r.Runs[0].Warnings = []string{evil}
		r.Runs[0].Counters[evil], r.Runs[0].Metrics[evil] = 1, 1
		for i := range r.Lines {
			r.Lines[i].Parts[0].Label = evil
		}
		judged(r)
		var text, table, md, bench strings.Builder
		if err := errors.Join(r.Text(&text), r.CSV(&table), r.Markdown(&md), r.Bench(&bench)); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(text.String(), "\x1b\r\t\u202e") {
			t.Errorf("%q: control characters in text", evil)
		}
		checkCSV(t, evil, table.String())
		if s := md.String(); strings.ContainsAny(s, "<[\x1b") && strings.Count(s, "<") != 2 || strings.Contains(s, "://") || strings.Contains(s, "@e") || strings.Contains(s, "www.") {
			t.Errorf("%q in Markdown:\n%s", evil, s)
		}
		if n := strings.Count(bench.String(), "\nBenchmark"); n != 30 {
			t.Errorf("%q: %d results in benchmark text", evil, n)
		}
		if _, err := json.Marshal(r.Document()); err != nil {
			t.Errorf("%q: %v", evil, err)
		}
	}
}

func checkCSV(t *testing.T, evil, s string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(s)).ReadAll()
	if err != nil {
		t.Fatalf("%q: %v", evil, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q: cell %q is a formula", evil, cell)
			}
		}
	}
}

// full stands for a disk that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	r := article(10)
	for name, err := range map[string]error{"text": r.Text(full{}), "CSV": r.CSV(full{}), "Markdown": r.Markdown(full{}), "bench": r.Bench(full{})} {
		if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "C-42") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	r := article(10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(r.Document()); err != nil {
			b.Fatal(err)
		}
	}
}
