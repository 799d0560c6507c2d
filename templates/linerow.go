package templates

import "strconv"

// deepest is the largest indent of opened calls.
const deepest = 12

// class of a row.
func (r LineRow) class() string {
	c := "Lines-row"
	switch r.Kind {
	case LandmarkLine:
		c += " Lines-row--sub"
	case FoldedLine:
		c += " Lines-row--folded"
	case CallLine, SelfLine, SmallerLine:
		c += " Lines-row--call"
	}
	if r.Hot {
		c += " Lines-row--hot"
	}
	if r.Noise {
		c += " Lines-row--noise"
	}
	switch r.Mark {
	case "+":
		c += " Lines-row--added"
	case "−":
		c += " Lines-row--removed"
	}
	return c
}

// textClass indents what is below an opened line.
func (r LineRow) textClass() string {
	if r.Depth == 0 {
		return "Lines-text"
	}
	return "Lines-text Lines-text--" + strconv.Itoa(min(r.Depth, deepest))
}

// series of the nth column.
func (v Lines) series(i int) int {
	if i >= len(v.Columns) {
		return 0
	}
	return v.Columns[i].Series.Series
}

// width is how many columns of figures there are.
func (v Lines) width() int {
	n := 0
	for _, c := range v.Columns {
		n++
		if c.Against != "" {
			n++
		}
	}
	return n
}

func (g ChoiceGroup) legend() string {
	if g.Label == "" {
		return "Cells"
	}
	return g.Label
}

func ascending(sorted bool) string {
	if sorted {
		return "ascending"
	}
	return "none"
}

func descending(sorted bool) string {
	if sorted {
		return "descending"
	}
	return "none"
}

func truth(v bool) string { return strconv.FormatBool(v) }
