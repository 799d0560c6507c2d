package compare

import (
	"fmt"
	"strings"

	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// GateFailed says which cells are worse than their base by more than --fail-above.
type GateFailed struct{ Sentences []string }

func (f *GateFailed) Error() string { return strings.Join(f.Sentences, "; ") }

// ExitCode is what the process ends with.
func (f *GateFailed) ExitCode() int { return 1 }

// Gate judges every cell of a comparison by the metric that answers. A cell fails
// when the whole 95 % interval of what it costs against its base lies above
// 1 + threshold, the A/A interval of its group contains 1, and the difference is
// shown at all ([stats.CellSummary.Clear]): noise alone must not stop anybody's work,
// so a cell that is only likely worse passes, with a sentence. Where the base is
// unlike itself, or there is no interval, nothing is judged and a sentence says so.
func Gate(r *export.Report, threshold float64) (failed, unjudged []string) {
	m := verdict.Metric(r.Comparison, r.Summary)
	label := verdict.MetricLabel(r.Comparison, m)
	label = strings.ToLower(label[:1]) + label[1:]
	unlike := map[int]bool{} // bases, said once
	for i := range r.Summary.Cells {
		c := &r.Summary.Cells[i]
		if c.Base < 0 || c.Cell.AA || c.Cell.NA != "" {
			continue
		}
		base := &r.Summary.Cells[c.Base]
		name := verdict.CellName(c.Cell) + " (" + verdict.Configuration(c.Cell) + ")"
		cost, ok := c.Ratio[m.Name]
		if m.MoreIsBetter {
			cost = cost.Inverse()
		}
		if !ok || !cost.Interval {
			unjudged = append(unjudged, fmt.Sprintf("%s has no interval against %s: the gate cannot judge it.", name, verdict.CellName(base.Cell)))
			continue
		}
		aa, ok := c.AA[m.Name]
		if !ok || !aa.Interval || aa.ClearOfOne() {
			if !unlike[c.Base] {
				unlike[c.Base] = true
				unjudged = append(unjudged, unlikeItself(base, aa, ok))
			}
			continue
		}
		switch {
		case cost.Low <= 1+threshold:
		case !c.Clear[m.Name]:
			unjudged = append(unjudged, fmt.Sprintf("%s is likely worse than %s, 95 %% CI %s, but the noise is as large (A/A %s) or the cells are too many for these rounds: the gate does not fail for it.",
				name, verdict.CellName(base.Cell), quantity.Range(cost.Low, cost.High), quantity.Range(aa.Low, aa.High)))
		default:
			failed = append(failed, fmt.Sprintf("%s is %s worse than %s by %s, 95 %% CI %s: more than %s",
				name, quantity.Change(cost.Estimate), verdict.CellName(base.Cell), label, quantity.Range(cost.Low, cost.High), quantity.Percent(threshold)))
		}
	}
	return failed, unjudged
}

func unlikeItself(base *stats.CellSummary, aa stats.Ratio, measured bool) string {
	name := verdict.CellName(base.Cell) + " (" + verdict.Configuration(base.Cell) + ")"
	if !measured || !aa.Interval {
		return name + " has no A/A interval: the gate cannot judge what is compared with it."
	}
	return fmt.Sprintf("%s differs from itself, A/A %s: the gate cannot judge what is compared with it. Run it again on a quieter machine.",
		name, quantity.Range(aa.Low, aa.High))
}
