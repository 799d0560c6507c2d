package listing

import (
	"cmp"
	"slices"
)

// rowsOf puts the lines of one routine a side next to each other. Lines of the
// same number are the same line, unless the texts say that the file was edited:
// then they are matched by text, so that an inserted line shifts nothing.
func rowsOf(routines []Routine) []Row {
	rows := []Row{}
	for side, r := range routines {
		if len(r.Lines) == 0 {
			continue
		}
		match := sameNumbers(rows, r.Lines)
		if edited(rows, r.Lines) {
			match = sameText(rows, r.Lines)
		}
		rows = join(rows, r.Lines, match, side, len(routines))
	}
	return rows
}

// pair says that row i and line j are the same.
type pair struct{ i, j int }

func sameNumbers(rows []Row, lines []Line) []pair {
	var pairs []pair
	i := 0
	for j, l := range lines {
		for i < len(rows) && rows[i].Line < l.Line {
			i++
		}
		if i < len(rows) && rows[i].Line == l.Line {
			pairs = append(pairs, pair{i, j})
		}
	}
	return pairs
}

// edited reports whether a line that both have reads differently.
func edited(rows []Row, lines []Line) bool {
	return slices.ContainsFunc(sameNumbers(rows, lines), func(p pair) bool {
		a, b := rows[p.i].Text, lines[p.j].Text
		return a != "" && b != "" && a != b
	})
}

// maxCompared bounds rows × lines of a match by text; longer functions are
// matched by number.
const maxCompared = 1 << 22

// sameText is the longest common subsequence of the two texts.
func sameText(rows []Row, lines []Line) []pair {
	n, m := len(rows), len(lines)
	if n*m > maxCompared {
		return sameNumbers(rows, lines)
	}
	common := make([]int32, (n+1)*(m+1)) // of rows[i:] and lines[j:]
	at := func(i, j int) *int32 { return &common[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			if rows[i].Text == lines[j].Text {
				*at(i, j) = max(*at(i, j), *at(i+1, j+1)+1)
			}
		}
	}
	var pairs []pair
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case rows[i].Text == lines[j].Text && *at(i, j) == *at(i+1, j+1)+1:
			pairs = append(pairs, pair{i, j})
			i, j = i+1, j+1
		case *at(i+1, j) >= *at(i, j+1):
			i++
		default:
			j++
		}
	}
	return pairs
}

// join merges the lines of one more side into the rows. Both keep their order;
// between two matches rows come first, except where numbers tell the order.
func join(rows []Row, lines []Line, match []pair, side, sides int) []Row {
	joined := make([]Row, 0, max(len(rows), len(lines)))
	byNumber := len(match) == 0 || slices.IndexFunc(match, func(p pair) bool { return rows[p.i].Line != lines[p.j].Line }) < 0
	i, j := 0, 0
	take := func(l Line, row Row) {
		row.Values[side] = Value{Flat: l.Flat, Cum: l.Cum, Count: l.Count, Line: l.Line}
		if row.Text == "" {
			row.Text = l.Text
		}
		joined = append(joined, row)
	}
	advance := func(toRow, toLine int) {
		for i < toRow || j < toLine {
			if j == toLine || i < toRow && (!byNumber || cmp.Less(rows[i].Line, lines[j].Line)) {
				joined = append(joined, rows[i])
				i++
				continue
			}
			take(lines[j], Row{Line: lines[j].Line, Values: make([]Value, sides)})
			j++
		}
	}
	for _, p := range match {
		advance(p.i, p.j)
		take(lines[p.j], rows[p.i])
		i, j = p.i+1, p.j+1
	}
	advance(len(rows), len(lines))
	return joined
}
