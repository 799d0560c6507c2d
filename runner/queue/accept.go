package queue

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/runner"
)

// Bounds of a result, far above what a worker of this version sends.
const (
	maxProfiles  = 8
	maxMetrics   = 256
	maxWarnings  = 64
	maxSentence  = 1000 // bytes of one warning or of a failure
	maxName      = 64   // bytes of a metric's name
	maxHistogram = 4 << 20
)

// badResult is a result that is not stored, in words that end "was refused: …".
type badResult struct{ why string }

func (e *badResult) Error() string { return e.why }

// accept checks a result of a host's part, which another machine may have sent, and
// returns what is to be stored of it.
func accept(c profiles.Comparison, host string, r runner.Result) (profiles.Run, []profiles.Evidence, error) {
	bad := func(format string, a ...any) (profiles.Run, []profiles.Evidence, error) {
		return profiles.Run{}, nil, &badResult{fmt.Sprintf(format, a...)}
	}
	switch {
	case r.Round < 1 || r.Round > c.Rounds():
		return bad("there is no round %d", r.Round)
	case r.Cell < 0 || r.Cell >= len(c.Cells):
		return bad("there is no cell %d", r.Cell)
	case c.HostOf(r.Cell) != host:
		return bad("its cell %d is another host's", r.Cell)
	case c.Cells[r.Cell].NA != "":
		return bad("its cell %d is not to be measured", r.Cell)
	case r.Position < 0 || r.Position >= len(c.Cells) || r.Elapsed < 0 || r.ProfilingEffect < 0:
		return bad("its place in the round, its duration or its profiling effect is negative or too large")
	case len(r.Metrics) > maxMetrics, len(r.Counters) > maxMetrics, longNames(r.Metrics), longNames(r.Counters):
		return bad("it has more than %d metrics or counters, or one with a long name", maxMetrics)
	case len(r.Noisy) > maxSentence:
		return bad("what disturbed it takes more than %d bytes to say", maxSentence)
	case len(r.NoKernel) > maxSentence:
		return bad("why it has no kernel profiles takes more than %d bytes to say", maxSentence)
	case len(r.Curve) != 0 && len(r.Curve) != len(profiles.Quantiles):
		return bad("its latency curve has %d points instead of %d", len(r.Curve), len(profiles.Quantiles))
	case len(r.Histogram) > maxHistogram:
		return bad("its histogram has %d bytes", len(r.Histogram))
	case len(r.Warnings) > maxWarnings || slices.ContainsFunc(r.Warnings, func(w string) bool { return len(w) > maxSentence }):
		return bad("it has more than %d warnings, or one of more than %d bytes", maxWarnings, maxSentence)
	case len(r.Profiles) > maxProfiles:
		return bad("it has %d profiles", len(r.Profiles))
	}
	run := r.Run
	run.ID, run.Comparison = 0, c.ID
	evidence := []profiles.Evidence{}
	for i, rec := range r.Profiles {
		if slices.ContainsFunc(r.Profiles[:i], func(o runner.Recorded) bool { return o.Side == rec.Side && o.Kind == rec.Kind }) {
			return bad("it has two %s profiles of the %s", rec.Kind, rec.Side)
		}
		e, err := acceptProfile(rec)
		if err != nil {
			return bad("its %.20s profile: %v", rec.Side, err)
		}
		e.Cell, e.Title = r.Cell, fmt.Sprintf("%s, round %d", merge.Title(c, merge.Key{Cell: r.Cell, Side: e.Side, Kind: e.Kind}), r.Round)
		evidence = append(evidence, e)
	}
	return run, evidence, nil
}

func longNames[V any](values map[string]V) bool {
	for name := range values {
		if len(name) > maxName {
			return true
		}
	}
	return false
}

func acceptProfile(rec runner.Recorded) (profiles.Evidence, error) {
	if rec.Side != profiles.Client && rec.Side != profiles.Server {
		return profiles.Evidence{}, fmt.Errorf("the side %.20q is not known", rec.Side)
	}
	if rec.Kind != profiles.Go && rec.Kind != profiles.Kernel {
		return profiles.Evidence{}, fmt.Errorf("the kind %.20q is not known", rec.Kind)
	}
	if sum := sha256.Sum256(rec.Data); hex.EncodeToString(sum[:]) != rec.SHA256 {
		return profiles.Evidence{}, fmt.Errorf("its bytes do not have the hash that was sent with them")
	}
	if rec.Ops < 0 || rec.Duration < 0 {
		return profiles.Evidence{}, fmt.Errorf("its count of operations or its duration is negative")
	}
	p, err := guard.DecodeBytes(rec.Data, guard.Default())
	if err != nil {
		return profiles.Evidence{}, err
	}
	return profiles.Evidence{Profile: merge.Row(p, rec.Side, rec.Kind, rec.Ops, rec.Duration), Data: rec.Data}, nil
}
