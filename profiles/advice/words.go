package advice

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// Segment is a piece of a sentence: it may name a socket, which has a colour, or a
// comparison, which is a link.
type Segment struct {
	Text       string
	Socket     string
	Comparison string
	Strong     bool
}

// Sentence is a text in segments; spaces are part of them.
type Sentence []Segment

func (s Sentence) String() string {
	var b strings.Builder
	for _, g := range s {
		b.WriteString(g.Text)
	}
	return b.String()
}

func say(format string, a ...any) Segment { return Segment{Text: fmt.Sprintf(format, a...)} }

// figure is a number of cores that no line breaks.
func figure(text string) Segment {
	return Segment{Text: strings.ReplaceAll(text+" cores", " ", "\u00a0"), Strong: true}
}

func socket(name string) Segment { return Segment{Text: name, Socket: name, Strong: true} }

// list names sockets: "unix, tcp4 and tcp6".
func list(names []string) Sentence {
	var s Sentence
	for i, n := range names {
		switch {
		case i > 0 && i == len(names)-1:
			s = append(s, say(" and "))
		case i > 0:
			s = append(s, say(", "))
		}
		s = append(s, socket(n))
	}
	return s
}

// wording puts an answer into words.
type wording struct {
	*Answer
	host Host
}

// in names the comparisons that the answer stands on: "measured in C-12".
func (w wording) in() Sentence {
	s := Sentence{say("measured in ")}
	for i, e := range w.Evidence {
		if i > 0 && e.Comparison == w.Evidence[i-1].Comparison {
			continue
		}
		if i > 0 {
			s = append(s, say(" and "))
		}
		s = append(s, Segment{Text: e.Comparison, Comparison: e.Comparison})
	}
	return s
}

func join(parts ...Sentence) Sentence {
	var s Sentence
	for _, p := range parts {
		s = append(s, p...)
	}
	return s
}

func (w wording) sentence() Sentence {
	all := func(rest string) Sentence { return join(list(w.Choose), Sentence{say("%s", rest)}) }
	do := w.do()
	switch w.Claim {
	case NoneFits:
		return Sentence{say("No socket does all of this: the list says what stands in the way of each.")}
	case Only:
		return w.only()
	case Elsewhere:
		return all(do + "Their way in this case is not the one that this host measures, so no figure says which costs less: choose by what stands below.")
	case Unmeasured:
		return all(do + "This host has not measured them in a case like this one, so nothing is said about what they cost.")
	case Far:
		return join(all(do+"What was "), w.in(), Sentence{say(" is too far away to answer: %s.", w.away())})
	case Indicative:
		return join(all(do+"What was "), w.in(), Sentence{say(" has fewer than %d rounds: too few to tell a difference from noise.", stats.MinRounds)})
	case NotShown:
		return w.either()
	case Mixed:
		return w.trade()
	}
	return w.take()
}

// do says what the chosen sockets do of the case: they stand alike, and those that
// are limited do it on a condition, which is named where they all have the same.
func (w wording) do() string {
	both, can, on := "", "do", ""
	if len(w.Choose) == 2 {
		both = " both"
	}
	if c := w.candidate(w.Choose[0]); c.Standing != Fits {
		can, on = "can do", ", if "+strings.Join(c.Ifs, " and ")
		for _, name := range w.Choose[1:] {
			if !slices.Equal(c.Ifs, w.candidate(name).Ifs) {
				on = ", if what the list says of each is seen to"
			}
		}
	}
	return both + " " + can + " all of this" + on + ". "
}

func (w wording) only() Sentence {
	switch {
	case w.Case.Who == OneProcess:
		return Sentence{{Text: "Use no socket:", Strong: true}, say(" within one process a channel, or net.Pipe where a net.Conn is asked for, needs no system call.")}
	case w.candidate(w.Choose[0]).Standing == Fits:
		return join(Sentence{say("Take "), socket(w.Choose[0]), say(": it alone does all of this by itself.")}, w.otherwise())
	}
	return Sentence{say("Take "), socket(w.Choose[0]), say(": nothing else is left.")}
}

// otherwise says what a socket that fits only if something is seen to costs more or
// less than the one that just fits.
func (w wording) otherwise() Sentence {
	h, ok := w.Headline()
	switch {
	case !ok:
		return nil
	case h.Shown:
		return join(Sentence{say(" At %s ", w.rate()), socket(h.Dearer), say(" costs "), figure(h.String()), say(" more than "), socket(h.Cheaper), say(" on this host, ")}, w.in(), Sentence{say(".")})
	}
	return join(Sentence{say(" No difference in CPU between "), socket(h.Cheaper), say(" and "), socket(h.Dearer), say(" is shown on this host, ")}, w.in(), Sentence{say(".")})
}

