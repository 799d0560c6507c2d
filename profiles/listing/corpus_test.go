package listing_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
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
	Functions      int    `json:"functions"`
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
				if len(p.Function) > giant && i != defaultType(t, p) && os.Getenv("SOCKSCOPE_FULL") == "" {
					continue // it takes pprof seconds
				}
				checkReports(t, tool, p, i, &disk{}, true, file, "-sample_index="+sampleType.Type)
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

// giant is from how many functions on pprof takes seconds for a listing: those are
// listed once, and in full only with SOCKSCOPE_FULL, as are the differences of other
// sample types than the default.
const giant = 10_000

// Every profile against another of its kind, and where there is none against every
// second of its own samples.
func TestCorpusDiffEqualsPprof(t *testing.T) {
	t.Parallel()
	rows := manifest(t)
	tool := oracle(t)
	dir := t.TempDir()
	for i, r := range rows {
		base := peer(rows, i)
		for _, args := range [][]string{{}, {"-normalize"}} {
			t.Run(r.File+strings.Join(args, ""), func(t *testing.T) {
				t.Parallel()
				other := filepath.Join(corpusDir, r.File)
				o := read(t, other)
				from := filepath.Join(corpusDir, base)
				var d *profile.Profile
				err := error(nil)
				if base != "" {
					if d, err = listing.Diff(read(t, from), o, len(args) > 0); err != nil {
						if _, theirs := tool.Top(other, append(args, "-diff_base="+from)...); theirs == nil {
							t.Fatalf("pprof compares it with %s: %v", base, err)
						}
					}
				}
				if base == "" || err != nil {
					from = write(t, dir, r.File+strings.Join(args, ""), half(o))
					if d, err = listing.Diff(read(t, from), o, len(args) > 0); err != nil {
						t.Fatal(err)
					}
				}
				for sampleType, st := range d.SampleType {
					if st.Type == "" {
						continue
					}
					list := os.Getenv("SOCKSCOPE_FULL") != "" || len(d.Function) < giant && sampleType == defaultType(t, d)
					checkReports(t, tool, d, sampleType, &disk{}, list, other, append(args, "-sample_index="+st.Type, "-diff_base="+from)...)
				}
			})
		}
	}
}

// peer is another profile with the same sample types; "" for none.
func peer(rows []manifestRow, i int) string {
	for k := 1; k < len(rows); k++ {
		other := rows[(i+k)%len(rows)]
		if slices.Equal(other.SampleTypes, rows[i].SampleTypes) && other.Functions < giant {
			return other.File
		}
	}
	return ""
}

// half is every second sample of a profile, and one more if that were none.
func half(p *profile.Profile) *profile.Profile {
	q := p.Copy()
	q.Sample = q.Sample[:0:0]
	for i := 0; i < len(p.Sample); i += 2 {
		q.Sample = append(q.Sample, p.Sample[i])
	}
	return q
}
