package web_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

// wrong are values of one field, as a form has them, with what the sentence names.
var wrong = []struct {
	field string
	typed []string
	says  string
}{
	{"sockets", []string{"smoke"}, `"smoke" is not known`},
	{"sockets", []string{"unix", "unix"}, "named twice"},
	{"sockets", []string{"tcp", "tcp4"}, "named twice"},
	{"sockets", []string{""}, "not known"},
	{"sockets", []string{"unix,tcp4"}, "not known"},
	{"sockets", []string{"../../etc/passwd"}, "not known"},
	{"base", []string{"socketpair"}, "not among the chosen"},
	{"variants", []string{"faster"}, `"faster" is not known`},
	{"variants", []string{"nagle", "nagle"}, "named twice"},
	{"variants", []string{"flood"}, "changes nothing"},
	{"rate", []string{"-1"}, "rate of -1"},
	{"rate", []string{"1000001"}, "1000001"},
	{"rate", []string{"fast"}, "not a whole number"},
	{"budget_s", []string{"-60 s"}, "-60 s cannot be kept"},
	{"budget_s", []string{"100 h"}, "cannot be kept"},
	{"budget_s", []string{"a while"}, "not a stretch of time"},
	{"budget_s", []string{"1.5 s"}, "not a stretch of time"},
	{"ports", []string{"all"}, "not known"},
	{"hosts", []string{"testhost", "testhost"}, "named twice"},
	{"hosts", []string{"testhost", "elsewhere"}, `no host "elsewhere"`},
	{"sizes", []string{"64..1"}, "runs backwards"},
	{"sizes", []string{"1..64 ×1"}, "factor of 2 or more"},
	{"sizes", []string{"1..five"}, "no size"},
	{"sizes", []string{"0..64"}, "start at 1"},
	{"concurrency", []string{"4K"}, "no whole number"},
	{"concurrency", []string{"1..9999999999 ×2"}, "9999999999"},
	{"base", []string{"udp4"}, "not among the chosen"},
	{"base", []string{"smoke"}, "not among the chosen"},
	{"workload", []string{"carrier pigeon"}, "not known"},
	{"workload", []string{""}, "not known"},
	{"placements", []string{"moon"}, "not known"},
	{"placements", []string{"split", "split"}, "named twice"},
	{"kernel", []string{"require"}, "No kernel-deep profiles"},
	{"kernel", []string{"maybe"}, "not known"},
	{"host", []string{"other.example"}, `no host "other.example"`},
	{"host", []string{"localhost; rm -rf /"}, "none that a host can have"},
	{"title", []string{strings.Repeat("x", 201)}, "201 characters"},
	{"title", []string{strings.Repeat("ü", 300)}, "300 characters"},
	{"title", []string{"two\nlines"}, "control characters"},
	{"title", []string{"bell\a"}, "control characters"},
	{"rounds", []string{"0"}, "0 rounds"},
	{"rounds", []string{"-3"}, "-3 rounds"},
	{"rounds", []string{"101"}, "101 rounds"},
	{"rounds", []string{"ten"}, "not a whole number"},
	{"rounds", []string{"1.5"}, "not a whole number"},
	{"rounds", []string{""}, "not a whole number"},
	{"rounds", []string{"1e9"}, "not a whole number"},
	{"rounds", []string{"99999999999999999999"}, "not a whole number"},
	{"requests", []string{"0"}, "0 requests"},
	{"requests", []string{"1000000000"}, "1000000000 requests"},
	{"requests", []string{"-1"}, "-1 requests"},
	{"requests", []string{"many"}, "not a whole number"},
	{"sizes", []string{""}, "missing"},
	{"sizes", []string{",,"}, "missing"},
	{"sizes", []string{"0"}, "size of 0"},
	{"sizes", []string{"5, five"}, "no size"},
	{"sizes", []string{"2097152"}, "2097152"},
	{"sizes", []string{"5,5"}, "named twice"},
	{"concurrency", []string{"0"}, "of 0"},
	{"concurrency", []string{"1025"}, "1025"},
	{"concurrency", []string{"x"}, "no whole number"},
	{"concurrency", []string{""}, "missing"},
}

