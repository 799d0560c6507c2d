package kernel

import (
	"encoding/binary"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParseKallsyms(t *testing.T) {
	t.Parallel()
	list := parseKallsyms("ffffffff81000010 t b\nffffffff81000000 T _stext\nffffffff81000020 D data\n" +
		"0000000000000000 T hidden\nffffffff81000008 t __pfx_b\nffffffffc0000000 t late\t[module]\nnonsense\nzzzzzzzzzzzzzzzz t bad\n")
	if len(list) != 3 || list[2].name != "late" {
		t.Fatalf("%v", list)
	}
	for address, want := range map[uint64]string{0xffffffff80ffffff: "", 0xffffffff81000000: "_stext", 0xffffffff8100000f: "_stext", 0xffffffff81000011: "b", 1<<64 - 1: "late"} {
		if got := find(list, address); got != want {
			t.Errorf("%x is %q, want %q", address, got, want)
		}
	}
	if parseKallsyms("0000000000000000 T _stext\n") == nil || len(parseKallsyms("0000000000000000 T _stext\n")) != 0 {
		t.Error("hidden addresses are none")
	}
}

func TestParseMaps(t *testing.T) {
	t.Parallel()
	im, err := parseMaps("00400000-00500000 r--p 00000000 fe:00 7 /bin/x y\n00500000-00900000 r-xp 00100000 fe:00 7 /bin/x y\n" +
		"7f0000000000-7f0000100000 r-xp 00000000 fe:00 8 /lib/libc.so\n7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0 [vdso]\n")
	if err != nil || im.text != (span{0x500000, 0x900000, 0x100000, "/bin/x y"}) || im.vdso.from != 0x7ffd00000000 {
		t.Errorf("%+v, %v", im, err)
	}
	for _, text := range []string{"", "nonsense", "zz-yy r-xp 0 0 0 /bin/x", "00400000-00500000 r--p 00000000 fe:00 7 /bin/x"} {
		if _, err := parseMaps(text); err == nil {
			t.Errorf("%q is no memory map of a program", text)
		}
	}
}

func TestParseCPUs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{"0": {0}, "0-3,8": {0, 1, 2, 3, 8}, "": nil, "x": nil, "3-1": nil, "0-99999999": nil, "-1": nil} {
		if got := parseCPUs(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// fill puts bytes into a small ring at a position, and says that they are there.
func fill(r ring, at uint64, b []byte) {
	for i, c := range b {
		r.data[(at+uint64(i))%uint64(len(r.data))] = c
	}
	binary.NativeEndian.PutUint64(r.memory[1024:], at+uint64(len(b))) // data_head
}

func small() ring {
	memory := make([]byte, 4096+64)
	return ring{memory: memory, data: memory[4096:]}
}

func record(kind uint32, words ...uint64) []byte {
	b := make([]byte, 8+8*len(words))
	binary.NativeEndian.PutUint32(b, kind)
	binary.NativeEndian.PutUint16(b[6:], uint16(len(b)))
	for i, w := range words {
		binary.NativeEndian.PutUint64(b[8+8*i:], w)
	}
	return b
}

// Records wrap around the end of the ring; others' stacks are counted, not kept.
func TestDrain(t *testing.T) {
	t.Parallel()
	r, s, at := small(), samples{watched: map[uint32]bool{7: true}}, uint64(0)
	put := func(b []byte) { fill(r, at, b); at += uint64(len(b)); s.drain(r) }
	for range 5 {
		put(record(unix.PERF_RECORD_SAMPLE, 7, 2, 0xabc, 0xdef))
	}
	put(record(unix.PERF_RECORD_SAMPLE, 8, 1, 1))
	put(record(unix.PERF_RECORD_SAMPLE, 0, 1, 1)) // an idle CPU
	put(record(unix.PERF_RECORD_LOST, 1, 42))
	put(record(unix.PERF_RECORD_THROTTLE, 1, 2, 3))
	if len(s.list) != 5 || s.others != 1 || s.lost != 42 || s.slowed != 1 {
		t.Fatalf("%d samples, %d of others, %d lost, slowed %d times", len(s.list), s.others, s.lost, s.slowed)
	}
	if last := s.list[4]; !slices.Equal(s.chains[last.from:last.to], []uint64{0xabc, 0xdef}) {
		t.Errorf("the last stack is %x", s.chains[last.from:last.to])
	}
}

// Whatever stands in a ring, it is read to its end.
func FuzzDrain(f *testing.F) {
	f.Add(record(unix.PERF_RECORD_SAMPLE, 7, 99, 1), uint64(40))
	f.Add([]byte{9, 0, 0, 0, 0, 0, 255, 255}, uint64(8))
	f.Fuzz(func(t *testing.T, b []byte, at uint64) {
		at &^= 7
		at %= 1 << 40
		r := small()
		b = b[:min(len(b)&^7, len(r.data))]
		binary.NativeEndian.PutUint64(r.memory[1032:], at) // data_tail
		fill(r, at, b)
		s := samples{watched: map[uint32]bool{7: true}}
		s.drain(r)
		if tail := binary.NativeEndian.Uint64(r.memory[1032:]); tail != at+uint64(len(b)) {
			t.Fatalf("read to %d, want %d", tail, at+uint64(len(b)))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("ffffffff81000010 t b\n", "00500000-00900000 r-xp 00100000 fe:00 7 /bin/x\n", "0-3")
	f.Fuzz(func(t *testing.T, symbols, maps, cpus string) {
		list := parseKallsyms(symbols)
		if !slices.IsSortedFunc(list, func(a, b symbol) int {
			if a.address < b.address {
				return -1
			} else if a.address > b.address {
				return 1
			}
			return 0
		}) {
			t.Error("symbols are not in order")
		}
		_, _ = parseMaps(maps)
		_ = parseCPUs(cpus)
	})
}

func BenchmarkKallsyms(b *testing.B) {
	for b.Loop() {
		var s symbols
		if _, err := s.load(); err != nil {
			b.Fatal(err)
		}
	}
}

// A Go that keeps it under another name would give profiles without start lines.
func TestStartLine(t *testing.T) {
	t.Parallel()
	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	f, _ := runtime.CallersFrames(pcs[:]).Next()
	if got := startLine(f); got <= 0 || got >= f.Line || f.Line-got > 10 {
		t.Errorf("line %d of a function that begins at %d", f.Line, got)
	}
}
