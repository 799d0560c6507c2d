package advice

import (
	"fmt"
	"math"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// little is below how many cores a difference is called little.
const little = 0.01

// facts carry the sentence.
func (w wording) facts() []Sentence {
	var all []Sentence
	all = append(all, w.share()...)
	all = append(all, w.latencies()...)
	all = append(all, w.alike()...)
	all = append(all, w.seenTo()...)
	all = append(all, w.left()...)
	return append(all, w.atOnce()...)
}

// share says what the difference is of the machine.
func (w wording) share() []Sentence {
	h, ok := w.Headline()
	switch {
	case !ok:
		return nil
	case w.Claim == NotShown:
		return nil // its sentence says it
	case max(h.High, -h.Low) < little:
		return []Sentence{{say("That is less than a hundredth of a core: at this rate the rest of this page decides, not the CPU.")}}
	case h.Shown && w.host.CPUs > 0:
		return []Sentence{{say("Of the %s of this host that is %s, client and server together.", quantity.Plural(int64(w.host.CPUs), "CPU", "CPUs"), quantity.Percent(h.More/float64(w.host.CPUs)))}}
	}
	return nil
}

// latencies compares the recommended socket, or the base, with the one that the
// answer sets against it, for each part of the case.
func (w wording) latencies() []Sentence {
	h, ok := w.Headline()
	if !ok {
		return nil
	}
	var all []Sentence
	for i, p := range w.Case.Parts() {
		a, b := w.Evidence[i].Of(h.Cheaper), w.Evidence[i].Of(h.Dearer)
		if a == nil || b == nil {
			continue
		}
		scale := quantity.ScaleOf(profiles.Nanoseconds, a.Latency.Median, b.Latency.Median)
		s := Sentence{say("%s takes ", requests(p)), {Text: scale.Brief(a.Latency.Median), Strong: true}, say(" over "), socket(h.Cheaper), say(" and "), {Text: scale.Brief(b.Latency.Median), Strong: true}, say(" over "), socket(h.Dearer), say(" (median)")}
		ratio, clear := b.LatencyRatio, b.LatencyClear
		if ratio.N == 0 { // the dearer one is the base
			ratio, clear = a.LatencyRatio.Inverse(), a.LatencyClear
		}
		if clear {
			s = append(s, say(": %s as long, 95 %% CI %s.", quantity.Times(ratio.Estimate), quantity.Range(ratio.Low, ratio.High)))
		} else {
			s = append(s, say(": no difference shown."))
		}
		all = append(all, s)
	}
	return all
}

// alike names the sockets that could not be told from the base, where others could.
func (w wording) alike() []Sentence {
	if w.Claim != Shown {
		return nil
	}
	var names []string
	for _, k := range w.Costs {
		if w.Differs[k.Socket] == Alike {
			names = append(names, k.Socket)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Sentence{join(Sentence{say("No difference from "), socket(w.Costs[0].Socket), say(" is shown for ")}, list(names), Sentence{say(".")})}
}

func requests(p Part) string {
	if p.Workload == dialed {
		return "A request with its connection"
	}
	return "A request on a kept connection"
}

// seenTo are the reasons of what is recommended: what has to be seen to.
func (w wording) seenTo() []Sentence {
	var all []Sentence
	for _, c := range w.Candidates {
		if c.Standing == Out || c.Family == Nothing || !w.chosen(c.Name) || len(w.Choose) > 3 {
			continue
		}
		for _, r := range c.Reasons {
			all = append(all, Sentence{socket(c.Name), say(": %s", lowerFirst(r))})
		}
	}
	return all
}

func lowerFirst(s string) string {
	if len(s) < 2 || s[1] >= 'A' && s[1] <= 'Z' {
		return s // TLS stays
	}
	return string(s[0]|0x20) + s[1:]
}

// left names the sockets that would do and were not measured with the others.
func (w wording) left() []Sentence {
	if len(w.Costs) == 0 || w.Claim != Shown && w.Claim != NotShown && w.Claim != Mixed {
		return nil
	}
	var names []string
	for _, c := range w.usable() {
		measured := false
		for _, k := range w.Costs {
			measured = measured || k.Socket == c.Name
		}
		if !measured && c.Family != Nothing {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	verb := " were not measured with them."
	if len(names) == 1 {
		verb = " was not measured with them."
	}
	return []Sentence{join(list(names), Sentence{say("%s", verb)})}
}

// atOnce says how many requests have to be under way at once for the asked rate.
func (w wording) atOnce() []Sentence {
	parts := w.Case.Parts()
	if len(parts) != 1 || len(w.Costs) == 0 {
		return nil
	}
	e := w.Evidence[0]
	slowest := ""
	served := math.Inf(1)
	for _, k := range w.Costs {
		if f := e.Of(k.Socket); f.PerSecond.Median > 0 && f.PerSecond.Median < served {
			slowest, served = k.Socket, f.PerSecond.Median
		}
	}
	if e.Rate > 0 || served >= parts[0].PerSecond || math.IsInf(served, 1) {
		return nil
	}
	need := math.Ceil(float64(e.Concurrency) * parts[0].PerSecond / served)
	return []Sentence{{
		say("%s carried %s requests/s over ", quantity.Plural(int64(e.Concurrency), "connection at a time", "connections at once"), quantity.Rate(served)), socket(slowest),
		say(": %s takes at least %s.", w.rate(), quantity.Plural(int64(need), "of them", "of them")),
	}}
}

// Conditions say what the figures are of, for who reads them.
func (a *Answer) Conditions() []string {
	if len(a.Costs) == 0 {
		return nil
	}
	all := []string{
		"A core is one CPU that does nothing else: 0.25 cores are a quarter of it.",
		"CPU per request is that of client and server together, user and system, as getrusage counts it: of sockscope’s loop, which does nothing with a message. What your program does comes on top.",
	}
	for i, e := range a.Evidence {
		if e.Rate == 0 && (i == 0 || a.Evidence[0].Rate > 0) {
			all = append(all, "It was measured in a closed loop at full speed. At a lower rate a request may cost more, because each one wakes the other side up; an open loop at your rate measures that.")
		}
	}
	for i, e := range a.Evidence {
		if e.Noisy > 0 && (i == 0 || e.Comparison != a.Evidence[i-1].Comparison) {
			all = append(all, fmt.Sprintf("%d of %s in %s were disturbed by what else ran: the intervals are wide for that.", e.Noisy, quantity.Plural(int64(e.Runs), "run", "runs"), e.Comparison))
		}
	}
	if aa := a.Evidence[0].AA; aa.Interval {
		all = append(all, fmt.Sprintf("A/A noise of that CPU, %s against itself: %s.", a.Evidence[0].base(), quantity.Range(aa.Low, aa.High)))
	}
	return all
}
