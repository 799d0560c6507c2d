package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// What a box is of all is of the whole profile, also where a filter leaves a part of
// it, and in both halves of a sandwich.
func TestShareOfAll(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.upload(encode(t, treetest.Folded("main.main;net.Dial;syscall.connect 100\nmain.main;net.Read 300")), "")
	for _, query := range []string{"", "focus=connect", "show_from=Dial", "pivot=net.Dial", "mode=raw&pivot=syscall.connect"} {
		for name, box := range graphs(t, s.page("/profiles/"+id+"?"+query).want(t, 200).body)[0] {
			if name == "net.Dial" && !strings.Contains(box.facts, " · 25 % of all") {
				t.Errorf("%q: %s is %q, want 25 %% of all", query, name, box.facts)
			}
		}
		if card := s.page("/profiles/" + id + "?" + query).body; strings.Contains(query, "focus") && !strings.Contains(card, "25 % of all") {
			t.Errorf("%q: the card says something else", query)
		}
	}
}

// Where colours are of self values, so are the differences beside them and what
// they say of noise.
func TestDifferenceOfSelf(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base := s.upload(encode(t, treetest.Folded("main.f 100\nmain.f;main.g 100")), "?ops=1000")
	other := s.upload(encode(t, treetest.Folded("main.f 101\nmain.f;main.g 900")), "?ops=1000")
	path := "/diff?mode=raw&base=" + base + "&other=" + other
	if f := graphs(t, s.page(path).want(t, 200).body)[0]["main.f"]; strings.Contains(f.facts, "noise") || !strings.Contains(f.facts, "(+") {
		t.Errorf("of total: %q", f.facts)
	}
	page := s.page(path+"&delta=self").want(t, 200).body
	f := graphs(t, page)[0]["main.f"]
	if !strings.Contains(f.facts, "· self +") || !strings.Contains(f.facts, "(+1.0 %)") || !strings.Contains(f.facts, "within sampling noise") {
		t.Errorf("of self: %q", f.facts)
	}
	if !strings.Contains(page, ", self</th>") {
		t.Error("the table does not say what its differences are of")
	}
}

// Half the samples of twice the period are the same cost: no difference, though the
// counts are far apart.
func TestNoiseOfDifferentPeriods(t *testing.T) {
	t.Parallel()
	s := setup(t)
	fine, coarse := treetest.Folded("main.f 400\nmain.g 400"), treetest.Folded("main.f 200\nmain.g 200")
	for _, sample := range coarse.Sample {
		sample.Value[1] *= 2
	}
	coarse.Period *= 2
	base, other := s.upload(encode(t, fine), "?ops=1000"), s.upload(encode(t, coarse), "?ops=1050")
	for _, mode := range []string{"per-op", "share", "raw"} {
		path := "/diff?tab=top&only=changed&mode=" + mode + "&base=" + base + "&other=" + other
		if page := s.page(path).want(t, 200).body; strings.Contains(page, ">main.f<") {
			t.Errorf("%s: a period makes a difference", mode)
		}
	}
}

// That shares add up to no difference is said of whole profiles only.
func TestSharesOfAPart(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	path := "/diff?" + url.Values{"tab": {"waterfall"}, "mode": {"share"}, "base": {base}, "other": {other}}.Encode()
	const note = "add up to no difference"
	if !strings.Contains(s.page(path).want(t, 200).body, note) {
		t.Error("of whole profiles it is not said")
	}
	for _, part := range []string{"&focus=Dial", "&function=main.main"} {
		if strings.Contains(s.page(path+part).want(t, 200).body, note) {
			t.Errorf("%s: it is said of a part", part)
		}
	}
}

// What pprof prints stands there as pprof prints it, whatever the mode.
func TestWhatPprofPrints(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := treetest.Folded("main.main;main.fib 10")
	leaf := p.Sample[0].Location[0]
	leaf.Line[0].Function.Filename, leaf.Line[0].Line = "/src/main.go", 5
	caller := *leaf // fib calls fib, on a line of its own
	caller.ID, caller.Address = uint64(len(p.Location)+1), 0
	caller.Line = []profile.Line{{Function: leaf.Line[0].Function, Line: 6}}
	p.Location = append(p.Location, &caller)
	p.Sample[0].Location = slices.Insert(p.Sample[0].Location, 1, &caller)
	id := s.upload(encode(t, p), "?ops=10")
	for mode, want := range map[string]string{"raw": "200 ms for ", "per-op": "200 ms (here 20 ms) for ", "share": "200 ms (here 200 %) for "} {
		page := s.page("/profiles/"+id+"?tab=lines&function=fib&mode="+mode).want(t, 200).body
		_, printed, _ := strings.Cut(page, "pprof prints ")
		if !strings.HasPrefix(printed, want) {
			t.Errorf("%s: pprof prints %.40q, want %q", mode, printed, want)
		}
	}
}
