package web

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
)

func (s *Server) apiCreateComparison(c echo.Context) error {
	spec, err := specOfJSON(c.Request().Body)
	if err != nil {
		return err
	}
	switch wrong, err := s.check(c.Request().Context(), spec, nil); {
	case err != nil:
		return err
	case len(wrong) > 0:
		return wrong
	}
	created, err := s.queueUp(c, spec)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Location", "/api/v1/comparisons/"+created.ID)
	return c.JSON(http.StatusCreated, map[string]string{
		"id": created.ID, "url": s.origin(c.Request()) + "/comparisons/" + created.ID, "state": string(created.State),
	})
}

// formats of a comparison, by what stands behind its id.
var formats = map[string]struct {
	contentType string
	write       func(*export.Report, io.Writer) error
}{
	".csv":   {"text/csv; charset=utf-8", (*export.Report).CSV},
	".bench": {"text/plain; charset=utf-8", (*export.Report).Bench},
	".md":    {"text/markdown; charset=utf-8", (*export.Report).Markdown},
	".txt":   {"text/plain; charset=utf-8", (*export.Report).Text},
}

// apiComparison is a comparison as JSON, or in the format that stands behind its
// id: C-42.csv.
func (s *Server) apiComparison(c echo.Context) error {
	cid, suffix := c.Param("id"), ""
	if dot := strings.LastIndexByte(cid, '.'); dot >= 0 {
		cid, suffix = cid[:dot], cid[dot:]
	}
	format, known := formats[suffix]
	if suffix == ".hdr" {
		return s.histograms(c, cid)
	}
	if suffix != "" && suffix != ".json" && !known {
		return echo.ErrNotFound
	}
	r, err := s.report(c.Request().Context(), cid)
	if err != nil {
		return err
	}
	if !known {
		if suffix == ".json" {
			attach(c, r.Comparison.ID+".json", "application/json")
		}
		return c.JSON(http.StatusOK, r.Document())
	}
	var b bytes.Buffer
	if err := format.write(&r.Report, &b); err != nil {
		return err
	}
	attach(c, r.Comparison.ID+suffix, format.contentType)
	return c.Blob(http.StatusOK, format.contentType, b.Bytes())
}

// apiComparisons is a page of the list, the newest first. The address of the next
// page stands in the Link header, and in "next".
func (s *Server) apiComparisons(c echo.Context) error {
	const page = 50
	list, err := s.Archive.Comparisons(c.Request().Context(), c.QueryParam("before"), page+1)
	if err != nil {
		return err
	}
	type row struct {
		ID       string          `json:"id"`
		Title    string          `json:"title"`
		State    profiles.State  `json:"state"`
		Spec     json.RawMessage `json:"spec"`
		Host     string          `json:"host"`
		Progress export.Progress `json:"progress"`
	}
	body := struct {
		Comparisons []row  `json:"comparisons"`
		Next        string `json:"next,omitempty"`
	}{Comparisons: []row{}}
	if len(list) > page {
		list = list[:page]
		body.Next = "/api/v1/comparisons?before=" + list[page-1].ID
		c.Response().Header().Set("Link", "<"+body.Next+`>; rel="next"`)
	}
	for _, cmp := range list {
		body.Comparisons = append(body.Comparisons, row{cmp.ID, cmp.Title, cmp.State, cmp.Spec, cmp.Host, export.Progress{Done: cmp.Done, Total: cmp.Total}})
	}
	return c.JSON(http.StatusOK, body)
}

func (s *Server) apiCancelComparison(c echo.Context) error {
	cmp, err := s.Queue.Cancel(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, map[string]string{"id": cmp.ID, "state": string(cmp.State)})
}

func (s *Server) apiDeleteComparison(c echo.Context) error {
	if err := s.remove(c, c.Param("id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) apiCreateShare(c echo.Context) error {
	var ask struct {
		Path      string      `json:"path"`
		ExpiresIn json.Number `json:"expires_in_s"`
	}
	dec := json.NewDecoder(c.Request().Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&ask); err != nil || dec.More() {
		return sentence(http.StatusBadRequest, `The body is not the JSON of a share: send {"path":"/comparisons/C-1","expires_in_s":604800}.`)
	}
	share, address, err := s.newShare(c, ask.Path, ask.ExpiresIn.String())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"id": share.ID, "url": address, "expires_at": share.ExpiresAt, "embeds": embeds(address, share.Path)})
}

func (s *Server) apiRevokeShare(c echo.Context) error {
	if err := s.revoke(c); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
