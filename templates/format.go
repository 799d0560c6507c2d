package templates

import (
	"math"
	"strconv"
)

// seriesColours is how many sockets have a colour of their own; a ninth one takes
// the first's again, with marks of another shape.
const seriesColours = 8

func seriesClass(n int) string {
	if n < 1 {
		return ""
	}
	c := "Series--" + strconv.Itoa((n-1)%seriesColours+1)
	if n > seriesColours {
		c += " Series--again"
	}
	return c
}

func (s Span) class() string {
	c := seriesClass(s.Series)
	if s.Strong && c != "" {
		return "Rich--strong " + c
	}
	if s.Strong {
		return "Rich--strong"
	}
	return c
}

func (c Chrome) title() string {
	if c.Title == "" {
		return "sockscope"
	}
	return c.Title + " · sockscope"
}

func (c Chrome) refresh() string { return strconv.Itoa(c.Refresh) }

// percent writes a position as an SVG length; two digits after the point are a
// fifth of a pixel on a screen of 2,000.
func percent(x float64) string {
	if math.IsNaN(x) || x < 0 {
		x = 0
	}
	return strconv.FormatFloat(math.Round(min(x, 1)*1e4)/1e2, 'f', -1, 64) + "%"
}

func itoa(n int) string { return strconv.Itoa(n) }
