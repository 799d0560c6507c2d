package listing

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"

	"github.com/google/pprof/profile"
)

// Side is one of the profiles that Align puts next to each other.
type Side struct {
	Profile    *profile.Profile
	SampleType int
	Files      Files // nil for none
}

// Value is what a row costs on one side.
type Value struct {
	Flat  int64
	Cum   int64
	Count int64 // samples behind Cum; 0 for unknown
	// Line is the row's line number in this side's file: it differs from the row's
	// when the file was edited between the two profiles. 0 for none there.
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
}

// Row is one line of the function on all sides.
type Row struct {
	Line   int64 // of the first side that has the line
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
	Values   []Value // Line is 0
}

// Largest is the greatest magnitude of Cum over the sides.
func Largest(values []Value) int64 {
	var most int64
	for _, v := range values {
		most = max(most, magnitude(v.Cum))
	}
	return most
}

// Align lists the function of that name for all sides. The Sheet of a function
// that no side has is without rows. Where one side has several functions of the
// name, in different files, it is the one that costs most: see [AlignMatching].
func Align(sides []Side, function string) Sheet {
	sheets, _ := align(sides, func(name string) bool { return name == function }, 1)
	if len(sheets) == 0 {
		return Sheet{Function: function, Sides: make([]Value, len(sides)), True: make([]int64, len(sides)), Rows: []Row{}}
	}
	return sheets[0]
}

// AlignMatching gives a Sheet for each function that match finds on any side, by
// falling largest True, then by name; a nil match finds all that have a name.
// Sheets of the same name stand for different files.
func AlignMatching(sides []Side, match *regexp.Regexp) []Sheet {
	sheets, _ := AlignMost(sides, match, math.MaxInt)
	return sheets
}

// AlignMost is AlignMatching for the most costly functions only; found is how
// many there are. What is left out costs next to no time.
func AlignMost(sides []Side, match *regexp.Regexp, most int) (sheets []Sheet, found int) {
	return align(sides, matching(match), most)
}

func align(sides []Side, match func(string) bool, most int) (sheets []Sheet, found int) {
	profiles := make([]*profile.Profile, len(sides)) // nil for a side that has nothing to say
	costs := make([]map[place]int64, len(sides))
	for i, s := range sides {
		if s.Profile == nil || s.SampleType < 0 || s.SampleType >= len(s.Profile.SampleType) {
			continue
		}
		profiles[i] = interesting(s.Profile)
		costs[i] = newBuilder(profiles[i], match).costs(s.SampleType)
	}
	keys := keysOf(costs)
	found = len(keys)
	keys = keys[:min(most, found)]
	chosen := map[string]bool{}
	for _, k := range keys {
		chosen[k.function] = true
	}
	parts := make([]part, len(sides))
	for i, s := range sides {
		if profiles[i] != nil {
			parts[i] = partOf(profiles[i], s, func(name string) bool { return chosen[name] })
		}
	}
	sheets = make([]Sheet, 0, len(keys))
	for _, k := range keys {
		sheets = append(sheets, sheetOf(parts, k))
	}
	return sheets, found
}

// part is what one side has to say about the functions that were asked for.
type part struct {
	routines map[place]Routine
	below    map[place]map[int64]*below // by line
	files    map[string][]string        // file names by function
}

func partOf(p *profile.Profile, s Side, match func(string) bool) part {
	part := part{routines: map[place]Routine{}, files: map[string][]string{}}
	b := newBuilder(p, match)
	for _, r := range b.routines(s.SampleType, s.Files) {
		part.routines[place{r.Function, r.File}] = r
		part.files[r.Function] = append(part.files[r.Function], r.File)
	}
	part.below = b.below(s.SampleType)
	return part
}

// key names a Sheet: file is "" when no side has two functions of the name,
// because then they are the same function, wherever each side found its source.
type key struct{ function, file string }

// keysOf gives the Sheets that there are, by falling largest cost of a side.
func keysOf(costs []map[place]int64) []key {
	several := map[string]bool{}
	for _, c := range costs {
		seen := map[string]bool{}
		for p := range c {
			several[p.function] = several[p.function] || seen[p.function]
			seen[p.function] = true
		}
	}
	most := map[key]int64{}
	for _, c := range costs {
		for p, v := range c {
			k := key(p)
			if !several[p.function] {
				k.file = ""
			}
			most[k] = max(most[k], magnitude(v))
		}
	}
	keys := slices.Collect(maps.Keys(most))
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(most[b], most[a]), cmp.Compare(a.function, b.function), cmp.Compare(a.file, b.file))
	})
	return keys
}

// find is the part's routine for a Sheet, and where its costs below are.
func (p part) find(k key) (Routine, map[int64]*below) {
	at := place(k)
	if k.file == "" && len(p.files[k.function]) > 0 {
		at.file = p.files[k.function][0]
	}
	return p.routines[at], p.below[at]
}

func sheetOf(parts []part, k key) Sheet {
	sheet := Sheet{Function: k.function, Sides: make([]Value, len(parts)), True: make([]int64, len(parts))}
	routines := make([]Routine, len(parts))
	deeper := make([]map[int64]*below, len(parts))
	for i, p := range parts {
		r, d := p.find(k)
		routines[i], deeper[i] = r, d
		sheet.Sides[i] = Value{Flat: r.Flat, Cum: r.Cum}
		sheet.True[i] = r.True
		if sheet.File == "" {
			sheet.File = r.File
		}
		for _, l := range r.Lines {
			sheet.Sides[i].Count += l.Count
		}
	}
	sheet.Rows = rowsOf(routines)
	for i := range sheet.Rows {
		r := &sheet.Rows[i]
		r.Callees = calleesOf(r.Values, deeper, func(b *below) map[string]cost { return b.callees })
		r.Landmarks = calleesOf(r.Values, deeper, func(b *below) map[string]cost { return b.landmarks })
	}
	return sheet
}

// calleesOf collects what stands below a row on each side.
func calleesOf(values []Value, sides []map[int64]*below, which func(*below) map[string]cost) []Callee {
	at := map[string]int{}
	var list []Callee
	for i, v := range values {
		b := sides[i][v.Line]
		if b == nil {
			continue
		}
		for name, c := range which(b) {
			if c.flat == 0 && c.cum == 0 {
				continue
			}
			j, ok := at[name]
			if !ok {
				j = len(list)
				at[name] = j
				list = append(list, Callee{Function: name, Values: make([]Value, len(values))})
			}
			list[j].Values[i] = Value{Flat: c.flat, Cum: c.cum, Count: c.count}
		}
	}
	slices.SortFunc(list, func(a, b Callee) int {
		return cmp.Or(cmp.Compare(Largest(b.Values), Largest(a.Values)), cmp.Compare(a.Function, b.Function))
	})
	return list
}
