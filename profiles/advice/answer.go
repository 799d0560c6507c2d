package advice

import (
	"math"
	"slices"

	"github.com/sockscope/sockscope/profiles/stats"
)

// Claim says what an answer stands on.
type Claim string

// The claims.
const (
	// None fits: nothing does what the case asks.
	NoneFits Claim = "none fits"
	// Only: one socket fits, or none is needed; no figure is behind it.
	Only Claim = "only"
	// Unmeasured: several fit, and nothing near the case was measured.
	Unmeasured Claim = "unmeasured"
	// Elsewhere: several fit, and the way of at least one of them is not the one that
	// was measured.
	Elsewhere Claim = "elsewhere"
	// Far: what was measured is too far from the case.
	Far Claim = "far"
	// Indicative: too few rounds for an interval.
	Indicative Claim = "indicative"
	// NotShown: no difference is shown.
	NotShown Claim = "not shown"
	// Shown: a difference is shown, and it recommends.
	Shown Claim = "shown"
	// Mixed: one takes less CPU, the other less time.
	Mixed Claim = "mixed"
)

// Answer is what can be said about a case.
type Answer struct {
	Case       Case
	Candidates []Candidate
	Claim      Claim
	// Choose are the sockets that are recommended, as good as each other; those that
	// all fit where nothing tells them apart. Empty when none fits.
	Choose []string
	// Evidence has one entry for each of the case's parts, in their order; empty
	// where one of them has none.
	Evidence []Evidence
	// Costs of the candidates that can be used and were measured, the base first.
	// Never nil.
	Costs []Cost
	// Differs has the outcome of each socket of Costs against the base.
	Differs map[string]Outcome
	// Sentence answers, Facts carry it. Never nil.
	Sentence Sentence
	Facts    []Sentence
}

// Outcome is how a socket compares with the base.
type Outcome string

// The outcomes.
const (
	Better Outcome = "better" // less CPU or less time, and not more of the other
	Worse  Outcome = "worse"
	Alike  Outcome = "alike" // no difference is shown
	Trade  Outcome = "trade" // less of one, more of the other
)

// Of answers a case. evidence has one entry for each of the case's [Case.Parts], in
// their order; with fewer nothing counts as measured.
func Of(c Case, sockets []Socket, evidence []Evidence, h Host) Answer {
	a := Answer{Case: c, Candidates: Judge(c, sockets), Costs: []Cost{}, Differs: map[string]Outcome{}, Facts: []Sentence{}}
	set := a.usable()
	if len(evidence) == len(c.Parts()) && len(evidence) > 0 && alikeBase(evidence) {
		a.Evidence = evidence
		a.costs()
	}
	a.Choose = names(set)
	a.Claim = a.claim(set)
	w := wording{&a, h}
	a.Sentence, a.Facts = w.sentence(), append(a.Facts, w.facts()...)
	return a
}

// alikeBase reports whether all evidence compares with the same socket, so that its
// differences add up.
func alikeBase(evidence []Evidence) bool {
	for _, e := range evidence {
		if len(e.Took) == 0 || e.base() != evidence[0].base() {
			return false
		}
	}
	return true
}

// usable are the candidates to choose from: those that fit, and where there are
// none those that do if something is seen to.
func (a *Answer) usable() []Candidate {
	for _, standing := range []Standing{Fits, Limited} {
		var set []Candidate
		for _, c := range a.Candidates {
			if c.Standing == standing && c.Missing == "" {
				set = append(set, c)
			}
		}
		if len(set) > 0 {
			return set
		}
	}
	return nil
}

func names(set []Candidate) []string {
	all := []string{}
	for _, c := range set {
		all = append(all, c.Name)
	}
	return all
}

// Elsewhere is why what was measured is not the way of a socket in this case, as a
// sentence; "" where it is. What is measured is two processes of one host, over
// loopback where there are addresses.
func (c Case) Elsewhere(s Socket) string {
	switch {
	case s.Family == Nothing:
		return "It is not a socket, so it is not measured."
	case c.TLS && !s.TLS:
		return "It was measured without TLS."
	case c.Who == OneProcess:
		return "It was measured between two processes; to wake the other side within one is another thing."
	case c.Who == TwoHosts:
		return "It was measured over the loopback of one host, without cards and cables between."
	case c.Who == ContainerAndHost && s.Family == IP:
		return "It was measured over loopback; between two network namespaces it goes through a pair of virtual cards, and perhaps NAT."
	}
	return ""
}

// costs fills in what can be used and was measured on its own way.
func (a *Answer) costs() {
	for _, c := range a.Candidates {
		if c.Standing == Out || a.Case.Elsewhere(c.Socket) != "" {
			continue
		}
		if k := cost(a.Case.Parts(), a.Evidence, c.Name); k != nil {
			a.Costs = append(a.Costs, *k)
			if !k.Base {
				a.Differs[k.Socket] = a.differs(k.Socket)
			}
		}
	}
	slices.SortStableFunc(a.Costs, func(x, y Cost) int {
		if x.Base != y.Base {
			return map[bool]int{true: -1, false: 1}[x.Base]
		}
		return 0
	})
}

