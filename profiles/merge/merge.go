// Package merge makes one profile of the profiles that the rounds of a cell left:
// samples are added up, and so are the operations, so that a cost per operation
// of the merge is the mean over all rounds.
package merge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/sampling"
)

// Key says what is merged into one profile.
type Key struct {
	Cell int
	Side profiles.Side
	Kind profiles.Kind
}

// Part is the profile of one round.
type Part struct {
	Profile  *profile.Profile
	Ops      int64
	Duration time.Duration
}

// Rounds merges the parts of one key. The parts are not changed. The bytes carry
// a comment that says what they are of, which go tool pprof -comments prints.
func Rounds(c profiles.Comparison, k Key, parts []Part) (profiles.Evidence, error) {
	var e profiles.Evidence
	sources := make([]*profile.Profile, len(parts))
	for i, p := range parts {
		sources[i] = p.Profile
		e.Ops += p.Ops
		e.Duration += p.Duration
	}
	p, err := profile.Merge(sources)
	if err != nil {
		return e, fmt.Errorf("merge %s profiles of cell %d, %s: %w", k.Kind, k.Cell, k.Side, err)
	}
	cell := c.Cells[k.Cell]
	p.Comments = []string{fmt.Sprintf("sockscope comparison %s, cell %s (%s, %d B, %d at once, %s), %s: %d ops in %d rounds",
		c.ID, cell.Name(), cell.Workload, cell.Size, cell.Concurrency, cell.Placement, k.Side, e.Ops, len(parts))}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return e, fmt.Errorf("write the merged profile of cell %d, %s: %w", k.Cell, k.Side, err)
	}
	e.Profile = Row(p, k.Side, k.Kind, e.Ops, e.Duration)
	e.Cell, e.Title, e.Data = k.Cell, Title(c, k), b.Bytes()
	return e, nil
}

// Row is what is kept of a profile beside its bytes. Samples are those behind the
// values of its default type; 0 where their number is not known.
func Row(p *profile.Profile, side profiles.Side, kind profiles.Kind, ops int64, d time.Duration) profiles.Profile {
	if d == 0 {
		d = time.Duration(p.DurationNanos)
	}
	types := make([]string, len(p.SampleType))
	for i, t := range p.SampleType {
		types[i] = t.Type + "/" + t.Unit
	}
	shown, err := p.SampleIndexByName("")
	if err != nil {
		shown = len(types) - 1
	}
	return profiles.Profile{Side: side, Kind: kind, Ops: ops, Samples: sampling.Samples(p, shown), Duration: d, SampleTypes: types}
}

// Title names a profile within its comparison: "unix client", with what else
// varies among the cells.
func Title(c profiles.Comparison, k Key) string {
	this := c.Cells[k.Cell]
	parts := []string{this.Name()}
	varies := func(same func(profiles.Cell) bool) bool {
		return slices.ContainsFunc(c.Cells, func(o profiles.Cell) bool { return !same(o) })
	}
	if varies(func(o profiles.Cell) bool { return o.Size == this.Size }) {
		parts = append(parts, fmt.Sprintf("%d B", this.Size))
	}
	if varies(func(o profiles.Cell) bool { return o.Concurrency == this.Concurrency }) {
		parts = append(parts, fmt.Sprintf("%d connections", this.Concurrency))
	}
	if varies(func(o profiles.Cell) bool { return o.Placement == this.Placement }) {
		parts = append(parts, this.Placement)
	}
	parts = append(parts, string(k.Side))
	if k.Kind == profiles.Kernel {
		parts = append(parts, "with kernel")
	}
	if len(parts) == 2 {
		return parts[0] + " " + parts[1]
	}
	return strings.Join(parts, ", ")
}
