package workload

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestHistogramIsHDR: whatever is recorded by whatever number of workers, the sum is
// what one HDR histogram would have counted.
func TestHistogramIsHDR(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.Int64Range(0, int64(Longest)), rapid.Int64Range(0, 5000), rapid.Map(rapid.IntRange(0, 35), func(k int) int64 { return 1 << k }),
		rapid.Map(rapid.IntRange(1, 35), func(k int) int64 { return 1<<k - 1 }), rapid.Just(int64(Longest)))
	rapid.Check(t, func(t *rapid.T) {
		want, got := newHDR(), newHDR()
		for _, values := range rapid.SliceOfN(rapid.SliceOf(value), 1, 5).Draw(t, "workers") {
			h := &histogram{}
			for range 2 {
				h.reset()
				for _, v := range values {
					h.record(v)
				}
			}
			h.addTo(got)
			for _, v := range values {
				if err := want.RecordValue(v); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !got.Equals(want) || got.TotalCount() != want.TotalCount() || got.Mean() != want.Mean() {
			t.Errorf("counts differ: %v and %v", got.Distribution(), want.Distribution())
		}
	})
}

func TestHistogramCarries(t *testing.T) {
	t.Parallel()
	h := &histogram{}
	h.record(3000)
	i := index(3000)
	h.blocks[i/blockLength][i%blockLength] = math.MaxUint16
	h.record(3000)
	h.record(3001)
	sum := newHDR()
	h.addTo(sum)
	if n := sum.TotalCount(); n != 1<<16+1 {
		t.Errorf("%d values are counted, want 2^16 + 1", n)
	}
}

// TestHistogramsAreSmall gives each of 1,024 workers 10,000 latencies around 10 ms,
// with a tail over three orders of magnitude.
func TestHistogramsAreSmall(t *testing.T) {
	t.Parallel()
	const most = 30 << 20
	random, bytes := rand.New(rand.NewPCG(1, 2)), 0
	for range 1024 {
		h := &histogram{}
		for range 10_000 {
			h.record(int64(min(1e7*math.Exp(random.NormFloat64()), float64(Longest))))
		}
		bytes += 8 * len(h.blocks)
		for _, b := range h.blocks {
			if b != nil {
				bytes += 2 * len(b)
			}
		}
	}
	t.Logf("%.1f MB", float64(bytes)/(1<<20))
	if bytes > most {
		t.Errorf("1,024 histograms take %d bytes, want at most %d", bytes, most)
	}
}

func TestUnionOfIntervals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const end = 100
		covered, all := [end]bool{}, []interval{}
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			from := rapid.IntRange(0, end-1).Draw(t, "from")
			to := rapid.IntRange(from, end).Draw(t, "to")
			all = append(all, interval{time.Duration(from), time.Duration(to)})
			for i := from; i < to; i++ {
				covered[i] = true
			}
		}
		want := time.Duration(0)
		for _, c := range covered {
			if c {
				want++
			}
		}
		if got := total(union(all)); got != want {
			t.Errorf("the union lasts %d, want %d", got, want)
		}
	})
}
