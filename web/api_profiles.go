package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"

	"github.com/google/pprof/profile"
	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
)

// filed is the answer to an upload: the first profile, all of several, and the
// difference of two.
type filed struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	URL      string  `json:"url"`
	Profiles []filed `json:"profiles,omitempty"`
	DiffURL  string  `json:"diff_url,omitempty"`
}

// apiUpload is POST /api/v1/profiles.
func (s *Server) apiUpload(c echo.Context) error {
	ctx := c.Request().Context()
	list, base, err := uploadsOf(c)
	if err != nil {
		return err
	}
	if err := s.comparedWith(ctx, base); err != nil {
		return err
	}
	rows, err := s.file(ctx, list)
	if err != nil {
		return err
	}
	origin := s.origin(c.Request())
	all := []filed{}
	for _, p := range rows {
		all = append(all, filed{ID: p.ID, Title: p.Title, URL: origin + "/profiles/" + p.ID})
	}
	answer := all[0]
	if len(all) > 1 {
		answer.Profiles = all
	}
	if diff := differenceOf(base, rows); diff != "" {
		answer.DiffURL = origin + diff
	}
	c.Response().Header().Set("Location", "/api/v1/profiles/"+answer.ID)
	return c.JSON(http.StatusCreated, answer)
}

// apiProfile is GET /api/v1/profiles/{id}: the profile's facts.
func (s *Server) apiProfile(c echo.Context) error {
	p, err := s.Archive.Profile(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		profiles.Profile
		URL      string `json:"url"`
		Download string `json:"download"`
	}{p, s.origin(c.Request()) + "/profiles/" + p.ID, s.origin(c.Request()) + "/profiles/" + p.ID + ".pprof"})
}

