package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/advice"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// limits are what the figures do not say.
func (p painter) limits(h advice.Host) []templates.ChooseLimit {
	list := []templates.ChooseLimit{}
	for _, l := range p.Limits(h) {
		v := templates.ChooseLimit{Topic: l.Topic, Lines: []templates.ChooseLine{}}
		for _, line := range l.Lines {
			w := templates.ChooseLine{Sentence: line.Sentence, Sockets: []templates.Series{}, Sources: []templates.ChooseSource{}}
			for _, name := range line.Sockets {
				w.Sockets = append(w.Sockets, p.series(name))
			}
			for _, s := range line.Sources {
				w.Sources = append(w.Sources, sourceView(s, h))
			}
			v.Lines = append(v.Lines, w)
		}
		list = append(list, v)
	}
	return list
}

// sourceView says where a sentence is from, with a link where that can be read.
func sourceView(s advice.Source, h advice.Host) templates.ChooseSource {
	switch {
	case s.Sysctl != "":
		path := "/proc/sys/" + strings.ReplaceAll(s.Sysctl, ".", "/")
		if s.Value == "" {
			return templates.ChooseSource{Text: path + " is not known of " + h.Name, URL: "/hosts"}
		}
		return templates.ChooseSource{Text: path + " = " + s.Value, Code: true, URL: "/hosts"}
	case s.Comparison != "":
		return templates.ChooseSource{Text: s.Comparison + " counted " + strings.ReplaceAll(s.Value, "_", " "), URL: scope{}.comparison(s.Comparison, "")}
	case s.Tried != nil:
		outcome := "refused"
		if s.Tried.Connected {
			outcome = "connected"
		}
		return templates.ChooseSource{Text: "tried here: " + s.Tried.Setting + ", " + s.Tried.Who + ": " + outcome, URL: "/access"}
	case s.Untried:
		return templates.ChooseSource{Text: "not tried here yet: try it", URL: "/access"}
	case s.Command != "":
		return templates.ChooseSource{Text: s.Command, Code: true}
	}
	return templates.ChooseSource{Text: cmp.Or(s.Check, s.Known)}
}

// maxMeasured is how many sockets a link to a comparison chooses: enough to decide,
// and few enough not to take all afternoon.
const maxMeasured = 5

// measureLinks are the comparisons that would answer, one for each part of the case;
// none where nothing that is measured here is the way of two sockets.
func (s *Server) measureLinks(a *advice.Answer, m machine, ms machines) []templates.ChooseMeasure {
	list := []templates.ChooseMeasure{}
	primary := a.Claim == advice.Unmeasured || a.Claim == advice.Far || a.Claim == advice.Indicative
	for i, part := range a.Case.Parts() {
		spec := runner.Article()
		spec.Workload, spec.Sizes = runner.Workload(part.Workload), []int{min(a.Case.Size, runner.MaxSize)}
		if a.Claim == advice.NotShown {
			spec.Rounds = runner.PublishedRounds
		}
		if spec.Workload == runner.Echo {
			spec.Requests = 50_000
		}
		if spec.Sockets = toMeasure(a, spec); len(spec.Sockets) < 2 {
			continue
		}
		spec.Base = spec.Sockets[0]
		if !m.own {
			spec.Host = m.Name
		}
		list = append(list, templates.ChooseMeasure{Label: s.measureLabel(spec, ms), URL: formOf(spec), Primary: primary && len(list) == 0})
		if _, compared := a.Headline(); compared && len(a.Case.Parts()) == 1 && openLoop(&spec, a.Evidence[i], part.PerSecond) {
			list = append(list, templates.ChooseMeasure{Label: s.measureLabel(spec, ms), URL: formOf(spec)})
		}
	}
	return list
}

