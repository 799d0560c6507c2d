package web_test

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// contradictions are what a page says when a link of the product led it to nothing.
var contradictions = []string{
	"No function in these profiles matches", "No sample goes through", "No sample is left", "The frame of this link is not in",
	"The pattern is", "No function is in this profile",
}

var (
	topRows   = regexp.MustCompile(`(?s)<th scope="row" class="Table-function">\s*<a href="([^"]*)">([^<]*)</a>.*?</th>`)
	topPivot  = regexp.MustCompile(`<a class="Table-pivot" href="([^"]*)"`)
	cardLinks = regexp.MustCompile(`<a href="([^"]+)"[^>]*>(lines of this function|callers and callees|focus on it|hide it)</a>`)
	cardName  = regexp.MustCompile(`<h3 class="Frame-name">([^<]*)</h3>`)
	largest   = regexp.MustCompile(`(?s)<nav class="Largest".*?</nav>`)
	hrefs     = regexp.MustCompile(`href="([^"]+)"`)
)

// leads opens a link of a page and fails where what it leads to denies it.
func (s *site) leads(t *testing.T, from, link string) string {
	t.Helper()
	link = html.UnescapeString(link)
	body := s.page(link).want(t, 200).body
	for _, text := range contradictions {
		if at := strings.Index(body, text); at >= 0 {
			t.Errorf("%s leads to %s: %.120q", from, link, body[at:])
		}
	}
	return body
}

// followTop follows both links of the first rows of the top table.
func (s *site) followTop(t *testing.T, page string, rows int) {
	t.Helper()
	found := topRows.FindAllStringSubmatch(s.page(page).want(t, 200).body, -1)
	if len(found) == 0 {
		t.Fatalf("%s lists no function", page)
	}
	for _, m := range found[:min(len(found), rows)] {
		lines := s.leads(t, "the name of "+m[2], m[1])
		if !strings.Contains(lines, `<table class="Lines`) {
			t.Errorf("%s has no sheet at %s", m[2], m[1])
		}
		pivot := topPivot.FindStringSubmatch(m[0])
		if pivot == nil {
			t.Errorf("%s has no link to its callers", m[2])
			continue
		}
		around := s.leads(t, "⇅ of "+m[2], pivot[1])
		if g := graphs(t, around); len(g) == 0 || len(g[0]) == 0 {
			t.Errorf("there is nothing around %s at %s", m[2], pivot[1])
		}
	}
}

