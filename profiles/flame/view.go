package flame

// View is a laid out part of a tree.
type View struct {
	// Boxes in preorder: a box comes after the one it stands on, siblings from
	// left to right. The first is the zoomed frame, or with Options.From its
	// smaller box; it has Width 1, or 0 when there are no samples.
	Boxes []Box
	// Ancestors of the zoomed frame, root first, each of Width 1 and with its own
	// depth in the tree. With Options.From the last is the zoomed frame.
	Ancestors []Box
	Depth     int // rows of boxes: the greatest Box.Depth + 1
	// Missing is set when the tree has no node At; the root is laid out instead.
	Missing bool

	// Matched is the part, 0 to 1, of the zoomed frame's width that is spent in
	// functions that the search matches, with what they call. Nested matches
	// count once.
	Matched      float64
	MatchedTotal [2]float64 // the same by side, scaled
	MatchedNames int        // functions of the whole profile that match

	Hidden   int // frames of the zoomed subtree in no box, not even a smaller one
	Filtered int // frames that Options.Only left out
	Frames   int // frames of the zoomed subtree
	// Absent is set in a view of Pair when its side does not have the zoomed frame.
	Absent bool
}

// Box is one rectangle. Arrays hold the base and the other side; the other is 0
// for the tree of one profile.
type Box struct {
	X, Width float64 // as parts of the view's width: 0 ≤ X, X+Width ≤ 1
	Depth    int     // row: 0 for the zoomed frame. Of an ancestor: its depth in the tree
	Node     int     // index in the tree; of a smaller box: of the parent
	Hash     uint64  // of the node's path, for links
	Name     string  // of the function; of a smaller box: of the parent

	Total, Self [2]float64 // scaled
	Raw         [2]int64   // Total before Scale
	Count       [2]int64   // samples behind Total; 0 for unknown

	// Smaller is the number of frames, at any depth, that are merged in this box;
	// 0 for the box of a frame.
	Smaller int
	// From of a smaller box is how many children of its parent have boxes. To see
	// what is inside ask for At: Hash and From: From.
	From int

	Matched bool // the search matches the name; of a smaller box: a name inside
	Dim     bool // Options.Only keeps it for what stands below it
	Inner   bool // the frame calls others: zooming shows them

	// Change is (other − base) / the greater of both, from −1 for gone to 1 for new:
	// of Total, or of Self where Options.Delta says so.
	Change float64
	// Noise is set when the change is within the sampling error at 95 %: it may be
	// nothing. It says nothing about differences from run to run.
	Noise bool
	New   bool // the base does not have it
	Gone  bool // the other does not have it
}
