package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// An embed is one panel of what is shared, without chrome, to stand in a frame of
// another site. Framing is allowed here and nowhere else: below a share nothing can
// be changed, so nobody can be led to click on what they do not see.

// parts of a page that can be embedded.
const (
	embedAnswer = "answer"
	embedFlame  = "flame"
	embedLines  = "lines"
)

// framed lets other sites show the answer in a frame.
func framed(c echo.Context) {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", strings.Replace(contentPolicy(), "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// embed is one panel of what is shared.
func (s *Server) embed(c echo.Context) error {
	part, sh := c.Param("part"), sharedOf(c)
	v := templates.EmbedPage{URL: sh.home}
	path := sh.home + "/embed/" + part
	var err error
	if strings.HasPrefix(sh.root, "/comparisons/") {
		err = s.embedComparison(c, part, path, &v)
	} else {
		err = s.embedProfile(c, part, path, &v)
	}
	if err != nil {
		return err
	}
	v.Chrome = s.chrome(c, templates.SectionComparisons, v.Heading.Plain())
	framed(c)
	return render(c, http.StatusOK, templates.Embed(v))
}

func noPart(part string) error {
	return sentence(http.StatusNotFound, "There is no %q to embed: it is flame, lines, or the answer of a comparison.", clip(part))
}

func (s *Server) embedComparison(c echo.Context, part, path string, v *templates.EmbedPage) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	v.Heading = r.heading()
	switch part {
	case embedAnswer:
		verdict := r.verdictView()
		v.Verdict, v.Notes = &verdict, r.Verdict.Notes
		return nil
	case embedFlame:
		v.Flame, err = s.flamePanel(c, r, l, path, "")
	case embedLines:
		v.Lines, err = s.linesPanel(c, r, l, path, "")
	default:
		return noPart(part)
	}
	if err == nil && v.Flame == nil && v.Lines == nil {
		return sentence(http.StatusNotFound, "%s has no profile to show.", r.Comparison.ID)
	}
	return err
}

// embedProfile is of a profile, or of the difference of two.
func (s *Server) embedProfile(c echo.Context, part, path string, v *templates.EmbedPage) error {
	p, err := s.sharedPanel(c, v)
	if err != nil {
		return err
	}
	p.path = path
	switch part {
	case embedFlame:
		v.Flame, err = s.flameOf(c.Request().Context(), p)
		if v.Flame != nil {
			v.Flame.Switches = append(v.Flame.Switches, p.modes())
		}
	case embedLines:
		if v.Lines, err = p.linesOf(); err != nil {
			return err
		}
		v.Lines.Switches = append(v.Lines.Switches, p.modes())
	default:
		return noPart(part)
	}
	return err
}

// sharedPanel opens the profile, or the two, that are shared.
func (s *Server) sharedPanel(c echo.Context, v *templates.EmbedPage) (panel, error) {
	sh := sharedOf(c)
	if sh.root == diffRoot {
		page, p, err := s.diffOf(c)
		v.Heading, p.alone = page.Heading, true
		return p, err
	}
	l, err := lensOf(c.QueryParams())
	if err != nil {
		return panel{}, err
	}
	row, err := s.Archive.Profile(c.Request().Context(), id(c))
	if err != nil {
		return panel{}, err
	}
	v.Heading = s.profileHeading(c, row)
	o, err := s.openSide(c.Request().Context(), row, l, l.BaseOps, templates.Series{Name: row.ID, Series: 1})
	if err != nil {
		return panel{}, err
	}
	return newPanel(l, []side{o}, sh.home, "", s.loopOf(c, row))
}

// embedding is how a share is shown on other sites: a frame, and a picture.
func embedding(address, path string) []templates.Command {
	root, view, _ := strings.Cut(path, "?")
	what := embedFlame
	if strings.HasPrefix(root, "/comparisons/") && !strings.HasSuffix(root, "/flame") {
		what = embedAnswer
	}
	if strings.HasSuffix(root, "/lines") {
		what = embedLines
	}
	height := "480"
	if what == embedAnswer {
		height = "260"
	}
	frame := address + "/embed/" + what + query(view)
	return []templates.Command{
		{Label: "In a frame", Text: `<iframe src="` + escape(frame) + `" width="100%" height="` + height + `" loading="lazy" title="sockscope"></iframe>`},
		{Label: "As a picture", Text: `<a href="` + escape(address) + `"><img src="` + escape(address) + `/picture.png" width="600" alt="sockscope"></a>`},
	}
}

// embeds is the same for programs.
func embeds(address, path string) []map[string]string {
	list := []map[string]string{}
	for _, c := range embedding(address, path) {
		list = append(list, map[string]string{"label": c.Label, "text": c.Text})
	}
	return list
}

// escape makes an address safe between double quotes of markup.
func escape(address string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(address)
}
