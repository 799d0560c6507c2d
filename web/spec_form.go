package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/sockscope/sockscope/runner"
)

// specOfForm reads the form of a new comparison. A field that was not sent takes
// its default; one that was sent is kept as it stands, for Validate to judge, so
// that 0 rounds are refused and not taken for the default. Numbers that cannot be
// read are returned as FieldErrors beside the Spec. "custom" says that the whole
// form was sent, whose boxes may all be unticked.
func specOfForm(f url.Values) (runner.Spec, runner.FieldErrors) {
	s := runner.Article()
	r := reader{f: f}
	if f.Has("sockets") || f.Has("custom") {
		s.Sockets = nil
		for _, name := range f["sockets"] {
			var k runner.Socket
			_ = k.UnmarshalText([]byte(strings.TrimSpace(name))) // never fails; Validate names what is not known
			s.Sockets = append(s.Sockets, k)
		}
	}
	s.Base = ""
	if v := strings.TrimSpace(f.Get("base")); v != "" {
		_ = s.Base.UnmarshalText([]byte(v))
	} else if len(s.Sockets) > 0 {
		s.Base = s.Sockets[0]
	}
	s.Title = strings.TrimSpace(f.Get("title"))
	r.hosts(&s)
	r.text("workload", (*string)(&s.Workload))
	r.text("kernel", (*string)(&s.Kernel))
	r.text("ports", (*string)(&s.Ports))
	names(f, "placements", &s.Placements)
	names(f, "variants", &s.Variants)
	r.list("sizes", "message size", true, &s.Sizes)
	r.list("concurrency", "number of connections", false, &s.Concurrency)
	r.number("requests", "number of requests", &s.Requests)
	r.number("rate", "rate", &s.Rate)
	if f.Has("grade") && strings.TrimSpace(f.Get("rounds")) == "" {
		r.number("grade", "number of rounds", &s.Rounds)
	} else {
		r.number("rounds", "number of rounds", &s.Rounds)
	}
	r.seconds(&s.Budget)
	return s, r.wrong
}

// reader reads the fields of a form that are there.
type reader struct {
	f     url.Values
	wrong runner.FieldErrors
}

func (r *reader) bad(field, format string, a ...any) {
	r.wrong = append(r.wrong, runner.FieldError{Field: field, Sentence: fmt.Sprintf(format, a...)})
}

func (r *reader) text(field string, to *string) {
	if r.f.Has(field) {
		*to = strings.TrimSpace(r.f.Get(field))
	}
}

// hosts reads the ticked hosts; one alone stands in Host, as the API has it.
func (r *reader) hosts(s *runner.Spec) {
	s.Host = strings.TrimSpace(r.f.Get("host"))
	for _, name := range r.f["hosts"] {
		if name = strings.TrimSpace(name); name != "" {
			s.Hosts = append(s.Hosts, name)
		}
	}
	oneHost(s)
}

// oneHost moves a host that is alone to where Spec has it.
func oneHost(s *runner.Spec) {
	if len(s.Hosts) == 1 && s.Host == "" {
		s.Host = s.Hosts[0]
	}
	if len(s.Hosts) == 1 && s.Host == s.Hosts[0] {
		s.Hosts = nil
	}
}

func (r *reader) number(field, what string, to *int) {
	if !r.f.Has(field) {
		return
	}
	typed := r.f.Get(field)
	if field == "rate" && strings.TrimSpace(typed) == "" {
		return
	}
	n, err := readNumber(typed)
	if err != nil {
		if field == "grade" {
			field = "rounds"
		}
		r.bad(field, "The %s %q is not a whole number; write it in digits, such as 10.", what, clip(typed))
		return
	}
	*to = n
}

func (r *reader) list(field, what string, sizes bool, to *[]int) {
	if !r.f.Has(field) {
		return
	}
	ns, wrong := readList(r.f.Get(field), what, sizes)
	if wrong != "" {
		r.bad(field, "%s", wrong)
		return
	}
	*to = ns
}

func (r *reader) seconds(to *int) {
	n, err := readSeconds(r.f.Get("budget"))
	if err != nil {
		r.bad("budget_s", "The time budget %q is not a stretch of time; write it as 90 s, 10 min or 1 h.", clip(r.f.Get("budget")))
		return
	}
	*to = n
}

// names reads check boxes: a form that was sent without a ticked one chose none.
func names[T ~string](f url.Values, field string, to *[]T) {
	if !f.Has(field) && !f.Has("custom") {
		return
	}
	*to = nil
	for _, name := range f[field] {
		*to = append(*to, T(strings.TrimSpace(name)))
	}
}

// specOfJSON reads the API's body. Absent fields take their defaults, and a field
// that is there is taken as it stands: 0 rounds are refused.
func specOfJSON(body io.Reader) (runner.Spec, error) {
	s := runner.Article()
	s.Base = ""
	raw, err := io.ReadAll(body)
	if err != nil {
		return s, err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = []byte("{}")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var typ *json.UnmarshalTypeError
	switch err := dec.Decode(&s); {
	case errors.As(err, &typ):
		return s, runner.FieldErrors{{Field: typ.Field, Sentence: fmt.Sprintf("The field %q takes %s, not %s.", typ.Field, kindName(typ.Type.String()), typ.Value)}}
	case err != nil:
		return s, sentence(http.StatusBadRequest, "The body is not the JSON of a comparison: %s.", strings.TrimPrefix(err.Error(), "json: "))
	case dec.More():
		return s, sentence(http.StatusBadRequest, "The body goes on after the JSON of a comparison: send one object.")
	}
	if s.Base == "" && len(s.Sockets) > 0 {
		s.Base = s.Sockets[0]
	}
	oneHost(&s)
	return s, nil
}

func kindName(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "int"):
		return "a whole number"
	case goType == "string" || strings.HasPrefix(goType, "runner."):
		return "a text"
	}
	return "an object"
}
