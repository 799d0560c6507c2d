package web_test

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// two uploads a pair of profiles of which the other is the dearer one per operation,
// and has a frame that the base does not have, and the other way round.
func (s *site) two(t *testing.T) (base, other string) {
	t.Helper()
	base = s.upload(encode(t, treetest.Folded("main.main;net.Dial 400\nmain.main;net.old 200\nmain.main;net.Read 400")), "?ops=1000")
	other = s.upload(encode(t, treetest.Folded("main.main;net.Dial 1200\nmain.main;net.young 400\nmain.main;net.Read 410")), "?ops=1000")
	return base, other
}

var (
	boxMarkup = regexp.MustCompile(`<(?:a href="([^"]*)"|g) class="([^"]*)"><title>([^<]*)</title><rect x="([\d.]+)%" y="(\d+)" width="([\d.]+)%"/>`)
	svgMarkup = regexp.MustCompile(`(?s)<svg class="Flame-svg".*?</svg>`)
)

// labelMarkup is what a script's frame has in place of a title.
var labelMarkup = regexp.MustCompile(` tabindex="-?\d" aria-label="([^"]*)">`)

// drawnBox is a frame as the page draws it.
type drawnBox struct {
	url, class, facts string
	width             float64
	y                 int
}

// graphs are the frames of each graph of a page, by function.
func graphs(t *testing.T, page string) []map[string]drawnBox {
	t.Helper()
	var all []map[string]drawnBox
	for _, svg := range svgMarkup.FindAllString(page, -1) {
		boxes := map[string]drawnBox{}
		for _, m := range boxMarkup.FindAllStringSubmatch(svg, -1) {
			name, facts, _ := strings.Cut(html.UnescapeString(m[3]), "\n")
			width, err := strconv.ParseFloat(m[6], 64)
			if err != nil {
				t.Fatal(err)
			}
			y, _ := strconv.Atoi(m[5]) // digits
			boxes[name] = drawnBox{html.UnescapeString(m[1]), m[2], facts, width, y}
		}
		all = append(all, boxes)
	}
	return all
}

// Two graphs are on one scale, in every mode: a unit is as wide in one as in the other.
func TestPairOfGraphs(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	for mode, ratio := range map[string]float64{"per-op": 1000. / 2010, "raw": 1000. / 2010, "share": 1} {
		got := graphs(t, s.page("/diff?graphs=pair&mode="+mode+"&base="+base+"&other="+other).want(t, 200).body)
		if len(got) != 2 {
			t.Fatalf("%s: %d graphs", mode, len(got))
		}
		a, b := got[0]["main.main"].width, got[1]["main.main"].width
		if b != 100 || a < 100*ratio-.01 || a > 100*ratio+.01 {
			t.Errorf("%s: the graphs are %v and %v wide, want %v and 100", mode, a, b, 100*ratio)
		}
		if _, ok := got[0]["net.young"]; ok {
			t.Errorf("%s: the base has the frame that is new", mode)
		}
		if x, y := got[0]["net.Dial"].url, got[1]["net.Dial"].url; x != y || x == "" {
			t.Errorf("%s: the same frame leads to %q and %q", mode, x, y)
		}
		zoomed := s.page(got[1]["net.young"].url).want(t, 200).body
		says(t, zoomed, base+" has no sample of this frame")
	}
}

// The graph stands on its head on demand, and one side can be shown alone.
func TestFlameOrientation(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	diff := "/diff?base=" + base + "&other=" + other
	icicle, flame := graphs(t, s.page(diff).want(t, 200).body)[0], graphs(t, s.page(diff+"&orient=flame").want(t, 200).body)[0]
	if icicle["main.main"].y != 18 || icicle["net.Dial"].y != 36 {
		t.Errorf("icicle: main.main at %d, net.Dial at %d", icicle["main.main"].y, icicle["net.Dial"].y)
	}
	if flame["main.main"].y != 18 || flame["net.Dial"].y != 0 || flame["all samples"].y != 36 {
		t.Errorf("flame: main.main at %d, net.Dial at %d", flame["main.main"].y, flame["net.Dial"].y)
	}
	alone := graphs(t, s.page(diff+"&graphs=base").want(t, 200).body)
	if _, ok := alone[0]["net.old"]; !ok || len(alone) != 1 {
		t.Errorf("the base alone: %v", alone)
	}
	if _, ok := alone[0]["net.young"]; ok {
		t.Error("the base alone shows a frame of the other")
	}
}

