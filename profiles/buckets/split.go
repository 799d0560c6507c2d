package buckets

import "github.com/google/pprof/profile"

// sum adds samples up. Its count becomes a number of samples at the end only.
type sum struct{ value, weight int64 }

func (s *sum) add(value, weight int64) {
	s.value += value
	s.weight += weight
}

func (r *reader) amount(s sum) Amount { return Amount{s.value, r.counter.Count(s.weight)} }

// Of gives each sample of a profile to its bucket. The values of the parts add up to
// that of all samples, whatever the profile is.
func Of(p *profile.Profile, sampleType int) Split {
	split := Split{Parts: make([]Part, len(All))}
	for i, b := range All {
		split.Parts[i].Bucket = b
	}
	r := newReader(p, sampleType)
	if r == nil {
		return split
	}
	var sums [len(All)]sum
	var total, system, waking, complete, frames, bare sum
	for _, s := range p.Sample {
		value, weight := s.Value[sampleType], r.counter.Of(s)
		stack, mode := r.stack(s), mode(s)
		id := bucketOf(stack, mode)
		sums[at[id]].add(value, weight)
		total.add(value, weight)
		if inKernel(stack, mode) {
			system.add(value, weight)
		}
		if len(stack) > 0 && stack[0].trait&root != 0 {
			complete.add(value, weight)
		}
		all := trait(0)
		for _, f := range stack {
			if all |= f.trait; f.trait&kernelFrame != 0 {
				frames.add(0, weight)
			}
			if f.trait&nameless != 0 {
				bare.add(0, weight)
			}
		}
		if id == SoftIRQ && all&wakeUp != 0 {
			waking.add(value, weight)
		}
	}
	for i := range sums {
		split.Parts[i].Amount = r.amount(sums[i])
	}
	split.Total, split.System, split.SoftIRQWakeUps = r.amount(total), r.amount(system), r.amount(waking)
	split.Quality = Quality{
		Samples: split.Total.Samples, Complete: r.amount(complete).Samples,
		KernelFrames: r.amount(frames).Samples, Nameless: r.amount(bare).Samples,
	}
	return split
}
