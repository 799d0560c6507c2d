package listing

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
)

// Book lists functions, files and what lines call, of several profiles side by
// side. It keeps what it has read, so one page is made of one Book; it serves one
// caller at a time.
type Book struct {
	sides   []Side // Index is nil for a side that has nothing to say
	budgets []int  // a side: lines without a value that are still given
	sheets  map[key]*Sheet
	deep    map[key]bool // the sheets that know what their lines call
	numbers map[key][]map[int64]int
	starts  map[startKey][]start
	version map[key][]int   // see versions
	several map[string]bool // by function: some side has it in several files
}

// Beside opens the profiles side by side.
func Beside(sides []Side) *Book {
	b := &Book{
		sides: slices.Clone(sides), budgets: make([]int, len(sides)),
		sheets: map[key]*Sheet{}, deep: map[key]bool{}, numbers: map[key][]map[int64]int{},
		starts: map[startKey][]start{}, version: map[key][]int{}, several: map[string]bool{},
	}
	for i := range b.sides {
		b.budgets[i] = MaxContext
		if s := &b.sides[i]; s.Index == nil {
			s.Index = NewIndex(s.Profile, s.SampleType)
		}
	}
	return b
}

// key names a Sheet: file is "" when no side has two functions of the name,
// because then they are the same function, wherever each side found its source.
type key struct{ function, file string }

// keyOf is the Sheet that a place is listed on.
func (b *Book) keyOf(p place) key {
	several, known := b.several[p.function]
	if !known {
		for _, s := range b.sides {
			if s.Index != nil {
				several = several || len(s.Index.listedOf(p.function)) > 1
			}
		}
		b.several[p.function] = several
	}
	if !several {
		return key{p.function, ""}
	}
	return key(p)
}

// listedOf are the places of a function that pprof lists, by file.
func (x *Index) listedOf(function string) []int32 {
	known := x.byFunction[function]
	if len(known) == 1 && x.listed[known[0]] {
		return known
	}
	var list []int32
	for _, at := range known {
		if x.listed[at] {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, func(i, j int32) int { return cmp.Compare(x.places[i].file, x.places[j].file) })
	return list
}

// at is the place of a Sheet on a side; none where the side has none.
func (b *Book) at(side int, k key) int32 {
	x := b.sides[side].Index
	if x == nil {
		return none
	}
	for _, at := range x.listedOf(k.function) {
		if k.file == "" || x.places[at].file == k.file {
			return at
		}
	}
	return none
}

// keys are the Sheets that there are, by falling largest True of a side.
func (b *Book) keys(match func(string) bool) []key {
	most := map[key]int64{}
	for _, s := range b.sides {
		if s.Index == nil {
			continue
		}
		for function := range s.Index.byFunction {
			if match(function) {
				b.costs(s.Index, function, most)
			}
		}
	}
	return costliest(most)
}

// costs notes the largest True of each place of a function.
func (b *Book) costs(x *Index, function string, most map[key]int64) {
	for _, at := range x.listedOf(function) {
		k := b.keyOf(x.places[at])
		most[k] = max(most[k], magnitude(x.whole[at]))
	}
}

func costliest(most map[key]int64) []key {
	keys := slices.Collect(maps.Keys(most))
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(most[b], most[a]), cmp.Compare(a.function, b.function), cmp.Compare(a.file, b.file))
	})
	return keys
}

// Most gives the Sheets of the most costly functions that match finds on any side,
// by falling largest True, then by name; a nil match finds all that have a name, and
// found is how many there are. Sheets of the same name stand for different files.
func (b *Book) Most(match *regexp.Regexp, most int) (sheets []Sheet, found int) {
	return b.first(b.keys(matching(match)), most)
}

// Sheet is that of the function of this name, or, where one side has several, of
// the one that costs most. That of a function that no side has is without rows.
func (b *Book) Sheet(function string) Sheet {
	sheets, _ := b.Named(function, 1)
	if len(sheets) == 0 {
		return Sheet{Function: function, Sides: make([]Value, len(b.sides)), True: make([]int64, len(b.sides)), Rows: []Row{}}
	}
	return sheets[0]
}

