package listing_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

// goKinds are the kinds of profile that Go's runtime writes, with their sample types.
var goKinds = map[string][]string{
	"cpu":          {"samples", "cpu"},
	"heap":         {"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"},
	"allocs":       {"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"},
	"block":        {"contentions", "delay"},
	"mutex":        {"contentions", "delay"},
	"goroutine":    {"goroutine"},
	"threadcreate": {"threadcreate"},
}

// kinds records testdata/kinds twice, the second time doing more.
var kinds = sync.OnceValue(func() recorded {
	path, err := exec.LookPath("go")
	if err != nil {
		return recorded{skip: "no go command to record profiles with"}
	}
	dir, err := os.MkdirTemp("", "listing-kinds-")
	if err != nil {
		return recorded{skip: err.Error()}
	}
	binary := filepath.Join(dir, "kinds")
	if out, err := exec.Command(path, "build", "-o", binary, "./testdata/kinds").CombinedOutput(); err != nil {
		return recorded{dir: dir, skip: "build testdata/kinds: " + err.Error() + ": " + string(out)}
	}
	for name, scale := range map[string]string{"base": "1", "other": "2"} {
		to := filepath.Join(dir, name)
		if err := os.Mkdir(to, 0o700); err != nil {
			return recorded{dir: dir, skip: err.Error()}
		}
		if out, err := exec.Command(binary, "-dir", to, "-scale", scale).CombinedOutput(); err != nil {
			return recorded{dir: dir, skip: "run testdata/kinds: " + err.Error() + ": " + string(out)}
		}
	}
	return recorded{dir: dir}
})

// Every kind of profile, every sample type of it: alone, and the difference of two as
// recorded and normalized.
func TestEveryGoKindEqualsPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	for kind, types := range goKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			base, other := kinds().profile(t, "base/"+kind), kinds().profile(t, "other/"+kind)
			b, o := read(t, base), read(t, other)
			if len(b.SampleType) != len(types) {
				t.Fatalf("sample types %v, want %v", b.SampleType, types)
			}
			for i, name := range types {
				if b.SampleType[i].Type != name {
					t.Fatalf("sample types %v, want %v", b.SampleType, types)
				}
				index := "-sample_index=" + name
				checkReports(t, tool, o, i, &disk{}, true, other, index)
				for _, args := range [][]string{{}, {"-normalize"}} {
					d, err := listing.Diff(b, o, len(args) > 0)
					if err != nil {
						t.Fatal(err)
					}
					checkReports(t, tool, d, i, &disk{}, true, other, append(args, index, "-diff_base="+base)...)
				}
			}
		})
	}
}

// checkReports holds top, and with list the listing of everything, against pprof's of
// the same file and arguments.
func checkReports(t *testing.T, tool *pproforacle.Tool, p *profile.Profile, sampleType int, files listing.Files, list bool, file string, args ...string) {
	t.Helper()
	top, err := tool.Top(file, args...)
	if err != nil {
		t.Fatal(err)
	}
	checkTop(t, p, sampleType, top)
	if !list {
		return
	}
	want, err := tool.List(file, ".", args...)
	if err != nil {
		t.Fatal(err)
	}
	checkList(t, p, sampleType, files, want)
}
