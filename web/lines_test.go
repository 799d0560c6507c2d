package web_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/source"
)

// pushed stores a profile and returns its id.
func (s *site) pushed(p *profile.Profile, query string) string {
	s.t.Helper()
	a := s.do("POST", "/api/v1/profiles?"+query, strings.NewReader(string(encode(s.t, p))), bearer).want(s.t, 201)
	return a.Header.Get("Location")[strings.LastIndexByte(a.Header.Get("Location"), '/')+1:]
}

// withSource stores a profile with the text of its files.
func (s *site) withSource(p *profile.Profile, texts map[string]string) string {
	s.t.Helper()
	row, err := s.store.AddProfile(s.t.Context(), profiles.Profile{Title: "with source"}, encode(s.t, p), source.Of(texts).Encode())
	if err != nil {
		s.t.Fatal(err)
	}
	return row.ID
}

// linksOf are the addresses of a page whose text or name matches.
func linksOf(page, pattern string) []string {
	found := []string{}
	for _, m := range regexp.MustCompile(`<a[^>]*href="([^"]+)"[^>]*>([^<]*)</a>`).FindAllStringSubmatch(page, -1) {
		if regexp.MustCompile(pattern).MatchString(html.UnescapeString(m[0])) {
			found = append(found, html.UnescapeString(m[1]))
		}
	}
	return found
}

// rowsOf are the rows of the lines of a page, as text.
func rowsOf(page string) []string {
	_, table, _ := strings.Cut(page, `<table class="Lines`)
	table, _, _ = strings.Cut(table, "</table>")
	rows := []string{}
	for _, row := range strings.Split(table, "<tr")[1:] {
		text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString("<tr"+row, " ")
		rows = append(rows, strings.Join(strings.Fields(html.UnescapeString(text)), " "))
	}
	return rows
}

// rowWith is the first row that holds a text.
func rowWith(t *testing.T, page, part string) string {
	t.Helper()
	for _, r := range rowsOf(page) {
		if strings.Contains(r, part) {
			return r
		}
	}
	t.Errorf("no row has %q in\n%s", part, strings.Join(rowsOf(page), "\n"))
	return ""
}

// Any number of cells stand side by side, each with its difference to the first.
func TestLinesOfSeveralCells(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	home := "/comparisons/" + c.ID + "/lines"
	page := s.page(home+"?cell=unix&cell=tcp4&cell=tcp4-nagle&cell=tcp4@2&cell=unix@1").want(t, 200).body
	says(t, page, "Side by side: 5 of", "tcp4 with Nagle on", "Put side by side")
	if n := strings.Count(page, `class="Lines-against"`); n != 4 {
		t.Errorf("%d columns of differences, want 4", n)
	}
	dial := rowWith(t, page, "line 14")
	if n := strings.Count(dial, "±"); n != 5 {
		t.Errorf("%d figures with their error in %q, want 5", n, dial)
	}
	s.page(home+"?cell=sctp").want(t, 404)
	s.page(home+"?cell=unix&order=difference-4").want(t, 200)
	s.page(home+"?order=cost").want(t, 400)
	one := s.page(home+"?cell=tcp4&cell=tcp4").want(t, 200).body
	if strings.Contains(one, `class="Lines-against"`) {
		t.Error("a cell is compared with itself")
	}
}

// Lines are sorted by what differs, and say so.
func TestLinesByDifference(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	page := s.page("/comparisons/"+c.ID+"/lines?cell=unix&cell=tcp4").want(t, 200).body
	sorts := linksOf(page, "the largest differences first")
	if len(sorts) != 1 {
		t.Fatalf("links that sort: %v", sorts)
	}
	page = s.page(sorts[0]).want(t, 200).body
	if !strings.Contains(page, `aria-sort="descending"`) {
		t.Error("the head does not say how the lines are sorted")
	}
	if rows := rowsOf(page); !strings.Contains(rows[2], "line 14") {
		t.Errorf("the first line is %q, want the one that dials", rows[2])
	}
	if back := linksOf(page, "in the order of the file"); len(back) != 1 {
		t.Errorf("links back: %v", back)
	}
}