// Filters keep what they say, count it, and say when there is none of it.
func TestFlameFilters(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	diff := "/diff?base=" + base + "&other=" + other
	for only, want := range map[string]string{"new": "net.young", "gone": "net.old", "changed": "net.Dial"} {
		page := s.page(diff+"&only="+only).want(t, 200).body
		got := graphs(t, page)[0]
		if _, ok := got[want]; !ok {
			t.Errorf("%s lacks %s: %v", only, want, got)
		}
		if _, ok := got["net.Read"]; ok {
			t.Errorf("%s shows what is within noise", only)
		}
		if only != "changed" && got["main.main"].class != "Fill-dim" {
			t.Errorf("%s: the caller is drawn as %q", only, got["main.main"].class)
		}
		says(t, page, "changed 4", "new 1", "gone 1", "filtered out")
	}
	same := "/diff?base=" + base + "&other=" + base
	says(t, s.page(same+"&only=changed").want(t, 200).body, "No frame differs beyond sampling noise.", "changed 0")
	says(t, s.page(same+"&only=new").want(t, 200).body, "No frame is new: "+base+" has each that "+base+" has.")
	for _, b := range graphs(t, s.page(same).want(t, 200).body)[0] {
		if b.class != "Fill-same" || !strings.Contains(b.facts, "(0 %)") {
			t.Errorf("the difference to itself: %+v", b)
		}
	}
}

// The zoomed frame is told in words, with links to its other views.
func TestSelectedFrame(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	dial := graphs(t, s.page("/diff?base="+base+"&other="+other).want(t, 200).body)[0]["net.Dial"]
	if !strings.Contains(dial.facts, "(+200.0 %)") && !strings.Contains(dial.facts, "(+200 %)") {
		t.Errorf("the facts of net.Dial: %q", dial.facts)
	}
	page := s.page(dial.url).want(t, 200).body
	says(t, page, "4 ms · 40 % of all", "12 ms · 60 % of all", "lines of this function", "callers and callees", "focus on it", "hide it", "The same as a table")
	links := regexp.MustCompile(`<li(?: data-swap)?><a href="([^"]+)" title="[^"]*">(lines of this function|callers and callees|focus on it|hide it)</a>`).FindAllStringSubmatch(page, -1)
	if len(links) != 4 {
		t.Fatalf("%d links: %v", len(links), links)
	}
	for _, l := range links {
		address := html.UnescapeString(l[1])
		q, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		body := s.page(address).want(t, 200).body
		switch l[2] {
		case "lines of this function":
			if q.Query().Get("function") != `^net\.Dial$` || q.Query().Get("tab") != "lines" {
				t.Errorf("lines are at %s", address)
			}
		case "callers and callees":
			says(t, body, "Callers and callees of net.Dial")
		case "focus on it":
			if _, ok := graphs(t, body)[0]["net.Read"]; ok {
				t.Error("focus leaves another function")
			}
		case "hide it":
			if _, ok := graphs(t, body)[0]["net.Dial"]; ok {
				t.Error("the hidden function is there")
			}
		}
	}
}

// A sandwich has callers above and callees below, also in a pair.
func TestSandwichOfPair(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	for _, more := range []string{"", "&graphs=pair", "&orient=flame", "&only=changed", "&graphs=base", "&colour=layer&delta=self"} {
		for _, g := range graphs(t, s.page("/diff?pivot=net.Dial&base="+base+"&other="+other+more).want(t, 200).body) {
			if g["all samples"].y != 0 && g["all samples"].width > 0 || g["main.main"].y >= g["net.Dial"].y {
				t.Errorf("%q: main.main at %d, net.Dial at %d", more, g["main.main"].y, g["net.Dial"].y)
			}
		}
	}
}

// A search says what matches of each side, and stays where the graph is zoomed to.
func TestSearchOfEachSide(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	page := s.page("/diff?search=Dial&base="+base+"&other="+other).want(t, 200).body
	says(t, page, "40 % of "+base+" and 60 % of "+other+" matches, in 1 function")
	zoomed := s.page(graphs(t, page)[0]["main.main"].url).want(t, 200).body
	if !regexp.MustCompile(`<input type="hidden" name="at" value="\w+"`).MatchString(zoomed) {
		t.Error("a search from here would leave the zoom")
	}
}

// Colours by layer tell user code from libraries, the runtime and the kernel.
func TestColourByLayer(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := treetest.Folded("main.main;net.Dial;syscall.Syscall;entry_SYSCALL_64;tcp_connect;handle_softirqs;tcp_v4_rcv 9\nmain.main;runtime.mallocgc 3\nmain.main;entry 3")
	kernel := &profile.Mapping{ID: 2, Start: 1 << 60, Limit: 1 << 61, File: "[kernel.kallsyms]"}
	p.Mapping = append(p.Mapping, kernel)
	for _, l := range p.Location {
		if name := l.Line[0].Function.Name; strings.HasPrefix(name, "tcp_") {
			l.Mapping = kernel
		}
	}
	page := s.page("/profiles/"+s.upload(encode(t, p), "?ops=10")+"?colour=layer").want(t, 200).body
	got := graphs(t, page)[0]
	for name, want := range map[string]string{
		"main.main": "main", "net.Dial": "std", "syscall.Syscall": "syscall", "entry_SYSCALL_64": "kernel", "tcp_connect": "kernel",
		"handle_softirqs": "softirq", "tcp_v4_rcv": "softirq", "runtime.mallocgc": "runtime", "entry": "main",
	} {
		if got[name].class != "Fill-"+want {
			t.Errorf("%s is drawn as %q, want %s", name, got[name].class, want)
		}
	}
	says(t, page, "user code", "Go standard library", "system call boundary", "kernel: softirq")
}
