package web

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/runner"
)

// attach names a download and keeps a browser from taking it for a page.
func attach(c echo.Context, name, contentType string) {
	h := c.Response().Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Type", contentType)
	h.Set("Content-Security-Policy", "sandbox")
}

// download sends the bytes of a profile as they were taken or uploaded.
func (s *Server) download(c echo.Context, pid string) error {
	ctx := c.Request().Context()
	p, err := s.Archive.Profile(ctx, pid)
	if err != nil {
		return err
	}
	if !scopeOf(c).covers(p) {
		return profiles.ErrNotFound
	}
	data, err := s.Archive.Blob(ctx, p.SHA256)
	if err != nil {
		return err
	}
	attach(c, s.fileName(c, p), "application/octet-stream")
	if sharedOf(c) == nil {
		c.Response().Header().Set("Cache-Control", "private, no-cache")
	}
	c.Response().Header().Set("ETag", strconv.Quote(p.SHA256))
	if c.Request().Header.Get("If-None-Match") == strconv.Quote(p.SHA256) {
		return c.NoContent(http.StatusNotModified)
	}
	c.Response().Header().Set("Content-Length", strconv.Itoa(len(data)))
	return c.Blob(http.StatusOK, "application/octet-stream", data)
}

// fileName is made here from closed sets of words, never from a title.
func (s *Server) fileName(c echo.Context, p profiles.Profile) string {
	if p.Comparison == "" {
		return p.ID + ".pprof"
	}
	cmp, err := s.Archive.Comparison(c.Request().Context(), p.Comparison)
	if err != nil || p.Cell < 0 || p.Cell >= len(cmp.Cells) {
		return p.ID + ".pprof"
	}
	return profileName(cmp, p)
}

func profileName(cmp profiles.Comparison, p profiles.Profile) string {
	round := ""
	if p.Round > 0 {
		round = fmt.Sprintf(".round-%02d", p.Round)
	}
	return fmt.Sprintf("%s.%s%s.%s.%s.pprof", cmp.ID, cmp.Cells[p.Cell].FileName(), round, p.Side, p.Kind)
}

// archiveOfProfiles sends every profile of a comparison, those of the single
// rounds too, as one zip. Profiles are compressed already and are only stored.
func (s *Server) archiveOfProfiles(c echo.Context) error {
	ctx := c.Request().Context()
	cmp, err := s.Archive.Comparison(ctx, id(c))
	if err != nil {
		return err
	}
	ps, err := s.Archive.Profiles(ctx, cmp.ID)
	if err != nil {
		return err
	}
	if len(ps) == 0 {
		return sentence(http.StatusNotFound, "%s has no profile yet: wait for its first run.", cmp.ID)
	}
	attach(c, cmp.ID+".profiles.zip", "application/zip")
	c.Response().WriteHeader(http.StatusOK)
	z := zip.NewWriter(c.Response())
	for _, p := range ps {
		data, err := s.Archive.Blob(ctx, p.SHA256)
		if err != nil {
			return err // the archive breaks off, and its reader sees that it is incomplete
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: profileName(cmp, p), Method: zip.Store, Modified: p.CreatedAt})
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return z.Close()
}

// histograms sends the latencies of every run as an HDR histogram log, each run
// tagged with its cell; with ?cell= those of one cell.
func (s *Server) histograms(c echo.Context, cid string) error {
	ctx := c.Request().Context()
	cmp, err := s.Archive.Comparison(ctx, cid)
	if err != nil {
		return err
	}
	name, only := cmp.ID, -1
	if v := c.QueryParam("cell"); v != "" {
		if only, err = strconv.Atoi(v); err != nil || only < 0 || only >= len(cmp.Cells) {
			return sentence(http.StatusNotFound, "%s has no cell %q: it has 0 to %d.", cmp.ID, clip(v), len(cmp.Cells)-1)
		}
		name += "." + cmp.Cells[only].FileName()
	}
	runs, err := s.Archive.Runs(ctx, cmp.ID)
	if err != nil {
		return err
	}
	list := []export.Histogram{}
	for _, run := range runs {
		if only >= 0 && run.Cell != only || run.Cell < 0 || run.Cell >= len(cmp.Cells) || cmp.Cells[run.Cell].Workload == string(runner.Stream) {
			continue // a stream has no latencies
		}
		data, err := s.Archive.Histogram(ctx, run.ID)
		if errors.Is(err, profiles.ErrNotFound) {
			continue // it has none
		}
		if err != nil {
			return err
		}
		list = append(list, export.Histogram{Cell: cmp.Cells[run.Cell], Round: run.Round, Started: run.StartedAt, Elapsed: run.Elapsed, Data: data})
	}
	if len(list) == 0 {
		return sentence(http.StatusNotFound, "%s has no histogram of latencies.", cmp.ID)
	}
	var b bytes.Buffer
	if err := export.HDRLog(&b, list); err != nil {
		return err
	}
	attach(c, name+".hdr", "text/plain; charset=utf-8")
	return c.Blob(http.StatusOK, "text/plain; charset=utf-8", b.Bytes())
}