// Named is Most for the functions of one name: as many as there are files.
func (b *Book) Named(function string, most int) (sheets []Sheet, found int) {
	costs := map[key]int64{}
	for _, s := range b.sides {
		if s.Index != nil {
			b.costs(s.Index, function, costs)
		}
	}
	return b.first(costliest(costs), most)
}

func (b *Book) first(keys []key, most int) (sheets []Sheet, found int) {
	found = len(keys)
	sheets = make([]Sheet, 0, min(most, found))
	for _, k := range keys[:min(most, found)] {
		sheets = append(sheets, *b.sheet(k))
	}
	return sheets, found
}

// Neighbours are the functions that cost a little more and a little less than one,
// on the side where it costs most; "" where there is none.
func (b *Book) Neighbours(function string) (dearer, cheaper string) {
	var x *Index
	var at int32
	for _, s := range b.sides {
		if s.Index == nil {
			continue
		}
		for _, here := range s.Index.listedOf(function) {
			if x == nil || magnitude(s.Index.whole[here]) > magnitude(x.whole[at]) {
				x, at = s.Index, here
			}
		}
	}
	if x == nil {
		return "", ""
	}
	i := int(x.rank[at])
	for j := i - 1; j >= 0 && dearer == ""; j-- {
		if name := x.places[x.ranked[j]].function; name != function {
			dearer = name
		}
	}
	for j := i + 1; j < len(x.ranked) && cheaper == ""; j++ {
		if name := x.places[x.ranked[j]].function; name != function {
			cheaper = name
		}
	}
	return dearer, cheaper
}

// sheet is a function with what its lines call.
func (b *Book) sheet(k key) *Sheet {
	sheet := b.aligned(k)
	if b.deep[k] {
		return sheet
	}
	b.deep[k] = true
	deeper := make([]map[int64]*below, len(b.sides))
	for i := range b.sides {
		if at := b.at(i, k); at != none {
			deeper[i] = b.sides[i].Index.below(at)
		}
	}
	for i := range sheet.Rows {
		r := &sheet.Rows[i]
		r.Callees = calleesOf(r.Values, deeper, func(b *below) map[string]cost { return b.callees })
		r.Landmarks = calleesOf(r.Values, deeper, func(b *below) map[string]cost { return b.landmarks })
	}
	return sheet
}

// aligned is a function with its lines only.
func (b *Book) aligned(k key) *Sheet {
	if known := b.sheets[k]; known != nil {
		return known
	}
	n := len(b.sides)
	sheet := &Sheet{Function: k.function, key: k, Sides: make([]Value, n), True: make([]int64, n)}
	routines := make([]Routine, n)
	for i := range b.sides {
		at := b.at(i, k)
		if at == none {
			continue
		}
		r := b.sides[i].Index.routine(at, b.sides[i].Files, &b.budgets[i])
		routines[i] = r
		sheet.Sides[i] = Value{Flat: r.Flat, Cum: r.Cum}
		sheet.True[i] = r.True
		sheet.Captured = sheet.Captured || textOf(b.sides[i].Files, r.File) != nil
		if sheet.File == "" {
			sheet.File = r.File
		}
		for _, l := range r.Lines {
			sheet.Sides[i].Count += l.Count
		}
	}
	sheet.Rows = rowsOf(routines, b.versions(k))
	b.sheets[k] = sheet
	return sheet
}

// calleesOf collects what stands below a row on each side.
func calleesOf(values []Value, sides []map[int64]*below, which func(*below) map[string]cost) []Callee {
	at := map[string]int{}
	var list []Callee
	for i, v := range values {
		b := sides[i][v.Line]
		if b == nil || !v.Has {
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

// Key is the file that tells a Sheet from others of its function's name; "" where
// there are none.
func (s Sheet) Key() string { return s.key.file }
