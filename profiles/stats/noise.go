package stats

import "math"

// z95 is the two-sided 95 % point of the normal distribution.
const z95 = 1.959963984540054

// exactBelow is the number of samples, both sides together, up to which [Noise]
// uses the exact conditional test. From there on the normal approximation is off
// by less than a tenth of the error that it states.
const exactBelow = 100

// Noise tests whether two sample counts can come from the same rate, given how
// much was exposed to sampling on each side: the operations of a profile, or
// its CPU time. z is the difference B − A in units of its standard error, its
// sign that of the difference; within is true when the difference is not
// distinguishable from sampling noise at 95 %.
//
// For few samples the test is exact: given kA+kB the count kB is binomial with
// the share of B's exposure, and z is the normal deviate with the same two-sided
// (mid-p) probability. Counts below zero and exposures that are not positive
// count as nothing known: z is 0 and within is true.
func Noise(kA, kB int64, nA, nB float64) (z float64, within bool) {
	if !positive(nA) || !positive(nB) || kA < 0 || kB < 0 || kA == 0 && kB == 0 {
		return 0, true
	}
	a, b := float64(kA), float64(kB)
	odds := nB / nA
	if !positive(odds) || !positive(1/odds) {
		return 0, true
	}
	if a+b < exactBelow {
		z = exactZ(int(kA), int(kB), odds)
		return z, math.Abs(z) < z95
	}
	// The square root of a Poisson count has variance 1/4 whatever its mean. Under
	// the null the means are as the odds, so the weighted roots have equal means.
	z = 2 * (math.Sqrt((b+3.0/8)/(1+odds)) - math.Sqrt((a+3.0/8)/(1+1/odds)))
	return z, math.Abs(z) < z95
}

// NoiseP is the two-sided p-value of a deviate z.
func NoiseP(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// exactZ turns the two-sided mid-p value of the conditional binomial test into
// a normal deviate.
// odds are the exposure of B against that of A.
func exactZ(kA, kB int, odds float64) float64 {
	n := kA + kB
	// All terms are relative to that of kB, so that no factorial is needed. A sum
	// that overflows is of a side beside which the rest is nothing.
	below, above := 0.0, 0.0
	for k, term := kB, 1.0; k > 0; k-- {
		term *= float64(k) / (float64(n-k+1) * odds)
		below += term
	}
	for k, term := kB, 1.0; k < n; k++ {
		term *= float64(n-k) / float64(k+1) * odds
		above += term
	}
	p := 0.0
	if total := below + above + 1; finite(total) {
		p = 2 * (min(below, above) + 0.5) / total
	}
	if p >= 1 {
		return 0
	}
	z := deviate(p)
	if below < above {
		return -z
	}
	return z
}

// deviate is the z ≥ 0 beyond which, on both sides, a normal variable lies with
// probability p.
func deviate(p float64) float64 {
	if p > 1e-9 {
		return math.Sqrt2 * math.Erfcinv(p)
	}
	// Erfcinv computes Erfinv(1−p), which has no digits left here. Abramowitz and
	// Stegun 26.2.23 is good to 0.0005.
	t := math.Sqrt(-2 * math.Log(max(p, 1e-300)/2))
	return t - (2.515517+t*(0.802853+t*0.010328))/(1+t*(1.432788+t*(0.189269+t*0.001308)))
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// CountInterval is the 95 % interval of the mean of a Poisson count of which k
// was seen, by Garwood's exact method: what a number of profile samples says
// about the cost behind it. For k ≤ 0 low is 0 and high is 3.69.
func CountInterval(k int64) (low, high float64) {
	n := float64(max(k, 0))
	return gammaQuantile(n, (1-confidence)/2), gammaQuantile(n+1, (1+confidence)/2)
}

// CountError is the relative half width of [CountInterval], 0.2 for 100 samples;
// 1 when nothing was seen: such a cost is not known at all.
func CountError(k int64) float64 {
	if k <= 0 {
		return 1
	}
	low, high := CountInterval(k)
	return (high - low) / 2 / float64(k)
}

// ShareInterval is Wilson's 95 % interval of a share of which k among n samples
// were seen. It is 0 … 1 when n is not positive.
func ShareInterval(k, n int64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	N := float64(n)
	p := float64(min(max(k, 0), n)) / N
	centre := p + z95*z95/(2*N)
	half := z95 * math.Sqrt(p*(1-p)/N+z95*z95/(4*N*N))
	scale := 1 + z95*z95/N
	return max(0, (centre-half)/scale), min(1, (centre+half)/scale)
}

// gammaQuantile is the q-quantile of the gamma distribution of that shape and
// scale 1; 0 for shape 0. It refines the approximation of Wilson and Hilferty by
// Newton's method within a bracket.
func gammaQuantile(shape, q float64) float64 {
	if shape <= 0 {
		return 0
	}
	c := 1 - 1/(9*shape) + math.Sqrt2*math.Erfinv(2*q-1)/(3*math.Sqrt(shape))
	x := shape * c * c * c
	if shape > 1000 { // good to a millionth here
		return x
	}
	low, high := 0.0, shape+10*math.Sqrt(shape)+10
	for range 60 {
		if !(low < x && x < high) {
			x = (low + high) / 2
		}
		over := gammaCDF(shape, x) - q
		if over < 0 {
			low = x
		} else {
			high = x
		}
		step := over / math.Exp((shape-1)*math.Log(x)-x-lgamma(shape))
		x -= step
		if math.Abs(step) < 1e-10*x {
			break
		}
	}
	return x
}

// gammaCDF is the regularised lower incomplete gamma function P(s, x).
func gammaCDF(s, x float64) float64 {
	if x <= 0 {
		return 0
	}
	front := math.Exp(s*math.Log(x) - x - lgamma(s))
	if x < s+1 { // series
		term, sum := 1/s, 1/s
		for n := s + 1; term > sum*1e-16; n++ {
			term *= x / n
			sum += term
		}
		return front * sum
	}
	// Lentz's continued fraction of the upper function.
	b := x + 1 - s
	c, d := math.MaxFloat64, 1/b
	h := d
	for i := 1.0; i < 100_000; i++ {
		an := -i * (i - s)
		b += 2
		d = 1 / (an*d + b)
		c = b + an/c
		h *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return 1 - front*h
}

func positive(v float64) bool { return v > 0 && finite(v) }
