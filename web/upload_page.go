package web

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

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
