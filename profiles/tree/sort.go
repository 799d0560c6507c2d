package tree

import "slices"

// group is a run of stacks, order[from:to], that agree in their first depth
// frames.
type group struct{ from, to, depth int32 }

// sort puts the stacks in the order of their paths, a path before those that go
// on from it. Stacks are sorted by one frame at a time, and only those that
// agree so far by the next: each frame of a stack is looked at once at most,
// until the stack differs from all others. Note: sorting whole paths by
// comparison looks at their common beginnings again and again, and takes up to
// three times as long.
func (s *stacks) sort() {
	n := len(s.list)
	if n < 2 {
		return
	}
	order, keys := make([]int32, n), make([]uint64, n)
	for i := range order {
		order[i] = int32(i)
	}
	open := []group{{0, int32(n), 0}}
	for len(open) > 0 {
		g := open[len(open)-1]
		open = open[:len(open)-1]
		of := keys[g.from:g.to]
		same := true
		for k, i := range order[g.from:g.to] {
			of[k] = s.key(i, g.depth)
			same = same && of[k]>>32 == of[0]>>32
		}
		if same {
			if of[0]>>32 > 0 {
				open = append(open, group{g.from, g.to, g.depth + 1})
			}
			continue
		}
		slices.Sort(of)
		begin := 0
		for k, key := range of {
			order[int(g.from)+k] = int32(uint32(key))
			if k+1 < len(of) && of[k+1]>>32 == key>>32 {
				continue
			}
			if k > begin && key>>32 > 0 {
				open = append(open, group{g.from + int32(begin), g.from + int32(k) + 1, g.depth + 1})
			}
			begin = k + 1
		}
	}
	sorted := make([]stack, n)
	for k, i := range order {
		sorted[k] = s.list[i]
	}
	s.list = sorted
}

// key orders stack i among those that agree with it above depth: by the frame
// there, the end of a path first, then by number.
func (s *stacks) key(i, depth int32) uint64 {
	st := &s.list[i]
	if st.from+depth >= st.to {
		return uint64(i)
	}
	return uint64(s.ranks[st.from+depth]+1)<<32 | uint64(i)
}
