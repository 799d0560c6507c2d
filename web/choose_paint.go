package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/advice"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/templates"
)

// painter turns an answer into a view; sockets have one colour on all of it.
type painter struct {
	*advice.Answer
	colours map[string]int
}

// coloursOfCase numbers the sockets: the base of what was measured first, then the
// measured ones, then the other candidates.
func coloursOfCase(a *advice.Answer) map[string]int {
	colours := map[string]int{}
	add := func(name string) {
		if colours[name] == 0 {
			colours[name] = len(colours) + 1
		}
	}
	usable := func(name string) bool {
		return slices.ContainsFunc(a.Costs, func(k advice.Cost) bool { return k.Socket == name })
	}
	for _, e := range a.Evidence { // in the order and the colours of its page
		for _, f := range e.Took {
			if usable(f.Socket) {
				add(f.Socket)
			}
		}
	}
	for _, c := range a.Candidates {
		if c.Standing != advice.Out && c.Name != advice.NoSocket {
			add(c.Name)
		}
	}
	return colours
}

func (p painter) series(name string) templates.Series {
	return templates.Series{Name: name, Series: p.colours[name]}
}

func (p painter) rich(s advice.Sentence) templates.Rich {
	out := templates.Rich{}
	for _, g := range s {
		span := templates.Span{Text: g.Text, Strong: g.Strong, Series: p.colours[g.Socket]}
		if g.Comparison != "" {
			span.URL = scope{}.comparison(g.Comparison, "")
		}
		out = append(out, span)
	}
	return out
}

// figure is what stands in large: the difference in cores, if one is shown.
func (p painter) figure() (figure string, caption []string) {
	h, ok := p.Headline()
	switch {
	case ok && h.Shown:
		text, err, _ := strings.Cut(h.String(), " ")
		return text, []string{"cores more over " + h.Dearer, "than over " + h.Cheaper + ", " + err + ", 95 % CI"}
	case ok:
		return "≈", []string{"no difference in CPU shown"}
	case p.Claim == advice.Only:
		return "✓", []string{"the case itself decides"}
	case p.Claim == advice.NoneFits:
		return "–", []string{"no socket does all of this"}
	}
	return "?", []string{map[advice.Claim]string{
		advice.Unmeasured: "not measured here yet", advice.Elsewhere: "not what is measured here",
		advice.Far: "measured too far away", advice.Indicative: "too few rounds",
	}[p.Claim]}
}

// sockets are those that can be used, as rows.
func (p painter) sockets() []templates.ChooseSocket {
	rows := []templates.ChooseSocket{}
	for _, c := range p.Candidates {
		if c.Standing == advice.Out {
			continue
		}
		row := templates.ChooseSocket{Series: p.series(c.Name), Reasons: c.Reasons}
		row.Chosen = slices.Contains(p.Choose, c.Name) && (p.Claim == advice.Only || p.Claim == advice.Shown)
		switch {
		case row.Chosen:
			row.State = templates.StateView{Tone: templates.Good, Label: "recommended"}
		case c.Standing == advice.Fits:
			row.State = templates.StateView{Tone: templates.Good, Label: "fits"}
		default:
			row.State = templates.StateView{Tone: templates.Busy, Label: "fits, if"}
		}
		p.figures(&row, c.Socket)
		rows = append(rows, row)
	}
	place := func(r templates.ChooseSocket) int { // those with figures first, of each standing
		n := min(len(r.None), 1)
		if r.State.Tone == templates.Busy {
			n += 2
		}
		return n
	}
	slices.SortStableFunc(rows, func(a, b templates.ChooseSocket) int { return place(a) - place(b) })
	return rows
}

// figures fills in what was measured over a socket, or why there is nothing.
func (p painter) figures(row *templates.ChooseSocket, s advice.Socket) {
	at := slices.IndexFunc(p.Costs, func(k advice.Cost) bool { return k.Socket == s.Name })
	if at < 0 {
		if row.None = p.Case.Elsewhere(s); row.None == "" {
			row.None = "Not measured here in a case like this."
		}
		return
	}
	k := p.Costs[at]
	if f := p.Evidence[0].Of(s.Name); f != nil {
		row.Latency, row.CPU = value(profiles.Nanoseconds, f.Latency), value(profiles.Nanoseconds, f.CPU)
	}
	row.Cores = templates.Value{Text: advice.Cores(k.Cores, k.Error), Title: strconv.FormatFloat(k.Cores, 'g', 8, 64) + " CPU seconds a second"}
	if !k.Known {
		row.Cores.Text, _, _ = strings.Cut(row.Cores.Text, " ±")
	}
	switch {
	case k.Base:
		row.More = templates.Difference{Text: "the base", Tone: templates.Unclear}
	case !k.Known:
		row.More = templates.Difference{Text: "too few rounds", Tone: templates.Unclear}
	case !k.Shown:
		row.More = templates.Difference{Text: "no difference shown", Tone: templates.Unclear, Title: k.Difference() + " cores"}
	case k.More > 0:
		row.More = templates.Difference{Text: "+" + k.Difference(), Tone: templates.Worse, Title: "more CPU than the base"}
	default:
		row.More = templates.Difference{Text: k.Difference(), Tone: templates.Better, Title: "less CPU than the base"}
	}
}

// value is an estimate with its error.
func value(u profiles.Unit, e stats.Estimate) templates.Value {
	if e.N == 0 {
		return templates.Value{Text: quantity.Missing, Title: "not measured"}
	}
	v := templates.Value{Text: quantity.Of(u, e.Median), Title: strconv.FormatFloat(e.Median, 'g', 8, 64) + " " + string(u)}
	if e.Interval && e.Low < e.High {
		v.Error = quantity.PlusMinus(e.Median, e.Low, e.High)
	}
	return v
}

// out gathers what cannot be used by its reason.
func (p painter) out() []templates.ChooseOut {
	list := []templates.ChooseOut{}
	for _, c := range p.Candidates {
		if c.Standing != advice.Out {
			continue
		}
		reason := strings.Join(c.Reasons, " ")
		at := slices.IndexFunc(list, func(o templates.ChooseOut) bool { return o.Reason == reason })
		if at < 0 {
			at = len(list)
			list = append(list, templates.ChooseOut{Reason: reason})
		}
		list[at].Sockets = append(list[at].Sockets, c.Name)
	}
	return list
}

// bars are the costs on one scale.
func (p painter) bars() []templates.ChooseBar {
	most := 0.0
	for _, k := range p.Costs {
		most = max(most, k.Cores+k.Error)
	}
	list := []templates.ChooseBar{}
	if most <= 0 {
		return list
	}
	for _, k := range p.Costs {
		b := templates.ChooseBar{
			Series: p.series(k.Socket), Total: advice.Cores(k.Cores, k.Error),
			Low: max(0, k.Cores-k.Error) / most, High: (k.Cores + k.Error) / most,
			Client: piece("client", 0, k.Client, most), Server: piece("server", k.Client, k.Server, most),
		}
		if !k.Known {
			b.Low, b.High = k.Cores/most, k.Cores/most
			b.Total, _, _ = strings.Cut(b.Total, " ±")
		}
		b.Label = fmt.Sprintf("%s: %s cores, of which client %s and server %s", k.Socket, b.Total, quantity.Number(k.Client), quantity.Number(k.Server))
		list = append(list, b)
	}
	return list
}

func piece(side string, from, cores, most float64) templates.ChoosePiece {
	return templates.ChoosePiece{Left: from / most, Width: cores / most, Side: side, Text: quantity.Number(cores)}
}
