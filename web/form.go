package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// newComparison is the form: empty, filled in by a preset's link, or with "check"
// also its plan, before anything starts. The script asks for that while people type.
func (s *Server) newComparison(c echo.Context) error {
	spec, wrong := runner.Article(), runner.FieldErrors(nil)
	typed := c.QueryParams()
	ms, err := s.machines(c.Request().Context())
	if err != nil {
		return err
	}
	if again := c.QueryParam("again"); again != "" {
		cmp, err := s.Archive.Comparison(c.Request().Context(), again)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(cmp.Spec, &spec); err != nil {
			return fmt.Errorf("read the spec of %s: %w", cmp.ID, err)
		}
		spec, typed = spec.WithDefaults(), nil
	} else if len(typed) > 0 {
		spec, wrong = specOfForm(typed)
		wrong = append(wrong, s.wrong(spec, wrong, ms)...)
	}
	f := s.form(spec, wrong, ms)
	keepTyped(&f, typed)
	f.Plan.Checked = typed.Has("check")
	return s.formPage(c, http.StatusOK, f, ms)
}

func (s *Server) formPage(c echo.Context, status int, f templates.NewForm, ms machines) error {
	return render(c, status, templates.NewComparison(templates.NewComparisonPage{
		Chrome: s.chrome(c, templates.SectionNew, "New comparison"), Presets: presets(ms, c.QueryString()), Form: f,
	}))
}

// createComparison takes the form: it queues what was asked for and leads to its
// page, or gives the form back as it was typed with a sentence for each field.
func (s *Server) createComparison(c echo.Context) error {
	typed, err := c.FormParams()
	if err != nil {
		return sentence(http.StatusBadRequest, "The form cannot be read: send it again.")
	}
	ms, err := s.machines(c.Request().Context())
	if err != nil {
		return err
	}
	spec, wrong := specOfForm(typed)
	wrong = append(wrong, s.wrong(spec, wrong, ms)...)
	if len(wrong) > 0 {
		f := s.form(spec, wrong, ms)
		keepTyped(&f, typed)
		return s.formPage(c, http.StatusUnprocessableEntity, f, ms)
	}
	created, err := s.queueUp(c, spec)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/comparisons/"+created.ID)
}

// form is the form of a new comparison, filled in with a spec.
func (s *Server) form(spec runner.Spec, wrong runner.FieldErrors, ms machines) templates.NewForm {
	f := templates.NewForm{
		Action: "/comparisons", CheckURL: "/comparisons/new",
		Title:       templates.Field{Name: "title", Label: "Title", Value: spec.Title, Hint: "optional"},
		Workload:    templates.Field{Name: "workload", Label: "Workload", Options: options(runner.Workloads[:], runner.Workload.Label, spec.Workload)},
		Base:        templates.Field{Name: "base", Label: "Base", Hint: "the others are compared with it", Options: baseOptions(spec)},
		Sizes:       templates.Field{Name: "sizes", Label: "Message size", Value: listText(spec.Sizes), Hint: "bytes: 64, 4K, or 1..1MiB ×4"},
		Concurrency: templates.Field{Name: "concurrency", Label: "Connections at once", Value: listText(spec.Concurrency), Hint: "one, several, or 1..256 ×4"},
		Placements:  templates.Field{Name: "placements", Label: "Placement", Options: options(runner.Placements[:], placementLabel, spec.Placements...)},
		Requests:    templates.Field{Name: "requests", Label: "Requests per round", Value: strconv.Itoa(spec.Requests), Hint: "of each cell"},
		Variants:    templates.Field{Name: "variants", Label: "Variants", Hint: "each is a cell beside the plain one", Options: options(runner.Variants[:], runner.Variant.Label, spec.Variants...)},
		Rate:        templates.Field{Name: "rate", Label: "Open loop", Value: strconv.Itoa(spec.Rate), Hint: "requests per second; 0 is a closed loop, which shows service time"},
		Budget:      templates.Field{Name: "budget", Label: "Time budget", Value: secondsText(spec.Budget), Hint: "10 min, 1 h; empty for none"},
		Ports: templates.Field{Name: "ports", Label: "Ports of TCP dials", Options: options([]runner.Ports{runner.Rotate, runner.OneAddress}, func(p runner.Ports) string {
			return map[runner.Ports]string{runner.Rotate: "rotate addresses when needed", runner.OneAddress: "one address, come what may"}[p]
		}, spec.Ports)},
		Kernel: templates.Field{Name: "kernel", Label: "Kernel-deep profiles", Hint: s.Host.Kernel, Options: options([]runner.KernelMode{runner.KernelAuto, runner.KernelOff, runner.KernelRequire}, func(m runner.KernelMode) string {
			return map[runner.KernelMode]string{runner.KernelAuto: "where the host allows them", runner.KernelOff: "no", runner.KernelRequire: "or else do not start"}[m]
		}, spec.Kernel)},
	}
	f.Sockets = templates.Field{Name: "sockets", Label: "Sockets", Options: options(runner.Sockets[:], func(k runner.Socket) string { return string(k) }, spec.Sockets...)}
	chosen := ms.of(spec)
	for i, k := range runner.Sockets {
		f.Sockets.Options[i].Note = chosen.note(k)
	}
	f.Hosts = hostField(spec, ms)
	f.Grade, f.Rounds = roundFields(spec.Rounds)
	mark(&f, wrong)
	f.More = len(spec.Variants) > 0 || spec.Rate > 0 || spec.Ports != runner.Rotate || spec.Kernel != runner.KernelAuto || spec.Title != "" || !slices.Equal(spec.Placements, []runner.Placement{runner.Split})
	for _, field := range []templates.Field{f.Variants, f.Rate, f.Ports, f.Kernel, f.Title, f.Placements} {
		f.More = f.More || field.Error != ""
	}
	if len(wrong) > 0 {
		f.Plan = templates.Plan{Text: wrong[0].Sentence}
		return f
	}
	f.Plan = s.plan(spec, ms)
	return f
}

