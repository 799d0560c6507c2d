package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// counted makes a profile that counts something else than CPU time: types and period
// as "inuse_space/bytes", the period's with its number before it, and the values of
// stacks, "main.main;main.leak", root first.
func counted(types []string, every int64, period string, stacks map[string][]int64) *profile.Profile {
	of := func(s string) *profile.ValueType {
		name, unit, _ := strings.Cut(s, "/")
		return &profile.ValueType{Type: name, Unit: unit}
	}
	p := &profile.Profile{Period: every, PeriodType: of(period)}
	for _, t := range types {
		p.SampleType = append(p.SampleType, of(t))
	}
	locations := map[string]*profile.Location{}
	for stack, values := range stacks {
		s := &profile.Sample{Value: values}
		names := strings.Split(stack, ";")
		for i := len(names) - 1; i >= 0; i-- {
			l := locations[names[i]]
			if l == nil {
				id := uint64(len(p.Function) + 1)
				f := &profile.Function{ID: id, Name: names[i], SystemName: names[i], Filename: "/app/main.go"}
				l = &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: 3}}}
				p.Function, p.Location, locations[names[i]] = append(p.Function, f), append(p.Location, l), l
			}
			s.Location = append(s.Location, l)
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

func (s *site) countedUpload(t *testing.T, types []string, every int64, period string, stacks map[string][]int64) string {
	t.Helper()
	return s.upload(encode(t, counted(types, every, period, stacks)), "?title=any")
}

// A heap that grew tenfold in the same shape has the same shares: the difference is
// shown as recorded, and the sums stand in the head in every mode.
func TestHeapThatGrew(t *testing.T) {
	t.Parallel()
	s := setup(t)
	heap := func(k int64) string {
		return s.countedUpload(t, []string{"inuse_objects/count", "inuse_space/bytes"}, 512<<10, "space/bytes",
			map[string][]int64{"main.main;main.cache": {10 * k, 64 << 20 * k}, "main.main;main.leak": {3 * k, 32 << 20 * k}})
	}
	diff := "/diff?base=" + heap(1) + "&other=" + heap(10)
	for _, mode := range []string{"", "&mode=share", "&mode=normalize"} {
		says(t, s.page(diff+mode).body, "96 MiB inuse space", "960 MiB inuse space, +900.0 %")
	}
	says(t, s.page(diff).body, "raw", "+864 MiB")
	says(t, s.page(diff+"&tab=top").body, "+576 MiB")
	if !strings.Contains(s.page(diff+"&tab=top").body, "number of samples not known") {
		t.Error("a figure of a heap claims to know its samples")
	}
	saysNot(t, s.page(diff+"&tab=top&mode=share").body, "within sampling noise\"")
	saysNot(t, s.page(diff).body, "per request", "With them, figures")
	says(t, s.page(diff+"&mode=normalize").body, "scaled to the total of the base")
	says(t, s.page(diff+"&mode=per-op").want(t, http.StatusOK).body, "as recorded")
}

// Goroutines are counted one by one: seven more of them are seven more.
func TestGoroutinesAreNoSamples(t *testing.T) {
	t.Parallel()
	s := setup(t)
	dump := func(n int64) string {
		return s.countedUpload(t, []string{"goroutine/count"}, 1, "goroutine/count",
			map[string][]int64{"main.main;main.leak": {n}, "main.main;main.serve": {2}})
	}
	base, other := dump(8), dump(15)
	for _, at := range []string{"/profiles/" + base, "/profiles/" + base + "?tab=top", "/diff?base=" + base + "&other=" + other, "/diff?base=" + base + "&other=" + other + "&tab=top"} {
		saysNot(t, s.page(at).body, "±", "A sample every", "within sampling noise\"")
	}
	says(t, s.page("/profiles/"+base).body, "counted one by one: no sampling error")
	says(t, s.page("/diff?base="+base+"&other="+other).body, "10 goroutines", "17 goroutines, +70.0 %", "fewer goroutines in")
	says(t, s.page("/diff?base="+base+"&other="+other+"&tab=top").body, "+7")
	says(t, s.page("/diff?base="+base+"&other="+other+"&only=changed").body, "leak")
}

