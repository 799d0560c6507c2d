package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
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
	const page = 50
	v := templates.ProfilesPage{Chrome: s.chrome(c, templates.SectionProfiles, "Profiles"), Rows: []templates.ProfileRow{}, Upload: s.uploadFormView(c)}
	list, err := s.Archive.RecentProfiles(c.Request().Context(), c.QueryParam("before"), page+1)
	if err != nil {
		return v, err
	}
	if len(list) > page {
		list = list[:page]
		v.Pager.OlderURL = "/profiles?before=" + list[page-1].ID
	}
	if c.QueryParam("before") != "" {
		v.Pager.NewerURL = "/profiles"
	}
	v.Diff = templates.DiffForm{Action: "/diff", Base: templates.Field{Name: "base", Label: "Base"}, Other: templates.Field{Name: "other", Label: "Other"}}
	base := counterpart(list)
	for i, p := range list {
		row, err := s.profileRow(c, p)
		if errors.Is(err, profiles.ErrNotFound) {
			continue // deleted with its comparison since the list was read
		}
		if err != nil {
			return v, err
		}
		v.Rows = append(v.Rows, row)
		o := templates.Option{Value: p.ID, Label: optionLabel(row), Selected: i == base}
		v.Diff.Base.Options = append(v.Diff.Base.Options, o)
		o.Selected = i == 0
		v.Diff.Other.Options = append(v.Diff.Other.Options, o)
	}
	return v, nil
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

// counterpart is the profile that the newest is likely to be compared with: the
// farthest of the same side and comparison, which is its base, else the next.
func counterpart(list []profiles.Profile) int {
	best := min(1, len(list)-1)
	for i, p := range list {
		if i > 0 && p.Comparison == list[0].Comparison && p.Side == list[0].Side {
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

func (s *Server) uploadFormView(c echo.Context) templates.UploadForm {
	origin := s.origin(c.Request())
	return templates.UploadForm{
		Action: "/profiles",
		File:   templates.Field{Name: "profile", Label: "Profiles", Hint: "one or two .pprof, .pb.gz or .pgo files; or drop them anywhere on this page"},
		Title:  templates.Field{Name: "title", Label: "Title", Hint: "optional; the file's name otherwise, and always that of several files"},
		Ops:    templates.Field{Name: "ops", Label: "Operations", Hint: "optional: how many ran while it was taken, for figures per operation; of several files, of each"},
		Terms:  s.terms(origin),
		Commands: []templates.Command{
			{Label: "The same from a shell; the answer is JSON with the link", Text: `curl --data-binary @cpu.pprof -H "Authorization: Bearer $SOCKSCOPE_TOKEN" "` + origin + `/api/v1/profiles?title=before&ops=10000"`},
			{Label: "With the text of your own code, and the link of the difference", Text: "sockscope push --server " + origin + " --diff --with-source before.pprof after.pprof"},
		},
	}
}

// terms say where an upload is kept, who sees it and how it goes, before it is sent.
func (s *Server) terms(origin string) []string {
	who := "Whoever reaches " + origin + " can read it"
	if s.Private {
		who = "Whoever holds the start token of " + origin + " can read it"
	}
	return []string{
		"It is kept in the database of this server, on " + first(s.Host.Name, "this machine") + ", as it is: names of functions, files and labels.",
		who + ", and whoever you give a share link.",
		"It stays until you delete it: Delete stands on its page. Nothing goes to any other server.",
		fmt.Sprintf("At most %s each, %s unpacked.", quantity.Bytes(guard.Default().Wire), quantity.Bytes(guard.Default().Inflated)),
	}
}

// uploaded takes the form of the profiles page: one profile leads to its page, two
// to their difference, more to the list.
func (s *Server) uploaded(c echo.Context) error {
	ctx := c.Request().Context()
	list, base, err := uploadsOf(c)
	if err == nil {
		err = s.comparedWith(ctx, base)
	}
	var rows []profiles.Profile
	if err == nil {
		rows, err = s.file(ctx, list)
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, landing(base, rows))
	}
	f := faultOf(err)
	if f.status >= http.StatusInternalServerError {
		return err
	}
	v, err := s.profilesView(c)
	if err != nil {
		return err
	}
	v.Upload.Error, v.Upload.Base = f.sentence, base
	if len(list) == 1 {
		v.Upload.Title.Value, v.Upload.Ops.Value = list[0].title, list[0].ops
	}
	return render(c, f.status, templates.Profiles(v))
}

// landing is where an upload leads.
func landing(base string, rows []profiles.Profile) string {
	if diff := differenceOf(base, rows); diff != "" {
		return diff
	}
	if len(rows) == 1 {
		return "/profiles/" + rows[0].ID
	}
	return "/profiles"
}
