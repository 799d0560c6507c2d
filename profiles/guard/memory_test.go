package guard_test

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// What Memory says is what the heap grows by, whatever a profile has most of.
func TestMemory(t *testing.T) { // not parallel: it measures the heap
	label, number3 := message(3, number(1, 1), number(2, 2)), message(3, number(1, 1), number(3, 7), number(4, 2))
	var large bytes.Buffer
	if err := treetest.Large(1).Write(&large); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"samples":      join(small(), bytes.Repeat(message(2, packed(1, 1, 1), packed(2, 1, 1)), 200_000)),
		"frames":       join(small(), bytes.Repeat(message(2, packed(1, 1000, 1), packed(2, 1, 1)), 2_000)),
		"texts":        join(small(), bytes.Repeat(message(2, packed(2, 1, 1), label), 50_000)),
		"numbers":      join(small(), bytes.Repeat(message(2, packed(2, 1, 1), number3), 50_000)),
		"one has all":  join(small(), message(2, packed(2, 1, 1), bytes.Repeat(label, 100_000))),
		"inlined":      inlined(10, 50_000),
		"a name":       join(small(), message(5, number(1, 2), number(2, 4)), message(6, bytes.Repeat([]byte("x"), 1<<20))),
		"all together": large.Bytes(),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		p, err := guard.DecodeBytes(data, guard.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		grown, said := int64(after.HeapAlloc)-int64(before.HeapAlloc), guard.Memory(p)
		if said < grown*2/3 || said > grown*3/2 {
			t.Errorf("%s: the heap grows by %d bytes, Memory says %d", name, grown, said)
		}
		runtime.KeepAlive(p)
		runtime.KeepAlive(data)
	}
	if n := guard.Memory(&profile.Profile{}); n > 1000 {
		t.Errorf("nothing takes %d bytes", n)
	}
}
