package web

import (
	"context"
	"fmt"
	"image/color"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
	"github.com/sockscope/sockscope/web/assets"
)

// social is what a shared page says to whoever shows a link to it. It is nil for
// pages that nobody shared: their addresses are of no use to others.
func (s *Server) social(c echo.Context, title string) *templates.Social {
	sh := sharedOf(c)
	if sh == nil {
		return nil
	}
	at := s.origin(c.Request()) + sh.home
	v := &templates.Social{Title: title, URL: at, Image: at + "/picture.png", Description: "CPU profiles frame by frame and line by line."}
	if cid, ok := strings.CutPrefix(sh.root, "/comparisons/"); ok {
		if r, err := s.report(c.Request().Context(), cid); err == nil {
			v.Title = r.heading().Plain()
			v.Description = r.verdictView().Sentence.Plain()
		}
	}
	return v
}

// card is what the picture of a share shows.
type card struct {
	heading, sentence templates.Rich
	figure, caption   string
	flame             *templates.Flame
}

// sharedPicture is the picture of a shared link: the answer, and the flame graph
// beneath it.
func (s *Server) sharedPicture(c echo.Context) error {
	sh, ctx := sharedOf(c), c.Request().Context()
	key, err := s.pictured(ctx, sh)
	if err != nil {
		return err
	}
	make := func() ([]byte, int64, error) {
		ctx := c.Request().Context()
		select {
		case s.exporting <- struct{}{}:
			defer func() { <-s.exporting }()
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
		v, err := s.cardOf(c, sh)
		if err != nil {
			return nil, 0, err
		}
		png, err := drawCard(v)
		return png, int64(len(png)), err
	}
	var png []byte
	if key == "" {
		png, _, err = make()
	} else {
		c.SetRequest(c.Request().WithContext(context.WithoutCancel(ctx))) // it is for all who wait
		png, err = cached(s.evidence.cache, "picture "+key, make)
	}
	if err != nil {
		return err
	}
	return picture(c, "picture.png", "image/png", png)
}

// pictured names what the picture of a share is made of, whatever may change of it;
// "" while that changes with each run. What was deleted has no picture any more.
func (s *Server) pictured(ctx context.Context, sh *shared) (string, error) {
	if cid, ok := strings.CutPrefix(sh.root, "/comparisons/"); ok {
		cmp, err := s.Archive.Comparison(ctx, cid)
		if err != nil || !cmp.State.Final() {
			return "", err
		}
		return sh.Path + " " + string(cmp.State), nil
	}
	key := sh.Path
	for _, pid := range sh.profiles() {
		row, err := s.Archive.Profile(ctx, pid)
		if err != nil {
			return "", err
		}
		key += fmt.Sprintf(" %s %d", row.SHA256, row.Ops)
	}
	return key, nil
}

// profiles are the ids of the profile, or of the two, that are shared.
func (s *shared) profiles() []string {
	if s.root == diffRoot {
		return s.pair[:]
	}
	return []string{strings.TrimPrefix(s.root, "/profiles/")}
}

// cardOf is what is shared, seen through the lens of the share.
func (s *Server) cardOf(c echo.Context, sh *shared) (card, error) {
	_, raw, _ := strings.Cut(sh.Path, "?")
	q, err := url.ParseQuery(raw)
	if err != nil {
		return card{}, err
	}
	l, err := lensOf(q)
	if err != nil {
		return card{}, err
	}
	l.Graphs, l.Orient, l.boxes = "", "", 600
	if cid, ok := strings.CutPrefix(sh.root, "/comparisons/"); ok {
		return s.comparisonCard(c, cid, l)
	}
	return s.profileCard(c.Request().Context(), c, sh, l)
}

func (s *Server) comparisonCard(c echo.Context, cid string, l lens) (card, error) {
	r, err := s.report(c.Request().Context(), cid)
	if err != nil {
		return card{}, err
	}
	v := card{heading: r.heading()}
	if r.spec.Title != "" { // the sockets in their colours tell more than a title alone
		v.heading = append(v.heading, templates.Span{Text: " · " + r.spec.Workload.Label()})
	}
	verdict := r.verdictView()
	v.sentence = verdict.Sentence
	if len(verdict.Headlines) > 0 {
		v.figure, v.caption = verdict.Headlines[0].Figure, verdict.Headlines[0].Caption
	}
	if len(r.Runs) > 0 {
		v.flame, err = s.flamePanel(c, r, l, scopeOf(c).comparison(cid, "/flame"), "")
	}
	return v, err
}

// profileCard is of a profile, or of the difference of two.
func (s *Server) profileCard(ctx context.Context, c echo.Context, sh *shared, l lens) (card, error) {
	sc, v := scope{sh}, card{}
	ids := sh.profiles()
	if sh.root == diffRoot {
		l.Base, l.Other = ids[0], ids[1]
	}
	sides := []side{}
	if len(ids) == 2 {
		pair, err := s.openPair(ctx, sc, l)
		if err != nil {
			return v, err
		}
		sides = pair
		v.heading = templates.Rich{{Text: s.profileHeading(c, pair[1].row).Plain(), Series: 2}, {Text: " against "}, {Text: s.profileHeading(c, pair[0].row).Plain(), Series: 1}}
	} else {
		row, err := s.Archive.Profile(ctx, ids[0])
		if err != nil {
			return v, err
		}
		o, err := s.openSide(ctx, row, l, l.BaseOps, templates.Series{Name: row.ID, Series: 1})
		if err != nil {
			return v, err
		}
		sides, v.heading = append(sides, o), s.profileHeading(c, row)
	}
	p, err := newPanel(l, sides, sh.home, "", s.loopOf(c, sides[0].row))
	if err != nil {
		return v, err
	}
	for i, o := range sides {
		if i > 0 {
			v.sentence = append(v.sentence, templates.Span{Text: " · "})
		}
		v.sentence = append(v.sentence, templates.Span{Text: o.row.ID, Series: o.series.Series, Strong: true}, templates.Span{Text: ": " + o.exposure.samples(o.samples) + " of " + clip(spaced(p.kind))})
	}
	v.flame, err = s.flameOf(ctx, p)
	return v, err
}

// shade is a colour of the style sheet's light theme; black for one that it does
// not have.
func shade(name string) color.Color {
	text := strings.TrimPrefix(assets.ColourOf(name).Light, "#")
	if len(text) == 3 {
		text = string([]byte{text[0], text[0], text[1], text[1], text[2], text[2]})
	}
	rgb, ok := [3]uint8{}, len(text) >= 6
	for i := range rgb {
		if ok {
			rgb[i] = hexDigit(text[2*i])<<4 | hexDigit(text[2*i+1])
		}
	}
	return color.RGBA{rgb[0], rgb[1], rgb[2], 255}
}

func hexDigit(b byte) uint8 {
	switch {
	case b >= 'a':
		return b - 'a' + 10
	case b >= 'A':
		return b - 'A' + 10
	}
	return b - '0'
}
