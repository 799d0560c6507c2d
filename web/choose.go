package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/advice"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// Limits of a case: beyond them a figure is a slip of the finger.
const (
	maxCaseSize = 1 << 30
	maxCaseRate = 100_000_000
)

// asked is the case of a link or a form.
type asked struct {
	advice.Case
	host       string // "" for the server's own
	comparison string // the one that somebody came from; "" for none
	wrong      runner.FieldErrors
}

// usualCase is what is answered before anybody asked.
func usualCase() advice.Case {
	return advice.Case{Who: advice.OneHost, Access: advice.SameUser, Carries: advice.Bytes, Size: 1024, Rate: 1000}
}

// caseOf reads the parameters of "/choose"; what is absent is usual.
func caseOf(q url.Values) asked {
	a := asked{Case: usualCase(), host: strings.TrimSpace(q.Get("host")), comparison: strings.TrimSpace(q.Get("comparison"))}
	oneOf(&a, q, "who", "place of the two sides", advice.Places[:], &a.Who)
	oneOf(&a, q, "access", "access", advice.Accesses[:], &a.Access)
	oneOf(&a, q, "carries", "transport", advice.Transports[:], &a.Carries)
	tls := "no"
	oneOf(&a, q, "tls", "answer about TLS", []string{"no", "yes"}, &tls)
	a.TLS = tls == "yes"
	if q.Has("size") {
		a.size(q.Get("size"))
	}
	a.number(q, "rate", "number of requests per second", 1, &a.Rate)
	a.number(q, "dials", "number of connections per second", 0, &a.Dials)
	if a.Dials > a.Rate && !slices.ContainsFunc(a.wrong, func(e runner.FieldError) bool { return e.Field == "rate" || e.Field == "dials" }) {
		a.bad("dials", "There are more connections than requests; give at most %s, which is a connection for each request.", quantity.Rate(a.Rate))
	}
	return a
}

func (a *asked) bad(field, format string, args ...any) {
	a.wrong = append(a.wrong, runner.FieldError{Field: field, Sentence: fmt.Sprintf(format, args...)})
}

// oneOf reads a choice among the names of all.
func oneOf[T ~string](a *asked, q url.Values, field, what string, all []T, to *T) {
	v := T(strings.TrimSpace(q.Get(field)))
	switch {
	case v == "":
	case slices.Contains(all, v):
		*to = v
	default:
		a.bad(field, "The %s %q is not known; choose one of the list.", what, clip(string(v)))
	}
}

func (a *asked) size(typed string) {
	ns, wrong := readList(typed, "message size", true)
	switch {
	case wrong != "":
		a.bad("size", "%s", wrong)
	case len(ns) != 1:
		a.bad("size", "Give one message size, the usual one; you gave %d.", len(ns))
	case ns[0] < 1 || ns[0] > maxCaseSize:
		a.bad("size", "A message of %s B cannot be judged; use 1 B to 1 GiB.", quantity.Count(int64(ns[0])))
	default:
		a.Size = ns[0]
	}
}

func (a *asked) number(q url.Values, field, what string, least int, to *float64) {
	if strings.TrimSpace(q.Get(field)) == "" {
		return
	}
	n, err := readNumber(q.Get(field))
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		a.bad(field, "The %s %q is not a whole number; write it in digits, such as 2000.", what, clip(q.Get(field)))
	case err != nil || n < least || n > maxCaseRate:
		a.bad(field, "The %s is out of range; use %d to %s.", what, least, quantity.Count(maxCaseRate))
	default:
		*to = float64(n)
	}
}

// choose answers which socket suits a case. The whole case is in the address.
func (s *Server) choose(c echo.Context) error {
	ms, err := s.machines(c.Request().Context())
	if err != nil {
		return err
	}
	a := caseOf(c.QueryParams())
	m := ms.find(a.host)
	if m == nil {
		a.bad("host", "There is no host %q; use %s.", clip(a.host), strings.Join(ms.names(), ", "))
	}
	v := templates.ChoosePage{
		Chrome: s.chrome(c, templates.SectionChoose, "Which to choose"), Presets: casePresets(a.host, c.QueryString()), Form: caseForm(a, c.QueryParams(), ms),
	}
	if len(a.wrong) == 0 {
		if v.Answer, err = s.advise(c.Request().Context(), a, *m, ms); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, templates.Choose(v))
}

