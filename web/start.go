package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// recent is how many comparisons the front page lists.
const recent = 8

func (s *Server) start(c echo.Context) error {
	list, err := s.Archive.Comparisons(c.Request().Context(), "", recent+1)
	if err != nil {
		return err
	}
	a := runner.Article()
	v := templates.StartPage{
		Chrome: s.chrome(c, "", "Unix socket or TCP?"),
		Article: templates.ArticleForm{
			Action: "/comparisons", Fields: []templates.Hidden{},
			Summary: fmt.Sprintf("%s against %s · %s × %s · %s · %s", a.Sockets[0], a.Sockets[1], quantity.Count(int64(a.Requests)), a.Workload.Label(), plural(a.Rounds, "round", "rounds"), quantity.About(s.Estimate(a))),
		},
		Form: s.form(a, nil),
	}
	if len(list) > recent {
		list, v.MoreURL = list[:recent], "/comparisons"
	}
	if v.Recent, err = s.comparisonRows(c, list); err != nil {
		return err
	}
	if v.Code, err = s.codeCard(c, list); err != nil {
		return err
	}
	return render(c, http.StatusOK, templates.Start(v))
}

// codeCard shows the loop of the article's experiment, each line with what it
// costs in the newest of these comparisons that measured it.
func (s *Server) codeCard(c echo.Context, list []profiles.Comparison) (templates.CodeCard, error) {
	card := templates.CodeCard{Title: "what is measured (runner/workload/dial_echo.go)", Columns: []templates.Series{}, Lines: []templates.CodeLine{}}
	loop := []struct{ text, call string }{
		{"for work.Next() {", ""},
		{"	conn, err := dialer.Dial()", "Dial"},
		{"	_, err = conn.Write(message)", "Write"},
		{"	_, err = io.ReadFull(conn, reply)", "ReadFull"},
		{"	err = conn.Close()", "Close"},
		{"}", ""},
	}
	var t verdict.PartTable
	for _, cmp := range list {
		if cmp.State != profiles.Done || len(cmp.Cells) == 0 || cmp.Cells[0].Workload != string(runner.DialEcho) {
			continue
		}
		r, err := s.report(c.Request().Context(), cmp.ID)
		if errors.Is(err, profiles.ErrNotFound) {
			continue // deleted since the list was read
		}
		if err != nil {
			return card, err
		}
		if values, ok := r.codeValues(profiles.Client); ok {
			t = values
			card.Unit, card.Source, card.SourceURL = "µs", "client CPU per request in "+cmp.ID, "/comparisons/"+cmp.ID
			for _, cell := range t.Cells {
				card.Columns = append(card.Columns, r.series(cell))
			}
			break
		}
	}
	for _, l := range loop {
		line := templates.CodeLine{Text: marked(l.text, l.call), Values: []string{}}
		for _, row := range t.Rows {
			if l.call == "" || !strings.HasSuffix(row.Label, l.call) {
				continue
			}
			for _, cost := range row.Costs {
				line.Values = append(line.Values, quantity.Number(cost.Value/1e3))
			}
		}
		card.Lines = append(card.Lines, line)
	}
	return card, nil
}

// marked makes the call stand out in a line of code.
func marked(text, call string) templates.Rich {
	before, after, ok := strings.Cut(text, call)
	if call == "" || !ok {
		return templates.Rich{{Text: text}}
	}
	return templates.Rich{{Text: before}, {Text: call, Strong: true}, {Text: after}}
}

func (s *Server) newComparison(c echo.Context) error {
	spec := runner.Article()
	if again := c.QueryParam("again"); again != "" {
		cmp, err := s.Archive.Comparison(c.Request().Context(), again)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(cmp.Spec, &spec); err != nil {
			return fmt.Errorf("read the spec of %s: %w", cmp.ID, err)
		}
	}
	return s.formPage(c, http.StatusOK, s.form(spec, nil))
}

func (s *Server) formPage(c echo.Context, status int, f templates.NewForm) error {
	return render(c, status, templates.NewComparison(templates.NewComparisonPage{
		Chrome: s.chrome(c, templates.SectionNew, "New comparison"), Form: f,
	}))
}

// createComparison takes the form: it queues what was asked for and leads to its
// page, or gives the form back as it was typed with a sentence for each field.
func (s *Server) createComparison(c echo.Context) error {
	typed, err := c.FormParams()
	if err != nil {
		return sentence(http.StatusBadRequest, "The form cannot be read: send it again.")
	}
	spec, wrong := specOfForm(typed)
	wrong = append(wrong, s.check(spec, wrong)...)
	if len(wrong) > 0 {
		f := s.form(spec, wrong)
		keepTyped(&f, typed)
		return s.formPage(c, http.StatusUnprocessableEntity, f)
	}
	created, err := s.queueUp(c, spec)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/comparisons/"+created.ID)
}

// form is the form of a new comparison, filled in with a spec.
func (s *Server) form(spec runner.Spec, wrong runner.FieldErrors) templates.NewForm {
	f := templates.NewForm{
		Action:      "/comparisons",
		Title:       templates.Field{Name: "title", Label: "Title", Value: spec.Title, Hint: "optional"},
		Workload:    templates.Field{Name: "workload", Label: "Workload"},
		Sockets:     templates.Field{Name: "sockets", Label: "Sockets"},
		Base:        templates.Field{Name: "base", Label: "Base", Hint: "the others are compared with it"},
		Sizes:       templates.Field{Name: "sizes", Label: "Message size", Value: several(spec.Sizes, strconv.Itoa), Hint: "bytes; several apart by commas"},
		Concurrency: templates.Field{Name: "concurrency", Label: "Connections at once", Value: several(spec.Concurrency, strconv.Itoa)},
		Placements:  templates.Field{Name: "placements", Label: "Placement"},
		Requests:    templates.Field{Name: "requests", Label: "Requests per round", Value: strconv.Itoa(spec.Requests)},
		Rounds:      templates.Field{Name: "rounds", Label: "Rounds", Value: strconv.Itoa(spec.Rounds), Hint: "6 give an interval"},
		Kernel:      templates.Field{Name: "kernel", Label: "Kernel frames", Options: []templates.Option{{Value: "auto", Label: "not in this version", Selected: true}}},
		Host:        templates.Field{Name: "host", Label: "Host", Options: []templates.Option{{Value: "", Label: "this host (" + s.Host.Name + ")", Selected: true}}},
	}
	for _, w := range runner.Workloads {
		f.Workload.Options = append(f.Workload.Options, templates.Option{Value: string(w), Label: w.Label(), Selected: w == spec.Workload})
	}
	for _, check := range s.Host.Checks {
		o := templates.Option{Value: string(check.Socket), Label: string(check.Socket), Off: check.Reason}
		for _, k := range spec.Sockets {
			o.Selected = o.Selected || k == check.Socket
		}
		f.Sockets.Options = append(f.Sockets.Options, o)
		o.Selected = check.Socket == spec.Base
		f.Base.Options = append(f.Base.Options, o)
	}
	for _, p := range runner.Placements {
		o := templates.Option{Value: string(p), Label: placementLabels[p]}
		for _, chosen := range spec.Placements {
			o.Selected = o.Selected || chosen == p
		}
		f.Placements.Options = append(f.Placements.Options, o)
	}
	f.Estimate = s.estimate(spec)
	mark(&f, wrong)
	return f
}

var placementLabels = map[runner.Placement]string{
	runner.Split: "split: each side its own CPUs", runner.Same: "same: both on one CPU", runner.Free: "free: as the scheduler likes",
}