func TestWrongFields(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.done("there already")
	before := s.state()
	for _, w := range wrong {
		form := url.Values{
			"custom": {"1"}, "sockets": {"unix", "tcp4"}, "base": {""}, "workload": {"echo"}, "sizes": {"64"}, "concurrency": {"2"}, "placements": {"same"},
			"rounds": {"7"}, "requests": {"12 345"}, "title": {"kept title"}, "kernel": {"auto"}, "host": {""},
		}
		field := w.field
		if field == "budget_s" {
			field = "budget" // the form takes what people write
		}
		form[field] = w.typed
		name := fmt.Sprintf("%s=%.40q", w.field, w.typed)
		a := s.post("/comparisons", form).want(t, http.StatusUnprocessableEntity)
		said := html.UnescapeString(a.body)
		if !strings.Contains(said, w.says) {
			t.Errorf("%s: the form does not say %q", name, w.says)
		}
		for field, typed := range form {
			switch field {
			case "title", "rounds", "requests", "sizes", "concurrency":
				if !strings.Contains(a.body, `value="`+html.EscapeString(typed[0])+`"`) && typed[0] != "" {
					t.Errorf("%s: the typed %s %.40q is lost", name, field, typed[0])
				}
			}
		}
		if w.field != "workload" && !regexp.MustCompile(`<option value="echo"[^>]*selected`).MatchString(a.body) {
			t.Errorf("%s: the chosen workload is lost", name)
		}
		for _, m := range regexp.MustCompile(`<li><a href="#[^"]+">([^<]*)</a></li>`).FindAllStringSubmatch(a.body, -1) {
			sentence(t, html.UnescapeString(m[1]))
		}
	}
	// All wrong at once: each field has its sentence.
	form := url.Values{"custom": {"1"}}
	for _, w := range wrong {
		form[w.field] = w.typed
	}
	if a := s.post("/comparisons", form).want(t, http.StatusUnprocessableEntity); strings.Count(a.body, `<li><a href="#`) < 7 {
		t.Errorf("many wrong fields, and only %d sentences", strings.Count(a.body, `<li><a href="#`))
	}
	s.post("/comparisons", url.Values{"custom": {"1"}}).want(t, http.StatusUnprocessableEntity)
	s.do("POST", "/comparisons", strings.NewReader("%zz=1;2"), bearer, header("Content-Type", "application/x-www-form-urlencoded")).want(t, http.StatusBadRequest)
	s.do("POST", "/comparisons", strings.NewReader(strings.Repeat("x", 300<<10)), bearer, header("Content-Type", "application/x-www-form-urlencoded")).want(t, http.StatusRequestEntityTooLarge)
	s.unchanged(before)
}

func TestFormQueuesWhatItSays(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.post("/comparisons", nil).want(t, http.StatusSeeOther)
	if a.Header.Get("Location") != "/comparisons/C-1" {
		t.Errorf("leads to %q", a.Header.Get("Location"))
	}
	s.post("/comparisons", url.Values{
		"custom": {"1"}, "sockets": {"tcp", "unix"}, "sizes": {"64; 1 024 B"}, "rounds": {" 6 "}, "requests": {"10 000"}, "workload": {"echo"}, "placements": {"same", "free"}, "title": {" a <b>title</b> "},
	}).want(t, http.StatusSeeOther)
	c, err := s.store.Comparison(t.Context(), "C-2")
	if err != nil {
		t.Fatal(err)
	}
	if c.State != profiles.Queued || c.Base != "tcp4" || c.Total != 6*2*2*3 || c.Title != "a <b>title</b>" || c.Host != "testhost" {
		t.Errorf("stored %+v", c)
	}
	if got := fmt.Sprint(s.queue.orders()); got != "[C-1 C-2]" {
		t.Errorf("handed to the queue: %s", got)
	}
	page := s.page("/comparisons/C-2").want(t, http.StatusOK)
	if strings.Contains(page.body, "<b>title") || !strings.Contains(page.body, "a &lt;b&gt;title&lt;/b&gt;") || !strings.Contains(page.body, `http-equiv="refresh"`) {
		t.Error("the page of a queued comparison does not show its title as text, or does not refresh")
	}
	again := s.page("/comparisons/new?again=C-2").want(t, http.StatusOK) // the form itself is for the owner
	if strings.Contains(again.body, "<form") {
		t.Error("who has no token gets the form")
	}
	again = s.do("GET", "/comparisons/new?again=C-2", nil, bearer, browser).want(t, http.StatusOK)
	for _, want := range []string{`value="64, 1024"`, `value="6"`, `value="10000"`} {
		if !strings.Contains(again.body, want) {
			t.Errorf("the form filled in again has no %s", want)
		}
	}
}

