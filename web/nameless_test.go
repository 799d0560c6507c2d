package web_test

import (
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// A function without a line says so, with what it costs; nothing typed lists the
// costliest that has lines.
func TestFunctionsWithoutLines(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := treetest.Folded("main.main;fib 70\nmain.main;net.Read 20\nmain.main 10")
	for _, f := range p.Function {
		if f.Name == "fib" {
			f.Filename = ""
		}
	}
	lines := "/profiles/" + s.upload(encode(t, p), "") + "?mode=share&tab=lines"
	says(t, s.page(lines+"&function=^fib$").want(t, 200).body, "fib has no file or line in this profile: it was made without line numbers. flat 70 %, cum 70 %.")
	says(t, s.page(lines).want(t, 200).body, "net.Read · share of the profile")
	for _, f := range p.Function {
		f.Filename = ""
	}
	lines = "/profiles/" + s.upload(encode(t, p), "") + "?mode=share&tab=lines"
	says(t, s.page(lines).want(t, 200).body, "No function here has a file or a line", "fib has no file or line in this profile")
	says(t, s.page(lines+"&function=.").want(t, 200).body, "flat 20 %, cum 20 %", "flat 10 %, cum 100 %")
	says(t, s.page(lines+"&function=nosuch").want(t, 200).body, `No function in these profiles matches "nosuch".`)
}

// A side that has no lines of a function has its total all the same.
func TestLinesOfOneSideOnly(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const stacks = "main.main;fib 300\nmain.main 100"
	base := s.upload(encode(t, treetest.Folded(stacks)), "")
	other := s.upload(encode(t, renamed(stacks, func(f *profile.Function) { f.Filename = "" })), "")
	for _, pair := range [][2]string{{base, other}, {other, base}} {
		body := s.page("/diff?tab=lines&mode=share&function=^fib$&base="+pair[0]+"&other="+pair[1]).want(t, 200).body
		says(t, body, other+" was made without line numbers for this function, so only its total is known.")
		if n := strings.Count(body, "cum 75 %, flat 75 %"); n < 2 {
			t.Errorf("fib costs 75 %% of both, and it is said %d times", n)
		}
		says(t, s.page("/diff?tab=lines&mode=share&base="+pair[0]+"&other="+pair[1]).want(t, 200).body, "fib · share of the profile")
	}
}

// A profile of addresses says that it is one, and the difference of two builds that
// what is new in it is not.
func TestNamelessProfiles(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.upload(encode(t, addresses(0)), ""), s.upload(encode(t, addresses(0x40)), "")
	named := s.upload(encode(t, treetest.Folded("main.main 9")), "")
	const notice, warning = "was spent in frames without a function name", "that such a frame is new or gone says nothing about the program"
	for _, view := range []string{"", "?tab=top", "?tab=lines", "?focus=libc"} {
		says(t, s.page("/profiles/"+base+view).want(t, 200).body, "100 % of this profile "+notice)
	}
	says(t, s.page("/diff?base="+base+"&other="+other).want(t, 200).body, warning, "Names: 100 % of "+base+" and 100 % of "+other)
	says(t, s.page("/diff?base="+base+"&other="+named).want(t, 200).body, warning)
	for _, path := range []string{"/profiles/" + named, "/diff?base=" + named + "&other=" + named, "/diff?base=" + base + "&other=" + base} {
		if body := s.page(path).want(t, 200).body; strings.Contains(body, warning) || !strings.Contains(path, base) && strings.Contains(body, notice) {
			t.Errorf("%s speaks of names", path)
		}
	}
	card := s.page(graphs(t, s.page("/profiles/"+base).want(t, 200).body)[0]["0x400001 in app"].url).want(t, 200).body
	says(t, card, "It has no function name, so no filter finds it by one, and it has no lines.", "callers and callees")
	for _, link := range []string{"lines of this function", "focus on it", "hide it"} {
		if strings.Contains(card, link) {
			t.Errorf("the card of an address offers %q", link)
		}
	}
	says(t, s.page("/profiles/"+base+"?tab=lines&function=^0x400001+in+app$").want(t, 200).body, "0x400001 in app is the address of a frame without a function name")
}
