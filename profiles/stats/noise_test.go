package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/stats"
)

func TestNoise(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		kA, kB int64
		nA, nB float64
		z      float64 // to 0.02
		within bool
	}{
		{"nothing", 0, 0, 1, 1, 0, true},
		{"equal", 100, 100, 1, 1, 0, true},
		{"twice the exposure", 100, 200, 1, 2, 0, true},
		{"clearly more", 100, 200, 1, 1, 5.85, false},
		{"clearly less", 200, 100, 1, 1, -5.85, false},
		// Exactly: 2·(P(0 of 5) with its half) = 1/32, so z = 2.15.
		{"five against none", 0, 5, 1, 1, 2.154, false},
		{"four against none", 0, 4, 1, 1, 1.863, true},
		{"one against none", 0, 1, 1, 1, 0.674, true},
		{"three against two", 2, 3, 1, 1, 0.402, true},
		{"no exposure", 5, 5, 0, 1, 0, true},
		{"exposure not a number", 5, 5, math.NaN(), 1, 0, true},
		{"endless exposure", 5, 5, 1, math.Inf(1), 0, true},
		{"negative count", -1, 5, 1, 1, 0, true},
		{"exposures far apart", 5, 5, 1e-300, 1e300, 0, true},
	} {
		z, within := stats.Noise(tt.kA, tt.kB, tt.nA, tt.nB)
		if math.Abs(z-tt.z) > 0.02 || within != tt.within {
			t.Errorf("%s: Noise(%d, %d, %v, %v) = %.3f, %v; want %.3f, %v", tt.name, tt.kA, tt.kB, tt.nA, tt.nB, z, within, tt.z, tt.within)
		}
	}
}

// Noise never returns what is not a number, turns its sign with its sides, and
// only calls a difference real that is one.
func TestNoiseProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kA, kB := rapid.Int64().Draw(t, "kA"), rapid.Int64().Draw(t, "kB")
		if rapid.Bool().Draw(t, "few") {
			kA, kB = kA%60, kB%60
		}
		nA, nB := rapid.Float64().Draw(t, "nA"), rapid.Float64().Draw(t, "nB")
		z, within := stats.Noise(kA, kB, nA, nB)
		if math.IsNaN(z) || math.IsInf(z, 0) || within != (math.Abs(z) < 1.959963984540054) {
			t.Fatalf("Noise(%d, %d, %v, %v) = %v, %v", kA, kB, nA, nB, z, within)
		}
		if p := stats.NoiseP(z); !(p >= 0 && p <= 1) {
			t.Fatalf("NoiseP(%v) = %v", z, p)
		}
		mirrored, _ := stats.Noise(kB, kA, nB, nA)
		if math.Abs(mirrored+z) > 1e-6*(1+math.Abs(z)) {
			t.Fatalf("mirrored: %v and %v", z, mirrored)
		}
	})
}

// Where the exact test ends the approximation goes on without a jump.
func TestNoiseIsContinuous(t *testing.T) {
	t.Parallel()
	for k := int64(35); k <= 64; k++ {
		exact, _ := stats.Noise(99-k, k, 1, 1)
		approximate, _ := stats.Noise(100-k, k, 1, 1)
		if math.Abs(exact-approximate) > 0.15 {
			t.Errorf("%d of 99: z = %.3f; %d of 100: z = %.3f", k, exact, k, approximate)
		}
	}
}

// Two samplings of equal cost differ "beyond noise" in about 5 % of cases.
func TestNoiseLevel(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	for _, mean := range []float64{3, 10, 30, 100, 1000} {
		const trials = 20_000
		alarms := 0
		for range trials {
			if _, within := stats.Noise(poisson(rng, mean), poisson(rng, 2*mean), 1, 2); !within {
				alarms++
			}
		}
		share := float64(alarms) / trials
		t.Logf("mean %v: %.4f beyond noise", mean, share)
		if share > 0.056 {
			t.Errorf("mean %v: %.3f of equal costs are called different", mean, share)
		}
	}
}

func poisson(rng *rand.Rand, mean float64) int64 {
	k, sum := int64(0), rng.ExpFloat64()
	for sum < mean {
		sum += rng.ExpFloat64()
		k++
	}
	return k
}

// Garwood's interval, from published tables.
func TestCountInterval(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		k         int64
		low, high float64
	}{
		{-1, 0, 3.6889},
		{0, 0, 3.6889},
		{1, 0.0253, 5.5716},
		{5, 1.6235, 11.6683},
		{10, 4.7954, 18.3904},
		{25, 16.1787, 36.9049},
		{100, 81.3640, 121.6272},
	} {
		low, high := stats.CountInterval(tt.k)
		if math.Abs(low-tt.low) > 1e-3 || math.Abs(high-tt.high) > 1e-3 {
			t.Errorf("CountInterval(%d) = %.4f, %.4f; want %.4f, %.4f", tt.k, low, high, tt.low, tt.high)
		}
	}
	for k, want := range map[int64]float64{0: 1, 25: 0.41, 100: 0.20, 400: 0.10} {
		if got := stats.CountError(k); math.Abs(got-want) > 0.01 {
			t.Errorf("CountError(%d) = %.3f, want %.2f", k, got, want)
		}
	}
}

func TestCountIntervalProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.Int64Range(1, 1<<50).Draw(t, "k")
		low, high := stats.CountInterval(k)
		if !(low < float64(k) && float64(k) < high) {
			t.Fatalf("CountInterval(%d) = %v, %v", k, low, high)
		}
		if want := 1.96 / math.Sqrt(float64(k)); k > 1000 && math.Abs(stats.CountError(k)/want-1) > 0.05 {
			t.Fatalf("CountError(%d) = %v, want about %v", k, stats.CountError(k), want)
		}
	})
}

func TestShareInterval(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		k, n      int64
		low, high float64
	}{
		{0, 0, 0, 1},
		{5, -1, 0, 1},
		{0, 10, 0, 0.2775},
		{10, 10, 0.7225, 1},
		{5, 10, 0.2366, 0.7634},
		{12, 10, 0.7225, 1},
		{10, 100, 0.0552, 0.1744},
	} {
		low, high := stats.ShareInterval(tt.k, tt.n)
		if math.Abs(low-tt.low) > 1e-3 || math.Abs(high-tt.high) > 1e-3 {
			t.Errorf("ShareInterval(%d, %d) = %.4f, %.4f; want %.4f, %.4f", tt.k, tt.n, low, high, tt.low, tt.high)
		}
	}
}

func BenchmarkNoise(b *testing.B) {
	for _, bb := range []struct {
		name   string
		kA, kB int64
	}{{"few", 40, 50}, {"many", 4000, 5000}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stats.Noise(bb.kA, bb.kB, 1, 1)
			}
		})
	}
}

func BenchmarkCountInterval(b *testing.B) {
	for b.Loop() {
		stats.CountInterval(140)
	}
}
