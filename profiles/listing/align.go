package listing

import (
	"cmp"
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
	sheets := align(sides, func(name string) bool { return name == function })
	if len(sheets) == 0 {
		return Sheet{Function: function, Sides: make([]Value, len(sides)), True: make([]int64, len(sides)), Rows: []Row{}}
	}
	return sheets[0]
}

// AlignMatching gives a Sheet for each function that match finds on any side, by
// falling largest cost, then by name; a nil match finds all. Sheets of the same
// name stand for different files.
func AlignMatching(sides []Side, match *regexp.Regexp) []Sheet {
	return align(sides, func(name string) bool { return match == nil || match.MatchString(name) })
}

func align(sides []Side, match func(string) bool) []Sheet {
	parts := make([]part, len(sides))
	for i, s := range sides {
		parts[i] = partOf(s, match)
	}
	sheets := []Sheet{}
	for _, key := range keysOf(parts) {
		sheets = append(sheets, sheetOf(parts, key))
	}
	slices.SortStableFunc(sheets, func(a, b Sheet) int {
		return cmp.Compare(slices.Max(append(magnitudes(b.True), 0)), slices.Max(append(magnitudes(a.True), 0)))
	})
	return sheets
}

func magnitudes(values []int64) []int64 {
	list := make([]int64, len(values))
	for i, v := range values {
		list[i] = magnitude(v)
	}
	return list
}

// part is what one side has to say about the functions that were asked for.
type part struct {
	routines map[place]Routine
	below    map[place]map[int64]*below // by line
	files    map[string][]string        // file names by function
}

func partOf(s Side, match func(string) bool) part {
	p := part{routines: map[place]Routine{}, files: map[string][]string{}}
	if s.Profile == nil || s.SampleType < 0 || s.SampleType >= len(s.Profile.SampleType) {
		return p
	}
	b := newBuilder(interesting(s.Profile), match)
	for _, r := range b.routines(s.SampleType, s.Files) {
		p.routines[place{r.Function, r.File}] = r
		p.files[r.Function] = append(p.files[r.Function], r.File)
	}
	p.below = b.below(s.SampleType)
	return p
}

// key names a Sheet: file is "" when no side has two functions of the name,
// because then they are the same function, wherever each side found its source.
type key struct{ function, file string }

func keysOf(parts []part) []key {
	several := map[string]bool{}
	for _, p := range parts {
		for f, files := range p.files {
			several[f] = several[f] || len(files) > 1
		}
	}
	seen := map[key]bool{}
	for _, p := range parts {
		for f, files := range p.files {
			for _, file := range files {
				if !several[f] {
					file = ""
				}
				seen[key{f, file}] = true
			}
		}
	}
	keys := make([]key, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.function, b.function), cmp.Compare(a.file, b.file))
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
