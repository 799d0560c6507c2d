package web

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// comparisonFlameSVG is the flame graph of a comparison's page as a picture.
func (s *Server) comparisonFlameSVG(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	v, err := s.flamePanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/flame"), "")
	if err != nil {
		return err
	}
	if v == nil {
		return sentence(http.StatusNotFound, "%s has no profile to draw.", r.Comparison.ID)
	}
	return s.flameSVG(c, r.Comparison.ID+"."+string(l.Side)+".flame.svg", r.heading().Plain()+" · "+string(l.Side), v)
}

// profileFlameSVG is the flame graph of a profile as a picture.
func (s *Server) profileFlameSVG(c echo.Context) error {
	p, err := s.profilePanel(c, lensOf)
	if err != nil {
		return err
	}
	row := p.sides[0].row
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return err
	}
	return s.flameSVG(c, row.ID+".flame.svg", s.profileHeading(c, row).Plain(), v)
}

// flameFile is where the graph of one profile or of two is as a picture.
func (p panel) flameFile(sc scope) string {
	pid, sh := p.sides[0].row.ID, sc.shared
	switch {
	case len(p.sides) == 2:
		return sc.diff() + "/flame.svg"
	case sh == nil:
		return "/profiles/" + pid + "/flame.svg"
	case strings.HasPrefix(sh.root, "/profiles/"):
		return sh.home + "/flame.svg"
	}
	return sh.home + "/profiles/" + pid + "/flame.svg"
}

// sharedFlameSVG is the flame graph of what is shared.
func (s *Server) sharedFlameSVG(c echo.Context) error {
	switch root := sharedOf(c).root; {
	case root == diffRoot:
		return s.diffFlameSVG(c)
	case strings.HasPrefix(root, "/profiles/"):
		return s.profileFlameSVG(c)
	}
	return s.comparisonFlameSVG(c)
}

// diffFlameSVG is the flame graph of two profiles as a picture.
func (s *Server) diffFlameSVG(c echo.Context) error {
	page, p, err := s.diffOf(c)
	if err != nil {
		return err
	}
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return err
	}
	return s.flameSVG(c, p.sides[0].row.ID+"-"+p.sides[1].row.ID+".flame.svg", page.Heading.Plain(), v)
}

func (s *Server) flameSVG(c echo.Context, name, title string, v *templates.Flame) error {
	width, err := widthOf(c)
	if err != nil {
		return err
	}
	p := templates.Picture{Width: width, Title: title, Hint: v.Hint, Desc: v.Label + ". " + v.Note}
	if len(v.Ancestors) > 0 && len(v.Boxes) > 0 { // a filter may leave nothing of the frame
		p.Hint += " · zoomed to " + v.Boxes[0].Name
	}
	return s.drawn(c, name, templates.FlameSVG(templates.NewFlamePicture(p, *v)))
}

// waterfallSVG is a waterfall as a picture.
func (s *Server) waterfallSVG(c echo.Context, name, title string, v *templates.Waterfall) error {
	width, err := widthOf(c)
	if err != nil {
		return err
	}
	p := templates.Picture{Width: width, Title: title, Hint: v.Title + " · " + v.Hint}
	for _, f := range v.Falls {
		p.Desc += f.Sum.Plain() + ". "
	}
	p.Desc += v.Note
	return s.drawn(c, name, templates.WaterfallSVG(templates.NewWaterfallPicture(p, *v)))
}

// comparisonWaterfallSVG is the waterfall of a comparison as a picture.
func (s *Server) comparisonWaterfallSVG(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	v, err := s.waterfallPanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/waterfall"), "")
	if err != nil {
		return err
	}
	if v == nil {
		return sentence(http.StatusNotFound, "%s has no two profiles whose difference could be drawn.", r.Comparison.ID)
	}
	of := string(l.Side)
	if l.Sum == bothSides {
		of = "client and server"
	}
	return s.waterfallSVG(c, r.Comparison.ID+"."+cmp.Or(l.Sum, string(l.Side))+".waterfall.svg", r.heading().Plain()+" · "+of, v)
}

// diffWaterfallSVG is the waterfall of two profiles as a picture.
func (s *Server) diffWaterfallSVG(c echo.Context) error {
	page, p, err := s.diffOf(c)
	if err != nil {
		return err
	}
	return s.waterfallSVG(c, p.sides[0].row.ID+"-"+p.sides[1].row.ID+".waterfall.svg", page.Heading.Plain(), s.waterfallOfTwo(p))
}