func TestWrongJSON(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before := s.state()
	for _, w := range wrong {
		var value any = w.typed[0]
		body, status := "", http.StatusUnprocessableEntity
		switch w.field {
		case "sockets", "placements", "variants", "hosts":
			value = w.typed
		case "rounds", "requests", "sizes", "concurrency", "rate", "budget_s":
			n := json.Number(w.typed[0])
			if _, err := n.Int64(); err != nil {
				value = w.typed[0] // a text where a number belongs
			} else if value = n; w.field == "sizes" || w.field == "concurrency" {
				value = []any{n}
			}
		}
		raw, err := json.Marshal(map[string]any{w.field: value})
		if err != nil {
			t.Fatal(err)
		}
		body = string(raw)
		a := s.api("POST", "/comparisons", body).want(t, status)
		p := a.problem(t)
		if len(p.Errors) == 0 || p.Errors[0].Field != w.field {
			t.Errorf("%.80s: the errors are of %+v", body, p.Errors)
		}
	}
	for body, status := range map[string]int{
		`{"sizes":[]}`: 422, `{"concurrency":[]}`: 422, `{"placements":[]}`: 422, `{"sockets":[]}`: 422, `{"sockets":null}`: 422, `{"sizes":[5,null]}`: 422,
		`{"rounds":1e9}`: 422, `{"rounds":1.5}`: 422, `{"rounds":99999999999999999999}`: 422, `{"rounds":[1]}`: 422, `{"sizes":{"a":1}}`: 422, `{"title":5}`: 422, `{"sockets":"unix"}`: 422, `{"sockets":[1]}`: 422, `{"base":["unix"]}`: 422,
		`{"title":"a\u0000b"}`: 422, `{"title":"\ud800"}`: 0,
		`{"soket":["unix"]}`: 400, `{"id":"C-9"}`: 400, `{"state":"done"}`: 400, `{"owner_id":1}`: 400, `[]`: 422, `5`: 422, `"x"`: 422, `{`: 400, `{}{}`: 400, `{"rounds":}`: 400, "\xff": 400, `<xml/>`: 400, `rounds=1`: 400,
		`{"title":"` + strings.Repeat("x", 300<<10) + `"}`: 413, strings.Repeat("[", 20000): 400,
	} {
		if status == 0 {
			continue
		}
		a := s.api("POST", "/comparisons", body)
		if a.StatusCode != status {
			t.Errorf("%.60s: %d, want %d: %.200s", body, a.StatusCode, status, a.body)
		}
		a.problem(t)
	}
	s.unchanged(before)
	if a := s.api("POST", "/comparisons", ""); a.StatusCode != http.StatusCreated {
		t.Errorf("an empty body is the article's experiment: %d %s", a.StatusCode, a.body)
	}
}

func TestFullQueue(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for range 100 {
		s.queued("waits")
	}
	before := s.state()
	for _, a := range []answer{s.api("POST", "/comparisons", "{}"), s.post("/comparisons", nil)} {
		if a.want(t, http.StatusTooManyRequests); a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "100 comparisons wait") {
			t.Errorf("the refusal does not say when to come again: %.300s", a.body)
		}
	}
	s.unchanged(before)
}
