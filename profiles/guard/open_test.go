package guard_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/listing"
)

// openTime is what opening a profile that is taken may last, with much room for a busy
// machine and the race detector: it is a tenth of a second without them, and pprof's own
// takes half a minute for the first of these.
const openTime = 20 * time.Second

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

// What earlier versions took and this one refuses opens still, and as soon.
func TestStoredOpens(t *testing.T) { // not parallel: it takes memory
	inputs := taxing(t)
	inputs["labels"] = bombs(t)["labels of many samples"]
	for name, data := range inputs {
		p, err := guard.DecodeBytes(data, guard.Stored())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		began := time.Now()
		listing.Open(p)
		if took := time.Since(began); took > openTime {
			t.Errorf("%s: opened in %v", name, took)
		}
	}
	if _, err := guard.DecodeBytes(bombs(t)["samples with labels"], guard.Stored()); err == nil {
		t.Error("what no version took is taken")
	}
}
