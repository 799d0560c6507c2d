package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// regionHeader asks for one region of a page alone, by its name: a script does so
// when the rest of the page stays as it is. "flame" is the graph without the rows of
// the table below it, which is folded mostly, "flame table" has them too; a number is
// how wide the graph is in pixels, for its labels, and "=shape.facts" is one that the
// page has.
const regionHeader = "Sockscope-Region"

func regionOf(c echo.Context) []string {
	return strings.Fields(c.Request().Header.Get(regionHeader))
}

// flameAlone reports whether only the flame graph of the page is asked for.
func flameAlone(c echo.Context, l lens) bool {
	c.Response().Header().Add("Vary", regionHeader)
	return slices.Contains(regionOf(c), "flame") && (l.Tab == "" || l.Tab == "flame")
}

// renderAlone answers with the flame graph alone.
func renderAlone(c echo.Context, v *templates.Flame, choices templates.FlameChoices) error {
	if v.Table != nil && !slices.Contains(regionOf(c), "table") {
		v.Table.Later = true
	}
	v.Scripted = templates.FlameWidth
	for _, field := range regionOf(c) {
		if n, err := strconv.Atoi(field); err == nil {
			v.Scripted = min(max(n, 100), 10_000)
		}
		if graph, ok := strings.CutPrefix(field, "="); ok {
			v.Drawn = append(v.Drawn, graph)
		}
	}
	if v.Pair != nil {
		v.Pair.Scripted, v.Pair.Drawn = v.Scripted, v.Drawn
	}
	return render(c, http.StatusOK, templates.FlameAlone(*v, choices))
}
