package buckets

import (
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/ksym"
	"github.com/sockscope/sockscope/profiles/listing"
)

// frame is one function of a stack.
type frame struct {
	name string // a kernel function's without its suffixes; "" for none
	trait
}

// reader reads the stacks of one profile.
type reader struct {
	sampleType int
	counter    listing.Counter
	frames     map[*profile.Location][]frame // root first
	buf        []frame
}

// newReader is nil for a sample type that the profile does not have.
func newReader(p *profile.Profile, sampleType int) *reader {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	return &reader{sampleType: sampleType, counter: listing.CounterOf(p, sampleType), frames: map[*profile.Location][]frame{}}
}

// stack is a sample's frames, root first. It is valid until the next call.
func (r *reader) stack(s *profile.Sample) []frame {
	r.buf = r.buf[:0]
	for i := len(s.Location) - 1; i >= 0; i-- {
		l := s.Location[i]
		frames, ok := r.frames[l]
		if !ok {
			frames = framesOf(l)
			r.frames[l] = frames
		}
		r.buf = append(r.buf, frames...)
	}
	return r.buf
}

// framesOf are the frames of a location: one without a function still is one.
func framesOf(l *profile.Location) []frame {
	if l == nil {
		return nil
	}
	mapped := l.Mapping != nil && ksym.IsBinary(l.Mapping.File)
	if len(l.Line) == 0 {
		return []frame{frameOf(nil, mapped)}
	}
	frames := make([]frame, 0, len(l.Line))
	for i := len(l.Line) - 1; i >= 0; i-- {
		frames = append(frames, frameOf(l.Line[i].Function, mapped))
	}
	return frames
}

func frameOf(f *profile.Function, kernel bool) frame {
	name := ""
	if f != nil {
		name = listing.FunctionName(f)
		kernel = kernel || f.Filename == "[kernel]"
	}
	if kernel {
		name = ksym.Name(name)
		return frame{name, kernelTraits(name)}
	}
	return frame{name, goTraits(name)}
}

// mode is where the sampler says that the CPU was: "user", "kernel", "softirq", or ""
// where it does not.
func mode(s *profile.Sample) string {
	if v := s.Label["mode"]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// inKernel reports whether a sample is in kernel mode.
func inKernel(stack []frame, mode string) bool {
	return mode == "kernel" || mode == "softirq" || len(stack) > 0 && stack[len(stack)-1].trait&kernelFrame != 0
}

// bucketOf is the bucket of a stack, by the rules of the package.
func bucketOf(stack []frame, mode string) ID {
	if len(stack) == 0 && !inKernel(stack, mode) {
		return NoStack
	}
	var all trait
	for _, f := range stack {
		all |= f.trait
	}
	switch {
	case all&sysmon != 0:
		return Sysmon
	case all&collector != 0:
		return Collector
	case all&scheduler != 0 || len(stack) > 0 && stack[0].trait&ownRoot != 0:
		return Scheduler
	case !inKernel(stack, mode):
		return GoCode
	case all&softirq != 0 || mode == "softirq":
		return SoftIRQ
	}
	return kernelBucket(stack, all)
}

// kernelBucket is the bucket of what the kernel does for a goroutine, softirqs apart.
func kernelBucket(stack []frame, all trait) ID {
	var near, leaf trait // near are the kernel's frames, from the innermost interrupt on
	for _, f := range stack {
		switch leaf = f.trait; {
		case leaf&interrupt != 0:
			near = interrupt
		case leaf&kernelFrame != 0:
			near |= leaf
		}
	}
	byDoor := near&door != 0 && leaf&nameless == 0
	switch {
	case near&wakeUp != 0:
		return WakeUp
	case near&switching != 0:
		return ContextSwitch
	case near&(interrupt|elsewhere) != 0:
		return Kernel
	case near&setup != 0:
		return Setup
	case near&transfer != 0 && (near&copying != 0 || leaf&copyingAsLeaf != 0):
		return Copy
	case near&transfer != 0:
		return Transfer
	case byDoor && all&goSetup != 0:
		return Setup
	case byDoor && all&goTransfer != 0:
		return Transfer
	}
	return Kernel
}
