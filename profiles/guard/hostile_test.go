package guard_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// The makers below write profile.proto by hand, field by field: what is hostile
// is what an encoder does not write.

func varint(n uint64) []byte { return binary.AppendUvarint(nil, n) }

func number(field int, v uint64) []byte {
	return append(varint(uint64(field)<<3), varint(v)...)
}

func message(field int, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(varint(uint64(field)<<3|2), varint(uint64(len(body)))...), body...)
}

func packed(field int, n int, v byte) []byte {
	return message(field, bytes.Repeat([]byte{v}, n))
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var w bytes.Buffer
	z := gzip.NewWriter(&w)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// bomb is the gzip of before and then n MiB of zeros, without its end: nobody
// gets that far. One MiB is compressed, and repeated.
func bomb(t testing.TB, before []byte, n int) []byte {
	t.Helper()
	block := func(data []byte) []byte {
		var w bytes.Buffer
		z, err := flate.NewWriter(&w, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Flush(); err != nil {
			t.Fatal(err)
		}
		return w.Bytes()
	}
	header := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	return join(header, block(before), bytes.Repeat(block(make([]byte, 1<<20)), n))
}

// small is a valid profile: one sample type, function, location and sample.
func small() []byte {
	return join(
		message(1, number(1, 1), number(2, 2)),
		message(2, packed(1, 1, 1), packed(2, 1, 5)),
		message(3, number(1, 1)),
		message(4, number(1, 1), number(2, 1), message(4, number(1, 1), number(2, 7))),
		message(5, number(1, 1), number(2, 3)),
		message(6), message(6, []byte("samples")), message(6, []byte("count")), message(6, []byte("main")),
	)
}

// bombs are small files that are large in memory, by name.
func bombs(t testing.TB) map[string][]byte {
	names, typ := message(6), message(1)
	return map[string][]byte{
		"gzip bomb":              bomb(t, nil, 1024),
		"valid, then zeros":      bomb(t, small(), 256),
		"valid, then some zeros": zipped(t, join(small(), make([]byte, 1<<20))),
		"many gzip streams":      bytes.Repeat(zipped(t, nil), 100_000),
		"empty samples":          zipped(t, join(typ, names, bytes.Repeat([]byte{0x12, 0}, 4<<20))),
		"empty samples, no type": bytes.Repeat([]byte{0x12, 0}, 4<<20),
		"empty locations":        join(typ, names, bytes.Repeat([]byte{0x22, 0}, 4<<20)),
		"empty functions":        join(typ, names, bytes.Repeat([]byte{0x2a, 0}, 4<<20)),
		"empty mappings":         join(typ, names, bytes.Repeat([]byte{0x1a, 0}, 4<<20)),
		"empty strings":          join(typ, bytes.Repeat([]byte{0x32, 0}, 4<<20)),
		"empty types":            bytes.Repeat([]byte{0x0a, 0}, 4<<20),
		"empty labels":           join(typ, names, message(2, packed(2, 1, 1), bytes.Repeat([]byte{0x1a, 0}, 4<<20))),
		"samples with labels":    join(typ, names, bytes.Repeat(message(2, packed(2, 1, 1), message(3)), 900_000)),
		"labels of many samples": join(small(), bytes.Repeat(message(2, packed(2, 1, 1), message(3, number(1, 1), number(2, 2)), message(3, number(1, 1), number(3, 7))), 240_000)),
		"empty lines":            join(typ, names, message(4, number(1, 1), bytes.Repeat([]byte{0x22, 0}, 4<<20))),
		"comments":               join(typ, names, packed(13, 4<<20, 0)),
		"values":                 join(typ, names, message(2, packed(2, 16<<20, 1))),
		"frames":                 join(small(), message(2, packed(1, 16<<20, 1), packed(2, 1, 1))),
		"frames by inlining":     zipped(t, inlined(10_000, 1_000)),
		"a huge string":          zipped(t, join(small(), message(6, make([]byte, 2<<20)))),
	}
}

// goroutines is what /debug/pprof/goroutine?debug=2 answers.
const goroutines = "goroutine 18 [running]:\nruntime/pprof.writeGoroutineStacks({0x8a5f20, 0xc0000b2000})\n\t/usr/lib/go/src/runtime/pprof/pprof.go:764 +0x6a\n"

// goMod is a text whose first bytes are fields of a protobuf by chance.
const goMod = "module example.com/app\n\ngo 1.26\n\nrequire github.com/google/pprof v0.0.0-20260101\n"

// taxing are small files that are small in memory too and take long to look at: texts
// that many share, and patterns.
func taxing(t testing.TB) map[string][]byte {
	long := message(6, bytes.Repeat([]byte("x"), 1<<20)) // the string 4 of small
	functions, locations, mapped := []byte{}, []byte{}, []byte{}
	for i := range uint64(300) {
		functions = append(functions, message(5, number(1, 10+i), number(2, 4))...)
		locations = append(locations, message(4, number(1, 10+i), message(4, number(1, 9)))...)
		mapped = append(mapped, message(4, number(1, 10+i), number(2, 2))...)
	}
	one := message(5, number(1, 9), number(4, 4)) // the file of a function
	labels := bytes.Repeat(message(3, number(1, 4), number(3, 5)), 300)
	slow := message(6, bytes.Repeat([]byte(".*a"), 1000))
	names := []byte{}
	for i := range uint64(20) {
		names = append(names, join(message(6, bytes.Repeat([]byte("a"), 5000), varint(i)), message(5, number(1, 10+i), number(2, 5+i)))...)
	}
	nameless := []byte{} // functions that get a name when they are opened
	for i := range uint64(40) {
		nameless = append(nameless, join(message(6, bytes.Repeat([]byte("a"), 3900), varint(i)), message(5, number(1, 10+i), number(3, 5+i)))...)
	}
	z := message(6, bytes.Repeat([]byte("a*"), 2000), []byte("z"))
	cut := []byte{} // functions of which another part is matched when they are opened
	for i := range uint64(40) {
		cut = append(cut, join(message(6, []byte("(b)"), bytes.Repeat([]byte("a"), 3900), []byte("::"), varint(i)), message(5, number(1, 10+i), number(2, 5+i), number(3, 5+i)))...)
	}
	return map[string][]byte{
		"a slow pattern, system names":  zipped(t, join(small(), z, nameless, number(7, 4))),
		"a slow pattern, cut names":     zipped(t, join(small(), z, cut, number(7, 4))),
		"a name of many functions":      zipped(t, join(small(), long, functions)),
		"a file of many locations":      zipped(t, join(small(), long, one, locations)),
		"a binary of many locations":    zipped(t, join(small(), long, message(3, number(1, 2), number(5, 4)), mapped)),
		"a key of many labels":          zipped(t, join(small(), long, message(2, packed(2, 1, 1), labels))),
		"a long pattern":                join(small(), message(6, bytes.Repeat([]byte("a"), 5000)), number(7, 4)),
		"a long pattern of what stays":  join(small(), message(6, bytes.Repeat([]byte("a"), 5000)), number(8, 4)),
		"a pattern that compiles large": join(small(), message(6, bytes.Repeat([]byte("a{1000}"), 500)), number(7, 4)),
		"a slow pattern":                zipped(t, join(small(), slow, names, number(7, 4))),
		"a slow pattern of what stays":  zipped(t, join(small(), slow, names, number(7, 3), number(8, 4))),
	}
}

// damaged are files that are no profile, or none that hangs together.
func damaged(t testing.TB) map[string][]byte {
	typ := message(1)
	sample := message(2, packed(2, 1, 1))
	return map[string][]byte{
		"gzip in gzip":                zipped(t, zipped(t, small())),
		"not all of gzip":             zipped(t, small())[:40],
		"gzip, then rubbish":          join(zipped(t, small()), bits(1, 100)),
		"gzip of rubbish":             join([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0}, bits(2, 1000)),
		"unknown fields":              join(small(), bytes.Repeat(number(99, 1), 100)),
		"dangling location":           join(small(), message(2, packed(1, 1, 9), packed(2, 1, 1))),
		"dangling function":           join(small(), message(4, number(1, 2), message(4, number(1, 9)))),
		"dangling string":             join(small(), message(5, number(1, 2), number(2, 1<<40))),
		"negative string":             join(small(), message(5, number(1, 2), number(2, 1<<63))),
		"location 0":                  join(small(), message(4)),
		"function twice":              join(small(), message(5, number(1, 1))),
		"two profiles":                join(small(), number(9, 1), small(), number(9, 2)),
		"first string not empty":      join(typ, message(6, []byte("x"))),
		"no string":                   join(typ, sample, message(5, number(1, 1), number(2, 1))),
		"uneven samples":              join(small(), message(2, packed(2, 2, 1))),
		"sample cut short":            join(typ, message(2, []byte{0x0a, 0x7f})),
		"location cut short":          join(typ, message(4, []byte{0x22, 0x7f})),
		"cut short":                   small()[:len(small())-2],
		"a sample that is no message": join(typ, number(2, 1)),
		"long varint":                 join(typ, bytes.Repeat([]byte{0xff}, 20)),
		"group":                       join(typ, []byte{0x0b}),
		"fixed64 cut short":           join(typ, []byte{0x09, 1, 2}),
		"fixed32 cut short":           join(typ, []byte{0x0d, 1, 2}),
		"empty":                       nil,
		"empty gzip":                  zipped(t, nil),
		"no type":                     message(6),
		"only scalars":                number(12, 1),
		"rubbish":                     bits(3, 10_000),
		"web page":                    []byte("\n<!doctype html><title>Sign in</title>"),
		"JSON":                        []byte(`{"nodes": []}`),
		"trace":                       []byte("go 1.22 trace\x00\x00\x00" + strings.Repeat("x", 100)),
		"zip":                         []byte("PK\x03\x04" + strings.Repeat("x", 100)),
		"zstd":                        []byte("\x28\xb5\x2f\xfd" + strings.Repeat("x", 100)),
		"stacks as text":              zipped(t, []byte(goroutines)),
		"stacks of a crash":           []byte("goroutine 7 gp=0xc000006c40 m=3 mp=0xc00 [running]:\nmain.main()\n"),
		"text":                        []byte(goMod),
		"a long text":                 []byte("é" + strings.Repeat("mü", 10_000)),
		"text like many comments":     []byte(strings.Repeat("h\n", 5_000)),
		"perf.data":                   []byte("PERFILE2" + strings.Repeat("x", 100)),
		"program":                     []byte("\x7fELF" + strings.Repeat("x", 100)),
		"old heap":                    []byte("heap profile:      3:       96 [     4:      128] @ heap/524288\n1: 2 [3: 4] @ 0x1 0x2\n"),
		"old growth":                  []byte("heap profile:      3:       96 [     4:      128] @ growthz\n"),
		"old goroutine":               zipped(t, []byte("goroutine profile: total 5\n1 @ 0x1 0x2\n")),
		"old threadcreate":            []byte("# a comment\n\nthreadcreate profile: total 5\n1 @ 0x1\n"),
		"old contention":              []byte("--- contentionz 1 ---\ncycles/second = 3201000000\n"),
		"old mutex":                   []byte("--- mutex:\ncycles/second=3201000000\n"),
		"old threadz":                 []byte("--- threadz 1 ---\n\n--- Thread 7fa (name: main/1) stack: ---\n"),
		"old java":                    []byte("--- heapz 1 ---\nformat = java\n"),
		"old cpu, 64 bits":            oldCPU(8, binary.LittleEndian),
		"old cpu, 32 bits":            oldCPU(4, binary.LittleEndian),
		"old cpu, big-endian":         oldCPU(8, binary.BigEndian),
	}
}

// bits are n random bytes.
func bits(seed uint64, n int) []byte {
	rng, b := rand.New(rand.NewPCG(seed, 7)), make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// inlined has samples that name a location with many inlined frames.
func inlined(samples, lines int) []byte {
	return join(small(),
		message(4, number(1, 2), bytes.Repeat(message(4, number(1, 1)), lines)),
		bytes.Repeat(message(2, packed(1, 1, 2), packed(2, 1, 1)), samples))
}

func oldCPU(width int, order binary.ByteOrder) []byte {
	words := []uint64{0, 3, 0, 10_000, 0, 5, 2, 0x401000, 0x402000, 0, 1, 0}
	b := make([]byte, width*len(words))
	for i, w := range words {
		if width == 8 {
			order.PutUint64(b[8*i:], w)
		} else {
			order.PutUint32(b[4*i:], uint32(w))
		}
	}
	return b
}
