package web_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// corpusProfiles are real profiles of many producers, where they are: a directory of
// .pprof, .pgo and other files that SOCKSCOPE_CORPUS names.
func corpusProfiles(t testing.TB) [][]byte {
	t.Helper()
	dir := os.Getenv("SOCKSCOPE_CORPUS")
	if dir == "" {
		return nil
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("nothing is in %s: %v", dir, err)
	}
	var all [][]byte
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) < 1<<19 {
			all = append(all, data)
		}
	}
	return all
}

// hostileProfiles are those that a viewer stumbles over.
func hostileProfiles(t testing.TB) map[string][]byte {
	t.Helper()
	made := map[string]*profile.Profile{
		"plain": dialer(10), "deep": deep(900), "wide": wide(3_000), "long names": longNames(), "recursive": recursive(),
		"extremes": extremes(math.MaxInt64, math.MinInt64, math.MaxInt64, -1), "negative": extremes(-5, -7, -1), "cancels": extremes(5, -5), "zero": extremes(0, 0), "least": extremes(math.MinInt64),
		"labels": labels(2_000), "line ranges": lineRanges(), "no functions": bare(), "markup": attacked(false), "odd units": units(), "no samples": units(),
	}
	made["no samples"].Sample = nil
	made["shared names"], made["shared files"], made["long files"], made["slow pattern"] = sharedNames(60), sharedFiles(60), longFiles(1_500), slowPattern()
	made["slow ends of names"] = slowEnds()
	made["many samples"], made["many labels"] = manySamples(1_000_000), manyLabels(100_000)
	all := map[string][]byte{}
	for name, p := range made {
		all[name] = encode(t, p)
	}
	return all
}

// dialer is a small profile of an ordinary kind.
func dialer(n int64) *profile.Profile {
	r := newRecorder()
	main := frame{"main.main", "/app/main.go", 10, 5}
	r.add(n, main, frame{"net.Dial", "/go/net/dial.go", 30, 20}, frame{"syscall.Connect", "/go/syscall/s.go", 7, 1})
	r.add(n/2+1, main, frame{"net.(*conn).Write", "/go/net/net.go", 90, 80})
	return r.p
}

func numbered(i int) frame {
	return frame{fmt.Sprintf("example.com/p%d.f%d", i%50, i), fmt.Sprintf("/src/p%d.go", i%50), int64(i%500 + 1), int64(i%400 + 1)}
}

func deep(n int) *profile.Profile {
	r := newRecorder()
	stack := []frame{}
	for i := range n {
		stack = append(stack, numbered(i))
	}
	r.add(3, stack...)
	return r.p
}

func wide(n int) *profile.Profile {
	r := newRecorder()
	for i := range n {
		r.add(1, numbered(0), frame{fmt.Sprintf("wide.f%d", i), "/w.go", int64(i + 1), 1})
	}
	return r.p
}

func longNames() *profile.Profile {
	r := newRecorder()
	for i := range 20 {
		r.add(1, frame{strings.Repeat("Ωa/b.(*c[go.shape.int])", 500) + fmt.Sprint(i), strings.Repeat("/d", 1000) + ".go", 1, 1}, frame{strings.Repeat("x", 50_000) + fmt.Sprint(i), "x.go", 1, 1})
	}
	r.p.Comments = []string{strings.Repeat("c", 100_000)}
	return r.p
}

func recursive() *profile.Profile {
	r := newRecorder()
	stack := []frame{}
	for i := range 200 {
		stack = append(stack, frame{"r.fib", "/r.go", int64(i%3 + 2), 1})
		r.add(1, stack...)
	}
	return r.p
}

// extremes has one sample for each value.
func extremes(values ...int64) *profile.Profile {
	r := newRecorder()
	for i, v := range values {
		r.add(1, numbered(0), numbered(i+1))
		r.p.Sample[i].Value = []int64{v, v}
	}
	return r.p
}

func labels(n int) *profile.Profile {
	r := newRecorder()
	for i := range n {
		r.add(1, numbered(i%7))
		s := r.p.Sample[i]
		s.Label = map[string][]string{fmt.Sprintf("key%d", i%300): {fmt.Sprintf("value%d", i)}}
		s.NumLabel = map[string][]int64{"bytes": {int64(i) << 40}}
	}
	return r.p
}