// followCards zooms to the widest frames of a flame graph and follows what their cards
// offer.
func (s *site) followCards(t *testing.T, page string, frames int) {
	t.Helper()
	boxes := graphs(t, s.page(page).want(t, 200).body)
	if len(boxes) == 0 {
		t.Fatalf("%s has no graph", page)
	}
	names := slices.SortedFunc(maps.Keys(boxes[0]), func(a, b string) int {
		if x, y := boxes[0][a].width, boxes[0][b].width; x != y {
			return int(1e6 * (y - x))
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		box := boxes[0][name]
		if box.url == "" || name == "all samples" || strings.HasSuffix(name, " smaller") {
			continue
		}
		if frames--; frames < 0 {
			return
		}
		card := s.leads(t, name, box.url)
		if got := cardName.FindStringSubmatch(card); got == nil || html.UnescapeString(got[1]) != name {
			t.Errorf("the card of %s is of %q", name, got)
		}
		for _, m := range cardLinks.FindAllStringSubmatch(card, -1) {
			s.followCard(t, name, m[2], m[1])
		}
	}
}

func (s *site) followCard(t *testing.T, name, what, link string) {
	t.Helper()
	if what == "hide it" && name == "all samples" {
		return
	}
	link = html.UnescapeString(link)
	body := s.page(link).want(t, 200).body
	if what == "hide it" && strings.Contains(body, "No sample is left") {
		return // it was all that there is
	}
	body = s.leads(t, "“"+what+"” of "+name, link)
	switch what {
	case "lines of this function":
		if !strings.Contains(body, `<table class="Lines`) {
			t.Errorf("%s of %s has no sheet", what, name)
		}
	case "hide it":
		for _, g := range graphs(t, body) {
			if _, ok := g[name]; ok {
				t.Errorf("%s is hidden and still there", name)
			}
		}
	default:
		if g := graphs(t, body); len(g) == 0 || !drawn(g[0], name) {
			t.Errorf("%s of %s does not show it: %s", what, name, link)
		}
	}
}

func drawn(boxes map[string]drawnBox, name string) bool { _, ok := boxes[name]; return ok }

// followLines opens the lines with nothing asked for, and what they name first.
func (s *site) followLines(t *testing.T, page string) string {
	t.Helper()
	body := s.leads(t, "the tab", page)
	for _, nav := range largest.FindAllString(body, -1) {
		for _, m := range hrefs.FindAllStringSubmatch(nav, 3) {
			s.leads(t, "the largest", m[1])
		}
	}
	return body
}

func (s *site) followAll(t *testing.T, id string, rows, frames int) {
	t.Helper()
	s.followTop(t, "/profiles/"+id+"?tab=top", rows)
	s.followTop(t, "/profiles/"+id+"?tab=top&sort=cum", rows/6)
	s.followCards(t, "/profiles/"+id, frames)
	s.followLines(t, "/profiles/"+id+"?tab=lines")
}

// No link of a table or of a frame leads to a page that denies it, whoever made the
// profile: scripts without files, stripped binaries, eBPF with some of its names.
func TestLinksOfCorpus(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, name := range []string{
		"felixge-pprofutils__examples_folded.in.pprof", "felixge-pprofutils__examples_heapage.out.pprof", "felixge-pprofutils__examples_labelframes.out.pprof",
		"google-pprof__internal_driver_testdata_cppbench.cpu_no_samples_type", "google-pprof__internal_driver_testdata_go.nomappings.crash",
		"9seconds-mtg__default.pgo", "parca-dev-parca__pkg_normalizer_node_profile.pb.gz", "parca-dev-parca__pkg_query_testdata_no_python.pb.gz",
		"parca-dev-parca__pkg_query_testdata_profile_with_labels.pb.gz", "parca-dev-parca__pkg_query_testdata_two_stacks.pb.gz",
		"parca-dev-parca__pkg_symbolizer_testdata_profile.pb.gz", "parca-dev-parca__pkg_symbolizer_testdata_stripped_cpu.stripped.pprof",
		"platformatic-react-pprof__tests_fixtures_profile.pprof",
	} {
		t.Run(name, func(t *testing.T) {
			s.followAll(t, s.upload(corpus(t, name), ""), 12, 3)
		})
	}
}

// renamed is a profile of folded stacks after a change of each function.
func renamed(text string, change func(*profile.Function)) *profile.Profile {
	p := treetest.Folded(text)
	for _, f := range p.Function {
		change(f)
	}
	return p
}

// cpp is a profile of C++ whose names are demangled already: pprof cuts templates and
// parameters out of them.
func cpp() *profile.Profile {
	const push, less = "std::vector<int, std::allocator<int> >::push_back(int&&)", "bool std::operator< <int>(Pair const&, Pair const&)"
	return treetest.Folded("main;run(int, char**) 5\nmain;run(int, char**)/" + push + " 40\nmain;" + push + ";" + less + " 30\nmain;std::vector<long>::push_back(long&&) 20")
}

// addresses is a profile of two binaries without symbols; the addresses of another
// build are others.
func addresses(build uint64) *profile.Profile {
	p := treetest.Folded("a;b;c 50\na;b;d 30\na;e 20\nf 5")
	p.Mapping = append(p.Mapping, &profile.Mapping{ID: 2, Start: 0x700000, Limit: 0x800000, File: "/usr/lib/libc.so.6"})
	for i, l := range p.Location {
		l.Line, l.Address = nil, l.Address+build
		if i > 2 {
			l.Mapping = p.Mapping[1]
		}
	}
	p.Location[5].Mapping = nil
	p.Function = nil
	return p
}

// Names that are cut, too long, or none at all.
func TestLinksOfOddNames(t *testing.T) {
	t.Parallel()
	s := setup(t)
	long := strings.Repeat("Outer.Inner+", 100)
	for name, p := range map[string]*profile.Profile{
		"C++":       cpp(),
		"addresses": addresses(0),
		"no files": renamed("main;foo.bar 40\nmain;LazyCompile:*fib /usr/src/app/main.js:1 20", func(f *profile.Function) {
			f.Filename = ""
		}),
		"cut to nothing": renamed("<module>;f 30\n<module>;f;<lambda> 20\n<module> 10", func(f *profile.Function) {
			f.Filename = "app.py"
		}),
		"system names": renamed("_main;_work 30", func(f *profile.Function) { f.Name = "" }),
		"long":         treetest.Folded("main;" + long + "a 30\nmain;" + long + "b 20\nmain;" + long + "b;leaf 9"),
		"patterns":     treetest.Folded(`a.b(*T)$|^;[x]?\d+ 5` + "\n" + `a.b(*T)$|^;c{2}\E 5`),
	} {
		t.Run(name, func(t *testing.T) { s.followAll(t, s.upload(encode(t, p), "?ops=10"), 12, 8) })
	}
}
