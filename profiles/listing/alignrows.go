package listing

import "slices"

// versionsOf says which sides have the same text: the version of each is the first side
// that has it. A side whose text is not known counts as one of the first that is, whose
// version is 0.
func versionsOf(texts [][]string) []int {
	version := make([]int, len(texts))
	known := []int{}
	for side, text := range texts {
		if text == nil {
			continue
		}
		i := slices.IndexFunc(known, func(other int) bool { return slices.Equal(texts[other], text) })
		switch {
		case i >= 0:
			version[side] = version[known[i]]
			continue
		case len(known) > 0:
			version[side] = side
		}
		known = append(known, side)
	}
	return version
}

// rowsOf puts the lines of one routine a side next to each other. Within a version of
// the file lines of the same number are the same. Those of different versions are
// matched by text, so that an inserted line shifts nothing.
func rowsOf(routines []Routine, version []int) []Row {
	rows := []Row{}
	for v := range routines {
		var own []Row
		for side, r := range routines {
			if version[side] == v && len(r.Lines) > 0 {
				lines := rowsOn(side, r.Lines, version)
				own = join(own, lines, sameNumbers(own, lines))
			}
		}
		rows = join(rows, own, sameText(rows, own))
	}
	return rows
}

// rowsOn are the lines of one side as rows.
func rowsOn(side int, lines []Line, version []int) []Row {
	n := len(version)
	rows, values := make([]Row, len(lines)), make([]Value, len(lines)*n)
	for i, l := range lines {
		own := values[i*n : (i+1)*n : (i+1)*n]
		own[side] = Value{Flat: l.Flat, Cum: l.Cum, Count: l.Count, Has: true, Line: l.Line}
		rows[i] = Row{Line: l.Line, Side: version[side], Text: l.Text, Values: own}
	}
	return rows
}

// pair says that row i of some and row j of others are the same.
type pair struct{ i, j int }

// sameNumbers matches rows of one version, which stand in the order of their numbers.
func sameNumbers(rows, others []Row) []pair {
	var pairs []pair
	i := 0
	for j, o := range others {
		for i < len(rows) && rows[i].Line < o.Line {
			i++
		}
		if i < len(rows) && rows[i].Line == o.Line {
			pairs = append(pairs, pair{i, j})
		}
	}
	return pairs
}

// sameText matches rows of different versions: what begins and ends alike, and the
// longest common subsequence of what is between.
func sameText(rows, others []Row) []pair {
	alike := func(i, j int) bool { return rows[i].Text == others[j].Text }
	n, m := len(rows), len(others)
	var pairs []pair
	head := 0
	for ; head < n && head < m && alike(head, head); head++ {
		pairs = append(pairs, pair{head, head})
	}
	tail := 0
	for tail < n-head && tail < m-head && alike(n-1-tail, m-1-tail) {
		tail++
	}
	for _, p := range longest(rows[head:n-tail], others[head:m-tail]) {
		pairs = append(pairs, pair{head + p.i, head + p.j})
	}
	for ; tail > 0; tail-- {
		pairs = append(pairs, pair{n - tail, m - tail})
	}
	return pairs
}

// maxCompared bounds rows × rows of a match by text. In longer functions what has the
// same number, too, is the same.
const maxCompared = 1 << 22

// longest is the longest common subsequence of two texts.
func longest(rows, others []Row) []pair {
	n, m := len(rows), len(others)
	if n*m > maxCompared {
		return slices.DeleteFunc(sameNumbers(rows, others), func(p pair) bool { return rows[p.i].Text != others[p.j].Text })
	}
	if n == 0 || m == 0 {
		return nil
	}
	common := make([]int32, (n+1)*(m+1)) // of rows[i:] and others[j:]
	at := func(i, j int) *int32 { return &common[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			if rows[i].Text == others[j].Text {
				*at(i, j) = max(*at(i, j), *at(i+1, j+1)+1)
			}
		}
	}
	var pairs []pair
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case rows[i].Text == others[j].Text && *at(i, j) == *at(i+1, j+1)+1:
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

// join merges rows of other sides into the rows. Both keep their order; between two
// matches rows come first, except where numbers tell the order.
func join(rows, others []Row, match []pair) []Row {
	if len(others) == 0 {
		return rows
	}
	if len(rows) == 0 {
		return others
	}
	joined := make([]Row, 0, max(len(rows), len(others)))
	byNumber := !slices.ContainsFunc(match, func(p pair) bool { return rows[p.i].Line != others[p.j].Line })
	i, j := 0, 0
	advance := func(toRow, toOther int) {
		for i < toRow || j < toOther {
			if j == toOther || i < toRow && (!byNumber || rows[i].Line <= others[j].Line) {
				joined = append(joined, rows[i])
				i++
				continue
			}
			joined = append(joined, others[j])
			j++
		}
	}
	for _, p := range match {
		advance(p.i, p.j)
		joined = append(joined, rows[i].with(others[j]))
		i, j = p.i+1, p.j+1
	}
	advance(len(rows), len(others))
	return joined
}

// with adds what other sides have of the same line.
func (r Row) with(other Row) Row {
	for side, v := range other.Values {
		if v.Has {
			r.Values[side] = v
		}
	}
	if r.Text == "" {
		r.Text = other.Text
	}
	return r
}