// Profiles of one kind in two units are compared in that of the base, as pprof does.
func TestTwoUnits(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ms := s.countedUpload(t, []string{"cpu/milliseconds"}, 10, "cpu/milliseconds", map[string][]int64{"main.main;main.work": {3000}, "main.main;main.rest": {500}})
	ns := s.countedUpload(t, []string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main;main.work": {4_000_000_000}, "main.main;main.rest": {500_000_000}})
	for _, c := range []struct{ base, other, work, fall, sum string }{
		{ms, ns, "+1 s", "+1.00 s", "4.5 s CPU, +28.6 %"},
		{ns, ms, "−1 s", "−1.00 s", "3.5 s CPU, −22.2 %"},
	} {
		diff := "/diff?base=" + c.base + "&other=" + c.other + "&mode=raw"
		says(t, s.page(diff+"&tab=top").body, c.work, "Sample type: ")
		says(t, s.page(diff+"&tab=lines&function=main.work").body, c.work)
		says(t, s.page(diff+"&tab=waterfall").body, "= "+c.fall+" of CPU")
		says(t, s.page(diff+"&sample_type=cpu/nanoseconds").body, c.sum)
		rest := graphs(t, s.page(diff).body)[0]["main.rest"]
		if !strings.Contains(rest.facts, "500 ms") || strings.Contains(rest.facts, "−") || strings.Contains(rest.facts, "+") {
			t.Errorf("what is equal in two units is %+v", rest)
		}
	}
}

// Wall clock and CPU time have the type samples in common; it is not taken for the
// same thing without a word.
func TestTwoKinds(t *testing.T) {
	t.Parallel()
	s := setup(t)
	cpu := s.countedUpload(t, []string{"samples/count", "cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main;main.work": {300, 3_000_000_000}})
	wall := s.countedUpload(t, []string{"samples/count", "time/nanoseconds"}, 10_000_000, "time/nanoseconds", map[string][]int64{"main.main;main.wait": {900, 9_000_000_000}})
	page := s.page("/diff?base=" + wall + "&other=" + cpu)
	says(t, page.body, "Kind: "+wall+" is a profile of time and "+cpu+" of cpu.", cpu+" does not count time/nanoseconds", wall+" does not count cpu/nanoseconds")
	saysNot(t, s.page("/diff?base="+cpu+"&other="+cpu).body, "Kind:")
	heap := []string{"inuse_space/bytes", "alloc_space/bytes"}
	a := counted(heap, 512<<10, "space/bytes", map[string][]int64{"main.main": {1 << 20, 1 << 21}})
	a.DefaultSampleType = "inuse_space" // only another choice of what is looked at first
	b := s.countedUpload(t, heap, 512<<10, "space/bytes", map[string][]int64{"main.main": {1 << 20, 1 << 21}})
	saysNot(t, s.page("/diff?base="+s.upload(encode(t, a), "?title=a")+"&other="+b).body, "Kind:")
}

// Two profiles that have nothing in common lead to the choice of another one, with the
// first as the base; both are still there.
func TestTwoThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	s := setup(t)
	cpu := s.countedUpload(t, []string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main": {30_000_000}})
	like := s.countedUpload(t, []string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main": {50_000_000}})
	heap := s.countedUpload(t, []string{"inuse_space/bytes"}, 512<<10, "space/bytes", map[string][]int64{"main.main": {1 << 20}})
	page := s.page("/diff?base="+cpu+"&other="+heap).want(t, http.StatusUnprocessableEntity)
	says(t, page.body, cpu+" counts cpu/nanoseconds and "+heap+" counts inuse_space/bytes", "Compare "+cpu+" with")
	for _, link := range []string{"/profiles/" + cpu, "/profiles/" + heap, "/diff?base=" + cpu + "&amp;other=" + like} {
		if !strings.Contains(page.body, `href="`+link+`"`) {
			t.Errorf("there is no link to %s", link)
		}
	}
	a := s.api("GET", "/diff?base="+cpu+"&other="+heap, "")
	if a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the API answers %d %s", a.StatusCode, a.body)
	}
}

// A number of operations that cannot be read stands in its field again, with what is
// wrong with it, below the profiles that it is for; so it does after Keep.
func TestWrongOperations(t *testing.T) {
	t.Parallel()
	s := setup(t)
	cpu := func(v int64) string {
		return s.countedUpload(t, []string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main": {v}})
	}
	base, other := cpu(1e9), cpu(2e9)
	diff := "/diff?base=" + base + "&other=" + other
	for _, at := range []string{diff + "&base_ops=7&other_ops=many", "/profiles/" + base + "?base_ops=many"} {
		page := s.page(at).want(t, http.StatusBadRequest)
		says(t, page.body, `The number of operations "many" is not a whole number from 1 on`)
		if !strings.Contains(page.body, `value="many"`) || len(graphs(t, page.body)) != 1 {
			t.Errorf("%s: what was typed is gone, or the page", at)
		}
	}
	a := s.post("/profiles/ops?keep_base="+base+"&next="+url.QueryEscape(diff), url.Values{"base_ops": {"3"}, "other_ops": {"many"}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("Keep answers %d", a.StatusCode)
	}
	page := s.page(a.Header.Get("Location")).want(t, http.StatusBadRequest)
	if !strings.Contains(page.body, `value="many"`) || !strings.Contains(page.body, `value="3"`) {
		t.Errorf("%s: what was typed is gone", a.Header.Get("Location"))
	}
	if strings.Contains(s.page(diff).body, " operations</span>") {
		t.Error("half of a form was kept")
	}
}

// A sample of one unit is worth as much in another: what vanished is no noise.
func TestGoneInAnotherUnit(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base := s.upload(encode(t, counted([]string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main;main.work": {1_000_000_000}})), "?ops=1000&title=base")
	for _, unit := range []string{"nanoseconds", "microseconds"} {
		other := s.upload(encode(t, counted([]string{"cpu/" + unit}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main;main.rest": {0}})), "?ops=1000&title=other")
		page := s.page("/diff?base=" + base + "&other=" + other + "&tab=top").body
		if strings.Contains(page, "≈</") || !strings.Contains(page, "gone, ±") {
			t.Errorf("in %s what vanished is taken for noise", unit)
		}
	}
}

// What is counted one by one on one side may be sampled on the other.
func TestCensusOfOneSide(t *testing.T) {
	t.Parallel()
	s := setup(t)
	dump := s.countedUpload(t, []string{"goroutine/count"}, 1, "goroutine/count", map[string][]int64{"main.main;main.serve": {100}})
	samples := s.countedUpload(t, []string{"samples/count"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main;main.serve": {104}})
	for _, pair := range [][2]string{{dump, samples}, {samples, dump}} {
		page := s.page("/diff?base=" + pair[0] + "&other=" + pair[1] + "&tab=top").body
		if !strings.Contains(page, " of "+dump+" · counted one by one") || !strings.Contains(page, " of "+samples+" · 104 samples, ±") {
			t.Errorf("%v: whose samples are they", pair)
		}
	}
}

// The links from one sample type to another lead somewhere in every mode.
func TestTypesInEveryMode(t *testing.T) {
	t.Parallel()
	s := setup(t)
	heap := func(inuse int64) string {
		p := counted([]string{"alloc_space/bytes", "inuse_space/bytes"}, 512<<10, "space/bytes", map[string][]int64{"main.main": {4 << 20, inuse}})
		return s.upload(encode(t, p), "?ops=100&title=heap")
	}
	base, other := heap(1<<20), heap(0)
	links := regexp.MustCompile(`href="([^"]*sample_type=[^"]*)"`)
	for _, at := range []string{"/profiles/" + base + "?", "/diff?base=" + base + "&other=" + other + "&"} {
		for _, q := range []string{"", "&mode=per-op", "&mode=share", "&mode=normalize", "&tab=top&mode=normalize"} {
			if q != "" && strings.Contains(q, "normalize") && strings.HasPrefix(at, "/profiles") {
				continue
			}
			for _, m := range links.FindAllStringSubmatch(s.page(at+"sample_type=alloc_space"+q).want(t, http.StatusOK).body, -1) {
				if link := html.UnescapeString(m[1]); strings.HasPrefix(link, "/profiles/"+base) || strings.HasPrefix(link, "/diff") {
					s.page(link).want(t, http.StatusOK)
				}
			}
		}
	}
}

// A profile in another unit can be chosen, too.
func TestChoiceInAnotherUnit(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ns := s.countedUpload(t, []string{"cpu/nanoseconds"}, 10, "cpu/nanoseconds", map[string][]int64{"main.main": {30}})
	us := s.countedUpload(t, []string{"cpu/microseconds"}, 10, "cpu/microseconds", map[string][]int64{"main.main": {30}})
	for _, pair := range [][2]string{{ns, us}, {us, ns}} {
		if !strings.Contains(s.page("/diff?base="+pair[0]).body, "/diff?base="+pair[0]+"&amp;other="+pair[1]) {
			t.Errorf("%v cannot be compared by the choice", pair)
		}
	}
}

// A profile of differences may add up to nothing, and holds something all the same.
func TestProfileOfDifferences(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.countedUpload(t, []string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds",
		map[string][]int64{"main.main;main.a": {50_000_000}, "main.main;main.b": {-30_000_000}, "main.main;main.c": {-20_000_000}})
	page := s.page("/profiles/" + id)
	says(t, page.body, "This is a profile of differences", "main.b")
	saysNot(t, page.body, "has no sample", "of wall time")
	if boxes := graphs(t, page.body)[0]; boxes["main.a"].width < 49 || boxes["main.b"].width < 29 || boxes["main.c"].width < 19 {
		t.Errorf("the boxes are %+v", boxes)
	}
	zero := s.countedUpload(t, []string{"cpu/nanoseconds"}, 10_000_000, "cpu/nanoseconds", map[string][]int64{"main.main;main.a": {0}})
	says(t, s.page("/profiles/"+zero).body, "add up to zero in every stack")
	says(t, s.page("/profiles/"+zero+"?tab=top").body, "No function here has a CPU value other than zero.")
}
