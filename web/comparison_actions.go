package web

import (
	"fmt"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// maxDownloads is how many profiles the menu lists; all of them are in the archive.
const maxDownloads = 24

func (s *Server) actions(c echo.Context, r *report) templates.Actions {
	sc, cid := scopeOf(c), r.Comparison.ID
	a := templates.Actions{RoundsURL: sc.comparison(cid, "/rounds"), Downloads: []templates.DownloadGroup{}}
	if sc.shared == nil {
		a.SharePath = c.Request().URL.Path + query(c.QueryString())
		a.SharesAPI = "/api/v1/shares"
		a.ShareURL = "/shares?path=" + url.QueryEscape(a.SharePath)
		a.AgainURL = "/comparisons/new?again=" + cid
		if len(r.Runs) > 0 {
			a.BesideURL = sc.comparison(cid, "/beside")
		}
		if r.Comparison.State.Final() {
			a.DeleteURL = "/comparisons/" + cid + "/delete"
		} else {
			a.CancelURL = "/comparisons/" + cid + "/cancel"
		}
		a.Downloads = append(a.Downloads, r.results("/api/v1/comparisons/"+cid))
	}
	if r.Comparison.State.Final() {
		file := "/comparisons/" + cid + ".html"
		if sc.shared != nil {
			file = sc.shared.home + "/page.html"
		}
		a.Downloads = append(a.Downloads, saves(file+query(c.QueryString())))
	}
	merged := templates.DownloadGroup{Label: "Profiles", Links: []templates.Link{}}
	for _, p := range r.Profiles {
		if !p.Merged() || p.Cell < 0 || p.Cell >= len(r.Comparison.Cells) {
			continue
		}
		if len(merged.Links) < maxDownloads {
			merged.Links = append(merged.Links, templates.Link{
				Label: r.label(p.Cell) + " · " + sideAndKind(p),
				Title: fmt.Sprintf("%s, %s", plural(int(p.Samples), "sample", "samples"), quantity.Bytes(p.Bytes)),
				URL:   sc.profile(p.ID, ".pprof"),
			})
		}
	}
	if len(merged.Links) > 0 {
		merged.Links = append(merged.Links, templates.Link{Label: "all, and those of each round (.zip)", URL: sc.comparison(cid, "/profiles.zip")})
		a.Downloads = append(a.Downloads, merged)
	}
	return a
}

// results are the exports; a stream has no histograms of latencies, nor has what never ran.
func (r *report) results(api string) templates.DownloadGroup {
	g := templates.DownloadGroup{Label: "Results", Links: []templates.Link{
		{Label: "JSON", URL: api + ".json"},
		{Label: "CSV", URL: api + ".csv"},
		{Label: "Go benchmark format", Title: "for benchstat -col /sock", URL: api + ".bench"},
		{Label: "Markdown", Title: "for a pull request", URL: api + ".md"},
	}}
	if r.spec.Workload != runner.Stream && len(r.Runs) > 0 {
		g.Links = append(g.Links, templates.Link{Label: "HDR histograms", Title: "latencies of each run", URL: api + ".hdr"})
	}
	return g
}

func (s *Server) commands(c echo.Context, r *report, l lens) []templates.Command {
	cmds := []templates.Command{{Label: "The same comparison without the dashboard", Text: command(r.spec)}}
	group, err := r.group(l)
	if err != nil || len(group) < 2 {
		return cmds
	}
	cells, err := r.pair(group, l)
	if err != nil || len(cells) < 2 {
		return cmds
	}
	base, ok := r.merged(cells[0], profiles.Client, profiles.Go)
	other, ok2 := r.merged(cells[1], profiles.Client, profiles.Go)
	if ok && ok2 {
		sc, origin := scopeOf(c), s.origin(c.Request())
		cmds = append(cmds, templates.Command{
			Label: "The difference of the two clients in go tool pprof",
			Text:  "go tool pprof -http=: -diff_base=" + origin + sc.profile(base.ID, ".pprof") + " " + origin + sc.profile(other.ID, ".pprof"),
		})
	}
	return cmds
}
