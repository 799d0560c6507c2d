package kernel

import (
	"encoding/binary"
	"os"
	"reflect"
	"runtime"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/ksym"
)

// kernelHalf is where the kernel's addresses begin.
const kernelHalf = 1 << 63

// contextMarker and above are no addresses: they say whose addresses follow.
const contextMarker = ^uint64(4094)

// builder makes the profile of one process.
type builder struct {
	r         Recording
	im        *image
	names     []symbol // of the kernel
	functions map[[2]string]*profile.Function
	locations map[uint64]*profile.Location
	kernel    map[string]*profile.Location
	stacks    map[string]*profile.Sample
	key       []byte
	pcs       [2]uintptr
}

func newBuilder(im *image, names []symbol) *builder {
	cpu := profile.ValueType{Type: "cpu", Unit: "nanoseconds"}
	// The program is called by its path, as in Go's own profiles.
	path, err := os.Executable()
	if err != nil {
		path = im.text.path
	}
	b := &builder{
		im: im, names: names,
		functions: map[[2]string]*profile.Function{}, locations: map[uint64]*profile.Location{},
		kernel: map[string]*profile.Location{}, stacks: map[string]*profile.Sample{},
	}
	b.r.Profile = &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, &cpu},
		PeriodType: &profile.ValueType{Type: cpu.Type, Unit: cpu.Unit}, Period: int64(Period), DefaultSampleType: cpu.Type,
		Mapping: []*profile.Mapping{
			{ID: 1, Start: im.text.from, Limit: im.text.to, Offset: im.text.offset, File: path, HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true},
			{ID: 2, File: ksym.Binary, HasFunctions: true},
			{ID: 3, Start: im.vdso.from, Limit: im.vdso.to, File: "[vdso]", HasFunctions: true},
		},
	}
	// A call is one instruction before its return address. runtime.CallersFrames tells
	// the inlined frames of every address but the last: one of this function follows.
	runtime.Callers(0, b.pcs[1:])
	return b
}

// add counts one stack, the innermost address first.
func (b *builder) add(chain []uint64) {
	mode, exact := "user", true
	var at []*profile.Location
	b.key = b.key[:0]
	for _, address := range chain {
		if address >= contextMarker {
			exact = true // what follows is where it was, not where it returns to
			continue
		}
		if !exact {
			address--
		}
		exact = false
		l := b.location(address)
		if address >= kernelHalf && mode == "user" {
			mode = "kernel"
		}
		if ksym.IsSoftIRQ(ksym.Name(l.Line[0].Function.Name)) {
			mode = "softirq"
		}
		at = append(at, l)
		b.key = binary.AppendUvarint(b.key, l.ID)
	}
	b.r.Samples++
	if !reachesRoot(at) {
		b.r.Incomplete++
	}
	s := b.stacks[string(b.key)]
	if s == nil {
		s = &profile.Sample{Location: at, Value: make([]int64, 2), Label: map[string][]string{"mode": {mode}}}
		b.stacks[string(b.key)] = s
		b.r.Profile.Sample = append(b.r.Profile.Sample, s)
	}
	s.Value[0]++
	s.Value[1] += int64(Period)
}

// reachesRoot reports whether a stack ends where all of Go's do: in the first function
// of a goroutine, of the scheduler's stack, or of a thread.
func reachesRoot(stack []*profile.Location) bool {
	if len(stack) == 0 {
		return false
	}
	lines := stack[len(stack)-1].Line
	switch lines[len(lines)-1].Function.Name {
	case "runtime.goexit", "runtime.mcall", "runtime.mstart":
		return true
	}
	return false
}

// location is that of an instruction. Those of the kernel are one for each function:
// lines are not known, and addresses would tell where this kernel lies in memory.
func (b *builder) location(pc uint64) *profile.Location {
	if pc >= kernelHalf {
		name := find(b.names, pc)
		if name == "" {
			name = "[kernel]"
			b.r.Unnamed++
		}
		l := b.kernel[name]
		if l == nil {
			l = b.place(2, 0, b.line(name, "[kernel]", 0, 0))
			b.kernel[name] = l
		}
		return l
	}
	l := b.locations[pc]
	if l != nil {
		return l
	}
	switch {
	case b.im.text.has(pc):
		l = b.place(1, pc, b.lines(pc)...)
	case b.im.vdso.has(pc):
		name := find(vdsoSymbols(), pc-b.im.vdso.from)
		if name == "" {
			name = "[vdso]"
		}
		l = b.place(3, pc, b.line(name, "[vdso]", 0, 0))
	default:
		l = b.place(0, pc, b.line("[unknown]", "", 0, 0))
	}
	b.locations[pc] = l
	return l
}

// lines are the frames of an address of the program, the innermost first.
func (b *builder) lines(pc uint64) []profile.Line {
	b.pcs[0] = uintptr(pc + b.im.bias + 1)
	frames := runtime.CallersFrames(b.pcs[:])
	var lines []profile.Line
	for f, more := frames.Next(); more; f, more = frames.Next() {
		name := f.Function
		if name == "" {
			name = "[unknown]"
		}
		lines = append(lines, b.line(name, f.File, f.Line, startLine(f)))
	}
	if lines == nil {
		lines = append(lines, b.line("[unknown]", "", 0, 0))
	}
	return lines
}

// startLine is the line that a function begins at, 0 for unknown. It is what Go's own
// profiles have, also of inlined functions, and no exported name leads to it.
func startLine(f runtime.Frame) int {
	v := reflect.ValueOf(f).FieldByName("startLine")
	if !v.IsValid() || !v.CanInt() {
		return 0
	}
	return int(v.Int())
}

func (b *builder) line(name, file string, line, start int) profile.Line {
	f := b.functions[[2]string{name, file}]
	if f == nil {
		f = &profile.Function{ID: uint64(len(b.r.Profile.Function) + 1), Name: name, SystemName: name, Filename: file}
		b.functions[[2]string{name, file}] = f
		b.r.Profile.Function = append(b.r.Profile.Function, f)
	}
	if start > 0 {
		f.StartLine = int64(start)
	}
	return profile.Line{Function: f, Line: int64(line)}
}

// place adds a location in a mapping; 0 for none.
func (b *builder) place(mapping int, address uint64, lines ...profile.Line) *profile.Location {
	l := &profile.Location{ID: uint64(len(b.r.Profile.Location) + 1), Address: address, Line: lines}
	if mapping > 0 {
		l.Mapping = b.r.Profile.Mapping[mapping-1]
	}
	b.r.Profile.Location = append(b.r.Profile.Location, l)
	return l
}
