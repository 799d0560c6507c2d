package guard_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/listing"
)

// openTime is what opening a profile that is taken may last, with room for a busy
// machine: pprof's own takes half a minute for the first of these.
const openTime = 3 * time.Second

// What is taken is opened soon, too, whatever of its names the patterns are made for.
func TestTakenOpensSoon(t *testing.T) {
	t.Parallel()
	z := message(6, bytes.Repeat([]byte("a*"), 1500), []byte("z"))
	behind := []byte{} // the beginnings of names are cheap to match, their ends are not
	for i := range uint64(2) {
		name := strings.Repeat("b", 4096) + "c" + strings.Repeat("a", 100_000)
		behind = append(behind, join(message(6, []byte(name), varint(i)), message(5, number(1, 10+i), number(2, 5+i)))...)
	}
	for name, data := range map[string][]byte{
		"the ends of names": join(small(), message(6, []byte("b*c"), bytes.Repeat([]byte("a*"), 1900), []byte("z")), behind, number(7, 4)),
		"one name":          join(small(), z, message(6, bytes.Repeat([]byte("a"), 1<<20)), message(5, number(1, 9), number(3, 5)), number(7, 4)),
	} {
		p, err := guard.DecodeBytes(data, guard.Default())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		began := time.Now()
		listing.Open(p)
		if took := time.Since(began); took > openTime {
			t.Errorf("%s: opened in %v", name, took)
		}
		if p.DropFrames != "" {
			t.Errorf("%s: the pattern is left for others to match", name)
		}
	}
}
