package listing

import (
	"github.com/google/pprof/profile"
)

// Side is one of the profiles that [Beside] puts next to each other.
type Side struct {
	Profile    *profile.Profile
	SampleType int
	Files      Files // nil for none
	// Index is that of the profile and sample type, where it is at hand; nil lets
	// it be made.
	Index *Index
}

// Value is what a row costs on one side.
type Value struct {
	Flat  int64
	Cum   int64
	Count int64 // samples behind Cum; 0 for unknown
	// Has reports whether this side has the row's line, and Line is its number there:
	// it differs from the row's when the file was edited between the two profiles.
	Has  bool
	Line int64
}

// Sheet is one function of several profiles, side by side.
type Sheet struct {
	Function string
	File     string // of the first side that has the function
	// Sides holds the function's values a side: Cum is pprof's, as Routine.Cum.
	Sides []Value
	True  []int64 // a side, as Routine.True
	Rows  []Row   // never nil
	// Captured reports whether a side has the file's text.
	Captured bool

	key   key
	whole []string // a side, of a Sheet of a whole file: what it calls the file
}

// Row is one line of the function on all sides.
type Row struct {
	// Line counts in the file of the side Side: where sides have several versions of a
	// file, two rows may have one number, and only both tell a row from all others. 0 is
	// the version of the base, or of the first side whose version is known.
	Line   int64
	Side   int
	Text   string
	Values []Value // a side
	// Callees are the functions that the line calls, by falling largest cum.
	// A function that the line calls again below itself counts a sample once.
	Callees []Callee
	// Landmarks are where the calls of the line leave for the kernel or for the
	// runtime: the outermost frame of package syscall or of the runtime below the
	// line. Each sample of the line has at most one, so they sum to at most Cum.
	Landmarks []Callee
}

// Callee is a function below a line, with what it costs there on each side.
type Callee struct {
	Function string
	Values   []Value // without Has and Line
}

// Largest is the greatest magnitude of Cum over the sides.
func Largest(values []Value) int64 {
	var most int64
	for _, v := range values {
		most = max(most, magnitude(v.Cum))
	}
	return most
}
