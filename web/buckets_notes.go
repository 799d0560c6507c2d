package web

import (
	"math"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/templates"
)

const (
	// farFrom is by how much sampled and counted system time may differ before it is
	// said.
	farFrom = 0.15
	// doubtful is which share of broken stacks, or of kernel frames without names, is
	// worth a word.
	doubtful = 0.01
)

// effectNote says for each cell how much longer a request took while it was profiled.
func (b *bucketing) effectNote() templates.Rich {
	out := templates.Rich{{Text: "The profiling effect, how many times as long a request took in the profiled pass as in the timing pass: "}}
	for i := range b.splits {
		if i > 0 {
			out = append(out, templates.Span{Text: ", "})
		}
		out = append(out, templates.Span{Text: b.sides[i].series.Name, Series: b.sides[i].series.Series})
		text := " " + quantity.Missing
		if e := b.r.Summary.Cells[b.cells[i]].Effect; e.N > 0 {
			text = " " + quantity.Ratio(e.Median) + "×"
			if e.Interval {
				text += " (" + quantity.Ratio(e.Low) + " – " + quantity.Ratio(e.High) + ")"
			}
		}
		out = append(out, templates.Span{Text: text})
	}
	return append(out, templates.Span{Text: "."})
}

// systemNote lays what was sampled in kernel mode beside the system time that getrusage
// counted. What is missing is said where neither's error explains it.
func (b *bucketing) systemNote(which profiles.Side) templates.Rich {
	name := profiles.ClientSys
	if which == profiles.Server {
		name = profiles.ServerSys
	}
	out := templates.Rich{{Text: "System CPU per request, sampled in the profiled pass and counted by getrusage in the timing pass: "}}
	known, far := false, false
	for i, s := range b.splits {
		e, ok := b.r.Summary.Cells[b.cells[i]].Metrics[name]
		if !ok || e.Median <= 0 {
			continue
		}
		if known {
			out = append(out, templates.Span{Text: "; "})
		}
		known = true
		sampled := b.perOp(i, s.System)
		scale := quantity.ScaleOf(profiles.Nanoseconds, max(sampled, e.Median)/3)
		out = append(out, templates.Span{Text: b.sides[i].series.Name, Series: b.sides[i].series.Series})
		text := " " + scale.Figure(sampled)
		if s.System.Samples > 0 {
			text += " ±" + scale.Figure(sampled*stats.CountError(s.System.Samples))
		}
		text += " of " + scale.Format(e.Median)
		if gap := b.gap(i, sampled, e); gap != 0 {
			far = true
			word := " missing"
			if gap < 0 {
				word = " too many"
			}
			text += ", " + quantity.Percent(math.Abs(gap)) + word
		}
		out = append(out, templates.Span{Text: text})
	}
	if !known {
		return templates.Rich{{Text: "How much system CPU getrusage counted is not known here, so nothing says how much of it was sampled."}}
	}
	if far {
		return append(out, templates.Span{Text: ". Read the rows as shares of what was sampled."})
	}
	return append(out, templates.Span{Text: "."})
}

// gap is which share of the counted system time the samples lack; below zero they have
// more. It is 0 where that is at most [farFrom], or not beyond the errors of both.
func (b *bucketing) gap(cell int, sampled float64, counted stats.Estimate) float64 {
	low, high := stats.CountInterval(b.splits[cell].System.Samples)
	if n := float64(b.splits[cell].System.Samples); n > 0 {
		low, high = sampled*low/n, sampled*high/n
	} else {
		low, high = 0, 0
	}
	gap := 1 - sampled/counted.Median
	least, most := counted.Median, counted.Median
	if counted.Interval {
		least, most = counted.Low, counted.High
	}
	if math.Abs(gap) <= farFrom || low <= most && least <= high {
		return 0
	}
	return gap
}

// qualityNote says where stacks are broken or names are missing; nil where that is too
// little to matter.
func (b *bucketing) qualityNote() templates.Rich {
	out := templates.Rich{}
	for i, s := range b.splits {
		q := s.Quality
		broken := over(float64(q.Samples-q.Complete), float64(q.Samples))
		bare := over(float64(q.Nameless), float64(q.KernelFrames))
		text := ""
		if broken > doubtful {
			text = " " + quantity.Percent(broken) + " of the stacks do not reach the start of their goroutine or thread"
		}
		if bare > doubtful {
			if text != "" {
				text += ","
			}
			text += " " + quantity.Percent(bare) + " of the kernel’s frames have no name"
		}
		if text == "" {
			continue
		}
		if len(out) > 0 {
			out = append(out, templates.Span{Text: "; "})
		}
		out = append(out, templates.Span{Text: b.sides[i].series.Name, Series: b.sides[i].series.Series}, templates.Span{Text: ":" + text})
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, templates.Span{Text: ". Such samples may be in another row than they belong to."})
}
