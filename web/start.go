package web

import (
	"errors"
	"fmt"
	"net/http"
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
	ms, err := s.machines(c.Request().Context())
	if err != nil {
		return err
	}
	a := runner.Article()
	v := templates.StartPage{
		Chrome: s.chrome(c, "", "Unix socket or TCP?"),
		Article: templates.ArticleForm{
			Action: "/comparisons", Fields: []templates.Hidden{},
			Summary: fmt.Sprintf("%s against %s · %s × %s · %s · %s", a.Sockets[0], a.Sockets[1], quantity.Count(int64(a.Requests)), a.Workload.Label(), plural(a.Rounds, "round", "rounds"), quantity.About(s.takes(a, ms))),
		},
		Presets: presets(ms, ""),
		Form:    s.form(a, nil, ms),
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
	loop := articleLoop()
	card := templates.CodeCard{Title: "what is measured (" + loop.file + ")", Columns: []templates.Series{}, Lines: []templates.CodeLine{}}
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
	for _, text := range loop.lines {
		row, call := rowOf(t, text)
		if call == "" {
			call = loop.call(text)
		}
		line := templates.CodeLine{Text: marked(text, call), Values: []string{}}
		for _, cost := range row.Costs {
			line.Values = append(line.Values, quantity.Number(cost.Value/1e3))
		}
		card.Lines = append(card.Lines, line)
	}
	return card, nil
}

// rowOf finds what a line costs by the function that it calls: the versions of the
// file may differ, so its number does not say.
func rowOf(t verdict.PartTable, text string) (row verdict.PartRow, call string) {
	for _, row := range t.Rows {
		name := row.Label[strings.LastIndexByte(row.Label, '.')+1:]
		if name != "" && strings.Contains(text, name+"(") {
			return row, name
		}
	}
	return row, ""
}

// marked makes the call stand out in a line of code.
func marked(text, call string) templates.Rich {
	before, after, ok := strings.Cut(text, call)
	if call == "" || !ok {
		return templates.Rich{{Text: text}}
	}
	return templates.Rich{{Text: before}, {Text: call, Strong: true}, {Text: after}}
}
