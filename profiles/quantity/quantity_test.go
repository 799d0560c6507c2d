package quantity_test

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// plain writes the narrow no-break space as "_", so that tables can be read.
func plain(s string) string { return strings.ReplaceAll(s, "\u202f", "_") }

func TestNanoseconds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ns   float64
		want string
	}{
		{0, "0 ns"},
		{math.Copysign(0, -1), "0 ns"},
		{0.25, "0.25 ns"},
		{5, "5 ns"},
		{999, "999 ns"},
		{999.4, "999 ns"},
		{999.5, "1 µs"},
		{84_200, "84.2 µs"},
		{84_000, "84 µs"},
		{177_312, "177 µs"},
		{999_499, "999 µs"},
		{999_500, "1 ms"},
		{999_999, "1 ms"},
		{1e6, "1 ms"},
		{1_234_567, "1.23 ms"},
		{99_960_000, "100 ms"},
		{1.5e9, "1.5 s"},
		{3.6e12, "3_600 s"},
		{-32_800, "−32.8 µs"},
		{-math.MaxFloat64, "−1.80e+299 s"},
		{math.NaN(), "n/a"},
		{math.Inf(1), "n/a"},
	} {
		if got := plain(quantity.Nanoseconds(tt.ns)); got != tt.want {
			t.Errorf("Nanoseconds(%v) = %q, want %q", tt.ns, got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, got, want string }{
		{"rate", quantity.Rate(11857.3), "11_857"},
		{"small rate", quantity.Rate(84.24), "84.2"},
		{"whole", quantity.Number(14), "14"},
		{"nearly whole", quantity.Number(2.104), "2.1"},
		{"rounds up", quantity.Number(99.96), "100"},
		{"count", quantity.Count(1234567), "1_234_567"},
		{"four digits", quantity.Count(5650), "5_650"},
		{"negative count", quantity.Count(-1234), "−1_234"},
		{"least count", quantity.Count(math.MinInt64), "−9_223_372_036_854_775_808"},
		{"one", quantity.Plural(1, "round", "rounds"), "1 round"},
		{"many", quantity.Plural(1000, "round", "rounds"), "1_000 rounds"},
		{"bytes", quantity.Bytes(5), "5 B"},
		{"kibibytes", quantity.Bytes(64 << 10), "64 KiB"},
		{"just below", quantity.Bytes(1<<20 - 1), "1 MiB"},
		{"no thousand", quantity.Bytes(1023), "1_023 B"},
		{"throughput", quantity.BytesPerSecond(1.254e9), "1.25 GB/s"},
		{"more", quantity.Signed(profiles.Nanoseconds, 32_800), "+32.8 µs"},
		{"less", quantity.Signed(profiles.Nanoseconds, -1_700), "−1.7 µs"},
		{"equal", quantity.Signed(profiles.Nanoseconds, 0), "0 ns"},
		{"more of a number", quantity.Signed(profiles.PerOperation, 14), "+14"},
		{"not a number", quantity.Signed(profiles.PerOperation, math.NaN()), "n/a"},
		{"share", quantity.Of(profiles.Portion, 0.0312), "3.12 %"},
		{"whole share", quantity.Of(profiles.Portion, 1), "100 %"},
		{"no share", quantity.Of(profiles.Portion, 0), "0 %"},
		{"small share", quantity.Of(profiles.Portion, 0.000003), "0.0003 %"},
		{"share of nothing", quantity.Of(profiles.Portion, math.NaN()), "n/a"},
		{"larger share", quantity.Signed(profiles.Portion, 0.003), "+0.3 points"},
		{"smaller share", quantity.Signed(profiles.Portion, -0.2), "−20 points"},
	} {
		if got := plain(tt.got); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRatios(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, got, want string }{
		{"two decimals", quantity.Ratio(2.1), "2.10"},
		{"below one", quantity.Ratio(0.976), "0.98"},
		{"large", quantity.Ratio(12.44), "12.4"},
		{"rounds to ten", quantity.Ratio(9.996), "10.00"},
		{"tiny", quantity.Ratio(0.01254), "0.0125"},
		{"huge", quantity.Ratio(12345), "12_345"},
		{"factor", quantity.Times(2.104), "2.1×"},
		{"small factor", quantity.Times(1.024), "1.02×"},
		{"large factor", quantity.Times(12.4), "12×"},
		{"fraction", quantity.Times(0.48), "0.48×"},
		{"no factor", quantity.Times(math.Inf(1)), "n/a"},
		{"range", quantity.Range(2.049, 2.141), "2.05 – 2.14"},
		{"drop", quantity.Change(0.477), "−52.3 %"},
		{"rise", quantity.Change(2.106), "+110.6 %"},
		{"large rise", quantity.Change(13.3), "+1_230 %"},
		{"no change", quantity.Change(1), "0 %"},
		{"hardly a change", quantity.Change(1.0004), "0 %"},
		{"hardly less", quantity.Change(0.9996), "0 %"},
		{"rough", quantity.RoughChange(2.0904), "+109 %"},
		{"share", quantity.Percent(0.7), "70 %"},
		{"small share", quantity.Percent(0.0123), "1.2 %"},
		{"no share", quantity.Percent(0), "0 %"},
		{"error", quantity.PlusMinus(100, 99, 100.5), "±1 %"},
		{"small error", quantity.PlusMinus(1000, 996, 1002), "±0.4 %"},
		{"tiny error", quantity.PlusMinus(1e6, 1e6-1, 1e6), "±<0.1 %"},
		{"no error", quantity.PlusMinus(14, 14, 14), "±0 %"},
		{"of nothing", quantity.PlusMinus(0, 0, 1), ""},
		{"wild error", quantity.PlusMinus(5e-324, 0, math.MaxFloat64), "±>999 %"},
		{"endless", quantity.PlusMinus(1, math.Inf(-1), 2), ""},
		{"p", quantity.P(0.03125), "p = 0.031"},
		{"small p", quantity.P(0.00196), "p = 0.0020"},
		{"tiny p", quantity.P(0.0001), "p < 0.001"},
		{"p of 0", quantity.P(0), "p < 0.001"},
		{"p of 1", quantity.P(1), "p = 1"},
		{"no p", quantity.P(math.NaN()), "p n/a"},
	} {
		if got := plain(tt.got); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRowSharesOneUnit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		unit    profiles.Unit
		figures []float64
		want    []string
	}{
		{"latency", profiles.Nanoseconds, []float64{81_230, 171_000}, []string{"81.2 µs", "171.0 µs"}},
		{"across units", profiles.Nanoseconds, []float64{950_000, 1_234_000}, []string{"950 µs", "1_234 µs"}},
		{"far apart", profiles.Nanoseconds, []float64{900, 1_200_000}, []string{"0.001 ms", "1.200 ms"}},
		{"small and large", profiles.Nanoseconds, []float64{2_000, 177_000}, []string{"2.0 µs", "177.0 µs"}},
		{"allocations", profiles.PerOperation, []float64{14, 28}, []string{"14", "28"}},
		{"shares", profiles.Portion, []float64{0.0031, 0.5}, []string{"0.31 %", "50.00 %"}},
		{"shares alike", profiles.Portion, []float64{0, 0}, []string{"0 %", "0 %"}},
		{"throughput", profiles.BytesASecond, []float64{2.1e9, 940e6}, []string{"2_100 MB/s", "940 MB/s"}},
		{"switches", profiles.PerOperation, []float64{2.104, 2.2}, []string{"2.1", "2.2"}},
		{"rate", profiles.PerSecond, []float64{11857.2, 5650.4}, []string{"11_857", "5_650"}},
		{"zero", profiles.Nanoseconds, []float64{0, 84_200}, []string{"0.0 µs", "84.2 µs"}},
		{"nothing", profiles.Nanoseconds, []float64{0, 0}, []string{"0 ns", "0 ns"}},
		{"missing", profiles.Nanoseconds, []float64{math.NaN(), 84_200}, []string{"n/a", "84.2 µs"}},
		{"none", profiles.Nanoseconds, nil, []string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := quantity.Row(tt.unit, tt.figures...)
			for i := range got {
				got[i] = plain(got[i])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Row (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLasting(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, tt := range []struct {
		d              time.Duration
		lasting, about string
	}{
		{0, "0 ns", "about 1 s"},
		{840 * time.Millisecond, "840 ms", "about 1 s"},
		{999_800 * time.Microsecond, "1 s", "about 1 s"},
		{1600 * time.Millisecond, "2 s", "about 2 s"},
		{46 * time.Second, "46 s", "about 46 s"},
		{59_700 * time.Millisecond, "1 min", "about 1 min"},
		{79 * time.Second, "1 min 19 s", "about 1 min 20 s"},
		{time.Hour - time.Second, "59 min 59 s", "about 1 h"},
		{125 * time.Minute, "2 h 5 min", "about 2 h 5 min"},
		{26 * time.Hour, "1 d 2 h", "about 1 d 2 h"},
		{3 * day, "3 d", "about 3 d"},
	} {
		if got := quantity.Lasting(tt.d); got != tt.lasting {
			t.Errorf("Lasting(%v) = %q, want %q", tt.d, got, tt.lasting)
		}
		if got := quantity.About(tt.d); got != tt.about {
			t.Errorf("About(%v) = %q, want %q", tt.d, got, tt.about)
		}
	}
	if got := quantity.Lasting(-time.Second); got != "n/a" {
		t.Errorf("Lasting(-1 s) = %q", got)
	}
	if got := quantity.About(-time.Second); got != "about 1 s" {
		t.Errorf("About(-1 s) = %q: an overdue run still takes some time", got)
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CET", 3600)
	now := time.Date(2026, 11, 22, 13, 0, 0, 0, berlin)
	for _, tt := range []struct {
		name string
		t    time.Time
		want string
	}{
		{"future", now.Add(time.Minute), "just now"},
		{"now", now, "just now"},
		{"seconds", now.Add(-34 * time.Second), "34 s ago"},
		{"minutes", now.Add(-4*time.Minute - 59*time.Second), "4 min ago"},
		{"hours", now.Add(-5 * time.Hour), "5 h ago"},
		{"this morning", now.Add(-12 * time.Hour), "12 h ago"},
		{"late last night", now.Add(-14 * time.Hour), "yesterday"},
		{"shortly before midnight, seen at night", now.Add(-14 * time.Hour), "yesterday"},
		{"yesterday morning", now.Add(-36 * time.Hour), "yesterday"},
		{"three days", now.Add(-72 * time.Hour), "3 days ago"},
		{"a week", now.Add(-7 * 24 * time.Hour), "15 Nov 2026"},
		{"in UTC", now.UTC().Add(-4 * time.Minute), "4 min ago"},
		{"never", time.Time{}, "n/a"},
	} {
		if got := quantity.Ago(tt.t, now); got != tt.want {
			t.Errorf("%s: Ago = %q, want %q", tt.name, got, tt.want)
		}
	}
	night := time.Date(2026, 11, 22, 0, 30, 0, 0, berlin)
	if got := quantity.Ago(night.Add(-2*time.Hour), night); got != "2 h ago" {
		t.Errorf("two hours before half past midnight: %q", got)
	}
	if got := quantity.Moment(now); got != "22 Nov 2026 13:00" {
		t.Errorf("Moment = %q", got)
	}
}

// No figure is ever shown as a thousand of a unit that has a larger one, none
// has more than three significant digits below a thousand, and none is NaN.
func TestTimesKeepTheirRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		for _, u := range []profiles.Unit{profiles.Nanoseconds, profiles.BytesASecond, profiles.PerSecond, profiles.PerOperation, profiles.Portion} {
			for _, s := range []string{quantity.Of(u, v), quantity.Signed(u, v)} {
				checkFigure(t, u, v, s)
			}
		}
	})
}

func checkFigure(t *rapid.T, u profiles.Unit, v float64, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.Contains(s, "NaN") || strings.Contains(s, "Inf") || strings.Contains(s, "-") {
		t.Fatalf("Of(%s, %v) = %q", u, v, s)
	}
	if u != profiles.Nanoseconds || strings.HasSuffix(s, " s") {
		return
	}
	figure, _, _ := strings.Cut(s, " ")
	digits := strings.TrimLeft(strings.ReplaceAll(strings.Trim(figure, "+−"), ".", ""), "0")
	if len(digits) > 3 || strings.Contains(figure, "\u202f") {
		t.Fatalf("Of(%s, %v) = %q has more than three digits", u, v, s)
	}
}

// Whatever the figures of a row, they have one unit, and the order of figures is
// the order of texts.
func TestRowIsComparable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		figures := rapid.SliceOfN(rapid.Float64Range(0, 1e13), 1, 5).Draw(t, "figures")
		unit := ""
		for i, s := range quantity.Row(profiles.Nanoseconds, figures...) {
			_, u, ok := strings.Cut(s, " ")
			if !ok || i > 0 && u != unit {
				t.Fatalf("row %v = %q: units differ", figures, quantity.Row(profiles.Nanoseconds, figures...))
			}
			unit = u
		}
	})
}

func BenchmarkNanoseconds(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		quantity.Nanoseconds(84_213)
	}
}
