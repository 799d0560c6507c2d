package tree

import "slices"

// Function is what one function costs, wherever it is called, by side.
type Function struct {
	Name  string
	Self  [2]int64 // flat
	Total [2]int64 // cum, recursion counted once
	Count [2]int64 // samples behind Total
}

// Top returns the functions of the tree, those with the greatest Self first
// (both sides added), then by name.
func (t *Tree) Top() []Function {
	top := make([]Function, len(t.names))
	// until[r] is the end of the outermost open node with name r.
	until := make([]int32, len(t.names))
	for r, name := range t.names {
		top[r].Name = name
	}
	for i := 1; i < len(t.name); i++ {
		r := t.name[i]
		outermost := int32(i) >= until[r]
		if outermost {
			until[r] = t.end[i]
		}
		for s := range t.sides {
			d := &t.sides[s]
			f := &top[r]
			f.Self[s], _ = plus(f.Self[s], d.self[i])
			if outermost {
				f.Total[s], _ = plus(f.Total[s], d.total[i])
				f.Count[s], _ = plus(f.Count[s], t.Count(Side(s), i))
			}
		}
	}
	top = slices.DeleteFunc(top, func(f Function) bool { return f == Function{Name: f.Name} })
	key := func(f Function) int64 {
		sum, _ := plus(magnitude(f.Self[0]), magnitude(f.Self[1]))
		return sum
	}
	slices.SortStableFunc(top, func(a, b Function) int { return compareDescending(key(a), key(b)) })
	return top
}

func compareDescending(a, b int64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}
