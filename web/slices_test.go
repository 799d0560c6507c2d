package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// labelled is a profile of two functions, each with labels of its own.
func labelled(t testing.TB, change ...func(*profile.Profile)) []byte {
	t.Helper()
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 10e6, DurationNanos: int64(10 * time.Second), TimeNanos: 1e18,
		Mapping: []*profile.Mapping{{ID: 1, File: "/srv/app", BuildID: "one"}},
	}
	for i, name := range []string{"main.fast", "main.slow"} {
		f := &profile.Function{ID: uint64(i + 1), Name: name, Filename: "/usr/lib/go-1.22/src/runtime/sys_linux_amd64.s"}
		l := &profile.Location{ID: uint64(i + 1), Mapping: p.Mapping[0], Line: []profile.Line{{Function: f, Line: 1}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
	}
	p.Sample = []*profile.Sample{
		{Location: p.Location[:1], Value: []int64{1, 10e6}, Label: map[string][]string{"endpoint": {"/fast <b>"}}, NumLabel: map[string][]int64{"bytes": {4096}}, NumUnit: map[string][]string{"bytes": {"bytes"}}},
		{Location: p.Location[1:], Value: []int64{3, 30e6}, Label: map[string][]string{"endpoint": {"/slow"}, "a=b": {"\"><script>"}, "": {"x"}, "long": {strings.Repeat("y", 5000)}}},
	}
	for _, f := range change {
		f(p)
	}
	return encode(t, p)
}

func TestSlices(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.upload(labelled(t), "")
	other := s.upload(labelled(t, func(p *profile.Profile) { p.Sample[0].Value = []int64{7, 70e6} }), "")
	page := s.page("/profiles/"+id).want(t, http.StatusOK).body
	for _, want := range []string{"endpoint", "/fast &lt;b&gt;", "/slow", "4kB", "4096 bytes", "75 %", "25 %", "a=b", "a link cannot name a key", "it is too long for a link"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page, "<script>") && strings.Contains(page, `"><script>`) {
		t.Error("a label's value is markup")
	}
	slow := "label=" + url.QueryEscape("endpoint=/slow")
	if !strings.Contains(page, slow) {
		t.Fatalf("no link to %s", slow)
	}
	top := s.page("/profiles/"+id+"?tab=top&"+slow).want(t, http.StatusOK).body
	if !strings.Contains(top, "main.slow") || strings.Contains(top, ">main.fast<") {
		t.Error("the label does not choose its samples")
	}
	if !strings.Contains(top, "All samples again") {
		t.Error("there is no way back to all samples")
	}
	diff := s.page("/diff?base="+id+"&other="+other).want(t, http.StatusOK).body
	if !strings.Contains(diff, "25 % → 70 %") {
		t.Error("the shares of both sides are not beside each other")
	}
	if many := s.upload(labelled(t, func(p *profile.Profile) {
		for i := range 300 {
			p.Sample = append(p.Sample, &profile.Sample{Location: p.Location[:1], Value: []int64{1, 1}, Label: map[string][]string{"id": {strings.Repeat("i", i+1)}, strings.Repeat("k", i+1): {"v"}}})
		}
	}), ""); true {
		page := s.page("/profiles/"+many).want(t, http.StatusOK).body
		if n := strings.Count(page, "Slices-share"); n > 150 || !strings.Contains(page, "more keys") || !strings.Contains(page, "290 more") {
			t.Errorf("%d values are listed of a profile with hundreds", n)
		}
	}
}

func TestDifferencesAreTold(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base := s.upload(labelled(t), "?ops=100")
	for name, c := range map[string]struct {
		change func(*profile.Profile)
		query  string
		says   []string // none: nothing is said
	}{
		"nothing": {func(p *profile.Profile) { p.Sample[0].Value[1] = 20e6 }, "?ops=100", nil},
		"itself":  {func(*profile.Profile) {}, "?ops=100", []string{"Both are the same profile"}},
		"architecture": {func(p *profile.Profile) {
			p.Function[0].Filename, p.Function[1].Filename = "runtime/sys_linux_arm64.s", ""
		}, "?ops=100", []string{"Architecture: ", "amd64", "arm64"}},
		"system": {func(p *profile.Profile) {
			p.Function[0].Filename, p.Function[1].Filename = "runtime/sys_darwin_amd64.s", ""
		}, "?ops=100", []string{"Operating system: ", "linux", "darwin"}},
		"version": {func(p *profile.Profile) {
			for _, f := range p.Function {
				f.Filename = "/sdk/go1.26.1/src/runtime/sys_linux_amd64.s"
			}
		}, "?ops=100", []string{"Go version: ", "go1.22", "go1.26.1"}},
		"the same version told finer": {func(p *profile.Profile) {
			for _, f := range p.Function {
				f.Filename = "/sdk/go1.22.3/src/runtime/sys_linux_amd64.s"
			}
		}, "?ops=100", nil},
		"program":    {func(p *profile.Profile) { p.Mapping[0].File = "/srv/other" }, "?ops=100", []string{"Program: ", "app", "other"}},
		"build":      {func(p *profile.Profile) { p.Mapping[0].BuildID = "two" }, "?ops=100", []string{"Build: ", "two builds of app"}},
		"duration":   {func(p *profile.Profile) { p.DurationNanos *= 3 }, "?ops=100", []string{"Duration: ", "10 s", "30 s"}},
		"period":     {func(p *profile.Profile) { p.Period = 1e6 }, "?ops=100", []string{"Sampling: ", "10 ms", "1 ms"}},
		"operations": {func(p *profile.Profile) { p.Sample[0].Value[1] = 20e6 }, "?ops=200", []string{"Operations: ", "100", "200"}},
		"unknown": {func(p *profile.Profile) {
			p.Mapping, p.DurationNanos, p.Period, p.PeriodType = nil, 0, 0, nil
			for _, f := range p.Function {
				f.Filename = ""
			}
			for _, l := range p.Location {
				l.Mapping = nil
			}
		}, "", nil},
	} {
		other := s.upload(labelled(t, c.change), c.query)
		page := s.page("/diff?base="+base+"&other="+other).want(t, http.StatusOK).body
		told := tags.ReplaceAllString(regexp.MustCompile(`(?s)<section[^>]*aria-label="Warnings".*?</section>`).FindString(page), "")
		for _, want := range c.says {
			if !strings.Contains(told, want) {
				t.Errorf("%s: it says %q, want %q", name, told, want)
			}
		}
		if c.says == nil && told != "" {
			t.Errorf("%s: it says %q, want nothing", name, told)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

func TestOperationsAreAskedFor(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.upload(labelled(t), "")
	page := s.page("/profiles/"+id).want(t, http.StatusOK).body
	if !strings.Contains(page, `name="base_ops"`) || strings.Contains(page, "/profiles/ops") {
		t.Error("a reader is not asked for the operations, or may keep them")
	}
	if page := s.page("/profiles/"+id+"?base_ops=1000").want(t, http.StatusOK).body; !strings.Contains(page, "40 µs") {
		t.Error("40 ms over 1 000 operations are not shown as 40 µs")
	}
	owner := s.do("GET", "/profiles/"+id, nil, browser, bearer).want(t, http.StatusOK).body
	m := regexp.MustCompile(`formaction="(/profiles/ops\?[^"]*)"`).FindStringSubmatch(owner)
	if m == nil {
		t.Fatal("the owner cannot keep the operations")
	}
	keep := strings.ReplaceAll(m[1], "&amp;", "&")
	a := s.post(keep, url.Values{"base_ops": {"2 000"}}).want(t, http.StatusSeeOther)
	if a.Header.Get("Location") != "/profiles/"+id {
		t.Errorf("it leads to %q", a.Header.Get("Location"))
	}
	if p, err := s.store.Profile(t.Context(), id); err != nil || p.Ops != 2000 {
		t.Errorf("kept %d, %v", p.Ops, err)
	}
	if page := s.page("/profiles/" + id).body; strings.Contains(page, `name="base_ops"`) || !strings.Contains(page, "20 µs") {
		t.Error("what was kept is asked for, or not used")
	}
	before := s.state()
	if a := s.post(keep, url.Values{"base_ops": {"many"}}).want(t, http.StatusSeeOther); !strings.Contains(a.Header.Get("Location"), "base_ops=many") {
		t.Errorf("it leads to %q", a.Header.Get("Location"))
	}
	s.post("/profiles/ops?keep_base=P-999&next=//evil.example/", url.Values{"base_ops": {"5"}}).want(t, http.StatusNotFound)
	if a := s.post("/profiles/ops?next=//evil.example/", nil).want(t, http.StatusSeeOther); a.Header.Get("Location") != "/" {
		t.Errorf("it leads to %q", a.Header.Get("Location"))
	}
	s.do("POST", keep, strings.NewReader("base_ops=1"), header("Content-Type", "application/x-www-form-urlencoded")).want(t, http.StatusUnauthorized)
	s.unchanged(before)
}

// Units are those of the sample type, whatever a producer calls them.
func TestUnits(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for unit, want := range map[string]string{
		"nanoseconds": "30 ms", "microseconds": "30 s", "ms": "30 000 s", "bytes": "28.6 MiB", "kilobytes": "28.6 GiB", "count": "30 000 000", "objects": "30 000 000", "pages": "30 000 000 pages", "": "30 000 000",
	} {
		id := s.upload(labelled(t, func(p *profile.Profile) { p.SampleType[1] = &profile.ValueType{Type: "what", Unit: unit} }), "")
		page := s.page("/profiles/"+id+"?tab=top&mode=raw").want(t, http.StatusOK).body
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(page, "\u202f", " "), "\u00a0", " "), want) {
			at := strings.Index(page, "main.slow")
			t.Errorf("%q: 30 000 000 is not shown as %q: %.300s", unit, want, page[max(0, at-300):])
		}
	}
}

// Two profiles are compared by a sample type that both have.
func TestDifferenceOfOtherTypes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	types := func(names ...string) string {
		return s.upload(labelled(t, func(p *profile.Profile) {
			p.SampleType = nil
			for _, n := range names {
				kind, unit, _ := strings.Cut(n, "/")
				p.SampleType = append(p.SampleType, &profile.ValueType{Type: kind, Unit: unit})
			}
		}), "")
	}
	both, swapped, delay := types("samples/count", "cpu/nanoseconds"), types("cpu/nanoseconds", "samples/count"), types("contentions/count", "delay/nanoseconds")
	if page := s.page("/diff?base="+both+"&other="+swapped).want(t, http.StatusOK).body; !strings.Contains(page, "samples") || strings.Contains(page, "Sample type: ") {
		t.Error("types in another order are taken for others")
	}
	page := s.page("/diff?base="+both+"&other="+delay).want(t, http.StatusOK).body
	if !strings.Contains(page, "Sample type: ") || !strings.Contains(page, "delay/nanoseconds") || !strings.Contains(page, "does not count") {
		t.Error("that two times are of other kinds is not said")
	}
	s.page("/diff?base="+both+"&other="+delay+"&sample_type=cpu").want(t, http.StatusNotFound)
}