func (s *Server) apiDeleteProfile(c echo.Context) error {
	if err := s.Desk.DeleteProfile(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// opened is a profile that is ready to be computed upon.
type opened struct {
	row        profiles.Profile
	decoded    *profile.Profile // what is looked at of it
	key        string           // names decoded, for what is kept of it
	sampleType int
	files      listing.Files
	total      int64   // of the magnitudes of all samples, in the sample type's unit
	net        int64   // of all samples with their signs
	samples    int64   // behind all of it; 0 for unknown
	sample     float64 // the value of one of them; 0 for unknown
}

// open makes a stored profile ready, or what the query looks at of it.
func (s *Server) open(c echo.Context, pid string) (opened, error) {
	look, wrong := lookOf(c.QueryParams())
	for name, why := range wrong {
		return opened{}, sentence(http.StatusBadRequest, "%s: %s", name, why)
	}
	row, err := s.Archive.Profile(c.Request().Context(), pid)
	if err != nil {
		return opened{}, err
	}
	return s.openRow(c.Request().Context(), row, c.QueryParam("sample_type"), look)
}

func (s *Server) openRow(ctx context.Context, row profiles.Profile, typeName string, look look) (opened, error) {
	o := opened{row: row, key: row.SHA256 + look.key}
	var err error
	if o.decoded, err = s.evidence.profile(ctx, row); err != nil {
		return o, err
	}
	if o.sampleType, err = sampleType(o.decoded, typeName); err != nil {
		return o, err
	}
	sums := s.evidence.sums(row, o.decoded, o.sampleType)
	o.total, o.net, o.samples = sums.total, sums.net, sums.samples
	if sums.samples > 0 {
		o.sample = float64(o.total) / float64(sums.samples)
	}
	o.decoded = s.evidence.refined(o, look.Refinement)
	o.files = s.lateFiles(ctx, row)
	return o, nil
}

// lateFiles is the source text of a profile. Where it cannot be read the figures are
// shown without it.
func (s *Server) lateFiles(ctx context.Context, row profiles.Profile) listing.Files {
	return lateFiles{sync.OnceValue(func() listing.Files {
		files, err := s.evidence.files(ctx, row)
		if err != nil {
			s.Log.ErrorContext(ctx, "show lines without their text", "err", err)
			return noFiles{}
		}
		return files
	})}
}

// apiTop is GET /api/v1/profiles/{id}/top: the rows of go tool pprof -top.
func (s *Server) apiTop(c echo.Context) error {
	o, err := s.open(c, c.Param("id"))
	if err != nil {
		return err
	}
	return answerTop(c, listing.Top(o.decoded, o.sampleType))
}

func answerTop(c echo.Context, rows []listing.Function) error {
	if v := c.QueryParam("n"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return sentence(http.StatusBadRequest, "n=%q is not a whole number from 1 on.", clip(v))
		}
		rows = rows[:min(n, len(rows))]
	}
	if rows == nil {
		rows = []listing.Function{}
	}
	return c.JSON(http.StatusOK, rows)
}

// apiLines is GET /api/v1/profiles/{id}/lines: the rows of go tool pprof -list.
func (s *Server) apiLines(c echo.Context) error {
	match, err := functionPattern(c.QueryParams())
	if err != nil {
		return err
	}
	o, err := s.open(c, c.Param("id"))
	if err != nil {
		return err
	}
	return answerLines(c, listing.Build(o.decoded, o.sampleType, match, o.files))
}

func answerLines(c echo.Context, routines []listing.Routine) error {
	if routines == nil {
		routines = []listing.Routine{}
	}
	return c.JSON(http.StatusOK, routines)
}

func functionPattern(q url.Values) (*regexp.Regexp, error) {
	if q.Get("function") == "" {
		return nil, sentence(http.StatusBadRequest, "Which function? Add function= with a regular expression (RE2); function=. lists all.")
	}
	match, wrong := compile(q.Get("function"))
	if wrong != "" {
		return nil, sentence(http.StatusBadRequest, "%s", wrong)
	}
	return match, nil
}

// difference is what pprof -diff_base reports on, with the text of both sides.
type difference struct {
	decoded    *profile.Profile
	sampleType int
	files      listing.Files
}

// eitherFiles looks a source up on the new side, then on the base's.
type eitherFiles struct{ other, base listing.Files }

func (f eitherFiles) Lines(path string) ([]string, bool) {
	if lines, ok := f.other.Lines(path); ok {
		return lines, true
	}
	return f.base.Lines(path)
}

// differ makes the difference that the query names: base=, other= and mode=,
// which is raw (pprof -diff_base) or normalize (pprof -diff_base -normalize).
func (s *Server) differ(c echo.Context) (difference, error) {
	q := c.QueryParams()
	var d difference
	mode := q.Get("mode")
	if mode != "" && mode != "raw" && mode != "normalize" {
		return d, sentence(http.StatusBadRequest, "There is no mode %q here: it is raw (pprof -diff_base) or normalize (pprof -diff_base -normalize).", clip(mode))
	}
	if q.Get("base") == "" || q.Get("other") == "" {
		return d, sentence(http.StatusBadRequest, "Which two profiles? Add base= and other= with the ids of profiles.")
	}
	base, err := s.open(c, q.Get("base"))
	if err != nil {
		return d, err
	}
	other, err := s.open(c, q.Get("other"))
	if err != nil {
		return d, err
	}
	if d.decoded, err = listing.Diff(base.decoded, other.decoded, mode == "normalize"); err != nil {
		return d, sentence(http.StatusUnprocessableEntity, "These two profiles cannot be compared: %s.", err)
	}
	d.files = eitherFiles{other.files, base.files}
	d.sampleType, err = sampleType(d.decoded, q.Get("sample_type"))
	return d, err
}

func (s *Server) apiDiff(c echo.Context) error {
	d, err := s.differ(c)
	if err != nil {
		return err
	}
	return answerTop(c, listing.Top(d.decoded, d.sampleType))
}

func (s *Server) apiDiffLines(c echo.Context) error {
	match, err := functionPattern(c.QueryParams())
	if err != nil {
		return err
	}
	d, err := s.differ(c)
	if err != nil {
		return err
	}
	return answerLines(c, listing.Build(d.decoded, d.sampleType, match, d.files))
}
