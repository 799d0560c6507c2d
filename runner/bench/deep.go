package bench

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/kernel"
)

// sampler samples the kernel for a comparison, as its Spec asks; nil for not. What is
// refused is an error where it is required, and else a sentence that the first run of
// the comparison tells.
func sampler(spec runner.Spec) (s *kernel.Sampler, refused string, err error) {
	if spec.Kernel == runner.KernelOff {
		return nil, "", nil
	}
	s = kernel.NewSampler()
	support := s.Support()
	if spec.Kernel == runner.KernelRequire && !support.Complete() {
		return nil, "", errors.New(support.Sentence())
	}
	if !support.Usable() {
		return nil, support.Sentence(), nil
	}
	return s, support.Sentence(), nil
}

// openDeep opens the events of the run, before what they are inherited by is started.
func (r *run) openDeep() (fork func(func() error) error, err error) {
	if r.sampler == nil {
		return nil, nil
	}
	if r.deep, err = r.sampler.Open(); err != nil {
		return nil, r.shallow(err)
	}
	return r.deep.Start, nil
}

// shallow goes on without a kernel-deep profile after an error, unless it is required.
func (r *run) shallow(err error) error {
	if err == nil || r.spec.Kernel == runner.KernelRequire {
		return err
	}
	if r.deep != nil {
		r.deep.Close()
		r.deep = nil
	}
	r.lack = fmt.Sprintf("This run has no kernel-deep profiles: %v.", err)
	return nil
}

// watchDeep has both children sampled: they have replied, so they are past exec.
func (r *run) watchDeep() error {
	if r.deep == nil {
		return nil
	}
	return r.shallow(errors.Join(r.deep.Watch(r.client.PID()), r.deep.Watch(r.server.PID())))
}

// beginDeep and endDeep stand around the measured loop.
func (r *run) beginDeep() error {
	if r.deep == nil {
		return nil
	}
	return r.shallow(r.deep.Enable())
}

func (r *run) endDeep() error {
	if r.deep == nil {
		return nil
	}
	return r.shallow(r.deep.Disable())
}

// addDeep adds the kernel-deep profiles of the profiled pass, with what is to be known
// of them.
func (r *run) addDeep(result *runner.Result, p pass) error {
	if r.deep != nil {
		if err := r.shallow(r.record(result, p)); err != nil {
			return err
		}
	}
	if r.lack != "" {
		result.Warnings, result.NoKernel = append(result.Warnings, r.lack), r.lack
	}
	return nil
}

// record adds what was sampled of both sides, or nothing.
func (r *run) record(result *runner.Result, p pass) error {
	stats := r.deep.Stats()
	var samples, incomplete, unnamed int64
	var both []runner.Recorded
	for side, process := range map[profiles.Side]*child.Process{profiles.Client: r.client, profiles.Server: r.server} {
		rec, err := r.deep.Recording(process.PID())
		if err != nil {
			return fmt.Errorf("make the kernel-deep profile of the %s: %w", side, err)
		}
		var data bytes.Buffer
		if err := rec.Profile.Write(&data); err != nil {
			return fmt.Errorf("write the kernel-deep profile of the %s: %w", side, err)
		}
		both = append(both, recorded(side, profiles.Kernel, p.client.Requests, p.client.Elapsed, data.Bytes()))
		samples, incomplete, unnamed = samples+rec.Samples, incomplete+rec.Incomplete, unnamed+rec.Unnamed
	}
	result.Profiles = append(result.Profiles, both...)
	result.Counters["kernel_samples"] = samples
	result.Counters["kernel_samples_lost"] = stats.Lost
	result.Counters["kernel_sampling_throttled"] = stats.Throttled
	result.Counters["kernel_stacks_incomplete"] = incomplete
	result.Counters["kernel_frames_unnamed"] = unnamed
	if stats.Level == kernel.System {
		result.Counters["kernel_other_cpu_ms"] = stats.Others.Milliseconds()
	}
	if stats.Lost > 0 || stats.Throttled > 0 {
		result.Warnings = append(result.Warnings, fmt.Sprintf("The kernel-deep profile lacks %d samples that were lost, and was slowed down %d times.", stats.Lost, stats.Throttled))
	}
	return nil
}
