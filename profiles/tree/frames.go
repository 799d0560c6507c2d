package tree

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/ksym"
)

// maxName is the most bytes of a name that are kept. Longer ones exist to
// inflate pages; they keep their difference by a hash of the whole.
const maxName = 1024

// names gives each distinct name a number, in the order of their coming.
type names struct {
	list   []string
	of     map[string]int32
	kernel []bool // by number: a location of the kernel has this name
}

func (n *names) intern(s string) int32 {
	if i, ok := n.of[s]; ok {
		return i
	}
	i := int32(len(n.list))
	n.list, n.kernel = append(n.list, s), append(n.kernel, false)
	n.of[s] = i
	return i
}

// sorted puts the list in order and returns the rank of each number, and which
// ranks are names of the kernel.
func (n *names) sorted() (list []string, rank []int32, kernel []bool) {
	by := make([]int32, len(n.list))
	for i := range by {
		by[i] = int32(i)
	}
	slices.SortFunc(by, func(a, b int32) int { return strings.Compare(n.list[a], n.list[b]) })
	list, rank, kernel = make([]string, len(by)), make([]int32, len(by)), make([]bool, len(by))
	for r, i := range by {
		list[r], rank[i], kernel[r] = n.list[i], int32(r), n.kernel[i]
	}
	return list, rank, kernel
}

// kernelLabel reports whether a sample says by its label that it fell into the
// kernel: "mode" is then "kernel" or "softirq".
func kernelLabel(s *profile.Sample) bool {
	return slices.ContainsFunc(s.Label["mode"], func(mode string) bool { return mode == "kernel" || mode == "softirq" })
}

// frames knows the names of the frames of each location, caller first.
type frames struct {
	names     *names
	functions map[*profile.Function]int32
	dense     []known // by id: ids of most profiles count from 1
	others    map[*profile.Location]known
	flat      []int32 // numbers of names
}

// known is a location whose frames are flat[from:to].
type known struct {
	l        *profile.Location
	from, to int32
}

func newFrames(p *profile.Profile, n *names) *frames {
	return &frames{
		names:     n,
		functions: make(map[*profile.Function]int32, len(p.Function)),
		dense:     make([]known, len(p.Location)+1),
		others:    map[*profile.Location]known{},
		flat:      make([]int32, 0, len(p.Location)+len(p.Location)/4),
	}
}

// of returns the names of the frames of a location: inlined callers first.
func (f *frames) of(l *profile.Location) []int32 {
	if l.ID < uint64(len(f.dense)) {
		k := &f.dense[l.ID]
		if k.l == nil {
			*k = f.add(l)
		}
		if k.l == l {
			return f.flat[k.from:k.to]
		}
	}
	k, ok := f.others[l]
	if !ok {
		k = f.add(l)
		f.others[l] = k
	}
	return f.flat[k.from:k.to]
}

func (f *frames) add(l *profile.Location) known {
	from := int32(len(f.flat))
	for i := len(l.Line) - 1; i >= 0; i-- {
		f.flat = append(f.flat, f.function(l.Line[i].Function, l))
	}
	if len(l.Line) == 0 {
		f.flat = append(f.flat, f.names.intern(address(l)))
	}
	if l.Mapping != nil && ksym.IsBinary(l.Mapping.File) {
		for _, number := range f.flat[from:] {
			f.names.kernel[number] = true
		}
	}
	return known{l, from, int32(len(f.flat))}
}

func (f *frames) function(fn *profile.Function, l *profile.Location) int32 {
	if fn == nil || fn.Name == "" && fn.SystemName == "" {
		return f.names.intern(address(l))
	}
	i, ok := f.functions[fn]
	if !ok {
		name := fn.Name
		if name == "" {
			name = fn.SystemName
		}
		i = f.names.intern(clip(name))
		f.functions[fn] = i
	}
	return i
}

// address names a frame without function: "0x401c22 in nginx", "0x401c22", "?".
func address(l *profile.Location) string {
	at, file := "?", ""
	if l.Address != 0 {
		at = "0x" + strconv.FormatUint(l.Address, 16)
	}
	if l.Mapping != nil && l.Mapping.File != "" {
		file = " in " + path.Base(l.Mapping.File)
	}
	return clip(at + file)
}

// clip cuts a name that is longer than maxName.
func clip(name string) string {
	if len(name) <= maxName {
		return name
	}
	n := maxName
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n] + "…" + strconv.FormatUint(nameHash(name), 16)
}
