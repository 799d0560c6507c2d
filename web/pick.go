package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/origin"
	"github.com/sockscope/sockscope/templates"
)

// pick is the choice of two profiles: one after the other, each a link, so that every
// profile can be reached by search and pages.
type pick struct {
	role   string // "base" or "other": of the one that is chosen next
	chosen profiles.Profile
	all    bool // also those that do not count what the chosen one does
}

// anyType is what the parameter "counts" says for profiles of all types.
const anyType = "any"

// beside is the other role of a difference.
var beside = map[string]string{"base": "other", "other": "base"}

// chooseTwo asks for the profiles to compare; one may be named already.
func (s *Server) chooseTwo(c echo.Context) error {
	p := pick{role: "base", all: c.QueryParam("counts") == anyType}
	for _, role := range []string{"base", "other"} {
		id := c.QueryParam(role)
		if id == "" {
			continue
		}
		var err error
		if p.chosen, err = s.Archive.Profile(c.Request().Context(), id); err != nil {
			return err
		}
		p.role = beside[role]
	}
	v, err := s.twoView(c, p)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, templates.ChooseTwo(v))
}

// chooseAgain asks for another profile beside the base of two that count different
// things.
func (s *Server) chooseAgain(c echo.Context, u *unlikeKinds) error {
	v, err := s.twoView(c, pick{role: "other", chosen: u.rows[0]})
	if err != nil {
		return err
	}
	v.Unlike = &templates.Unlike{Sentence: u.Error()}
	for i, row := range u.rows {
		if v.Unlike.Sides[i], err = s.profileRow(c, row); err != nil {
			return err
		}
	}
	return render(c, http.StatusUnprocessableEntity, templates.ChooseTwo(v))
}

func (s *Server) twoView(c echo.Context, p pick) (v templates.TwoPage, err error) {
	v = templates.TwoPage{Chrome: s.chrome(c, templates.SectionProfiles, "Compare two profiles"), Upload: s.uploadFormView(c)}
	if p.role == "other" {
		v.Upload.Base = p.chosen.ID
	}
	v.Pick, err = s.pickView(c, p)
	return v, err
}

// pickView lists what can be chosen: those that count the same as the chosen one,
// unless all are asked for.
func (s *Server) pickView(c echo.Context, p pick) (templates.Pick, error) {
	typed := c.QueryParam("q")
	v := templates.Pick{Title: "Choose the base", Hint: "what the other one is compared with", Empty: "No profile can be chosen: upload one."}
	search := profiles.Search{Words: searched(typed)}
	if p.chosen.ID != "" {
		row, err := s.profileRow(c, p.chosen)
		if err != nil {
			return v, err
		}
		v.Title, v.Hint = "Compare "+row.ID+" with", strings.TrimPrefix(optionLabel(row), row.ID+" · ")+" · it is the "+beside[p.role]
		if p.chosen.Counts != "" && !p.all {
			search.Types = likeTypes(p.chosen.Counts)
		}
		v.Types = p.types(typed)
	}
	_, rows, err := s.profilePage(c, search, p.query("", typed, p.all), &v.Pager)
	if err != nil {
		return v, err
	}
	v.Rows = []templates.ProfileRow{}
	for _, row := range rows {
		if row.ID != p.chosen.ID {
			row.URL = "/diff" + query(p.query(row.ID, "", false).Encode())
			v.Rows = append(v.Rows, row)
		}
	}
	v.Find = templates.Find{Action: "/diff", Name: "pick", Query: typed, Hidden: []templates.Hidden{}}
	kept := p.query("", "", p.all)
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		v.Find.Hidden = append(v.Find.Hidden, templates.Hidden{Name: name, Value: kept.Get(name)})
	}
	if typed != "" {
		v.Find.ClearURL = "/diff" + query(kept.Encode())
	}
	switch {
	case typed != "":
		v.Empty = "No other profile has that in its title, its id or in what it counts."
	case len(search.Types) > 0:
		v.Empty = "No other profile counts " + clip(origin.Counted(p.chosen.Counts)) + "."
	}
	return v, nil
}

// query is the choice so far, as the parameters of a link.
func (p pick) query(next, typed string, all bool) url.Values {
	q := url.Values{}
	put := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	put(beside[p.role], p.chosen.ID)
	put(p.role, next)
	put("q", typed)
	if all {
		put("counts", anyType)
	}
	return q
}

// types switches between the profiles that count the same and all.
func (p pick) types(typed string) []templates.Link {
	if p.chosen.Counts == "" {
		return nil
	}
	return []templates.Link{
		{Label: "those that count " + clip(origin.Counted(p.chosen.Counts)), URL: "/diff" + query(p.query("", typed, false).Encode()), Current: !p.all},
		{Label: "all", URL: "/diff" + query(p.query("", typed, true).Encode()), Current: p.all},
	}
}
