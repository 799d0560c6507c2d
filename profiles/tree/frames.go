package tree

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/ksym"
	"github.com/sockscope/sockscope/profiles/listing"
)

// names gives each distinct name a number, in the order of their coming.
type names struct {
	list   []string
	of     map[string]int32
	kernel []bool           // by number: a location of the kernel has this name
	binary map[int32]string // by number, of what stands for a name: what listings call it
	by     map[*profile.Mapping]string
}

func newNames() *names {
	return &names{of: map[string]int32{}, binary: map[int32]string{}, by: map[*profile.Mapping]string{}}
}

func (n *names) intern(s string) (number int32, known bool) {
	if i, ok := n.of[s]; ok {
		return i, true
	}
	i := int32(len(n.list))
	n.list, n.kernel = append(n.list, s), append(n.kernel, false)
	n.of[s] = i
	return i, false
}

// function numbers the name of a function.
func (n *names) function(name string) int32 {
	i, known := n.intern(Clip(name))
	if known {
		delete(n.binary, i) // a function has the name after all
	}
	return i
}

// nameless numbers what stands for the name of a frame that has none.
func (n *names) nameless(stead string, l *profile.Location) int32 {
	i, known := n.intern(Clip(stead))
	if known {
		return i
	}
	binary, ok := n.by[l.Mapping]
	if !ok {
		binary = listing.Binary(l)
		n.by[l.Mapping] = binary
	}
	n.binary[i] = binary
	return i
}

// sorted puts the names in order and returns the rank of each number too.
func (n *names) sorted() (f functions, rank []int32) {
	by := make([]int32, len(n.list))
	for i := range by {
		by[i] = int32(i)
	}
	slices.SortFunc(by, func(a, b int32) int { return strings.Compare(n.list[a], n.list[b]) })
	rank = make([]int32, len(by))
	f = functions{names: make([]string, len(by)), kernel: make([]bool, len(by)), hashes: make([]uint64, len(by)), binary: make(map[int32]string, len(n.binary))}
	for r, i := range by {
		f.names[r], f.kernel[r], f.hashes[r] = n.list[i], n.kernel[i], nameHash(n.list[i])
		rank[i] = int32(r)
		if binary, ok := n.binary[i]; ok {
			f.binary[int32(r)] = binary
		}
	}
	return f, rank
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
		f.flat = append(f.flat, f.names.nameless(address(l), l))
	}
	if l.Mapping != nil && ksym.IsBinary(l.Mapping.File) {
		for _, number := range f.flat[from:] {
			f.names.kernel[number] = true
		}
	}
	return known{l, from, int32(len(f.flat))}
}

// function numbers the name that pprof reports. Of a name that pprof cuts to nothing,
// "<module>", the whole stands for it.
func (f *frames) function(fn *profile.Function, l *profile.Location) int32 {
	if fn == nil {
		return f.names.nameless(address(l), l)
	}
	i, ok := f.functions[fn]
	if ok {
		return i
	}
	name := listing.FunctionName(fn)
	if name == "" {
		return f.names.nameless(cmp.Or(fn.SystemName, address(l)), l)
	}
	i = f.names.function(name)
	f.functions[fn] = i
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
	return at + file
}
