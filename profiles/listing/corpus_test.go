package listing_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// corpusDir holds real profiles of many producers, beside the repository.
const corpusDir = "../../../shared/corpus"

type manifestRow struct {
	File        string   `json:"file"`
	SampleTypes []string `json:"sample_types"`
	Totals      []int64  `json:"totals"`
	Top         []struct {
		Name      string `json:"name"`
		Flat, Cum int64
	} `json:"top5_by_flat"`
	TopSampleIndex string `json:"top_sample_index"`
}

func manifest(t testing.TB) []manifestRow {
	t.Helper()
	f, err := os.Open(filepath.Join(corpusDir, "manifest.jsonl"))
	if err != nil {
		t.Skip("no corpus of real profiles beside the repository: ", err)
	}
	defer f.Close()
	var rows []manifestRow
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var r manifestRow
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		t.Fatal("the manifest of the corpus is empty")
	}
	return rows
}

func TestCorpusEqualsPprof(t *testing.T) {
	t.Parallel()
	rows := manifest(t)
	tool := oracle(t)
	for _, r := range rows {
		t.Run(r.File, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(corpusDir, r.File)
			p := read(t, file)
			for i, sampleType := range p.SampleType {
				if sampleType.Type == "" {
					continue // pprof cannot be asked for it by name; TestCorpusTotals has it
				}
				if len(p.Function) > 10_000 && i != defaultType(t, p) {
					continue // it takes pprof seconds
				}
				index := "-sample_index=" + sampleType.Type
				want, err := tool.List(file, ".", index)
				if err != nil {
					t.Fatal(err)
				}
				checkList(t, p, i, &disk{}, want)
				top, err := tool.Top(file, index)
				if err != nil {
					t.Fatal(err)
				}
				checkTop(t, p, i, top)
			}
		})
	}
}

func TestCorpusTotals(t *testing.T) {
	t.Parallel()
	for _, r := range manifest(t) {
		t.Run(r.File, func(t *testing.T) {
			t.Parallel()
			p := read(t, filepath.Join(corpusDir, r.File))
			for i, want := range r.Totals {
				var flat, stackless int64
				for _, f := range listing.Top(p, i) {
					flat += f.Flat
				}
				negative := false
				for _, s := range p.Sample {
					negative = negative || s.Value[i] < 0
					if len(s.Location) == 0 {
						stackless += s.Value[i]
					}
				}
				if flat+stackless != want {
					t.Errorf("flat of all functions of %s is %d, want %d", r.SampleTypes[i], flat+stackless, want)
				}
				if got := listing.Total(p, i); !negative && got != want {
					t.Errorf("total of %s is %d, want %d", r.SampleTypes[i], got, want)
				}
			}
			checkTop5(t, p, r)
		})
	}
}

// checkTop5 holds the manifest's five top functions against Top.
func checkTop5(t *testing.T, p *profile.Profile, r manifestRow) {
	t.Helper()
	sampleType, err := p.SampleIndexByName(r.TopSampleIndex)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]listing.Function{}
	for _, f := range listing.Top(p, sampleType) {
		byName[f.Function] = f
	}
	for _, want := range r.Top {
		if strings.HasPrefix(want.Name, "0x") {
			continue // a location without a function, which the manifest names by its address
		}
		if got := byName[want.Name]; got.Flat != want.Flat || got.Cum != want.Cum {
			t.Errorf("%s: %d %d, want %d %d", want.Name, got.Flat, got.Cum, want.Flat, want.Cum)
		}
	}
}

func TestCorpusDiffEqualsPprof(t *testing.T) {
	t.Parallel()
	manifest(t)
	tool := oracle(t)
	for _, c := range [][2]string{
		{"felixge-pprofutils__examples_anon.in.pprof", "9seconds-mtg__default.pgo"},
		{"boyter-cs__default.pgo", "dundee-gdu__default.pgo"},
		{"felixge-pprofutils__examples_heapage.in.pprof", "Azure-eno__heap.pprof"},
		{"parca-dev-parca__pkg_query_testdata_two_stacks.pb.gz", "parca-dev-parca__pkg_query_testdata_fib.pb.gz"},
	} {
		for _, normalize := range []bool{false, true} {
			t.Run(c[0]+"/"+c[1], func(t *testing.T) {
				t.Parallel()
				base, other := filepath.Join(corpusDir, c[0]), filepath.Join(corpusDir, c[1])
				args := []string{"-diff_base=" + base}
				if normalize {
					args = append(args, "-normalize")
				}
				d, err := listing.Diff(read(t, base), read(t, other), normalize)
				want, theirs := tool.List(other, ".", args...)
				if (err != nil) != (theirs != nil) {
					t.Fatalf("error %v, pprof's is %v", err, theirs)
				}
				if err != nil {
					t.Skip("cannot be compared, says pprof too: ", err)
				}
				checkList(t, d, defaultType(t, d), &disk{}, want)
				top, err := tool.Top(other, args...)
				if err != nil {
					t.Fatal(err)
				}
				checkTop(t, d, defaultType(t, d), top)
			})
		}
	}
}