// caseForm is the form with what was typed.
func caseForm(a asked, typed url.Values, ms machines) templates.ChooseForm {
	tls := map[bool]string{true: "yes", false: "no"}[a.TLS]
	yesNo := func(v string) string {
		return map[string]string{"no": "not needed", "yes": "needed"}[v]
	}
	f := templates.ChooseForm{
		Action: "/choose", Hidden: []templates.Hidden{},
		Who:     templates.Field{Name: "who", Label: "Who talks to whom", Options: options(advice.Places[:], advice.Who.Label, a.Who)},
		Access:  templates.Field{Name: "access", Label: "Who may connect", Options: options(advice.Accesses[:], advice.Access.Label, a.Access)},
		Carries: templates.Field{Name: "carries", Label: "What it carries", Options: options(advice.Transports[:], advice.Carries.Label, a.Carries)},
		TLS:     templates.Field{Name: "tls", Label: "TLS", Options: options([]string{"no", "yes"}, yesNo, tls)},
		Size:    templates.Field{Name: "size", Label: "Message size", Value: quantity.Bytes(int64(a.Size)), Hint: "the usual one: 512, 4 KiB"},
		Rate:    templates.Field{Name: "rate", Label: "Requests per second", Value: strconv.FormatFloat(a.Rate, 'f', -1, 64), Hint: "of all connections together"},
		Dials:   templates.Field{Name: "dials", Label: "Connections per second", Value: strconv.FormatFloat(a.Dials, 'f', -1, 64), Hint: "0 where they are kept; as many as requests where each opens one"},
	}
	if a.comparison != "" {
		f.Hidden = append(f.Hidden, templates.Hidden{Name: "comparison", Value: a.comparison})
	}
	if len(ms) > 1 {
		f.Host = templates.Field{Name: "host", Label: "Host", Hint: "the figures are those of this one"}
		for _, m := range ms {
			f.Host.Options = append(f.Host.Options, templates.Option{Value: m.Name, Label: m.Name, Selected: m.Name == a.host || a.host == "" && m.own})
		}
	}
	fields := map[string]*templates.Field{"who": &f.Who, "access": &f.Access, "carries": &f.Carries, "tls": &f.TLS, "size": &f.Size, "rate": &f.Rate, "dials": &f.Dials, "host": &f.Host}
	for name, field := range fields {
		if len(field.Options) == 0 && strings.TrimSpace(typed.Get(name)) != "" {
			field.Value = typed.Get(name)
		}
	}
	for _, e := range a.wrong {
		switch field := fields[e.Field]; {
		case field == nil || field.Name == "":
			f.Error = e.Sentence
		case field.Error == "":
			field.Error = e.Sentence
		}
	}
	return f
}

// casePresets are cases that people have, as links.
func casePresets(host, query string) []templates.Preset {
	list := []templates.Preset{}
	add := func(label, note, fields string) {
		if host != "" {
			fields += "&host=" + url.QueryEscape(host)
		}
		list = append(list, templates.Preset{Label: label, Note: note, URL: "/choose?" + fields, Current: fields == query})
	}
	add("App behind nginx", "one host, a connection for each request", "access=group&carries=stream&dials=2000&rate=2000&size=1KiB&who=host")
	add("Two containers of a pod", "kept connections, 1 000 requests/s", "access=local&carries=stream&rate=1000&size=1KiB&who=pod")
	add("Sidecar proxy", "the same pod at 20 000 requests/s", "access=local&carries=stream&rate=20000&size=1KiB&who=pod")
	add("Local agent", "records of 256 B, 10 000 a second", "access=local&carries=records&rate=10000&size=256&who=host")
	add("Database on another host", "TLS, 2 000 queries/s", "access=network&carries=stream&rate=2000&size=512&tls=yes&who=hosts")
	add("Container and host", "as with the socket of Docker", "access=group&carries=stream&rate=200&size=4KiB&who=container")
	return list
}
