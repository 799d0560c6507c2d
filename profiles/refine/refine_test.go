package refine_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
	"github.com/sockscope/sockscope/profiles/refine"
)

// stacks of one letter functions, the root first.
func profileOf(t testing.TB, stacks ...string) *profile.Profile {
	t.Helper()
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}, PeriodType: &profile.ValueType{}}
	known := map[string]*profile.Location{}
	for i, stack := range stacks {
		s := &profile.Sample{Value: []int64{int64(i + 1)}}
		for _, name := range strings.Split(stack, ">") {
			l := known[name]
			if l == nil {
				f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, Filename: name + ".go"}
				l = &profile.Location{ID: uint64(len(p.Location) + 1), Line: []profile.Line{{Function: f}}}
				known[name] = l
				p.Function, p.Location = append(p.Function, f), append(p.Location, l)
			}
			s.Location = append([]*profile.Location{l}, s.Location...)
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

// written is the inverse of profileOf, with the value before each stack.
func written(p *profile.Profile) []string {
	out := []string{}
	for _, s := range p.Sample {
		names := []string{}
		for i := len(s.Location) - 1; i >= 0; i-- {
			for j := len(s.Location[i].Line) - 1; j >= 0; j-- {
				names = append(names, s.Location[i].Line[j].Function.Name)
			}
		}
		out = append(out, string(rune('0'+s.Value[0]))+" "+strings.Join(names, ">"))
	}
	return out
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

func TestApply(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		r    refine.Refinement
		want []string
	}{
		"whole":       {refine.Refinement{}, []string{"1 main>dial>connect", "2 main>write", "3 main>dial", "4 gc"}},
		"focus":       {refine.Refinement{Focus: re("dial")}, []string{"1 main>dial>connect", "3 main>dial"}},
		"ignore":      {refine.Refinement{Ignore: re("^dial$")}, []string{"2 main>write", "4 gc"}},
		"both":        {refine.Refinement{Focus: re("main"), Ignore: re("connect")}, []string{"2 main>write", "3 main>dial"}},
		"hide":        {refine.Refinement{Hide: re("dial|gc")}, []string{"1 main>connect", "2 main>write", "3 main"}},
		"show from":   {refine.Refinement{ShowFrom: re("dial|write")}, []string{"1 dial>connect", "2 write", "3 dial"}},
		"file":        {refine.Refinement{Focus: re(`write\.go`)}, []string{"2 main>write"}},
		"label":       {refine.Refinement{Key: "mode", Value: "kernel"}, []string{"2 main>write"}},
		"number":      {refine.Refinement{Key: "size", Value: "4096 bytes"}, []string{"3 main>dial"}},
		"no such":     {refine.Refinement{Key: "size", Value: "4096"}, []string{}},
		"none at all": {refine.Refinement{Focus: re("nothing")}, []string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := profileOf(t, "main>dial>connect", "main>write", "main>dial", "gc")
			p.Sample[1].Label = map[string][]string{"mode": {"user", "kernel"}}
			p.Sample[2].NumLabel, p.Sample[2].NumUnit = map[string][]int64{"size": {4096}}, map[string][]string{"size": {"bytes"}}
			before := p.String()
			if d := cmp.Diff(test.want, written(test.r.Apply(p))); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(before, p.String()); d != "" {
				t.Error("the profile was changed:", d)
			}
		})
	}
}

// TestLikePprof holds Apply to what pprof's own filters do to a profile of its own.
func TestLikePprof(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("../../../shared/corpus/*")
	seen := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.ParseData(data)
		if err != nil || len(p.Sample) > 5000 {
			continue
		}
		seen++
		r := refine.Refinement{Focus: re("[rm]"), Ignore: re("malloc|lock"), Hide: re("[A-Z]"), ShowFrom: re("^[^c]")}
		want := p.Copy()
		want.RemoveUninteresting()
		want.FilterSamplesByName(r.Focus, r.Ignore, r.Hide, nil)
		want.ShowFrom(r.ShowFrom)
		before := p.String()
		if got := r.Apply(p); got.String() != want.String() {
			t.Errorf("%s: another result than pprof's", filepath.Base(file))
		}
		if p.String() != before {
			t.Errorf("%s: the profile was changed", filepath.Base(file))
		}
	}
	if seen == 0 {
		t.Skip("there is no corpus of real profiles beside the project")
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	p := profileOf(t, "a", "b", "c")
	p.Sample[0].Label = map[string][]string{"mode": {"user", "user"}}
	p.Sample[1].Label = map[string][]string{"mode": {"kernel"}}
	p.Sample[2].Label = map[string][]string{"mode": {"user"}}
	p.Sample[2].NumLabel = map[string][]int64{"bytes": {7}}
	want := []refine.Label{
		{Key: "bytes", Values: []refine.Value{{Text: "7", Shown: "7B", Total: 3, Samples: 1}}},
		{Key: "mode", Values: []refine.Value{{Text: "user", Shown: "user", Total: 4, Samples: 2}}, More: 1},
	}
	if d := cmp.Diff(want, refine.Labels(p, 0, 1)); d != "" {
		t.Error(d)
	}
	if refine.Labels(p, 1, 1) != nil {
		t.Error("labels by a sample type that there is not")
	}
}

