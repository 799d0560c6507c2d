package listing

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"github.com/google/pprof/profile"
)

// Function is one row of pprof -top. Cum counts a sample once, whatever the
// recursion.
type Function struct {
	Function string `json:"function"`
	Flat     int64  `json:"flat"`
	Cum      int64  `json:"cum"`
	Count    int64  `json:"-"` // samples behind Cum; 0 for unknown
	// FlatCount is the number of samples behind Flat; 0 for unknown.
	FlatCount int64 `json:"-"`
}

// Top lists all functions by falling flat, then by name: the rows of pprof -top
// with nothing cut off. What has no name goes by its binary, "[nginx]", or as
// "<unknown>". A sample type that p does not have gives nil.
func Top(p *profile.Profile, sampleType int) []Function {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	p = interesting(p)
	byKey := make(map[functionNode]int32)
	byFunction := make(map[*profile.Function]int32, len(p.Function))
	var keys []functionNode
	id := func(k functionNode) int32 {
		n, ok := byKey[k]
		if !ok {
			n = int32(len(keys))
			byKey[k] = n
			keys = append(keys, k)
		}
		return n
	}
	f := newFrames(p, func(l *profile.Location, line *profile.Line) int32 {
		if line == nil || line.Function == nil {
			return id(functionNode{object: objectOf(l)})
		}
		if n, ok := byFunction[line.Function]; ok {
			return n
		}
		k := functionNode{name: FunctionName(line.Function)}
		if k.name == "" { // the binary tells nameless functions apart
			return id(functionNode{object: objectOf(l), startLine: line.Function.StartLine})
		}
		n := id(k)
		byFunction[line.Function] = n
		return n
	})
	return ranked(keys, f.tally(sampleType))
}

// functionNode is pprof's key of a function: its name, or what there is instead.
type functionNode struct {
	name, object string
	startLine    int64
}

func (k functionNode) printable() string {
	switch {
	case k.name != "":
		return k.name
	case k.object != "":
		return "[" + path.Base(k.object) + "]"
	}
	return "<unknown>"
}

// info is the key as pprof prints it to settle a tie.
func (k functionNode) info() string {
	return fmt.Sprint(struct {
		Name, OrigName string
		Address        uint64
		File           string
		StartLine      int64
		Lineno, Column int
		Objfile        string
	}{Name: k.name, StartLine: k.startLine, Objfile: k.object})
}

func objectOf(l *profile.Location) string {
	if l.Mapping == nil {
		return ""
	}
	return l.Mapping.File
}

func ranked(keys []functionNode, costs []cost) []Function {
	type row struct {
		Function
		key functionNode
	}
	rows := make([]row, 0, len(keys))
	for i, c := range costs {
		if c.flat == 0 && c.cum == 0 {
			continue
		}
		rows = append(rows, row{Function{keys[i].printable(), c.flat, c.cum, c.count, c.flatCount}, keys[i]})
	}
	slices.SortFunc(rows, func(a, b row) int {
		if order := cmp.Or(
			cmp.Compare(magnitude(b.Flat), magnitude(a.Flat)),
			cmp.Compare(a.Function.Function, b.Function.Function),
			cmp.Compare(magnitude(b.Cum), magnitude(a.Cum)),
		); order != 0 {
			return order
		}
		return cmp.Compare(a.key.info(), b.key.info())
	})
	list := make([]Function, len(rows))
	for i, r := range rows {
		list[i] = r.Function
	}
	return list
}

func magnitude(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