// A line opens level by level, closes again, and leads on to sheets and flames.
func TestOpenedLines(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := newRecorder()
	at := func(name string, line int64) frame { return frame{name, "/src/x.go", line, 10} }
	r.add(60, at("main.main", 11), at("net.Dial", 20), at("net.dial", 30), at("syscall.Connect", 40))
	r.add(30, at("main.main", 11), at("net.Dial", 21))
	r.add(10, at("main.main", 11))
	id := s.pushed(r.p, "")
	page := s.page("/profiles/"+id+"?tab=lines&function=^main\\.main$").want(t, 200).body
	if strings.Contains(page, "net.dial ") {
		t.Error("the line is open before anybody asked")
	}
	for _, step := range []string{`>line 11<`, `>line 20<`, `>line 30<`} {
		next := linksOf(page, step)
		if len(next) != 1 {
			t.Fatalf("%s: %v in %v", step, next, rowsOf(page))
		}
		page = s.page(next[0]).want(t, 200).body
	}
	for part, want := range map[string]string{"line 11": "1 s", "self: the line": "100 ms", "line 20": "600 ms", "line 21": "300 ms", "net.dial": "600 ms", "syscall.Connect": "600 ms"} {
		if row := rowWith(t, page, part); !strings.Contains(row, want) {
			t.Errorf("%q is not %s", row, want)
		}
	}
	flame := linksOf(page, `>flame<`)
	if len(flame) == 0 {
		t.Fatal("no link to the flame graph")
	}
	says(t, s.page(flame[len(flame)-1]).want(t, 200).body, "syscall.Connect")
	if !strings.Contains(flame[len(flame)-1], "at=") {
		t.Errorf("%s does not lead to the box of a call with one way to it", flame[len(flame)-1])
	}
	saysNot(t, s.page(flame[len(flame)-1]).want(t, 200).body, "not in these profiles")
	sheet := linksOf(page, `>net.dial<`)
	says(t, s.page(sheet[0]).want(t, 200).body, "net.dial", "in the flame graph")
	page = s.page(linksOf(page, `>line 20<`)[0]).want(t, 200).body // close it
	if row := rowWith(t, page, "line 20"); strings.Contains(page, "syscall.Connect") || !strings.Contains(page, "line 21") {
		t.Errorf("%q did not close, or took its caller with it", row)
	}
	deep := s.page(linksOf(page, "heaviest way down")[0]).want(t, 200).body
	says(t, deep, "syscall.Connect")
}

// The function was edited between the profiles: lines are the same by their text,
// and what only one side has is marked.
func TestLinesOfAnEditedFunction(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before := "package x\n\nfunc f() {\n\ta()\n\told()\n\tb()\n\tc()\n}\n"
	after := "package x\n\n// f is new here.\nfunc f() {\n\ta()\n\tb()\n\tadded()\n\tc()\n}\n"
	one, two := newRecorder(), newRecorder()
	for i, line := range []int64{4, 5, 6, 7} {
		one.add(int64(100*(i+1)), frame{"x.f", "/src/x.go", line, 3})
	}
	for i, line := range []int64{5, 6, 7, 8} {
		two.add(int64(100*(i+1)), frame{"x.f", "/src/x.go", line, 4})
	}
	a, b := s.withSource(one.p, map[string]string{"/src/x.go": before}), s.withSource(two.p, map[string]string{"/src/x.go": after})
	page := s.page("/diff?tab=lines&mode=raw&base="+a+"&other="+b).want(t, 200).body
	for part, want := range map[string]string{"b()": "6 b()", "a()": "4 → 5 a()", "c()": "7 → 8 c()", "old()": "−", "added()": "+"} {
		if row := rowWith(t, page, part); !strings.Contains(row, want) {
			t.Errorf("%q does not say %q", row, want)
		}
	}
	whole := s.page(linksOf(page, "the whole file")[0]).want(t, 200).body
	says(t, whole, "package x", "f is new here")
}

// A file whose text nobody captured is listed by its values, and says so.
func TestLinesWithoutSource(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.pushed(client(t, "unix", 30), "ops=1000")
	says(t, s.page("/profiles/"+id+"?tab=lines&function=DialEcho").want(t, 200).body, "Source not captured")
	says(t, s.page("/profiles/"+id+"?tab=lines&whole=/etc/passwd").want(t, 200).body, "no source of that name was captured")
	page := s.page("/profiles/"+id+"?tab=lines&whole="+url.QueryEscape("/usr/local/go/src/net/net.go")).want(t, 200).body
	rowWith(t, page, "line 100")
}

// What is opened through a share stays below it.
func TestOpenedLinesOfAShare(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	home, _ := s.share("/comparisons/" + c.ID)
	page := s.page(home+"/lines?cell=unix&cell=tcp4").want(t, 200).body
	opened := s.page(linksOf(page, `>line 14<`)[0]).want(t, 200).body
	for _, link := range append(linksOf(opened, "Lines-flame"), append(linksOf(opened, "Lines-callee"), linksOf(opened, "Lines-open")...)...) {
		if !strings.HasPrefix(link, strings.TrimPrefix(home, s.url)) {
			t.Errorf("%s leads out of the share", link)
			continue
		}
		s.page(link).want(t, 200)
	}
}

// Links cannot grow without end, whatever is opened.
func TestManyOpenedLines(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.pushed(client(t, "unix", 30), "ops=1000")
	q := url.Values{"tab": {"lines"}, "function": {"DialEcho"}}
	for i := range 30 {
		q.Add("open", strings.Repeat("x", 150+i)+":1>y:2")
	}
	page := s.page("/profiles/"+id+"?"+q.Encode()).want(t, 200).body
	for _, link := range linksOf(page, "Lines-open") {
		if len(link) > 5000 {
			t.Fatalf("a link has %d letters", len(link))
		}
	}
}