// Values are summed over all samples, however small they are beside others.
func TestValues(t *testing.T) {
	t.Parallel()
	p := profileOf(t, "a", "b", "c")
	p.Sample[0].NumLabel = map[string][]int64{"bytes": {64}}
	p.Sample[1].NumLabel = map[string][]int64{"bytes": {64, 64}}
	p.Sample[2].NumLabel = map[string][]int64{"bytes": {1 << 20}}
	p.Sample[2].Label = map[string][]string{"bytes": {"1048576"}}
	want := map[string]map[string]refine.Value{"bytes": {"64": {Text: "64", Shown: "64B", Total: 3, Samples: 2}, "1048576": {Text: "1048576", Shown: "1048576", Total: 3, Samples: 1}}}
	if d := cmp.Diff(want, refine.Values(p, 0, map[string]map[string]bool{"bytes": {"64": true, "1048576": true, "7": true}, "none": {"x": true}})); d != "" {
		t.Error(d)
	}
	if got := refine.Values(p, 1, nil); len(got) != 0 {
		t.Errorf("%v of a sample type that there is not", got)
	}
}

// TestShownLikePprof writes numbers as the tool does.
func TestShownLikePprof(t *testing.T) {
	t.Parallel()
	tool, err := pproforacle.Open(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	p := profileOf(t, "a")
	p.Sample[0].NumLabel, p.Sample[0].NumUnit = map[string][]int64{}, map[string][]string{}
	for _, unit := range []string{"", "bytes", "B", "kilobytes", "nanoseconds", "us", "milliseconds", "seconds", "hours", "widgets"} {
		for _, key := range []string{"bytes", "request", "nanoseconds", "id"} {
			for _, n := range []int64{0, 1, 999, 1023, 1500, 1 << 20, 1_500_000, 3_600_000_000_000, -1_500_000, math.MaxInt64} {
				key := key + "-" + unit
				if unit == "" && n == 0 {
					continue // which the format does not write
				}
				if unit == "" {
					key = strings.TrimSuffix(key, "-")
				}
				p.Sample[0].NumLabel[key] = append(p.Sample[0].NumLabel[key], n)
				p.Sample[0].NumUnit[key] = append(p.Sample[0].NumUnit[key], unit)
			}
		}
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "labels.pprof")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := tool.Run("-tags", "-symbolize=none", file)
	if err != nil {
		t.Fatal(err)
	}
	told, key := map[string]bool{}, ""
	for line := range strings.SplitSeq(string(out), "\n") {
		if name, _, ok := strings.Cut(line, ": Total"); ok {
			key = strings.TrimSpace(name)
		} else if _, value, ok := strings.Cut(line, "):"); ok {
			told[key+"="+strings.TrimSpace(value)] = true
		}
	}
	for _, l := range refine.Labels(p, 0, 100) {
		for _, v := range l.Values {
			if !told[l.Key+"="+v.Shown] {
				t.Errorf("%s=%s is shown as %q, and go tool pprof -tags says no such thing", l.Key, v.Text, v.Shown)
			}
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

// FuzzApply: every label that is listed chooses as many samples as it says.
func FuzzApply(f *testing.F) {
	var b bytes.Buffer
	p := profileOf(f, "a>b", "c")
	p.Sample[0].Label = map[string][]string{"k": {"v", "w"}}
	p.Sample[1].NumLabel = map[string][]int64{"k": {1, 1}}
	if err := p.WriteUncompressed(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), "a", "b")
	f.Fuzz(func(t *testing.T, data []byte, focus, hide string) {
		p, err := profile.ParseUncompressed(data)
		if err != nil || p.CheckValid() != nil || len(p.SampleType) == 0 {
			return
		}
		before := len(p.Sample)
		var r refine.Refinement
		if r.Focus, err = regexp.Compile(focus); err != nil {
			return
		}
		if r.Hide, err = regexp.Compile(hide); err != nil {
			return
		}
		if left := r.Apply(p); len(left.Sample) > before || len(p.Sample) != before {
			t.Errorf("%d of %d samples", len(left.Sample), before)
		}
		for _, l := range refine.Labels(p, 0, 5) {
			for _, v := range l.Values {
				if got := (refine.Refinement{Key: l.Key, Value: v.Text}).Apply(p); len(got.Sample) != v.Samples {
					t.Errorf("%q=%q chooses %d samples, the list says %d", l.Key, v.Text, len(got.Sample), v.Samples)
				}
			}
		}
	})
}

// One sample may carry as many labels as guard accepts, all of one key.
func TestManyValuesOfOneSample(t *testing.T) {
	t.Parallel()
	p := profileOf(t, "a")
	values, numbers := []string{"0"}, []int64{0}
	for i := range 500_000 {
		values, numbers = append(values, strconv.Itoa(i)), append(numbers, int64(i))
	}
	p.Sample[0].Label = map[string][]string{"text": values}
	p.Sample[0].NumLabel = map[string][]int64{"number": numbers}
	for _, l := range refine.Labels(p, 0, 10) {
		if len(l.Values) != 10 || l.More != 499_990 || l.Values[0].Total != 1 || l.Values[0].Samples != 1 {
			t.Errorf("%s: %d values, %d more, the first is %+v", l.Key, len(l.Values), l.More, l.Values[0])
		}
	}
	if left := (refine.Refinement{Key: "number", Value: "499999"}).Apply(p); len(left.Sample) != 1 {
		t.Error("a label that the sample has does not choose it")
	}
}