func (w wording) candidate(name string) Candidate {
	for _, c := range w.Candidates {
		if c.Name == name {
			return c
		}
	}
	return Candidate{Standing: Out}
}

func (w wording) away() string {
	for _, e := range w.Evidence {
		if far := w.Case.far(e.Setting); len(far) > 0 {
			return strings.Join(far, ", ")
		}
	}
	return ""
}

// most is the largest difference from the base that the intervals leave open.
func (w wording) most() (cores float64, ok bool) {
	for _, k := range w.Costs {
		if !k.Base && w.chosen(k.Socket) && k.Known {
			cores, ok = max(cores, k.MoreHigh, -k.MoreLow), true
		}
	}
	return cores, ok
}

// either says that nothing is shown, and how much the intervals leave open.
func (w wording) either() Sentence {
	most, ok := w.most()
	s := Sentence{{Text: "No difference is shown", Strong: true}, say(" between ")}
	if ok && most < little {
		s = Sentence{{Text: "Take the one you like:", Strong: true}, say(" no difference is shown between ")}
	}
	s = join(s, list(w.Choose), Sentence{say(" on this host, ")}, w.in(), Sentence{say(".")})
	switch {
	case !ok:
		return s
	case most < little:
		return append(s, say(" At %s it would be less than %s cores.", w.rate(), amount(most)))
	}
	return append(s, say(" At %s one may still cost up to ", w.rate()), figure(amount(most)), say(" more than another: more rounds would tell."))
}

func (w wording) rate() string { return quantity.Rate(w.Case.Rate) + " requests/s" }

// take says what is recommended, and what the dearest of the others costs more.
func (w wording) take() Sentence {
	s := join(Sentence{say("Take ")}, w.choices(), Sentence{say(": ")})
	h, ok := w.Headline()
	switch {
	case ok && h.Shown:
		return join(s, Sentence{say("at %s ", w.rate()), socket(h.Dearer), say(" costs "), figure(h.String()), say(" more")},
			w.than(h.Cheaper), Sentence{say(" on this host, ")}, w.in(), Sentence{say(".")})
	case w.sooner():
		s = append(s, say("a request takes less time than over the others that were measured; no difference in CPU is shown"))
	default:
		s = append(s, say("a request takes less CPU than over the others that were measured; how much at this rate is not known well enough"))
	}
	return join(s, Sentence{say(" on this host, ")}, w.in(), Sentence{say(".")})
}

// sooner reports whether a difference in time is shown, whatever that of CPU is.
func (w wording) sooner() bool {
	for _, e := range w.Evidence {
		for _, f := range e.Took {
			if f.LatencyClear {
				return true
			}
		}
	}
	return false
}

// choices are the recommended sockets; "either of" those that are not told apart.
func (w wording) choices() Sentence {
	if len(w.Choose) < 2 {
		return list(w.Choose)
	}
	return join(Sentence{say("one of ")}, list(w.Choose))
}

// than names what a difference is from, where that is not the one recommended alone.
func (w wording) than(cheaper string) Sentence {
	if len(w.Choose) == 1 && w.Choose[0] == cheaper {
		return nil
	}
	return Sentence{say(" than "), socket(cheaper)}
}

func (w wording) trade() Sentence {
	for _, k := range w.Costs {
		if w.Differs[k.Socket] != Trade {
			continue
		}
		less, more := "less CPU", "more time"
		if k.More > 0 {
			less, more = "more CPU", "less time"
		}
		return join(Sentence{{Text: "It is a trade:", Strong: true}, say(" over "), socket(k.Socket), say(" a request takes %s and %s than over ", less, more), socket(w.Costs[0].Socket), say(" on this host, ")}, w.in(), Sentence{say(".")})
	}
	return nil
}

// amount writes cores that are a bound, rounded up to two digits: "0.05", "0.0021".
func amount(cores float64) string {
	if cores <= 0 {
		return "0"
	}
	d := min(max(0, 1-int(math.Floor(math.Log10(cores)))), 12)
	p := math.Pow(10, float64(d))
	return quantity.Fixed(math.Ceil(cores*p)/p, d)
}
