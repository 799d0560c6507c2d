package advice

import (
	"math"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// Cost is what the requests of a case cost over one socket: CPU seconds a second,
// which are cores. Errors are half of the 95 % interval, its farther end.
type Cost struct {
	Socket string
	Cores  float64
	Error  float64
	Client float64 // of Cores
	Server float64
	// More is what it costs more than the base, paired by round, with its interval; 0
	// for the base.
	More, MoreLow, MoreHigh float64
	// Known says that there is an interval, Base that it is the base.
	Known, Base bool
	// Shown says that the difference from the base is one: clear of what noise makes.
	Shown bool
}

// cost adds up what the parts of a case cost over a socket: nil when one of them
// was not measured over it. Everything in it grows as the rates of the parts do.
func cost(parts []Part, evidence []Evidence, socket string) *Cost {
	c := &Cost{Socket: socket, Known: true, Base: true}
	up, down, below, above := false, false, 0.0, 0.0
	for i, p := range parts {
		f := evidence[i].Of(socket)
		if f == nil || f.CPU.N == 0 {
			return nil
		}
		cores := p.PerSecond / 1e9
		c.Cores += cores * f.CPU.Median
		c.Client += cores * f.Client.Median
		c.Server += cores * f.Server.Median
		c.Error = math.Hypot(c.Error, cores*half(f.CPU.Median, f.CPU.Low, f.CPU.High))
		c.Known = c.Known && f.CPU.Interval
		if socket == evidence[i].base() {
			continue
		}
		c.Base = false
		c.More += cores * f.CPUMore.Estimate
		below = math.Hypot(below, cores*(f.CPUMore.Estimate-f.CPUMore.Low))
		above = math.Hypot(above, cores*(f.CPUMore.High-f.CPUMore.Estimate))
		c.Known = c.Known && f.CPUMore.Interval
		up = up || f.CPUClear && f.CPUMore.Estimate > 0
		down = down || f.CPUClear && f.CPUMore.Estimate < 0
	}
	c.MoreLow, c.MoreHigh = c.More-below, c.More+above
	c.Shown = c.Known && (up && !down && c.MoreLow > 0 || down && !up && c.MoreHigh < 0)
	return c
}

// Difference writes More with its error: "0.84 ± 0.05", or with its interval where
// that reaches farther than the figure itself: "0.10 (0.01 – 0.30)".
func (c Cost) Difference() string { return difference(c.More, c.MoreLow, c.MoreHigh) }

func difference(more, low, high float64) string {
	err := half(more, low, high)
	if err < math.Abs(more) || low <= 0 && high >= 0 {
		return Cores(more, err)
	}
	d := decimals(more, min(math.Abs(low), math.Abs(high)))
	return quantity.Fixed(more, d) + " (" + quantity.Fixed(low, d) + " – " + quantity.Fixed(high, d) + ")"
}

func half(middle, low, high float64) float64 { return max(high-middle, middle-low) }

// Cores writes CPU seconds a second with their error on one scale: "0.84 ± 0.05",
// "0.0021 ± 0.0003".
func Cores(cores, err float64) string {
	d := decimals(max(math.Abs(cores), math.Abs(err)), err)
	return quantity.Fixed(cores, d) + " ± " + quantity.Fixed(err, d)
}

// decimals shows two digits of a figure, and one of the smaller one beside it.
func decimals(figure, small float64) int {
	d := 2
	if figure = math.Abs(figure); figure > 0 {
		d = max(0, min(9, 1-int(math.Floor(math.Log10(figure)))))
	}
	if small > 0 {
		d = max(d, min(9, -int(math.Floor(math.Log10(small)))))
	}
	return d
}
