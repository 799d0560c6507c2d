package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// editedFiles are two profiles of one file, before and after two lines were written
// before line 15: line 16 of the one and line 16 of the other are not the same.
func editedFiles(s *site) (before, after string) {
	lines := make([]string, 30)
	for i := range lines {
		lines[i] = fmt.Sprintf("line%d()", i+1)
	}
	at := func(name string, line int64) frame { return frame{name, "/src/x.go", line, 10} }
	leaf := func(name string) frame { return frame{name, "/src/lib.go", 5, 1} }
	one, two := newRecorder(), newRecorder()
	one.add(30, at("main.main", 25), at("x.f", 16), leaf("lib.a"))
	two.add(40, at("main.main", 27), at("x.f", 18), leaf("lib.a"))
	two.add(500, at("main.main", 27), at("x.f", 16), leaf("lib.b"))
	text := strings.Join(lines, "\n")
	before = s.withSource(one.p, map[string]string{"/src/x.go": text})
	after = s.withSource(two.p, map[string]string{"/src/x.go": strings.Replace(text, "line15()", "added()\nnewer()\nline15()", 1)})
	return before, after
}

// Lines of one number in two versions of a file open each to its own.
func TestOpenedLinesOfAnEditedFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before, after := editedFiles(s)
	home := "/diff?tab=lines&mode=raw&base=" + before + "&other=" + after
	for _, c := range []struct{ name, query, row, has, hasNot string }{
		{"a link with a bare number is the base's", "&function=^x\\.f$&open=x.f:16", "line16()", "lib.a", "lib.b"},
		{"the line that only the other has", "&function=^x\\.f$", "newer()", "lib.b", "lib.a"},
		{"the line that both have", "&function=^x\\.f$", "line16()", "lib.a", "lib.b"},
		{"in the whole file, too", "&whole=/src/x.go", "newer()", "lib.b", "lib.a"},
		{"as a call", "&function=^main\\.main$&open=main.main:25", "newer()", "lib.b", "lib.a"},
		{"the other as a call", "&function=^main\\.main$&open=main.main:25", "line16()", "lib.a", "lib.b"},
	} {
		page := s.page(home+strings.ReplaceAll(c.query, "^", "%5E")).want(t, 200).body
		if !strings.Contains(c.query, "open=x.f") {
			links := linksOf(page, ">"+strings.ReplaceAll(strings.ReplaceAll(c.row, "(", `\(`), ")", `\)`)+"<")
			if len(links) != 1 {
				t.Fatalf("%s: %d links in\n%s", c.name, len(links), strings.Join(rowsOf(page), "\n"))
			}
			page = s.page(links[0]).want(t, 200).body
		}
		opened := strings.Join(rowsOf(page), "\n")
		if !strings.Contains(opened, c.has+" line 5") || strings.Contains(opened, c.hasNot+" line 5") {
			t.Errorf("%s: want %s and not %s in\n%s", c.name, c.has, c.hasNot, opened)
		}
	}
}

// The heaviest way goes on from one of two lines of the same number.
func TestHeaviestWayOfAnEditedFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before, after := editedFiles(s)
	page := s.page("/diff?tab=lines&mode=raw&base="+before+"&other="+after+"&function="+url.QueryEscape(`^main\.main$`)+"&open=main.main:25%3E!").want(t, 200).body
	says(t, page, "lib.b")
	saysNot(t, page, "lib.a")
}

// The loop of two comparisons may have been edited between them: the waterfall's steps
// are of the same lines, not of the same numbers.
func TestWaterfallOfAnEditedLoop(t *testing.T) {
	t.Parallel()
	s := setup(t)
	other := s.merged(s.done("newer"), 0, profiles.Client).ID
	p := client(t, "unix", 40)
	const shift = 4 // the line that writes has the number of the one that dials
	for _, l := range p.Location {
		if l.Line[0].Function.Name == runner.DialEcho.Function(profiles.Client) {
			l.Line[0].Line += shift
		}
	}
	file, text := loopFile(t, "dial_echo.go")
	base := s.withSource(p, map[string]string{file: strings.Repeat("// older\n", shift) + text})
	page := s.page("/diff?tab=waterfall&mode=raw&base="+base+"&other="+other).want(t, 200).body
	steps := regexp.MustCompile(`title="([^":]*Dial[^":]*): ([^"]*) on [^"]*, ([^"]*) on `).FindAllStringSubmatch(page, -1)
	if len(steps) != 1 || steps[0][2] != steps[0][3] {
		t.Errorf("the steps of the line that dials: %q", steps)
	}
}