// differs weighs a socket against the base: CPU and median latency of all parts.
func (a *Answer) differs(socket string) Outcome {
	less, more := false, false
	for i := range a.Evidence {
		f := a.Evidence[i].Of(socket)
		less = less || f.CPUClear && f.CPUMore.Estimate < 0 || f.LatencyClear && f.LatencyRatio.Estimate < 1
		more = more || f.CPUClear && f.CPUMore.Estimate > 0 || f.LatencyClear && f.LatencyRatio.Estimate > 1
	}
	switch {
	case less && more:
		return Trade
	case less:
		return Better
	case more:
		return Worse
	}
	return Alike
}

// claim decides what can be said about a set, and narrows Choose to what it is said
// of.
func (a *Answer) claim(set []Candidate) Claim {
	switch {
	case len(set) == 0:
		return NoneFits
	case a.Case.Who == OneProcess:
		a.Choose = []string{NoSocket}
		return Only
	case len(set) == 1:
		return Only
	case slices.ContainsFunc(set, func(c Candidate) bool { return a.Case.Elsewhere(c.Socket) != "" }):
		return Elsewhere
	}
	measured := a.measured(set)
	if len(measured) < 2 || !a.Costs[0].Base || !slices.Contains(measured, a.Costs[0].Socket) {
		return Unmeasured
	}
	if doubt := a.doubt(); doubt != "" {
		return doubt
	}
	return a.shown(measured)
}

// doubt is why the evidence does not answer: it is too far, or too little.
func (a *Answer) doubt() Claim {
	for _, e := range a.Evidence {
		if len(a.Case.far(e.Setting)) > 0 {
			return Far
		}
	}
	for _, e := range a.Evidence {
		if e.Rounds < stats.MinRounds {
			return Indicative
		}
	}
	return ""
}

// measured are the sockets of a set that have a cost.
func (a *Answer) measured(set []Candidate) []string {
	var all []string
	for _, k := range a.Costs {
		if slices.ContainsFunc(set, func(c Candidate) bool { return c.Name == k.Socket }) {
			all = append(all, k.Socket)
		}
	}
	return all
}

// shown recommends among the measured sockets, the base first: those that are
// better than it, or else it with those that are not told from it.
func (a *Answer) shown(measured []string) Claim {
	better, alike, worse := []string{}, []string{measured[0]}, 0
	for _, s := range measured[1:] {
		switch a.Differs[s] {
		case Better:
			better = append(better, s)
		case Alike:
			alike = append(alike, s)
		case Worse:
			worse++
		}
	}
	switch {
	case len(better) > 0:
		a.Choose = better
	case worse > 0:
		a.Choose = alike
	case len(alike) == len(measured):
		a.Choose = measured
		return NotShown
	default:
		a.Choose = measured
		return Mixed
	}
	return Shown
}

// against is the cost that the answer sets against the base: that of the chosen
// socket where one alone is chosen, else that which differs most from what is chosen.
func (a *Answer) against() *Cost {
	base := a.Costs[0].Socket
	var most *Cost
	for i := range a.Costs {
		k := &a.Costs[i]
		switch {
		case k.Base:
			continue
		case a.Claim == Only && a.chosen(k.Socket):
			return k
		case a.Claim == Shown && a.chosen(k.Socket) == a.chosen(base):
			continue
		}
		if most == nil || math.Abs(k.More) > math.Abs(most.More) {
			most = k
		}
	}
	return most
}

func (a *Answer) chosen(socket string) bool { return slices.Contains(a.Choose, socket) }

// Headline is the difference that the answer is about: the dearer of two sockets, by
// how many cores, and whether that is shown. ok is false where nothing is compared.
func (a *Answer) Headline() (dearer, cheaper string, more, err float64, shown, ok bool) {
	switch a.Claim {
	case Shown, NotShown, Mixed:
	case Only: // what to do otherwise would cost
		if len(a.measured(a.usable())) == 0 || a.doubt() != "" {
			return "", "", 0, 0, false, false
		}
	default:
		return "", "", 0, 0, false, false
	}
	if len(a.Costs) == 0 || !a.Costs[0].Base {
		return "", "", 0, 0, false, false
	}
	k := a.against()
	if k == nil || !k.Known {
		return "", "", 0, 0, false, false
	}
	base := a.Costs[0].Socket
	if k.More < 0 {
		return base, k.Socket, -k.More, k.MoreError, k.Shown, true
	}
	return k.Socket, base, k.More, k.MoreError, k.Shown, true
}
