package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

// TestFilterEqualsPprof asks the API and the tool for the same part of real
// profiles.
func TestFilterEqualsPprof(t *testing.T) {
	t.Parallel()
	tool, err := pproforacle.Open(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	s := setup(t)
	for _, name := range []string{"boyter-cs__default.pgo", "Azure-eno__heap.pprof"} {
		t.Run(name, func(t *testing.T) {
			id := s.upload(corpus(t, name), "")
			for _, look := range []url.Values{
				{"focus": {"Read|alloc"}, "ignore": {"gc"}},
				{"hide": {"^runtime"}},
				{"show_from": {"main|http"}},
				{"focus": {"a"}, "hide": {"[A-Z]"}, "show_from": {"e"}, "ignore": {"lock"}},
			} {
				args := []string{"-symbolize=none"}
				for option, v := range look {
					args = append(args, "-"+option+"="+v[0])
				}
				look.Set("function", ".")
				s.checkLines(t, tool, "/api/v1/profiles/"+id+"/lines?"+look.Encode(), "/profiles/"+id+".pprof", args...)
				s.checkTop(t, tool, "/api/v1/profiles/"+id+"/top?"+look.Encode(), "/profiles/"+id+".pprof", args...)
			}
		})
	}
}

func TestFilterForm(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	p := s.merged(c, 0, profiles.Client)
	diff := "/diff?base=" + p.ID + "&other=" + s.merged(c, 1, profiles.Client).ID
	for _, path := range []string{"/profiles/" + p.ID + "?", diff + "&", "/comparisons/" + c.ID + "/flame?", "/comparisons/" + c.ID + "/lines?", "/comparisons/" + c.ID + "?"} {
		whole := s.page(path).want(t, 200).body
		if !strings.Contains(whole, `name="focus"`) || strings.Contains(whole, "Filter-chip") {
			t.Errorf("%s: no filter, or one that is in use", path)
		}
		// Three of eleven samples of unix, three of nineteen of tcp4.
		part := s.page(path+"focus=ReadFull").want(t, 200).body
		if !strings.Contains(part, "Filter-chip") || !strings.Contains(part, "27 % of ") || strings.Contains(part, ">net.(*conn).Write<") {
			t.Errorf("%s: the focus shows other things: %t, or not how much is left", path, strings.Contains(part, ">net.(*conn).Write<"))
		}
		wrong := s.page(path+"hide=(").want(t, 200).body
		if !strings.Contains(wrong, "not a regular expression") || !strings.Contains(wrong, `value="("`) || strings.Contains(wrong, "Filter-chip") {
			t.Errorf("%s: a pattern that does not compile has no sentence", path)
		}
		unread := s.page(path+"label=a").want(t, 200).body
		if !strings.Contains(unread, "A label is chosen as key=value") || !strings.Contains(unread, `name="label"`) || strings.Contains(unread, "Filter-chip") || strings.Contains(unread, "All samples again") {
			t.Errorf("%s: a label that cannot be read has no sentence", path)
		}
		if n := strings.Count(s.page(path+"label=a%3Db").want(t, 200).body, `name="label"`); n == 0 || strings.Contains(whole, `name="label"`) {
			t.Errorf("%s: a label that is chosen has %d fields", path, n)
		}
		if none := s.page(path+"focus=nothing").want(t, 200).body; strings.Contains(none, "NaN") || !strings.Contains(none, "nothing of ") {
			t.Errorf("%s: an empty part is not told", path)
		}
	}
	s.get("/api/v1/profiles/"+p.ID+"/top?focus=(").want(t, 400)
	var rows []pproforacle.Function
	s.get("/api/v1/profiles/"+p.ID+"/top?label=mode%3Dkernel").want(t, 200).json(t, &rows)
	if len(rows) != 0 {
		t.Errorf("%d functions of samples with a label that none has", len(rows))
	}
}