// note says on which hosts of a form a socket cannot be opened, and why.
func (ms machines) note(k runner.Socket) string {
	for _, m := range ms {
		if reason := ms.missing(m.Name, k); reason != "" {
			if len(ms) > 1 {
				reason = m.Name + ": " + reason
			}
			return reason + " Its cells are n/a."
		}
	}
	return ""
}

func options[T ~string](all []T, label func(T) string, chosen ...T) []templates.Option {
	os := make([]templates.Option, len(all))
	for i, v := range all {
		os[i] = templates.Option{Value: string(v), Label: label(v), Selected: slices.Contains(chosen, v)}
	}
	return os
}

// baseOptions are the sockets, and the first of those that are chosen.
func baseOptions(spec runner.Spec) []templates.Option {
	first := slices.IndexFunc(runner.Sockets[:], func(k runner.Socket) bool { return slices.Contains(spec.Sockets, k) })
	plain := spec.Base == "" || first >= 0 && runner.Sockets[first] == spec.Base
	os := []templates.Option{{Value: "", Label: "the first one chosen", Selected: plain}}
	for _, k := range runner.Sockets {
		os = append(os, templates.Option{Value: string(k), Label: string(k), Selected: !plain && k == spec.Base})
	}
	return os
}

// hostField is empty where there is one host: there is nothing to choose.
func hostField(spec runner.Spec, ms machines) templates.Field {
	if len(ms) < 2 {
		return templates.Field{}
	}
	f := templates.Field{Name: "hosts", Label: "Hosts", Hint: "several make the host a dimension: each runs all cells, with its own base"}
	for _, m := range ms {
		o := templates.Option{Value: m.Name, Label: m.Name}
		for _, name := range spec.HostNames() {
			o.Selected = o.Selected || name == m.Name || name == "" && m.own
		}
		if !m.online() {
			o.Note = "is not online: its part would wait until its worker is back."
		}
		f.Options = append(f.Options, o)
	}
	return f
}

// roundFields are the named numbers of rounds, and one of one's own.
func roundFields(rounds int) (grade, own templates.Field) {
	grade = templates.Field{Name: "grade", Label: "Rounds"}
	own = templates.Field{Name: "rounds", Label: "or", Hint: fmt.Sprintf("a round runs every cell once, in fresh processes; %d is the least that gives an interval", runner.QuickRounds)}
	for _, g := range []struct {
		n    int
		name string
	}{{runner.QuickRounds, "quick, indicative"}, {runner.DefaultRounds, "default"}, {runner.PublishedRounds, "publishable"}} {
		grade.Options = append(grade.Options, templates.Option{Value: strconv.Itoa(g.n), Label: fmt.Sprintf("%d %s", g.n, g.name), Selected: g.n == rounds})
	}
	if !slices.Contains([]int{runner.QuickRounds, runner.DefaultRounds, runner.PublishedRounds}, rounds) {
		own.Value = strconv.Itoa(rounds)
	}
	return grade, own
}

func placementLabel(p runner.Placement) string {
	switch p {
	case runner.Split:
		return "split: each side its own CPUs"
	case runner.Same:
		return "same: both on one CPU"
	case runner.Free:
		return "free: as the scheduler likes"
	}
	return string(p)
}

func listText(ns []int) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ", ")
}

// presets are the comparisons that people ask for most, as links that fill in the
// form; query is the page's own.
func presets(ms machines, query string) []templates.Preset {
	list := []templates.Preset{}
	add := func(label, note, fields string) {
		list = append(list, templates.Preset{Label: label, Note: note, URL: "/comparisons/new?" + fields, Current: fields == query})
	}
	every := url.Values{}
	for _, k := range runner.Sockets {
		every.Add("sockets", string(k))
	}
	article := runner.Article()
	add("The article", quantity.Count(int64(article.Requests))+" × "+article.Workload.Label(), "workload=dial-echo")
	add("Kept connection", "echo, as a pool of connections does", "requests=50000&workload=echo")
	add("Message sizes", "1 B to 1 MiB, where they meet", "grade=6&requests=2000&sizes=1..1MiB+%C3%9716&workload=echo")
	add("Concurrency", "1 to 256 connections at once", "concurrency=1..256+%C3%974&grade=6&requests=20000&workload=echo")
	add("Every socket", "all eleven, quick", "grade=6&requests=5000&workload=echo&"+every.Encode())
	add("HTTP", "over unix, TCP and TLS, kept", "requests=20000&sockets=unix&sockets=tcp4&sockets=tls&workload=http")
	add("Open loop", "20 000 requests a second: response time", "rate=20000&requests=40000&workload=echo")
	if len(ms) > 1 {
		hosts := url.Values{"hosts": ms.names()[:2]}
		add("Two hosts", ms[0].Name+" and "+ms[1].Name+": does it hold there too?", "grade=6&"+hosts.Encode())
	}
	return list
}
