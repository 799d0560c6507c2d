package flame

import (
	"math"

	"github.com/sockscope/sockscope/profiles/tree"
)

const (
	// exactBelow is the number of samples of both sides below which the exact
	// test is used: the normal approximation is too sure of itself there.
	exactBelow = 50
	// noiseP is the chance of |z| ≥ 2 for a normal distribution.
	noiseP = 0.0455
)

// compare fills the difference of the two sides of a box, of what Options.Delta
// says: of its total, or of the self value of node i. What is merged has no node,
// i is then -1, and all of it counts as its own.
func (l *layout) compare(b *Box, weight [2]int64, i int) {
	if l.t.Sides() < 2 {
		return
	}
	b.New = weight[0] <= 0 && weight[1] > 0
	b.Gone = weight[0] > 0 && weight[1] <= 0
	values, count := b.Total, b.Count
	if l.o.Delta == OfSelf && i >= 0 {
		values = b.Self
		count = [2]int64{l.t.SelfCount(tree.Base, i), l.t.SelfCount(tree.Other, i)}
	}
	if most := max(math.Abs(values[0]), math.Abs(values[1])); most > 0 {
		b.Change = min(max((values[1]-values[0])/most, -1), 1)
	}
	b.Noise = l.chance.within(count)
}

// chance tells differences that chance makes from others.
type chance struct {
	sample [2]float64 // scaled value of one sample; 0 for unknown
	// known remembers the exact test of few samples, by the number of the other side
	// and of both: a tree has the same small numbers over and over.
	known        [exactBelow][exactBelow]verdict
	logFactorial *[exactBelow]float64
}

type verdict uint8

const (
	unknown verdict = iota
	noise
	signal
)

// within reports whether the counts of samples k differ no more than chance
// makes them: |z| < 2 with z = (kB/NB − kA/NA) / √(kA/NA² + kB/NB²), where 1/N is
// the scaled value of one sample. It is false when samples are not counted.
func (c *chance) within(k [2]int64) bool {
	a, b := c.sample[0], c.sample[1]
	if a <= 0 || b <= 0 || k[0] < 0 || k[1] < 0 || k[0]+k[1] <= 0 {
		return false
	}
	if n := k[0] + k[1]; n < exactBelow {
		known := &c.known[k[1]][n]
		if *known == unknown {
			*known = signal
			// Given n, how many fall to the other side is binomial.
			if 2*c.tail(int(k[1]), int(n), a/(a+b)) > noiseP {
				*known = noise
			}
		}
		return *known == noise
	}
	x, y := float64(k[0])*a, float64(k[1])*b
	return math.Abs(y-x) < 2*math.Sqrt(x*a+y*b)
}

// tail is the chance that a binomial count of n with probability p is as far
// from its mean as k, on the side of k.
func (c *chance) tail(k, n int, p float64) float64 {
	p = min(max(p, 1e-12), 1-1e-12)
	if float64(k) > float64(n)*p {
		k, p = n-k, 1-p
	}
	if c.logFactorial == nil {
		f := logFactorials()
		c.logFactorial = &f
	}
	f := c.logFactorial
	term := math.Exp(f[n] - f[k] - f[n-k] + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	sum := term
	for odds := (1 - p) / p; k > 0; k-- {
		term *= float64(k) / float64(n-k+1) * odds
		sum += term
	}
	return sum
}

func logFactorials() (f [exactBelow]float64) {
	for i := 2; i < len(f); i++ {
		f[i] = f[i-1] + math.Log(float64(i))
	}
	return f
}
