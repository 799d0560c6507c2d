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
// better than it, or else the base where another one is worse. Those that are not
// told from the base are not recommended with it: nobody told them from the others.
func (a *Answer) shown(measured []string) Claim {
	better, alike, worse := []string{}, 0, 0
	for _, s := range measured[1:] {
		switch a.Differs[s] {
		case Better:
			better = append(better, s)
		case Alike:
			alike++
		case Worse:
			worse++
		}
	}
	switch {
	case len(better) > 0:
		a.Choose = better
	case worse > 0:
		a.Choose = measured[:1]
	case alike == len(measured)-1:
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
		case a.Claim == NotShown && !a.chosen(k.Socket): // the answer is not about it
			continue
		}
		if most == nil || math.Abs(k.More) > math.Abs(most.More) {
			most = k
		}
	}
	return most
}

func (a *Answer) chosen(socket string) bool { return slices.Contains(a.Choose, socket) }

// Headline is the difference that an answer is about.
type Headline struct {
	Dearer, Cheaper string
	// More is what the dearer one costs more, in cores, with its 95 % interval.
	More, Low, High float64
	// Shown says that it is clear of what noise makes.
	Shown bool
}

// String writes the difference with its error: "0.84 ± 0.05".
func (h Headline) String() string { return difference(h.More, h.Low, h.High) }

// Headline compares two sockets; ok is false where nothing can be compared.
func (a *Answer) Headline() (h Headline, ok bool) {
	switch a.Claim {
	case Shown, NotShown, Mixed:
	case Only: // what to do otherwise would cost
		if len(a.measured(a.usable())) == 0 || a.doubt() != "" {
			return h, false
		}
	default:
		return h, false
	}
	if len(a.Costs) == 0 || !a.Costs[0].Base {
		return h, false
	}
	k := a.against()
	if k == nil || !k.Known {
		return h, false
	}
	base := a.Costs[0].Socket
	if k.More < 0 {
		return Headline{base, k.Socket, -k.More, -k.MoreHigh, -k.MoreLow, k.Shown}, true
	}
	return Headline{k.Socket, base, k.More, k.MoreLow, k.MoreHigh, k.Shown}, true
}
