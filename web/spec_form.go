package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/sockscope/sockscope/runner"
)

// specOfForm reads the form of a new comparison. A field that was not sent takes
// its default; one that was sent is kept as it stands, for Validate to judge, so
// that 0 rounds are refused and not taken for the default. Numbers that cannot be
// read are returned as FieldErrors beside the Spec.
func specOfForm(f url.Values) (runner.Spec, runner.FieldErrors) {
	s := runner.Article()
	var es runner.FieldErrors
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
	s.Host = strings.TrimSpace(f.Get("host"))
	text(f, "workload", (*string)(&s.Workload))
	text(f, "kernel", (*string)(&s.Kernel))
	if f.Has("placements") {
		s.Placements = nil
		for _, p := range f["placements"] {
			s.Placements = append(s.Placements, runner.Placement(strings.TrimSpace(p)))
		}
	}
	numbers(f, "sizes", "message size", &s.Sizes, &es)
	numbers(f, "concurrency", "number of connections", &s.Concurrency, &es)
	number(f, "rounds", "number of rounds", &s.Rounds, &es)
	number(f, "requests", "number of requests", &s.Requests, &es)
	return s, es
}

func text(f url.Values, field string, to *string) {
	if f.Has(field) {
		*to = strings.TrimSpace(f.Get(field))
	}
}

func number(f url.Values, field, what string, to *int, es *runner.FieldErrors) {
	if !f.Has(field) {
		return
	}
	n, err := readNumber(f.Get(field))
	if err != nil {
		*es = append(*es, runner.FieldError{Field: field, Sentence: fmt.Sprintf("The %s %q is not a whole number; write it in digits, such as 10.", what, clip(f.Get(field)))})
		return
	}
	*to = n
}

// numbers reads "64, 1024 4096": numbers apart by commas or semicolons, each as
// people write it.
func numbers(f url.Values, field, what string, to *[]int, es *runner.FieldErrors) {
	if !f.Has(field) {
		return
	}
	var ns []int
	for _, part := range strings.FieldsFunc(f.Get(field), func(r rune) bool { return r == ',' || r == ';' }) {
		n, err := readNumber(part)
		if err != nil {
			*es = append(*es, runner.FieldError{Field: field, Sentence: fmt.Sprintf("The %s %q is not a whole number; write digits, several apart by commas.", what, clip(part))})
			return
		}
		ns = append(ns, n)
	}
	if len(ns) == 0 {
		*es = append(*es, runner.FieldError{Field: field, Sentence: fmt.Sprintf("The %s is missing; write at least one number.", what)})
		return
	}
	*to = ns
}

// readNumber reads "10000", "10 000" with any space between the digits, "5 B".
func readNumber(s string) (int, error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '’' {
			return -1
		}
		return r
	}, strings.TrimSuffix(strings.TrimSpace(s), "B"))
	n, err := strconv.ParseInt(s, 10, 0)
	return int(n), err
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
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