// lineRanges has functions that claim to reach over all lines that there are.
func lineRanges() *profile.Profile {
	r := newRecorder()
	for i, line := range []int64{1, 2_000_000_000, math.MaxInt64, -5, math.MinInt64, 0} {
		r.add(int64(i+1), frame{"l.huge", "/l.go", line, 1}, frame{fmt.Sprintf("l.f%d", i), "/l.go", line, math.MaxInt64})
	}
	for _, f := range r.p.Function {
		f.StartLine = -f.StartLine
	}
	return r.p
}

// bare has addresses only.
func bare() *profile.Profile {
	r := newRecorder()
	for i := range 50 {
		l := &profile.Location{ID: uint64(i + 1), Address: math.MaxUint64 - uint64(i)}
		r.p.Location = append(r.p.Location, l)
		r.p.Sample = append(r.p.Sample, &profile.Sample{Location: []*profile.Location{l}, Value: []int64{1, 2}})
	}
	r.p.Mapping = nil
	return r.p
}

// units counts in what nobody knows, for less than no time.
func units() *profile.Profile {
	r := newRecorder()
	r.add(5, numbered(1))
	r.p.SampleType = []*profile.ValueType{{Type: "", Unit: ""}, {Type: "λ", Unit: "furlongs/fortnight"}}
	r.p.PeriodType = nil
	r.p.Period, r.p.DurationNanos, r.p.TimeNanos = math.MinInt64, math.MinInt64, math.MinInt64
	return r.p
}

// sharedNames has functions of one name of a megabyte: few bytes on the wire.
func sharedNames(n int) *profile.Profile {
	name := strings.Repeat("n", 1<<20)
	r := newRecorder()
	for i := range n {
		f := numbered(i)
		r.add(1, numbered(0), f)
		r.p.Function[len(r.p.Function)-1].Name = name
	}
	return r.p
}

// sharedFiles has functions of one file of a megabyte, which looks like a version of Go
// wherever it is cut.
func sharedFiles(n int) *profile.Profile {
	file := strings.Repeat("/go1.2", 174_000) + "/src/runtime/x.go"
	r := newRecorder()
	for i := range n {
		r.add(1, numbered(0), frame{fmt.Sprint("shared.f", i), file, 1, 1})
	}
	r.p.Mapping[0].File = strings.Repeat("/lib", 1<<17)
	return r.p
}

// longFiles has as many different files of a few thousand bytes as there may be.
func longFiles(n int) *profile.Profile {
	r := newRecorder()
	for i := range n {
		r.add(1, frame{fmt.Sprint("long.f", i), fmt.Sprint("/", i, strings.Repeat("/go1.2", 680), "/src/runtime/x.go"), 1, 1})
	}
	return r.p
}

// slowPattern asks to drop frames by a pattern that is in many states at each byte of
// their names, nearly as slow as it may be.
func slowPattern() *profile.Profile {
	r := newRecorder()
	for i := range 40 {
		r.add(1, numbered(0), frame{strings.Repeat("a", 4000) + fmt.Sprint(i), "/a.go", 1, 1})
	}
	r.p.DropFrames, r.p.KeepFrames = strings.Repeat(`\pL*`, 35)+"b", "main"
	return r.p
}

// slowEnds has names that are slow to match behind their beginnings.
func slowEnds() *profile.Profile {
	r := newRecorder()
	for i := range 2 {
		r.add(1, numbered(0), frame{strings.Repeat("b", 4096) + "c" + strings.Repeat("a", 100_000) + fmt.Sprint(i), "/a.go", 1, 1})
	}
	r.p.DropFrames = "b*c" + strings.Repeat("a*", 2000) + "z"
	return r.p
}

// manySamples are all the same: a few KB on the wire, and a hundred MB once decoded.
func manySamples(n int) *profile.Profile {
	r := newRecorder()
	r.add(1, numbered(0))
	for range n - 1 {
		r.p.Sample = append(r.p.Sample, r.p.Sample[0])
	}
	return r.p
}

// manyLabels has the same labels on each sample.
func manyLabels(n int) *profile.Profile {
	p := manySamples(n)
	p.Sample[0].Label = map[string][]string{"a": {"v"}, "b": {"v"}}
	p.Sample[0].NumLabel = map[string][]int64{"bytes": {4096}, "cpu": {3}}
	return p
}
