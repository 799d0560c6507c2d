package flame

import "github.com/sockscope/sockscope/profiles/tree"

// Pair lays out each side of a union by itself, on one scale: one unit of the
// displayed value is as wide in one view as in the other, so that the dearer
// side's graph is the wider one. Both show the same frames, picked by the sum of
// the sides, in the same order; a frame that a side does not have is missing from
// its view. Options.Width is not used, and the budget is that of each.
func Pair(t *tree.Tree, o Options) [2]View {
	o.Width = Sum
	l := newLayout(t, o)
	p := l.part()
	var whole [2]float64
	for s := range whole {
		l.side(s)
		whole[s] = l.weigh(p.amount)
	}
	most := max(whole[0]*l.scale[0], whole[1]*l.scale[1])
	var views [2]View
	for s := range views {
		l.side(s)
		views[s] = l.view(p, most/l.scale[s])
		views[s].Absent = whole[s] <= 0
	}
	return views
}

// side has boxes as wide as what one side spends.
func (l *layout) side(s int) {
	l.width = [2]float64{}
	l.width[s] = 1
}
