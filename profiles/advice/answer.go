package advice

import "slices"

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
		return "It is measured here without TLS only."
	case c.Who == OneProcess:
		return "It is measured here between two processes; to wake the other side within one is another thing."
	case c.Who == TwoHosts:
		return "It is measured here over the loopback of one host, without cards and cables between."
	case c.Who == ContainerAndHost && s.Family == IP:
		return "It is measured here over loopback; between two network namespaces it goes through a pair of virtual cards, and perhaps NAT."
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
