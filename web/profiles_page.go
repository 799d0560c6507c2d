package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/origin"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// profiles lists uploads and what comparisons left, the newest first.
func (s *Server) profiles(c echo.Context) error {
	v, err := s.profilesView(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, templates.Profiles(v))
}

func (s *Server) profilesView(c echo.Context) (templates.ProfilesPage, error) {
	v := templates.ProfilesPage{Chrome: s.chrome(c, templates.SectionProfiles, "Profiles"), Upload: s.uploadFormView(c)}
	typed := c.QueryParam("q")
	list, rows, err := s.profilePage(c, profiles.Search{Words: searched(typed)}, url.Values{"q": {typed}}, &v.Pager)
	if err != nil {
		return v, err
	}
	v.Rows, v.Empty = rows, "There is no profile yet: run a comparison, or upload a .pprof file."
	v.Find = templates.Find{Action: "/profiles", Name: "list", Query: typed}
	if typed != "" {
		v.Find.ClearURL, v.Empty = "/profiles", "No profile has that in its title, its id or in what it counts."
	}
	v.Diff = templates.DiffForm{Action: "/diff", AllURL: "/diff", Base: templates.Field{Name: "base", Label: "Base"}, Other: templates.Field{Name: "other", Label: "Other"}}
	base := counterpart(list)
	for i, row := range v.Rows {
		o := templates.Option{Value: row.ID, Label: optionLabel(row), Selected: i == base}
		v.Diff.Base.Options = append(v.Diff.Base.Options, o)
		o.Selected = i == 0
		v.Diff.Other.Options = append(v.Diff.Other.Options, o)
	}
	return v, nil
}

// profilePage reads one page of the profiles that are searched for. The links to the
// pages beside it hold what is kept.
func (s *Server) profilePage(c echo.Context, search profiles.Search, keep url.Values, pager *templates.Pager) ([]profiles.Profile, []templates.ProfileRow, error) {
	const page = 50
	list, err := s.Archive.FindProfiles(c.Request().Context(), search, c.QueryParam("before"), page+1)
	if err != nil {
		return nil, nil, err
	}
	at := func(before string) string {
		q := url.Values{}
		for name, v := range keep {
			if v[0] != "" {
				q[name] = v
			}
		}
		if before != "" {
			q.Set("before", before)
		}
		return c.Request().URL.Path + query(q.Encode())
	}
	if len(list) > page {
		list = list[:page]
		pager.OlderURL = at(list[page-1].ID)
	}
	if c.QueryParam("before") != "" {
		pager.NewerURL = at("")
	}
	kept, rows := []profiles.Profile{}, []templates.ProfileRow{}
	for _, p := range list {
		row, err := s.profileRow(c, p)
		if errors.Is(err, profiles.ErrNotFound) {
			continue // deleted with its comparison since the list was read
		}
		if err != nil {
			return nil, nil, err
		}
		kept, rows = append(kept, p), append(rows, row)
	}
	return kept, rows, nil
}

// searched are the words of a search, so many of them as anybody needs.
func searched(typed string) []string {
	const most, letters = 8, 100
	words := strings.Fields(strings.ToValidUTF8(typed, ""))
	words = words[:min(most, len(words))]
	for i, w := range words {
		if r := []rune(w); len(r) > letters {
			words[i] = string(r[:letters])
		}
	}
	return words
}

// optionLabel names a profile in a choice: its id, its title and what it counts.
func optionLabel(row templates.ProfileRow) string {
	label := row.ID
	if row.Title != row.ID {
		label += " · " + row.Title
	}
	if row.Of != "" && !strings.Contains(label, " · "+row.Of) {
		label += " · " + row.Of
	}
	return label
}

// counterpart is the profile that the newest is likely to be compared with: of a
// comparison the farthest of the same side, which is its base; of uploads the one
// before it that counts the same; else the next.
func counterpart(list []profiles.Profile) int {
	best := min(1, len(list)-1)
	for i, p := range list {
		switch {
		case i == 0 || p.Comparison != list[0].Comparison:
		case p.Comparison == "" && slices.Equal(p.SampleTypes, list[0].SampleTypes):
			return i
		case p.Comparison != "" && p.Side == list[0].Side && p.Kind == list[0].Kind:
			best = i
		}
	}
	return best
}

func (s *Server) profileRow(c echo.Context, p profiles.Profile) (templates.ProfileRow, error) {
	sc := scopeOf(c)
	row := templates.ProfileRow{
		ID: p.ID, URL: sc.profile(p.ID, ""), Title: first(p.Title, p.ID), Of: clip(origin.Counted(p.Counts)), Samples: quantity.Missing, Ops: quantity.Missing,
		Bytes: quantity.Bytes(p.Bytes), When: quantity.Ago(p.CreatedAt, s.Now()), Exact: moment(p.CreatedAt), DownloadURL: sc.profile(p.ID, ".pprof"),
	}
	if p.Ops > 0 {
		row.Ops = quantity.Count(p.Ops)
	}
	if p.Samples > 0 {
		row.Samples = quantity.Count(p.Samples)
	}
	if p.Comparison == "" {
		return row, nil
	}
	cmp, err := s.Archive.Comparison(c.Request().Context(), p.Comparison)
	if err != nil {
		return row, err
	}
	row.Of = string(p.Side) + " · " + string(p.Kind) + " · " + row.Of
	row.Comparison, row.ComparisonURL = p.Comparison, sc.comparison(p.Comparison, "")
	if p.Cell >= 0 && p.Cell < len(cmp.Cells) {
		cell := cmp.Cells[p.Cell]
		row.Series = coloursOf(cmp)[profiles.Cell{Socket: cell.Socket, Variant: cell.Variant}.Name()]
		row.Title = fmt.Sprintf("%s %s — %s", cell.Name(), p.Side, runner.Workload(cell.Workload).Label())
	}
	return row, nil
}