func (s *Server) measureLabel(spec runner.Spec, ms machines) string {
	names := make([]string, len(spec.Sockets))
	for i, k := range spec.Sockets {
		names[i] = string(k)
	}
	parts := []string{strings.Join(names, ", "), spec.Workload.Label(), quantity.Bytes(int64(spec.Sizes[0]))}
	if spec.Rate > 0 {
		parts = append(parts, "at your rate, "+quantity.Count(int64(spec.Rate))+" requests/s")
	}
	return strings.Join(append(parts, plural(spec.Rounds, "round", "rounds"), quantity.About(s.takes(spec, ms))), " · ")
}

// Of an open loop: how long the timing pass of one run is, and up to which share of
// what was carried at full speed it is offered.
const (
	openSeconds = 3
	openShare   = 0.7
)

// openLoop makes the spec one at the rate itself, where that is a rate that the
// connections of the evidence carry; false where it was measured so already.
func openLoop(spec *runner.Spec, e advice.Evidence, perSecond float64) bool {
	if e.Rate > 0 || perSecond < 1 || perSecond > runner.MaxRate {
		return false
	}
	for _, f := range e.Took {
		if perSecond > openShare*f.PerSecond.Median {
			return false
		}
	}
	spec.Rate, spec.Concurrency = int(perSecond), []int{e.Concurrency}
	spec.Requests = max(openSeconds*spec.Rate, 100, e.Concurrency)
	return true
}

// toMeasure are the sockets that can be used, are measured on their own way and run
// the workload: those that fit first, then TCP for the difference that most ask for.
func toMeasure(a *advice.Answer, spec runner.Spec) []runner.Socket {
	var all []runner.Socket
	for _, c := range a.Candidates {
		k := runner.Socket(c.Name)
		if c.Standing == advice.Out || c.Missing != "" || a.Case.Elsewhere(c.Socket) != "" || !slices.Contains(runner.Sockets[:], k) ||
			runner.Applicable(spec.Workload, k, spec.Sizes[0], 0) != "" {
			continue
		}
		all = append(all, k)
	}
	if at := slices.Index(all, runner.TCP4); at > 1 { // beside the first
		all = slices.Insert(slices.Delete(all, at, at+1), 1, runner.TCP4)
	}
	return all[:min(len(all), maxMeasured)]
}

// formOf is the form of a new comparison, filled in with a spec.
func formOf(s runner.Spec) string {
	q := url.Values{
		"workload": {string(s.Workload)}, "sizes": {strconv.Itoa(s.Sizes[0])}, "requests": {strconv.Itoa(s.Requests)}, "grade": {strconv.Itoa(s.Rounds)},
		"base": {string(s.Base)},
	}
	for _, k := range s.Sockets {
		q.Add("sockets", string(k))
	}
	if s.Rate > 0 {
		q.Set("rate", strconv.Itoa(s.Rate))
	}
	if !slices.Equal(s.Concurrency, runner.Article().Concurrency) {
		q.Set("concurrency", strconv.Itoa(s.Concurrency[0]))
	}
	if s.Host != "" {
		q.Set("hosts", s.Host)
	}
	return "/comparisons/new?" + q.Encode()
}

// usualRate is what is asked for where a comparison does not say how much it stands
// for.
const usualRate = 1000

// caseLink is the page of what to choose, filled in with a comparison's workload,
// size and host; "" for a workload that is not told there.
func (r *report) caseLink(cell int) string {
	c := r.Comparison.Cells[cell]
	w := runner.Workload(c.Workload)
	if w != runner.DialEcho && w != runner.Echo {
		return ""
	}
	rate := strconv.Itoa(cmp.Or(r.spec.Rate, usualRate))
	// Any user may connect: whoever comes from figures wants the figures to decide.
	q := url.Values{"access": {string(advice.AnyUser)}, "comparison": {r.Comparison.ID}, "rate": {rate}, "size": {strconv.Itoa(c.Size)}}
	if w.Dials() {
		q.Set("dials", rate)
	}
	if host := r.Comparison.HostOf(cell); host != "" {
		q.Set("host", host)
	}
	if c.Socket == string(runner.TLS) {
		q.Set("tls", "yes")
	}
	return "/choose?" + q.Encode()
}
