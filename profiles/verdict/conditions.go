package verdict

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

const (
	// muchLate is the share of late starts from which on an open loop was not one.
	muchLate = 0.05
	// manyDials is the share of HTTP requests that dialed from which on connections
	// were not kept.
	manyDials = 0.01
	// crowd is from how many cells on not each gets its own sentence.
	crowd = 6
)

// Rate is that of an open loop in requests per second; 0 for a closed one.
func Rate(c profiles.Comparison) int {
	var spec struct {
		Rate int `json:"rate"`
	}
	if json.Unmarshal(c.Spec, &spec) != nil || spec.Rate < 0 {
		return 0
	}
	return spec.Rate
}

// Loop says what the latencies of a comparison are: "service time (closed loop)",
// "response time at 20 000 requests per second (open loop)"; for a one-way stream
// what arrived.
func Loop(c profiles.Comparison) string {
	switch rate := Rate(c); {
	case len(c.Cells) > 0 && c.Cells[0].Workload == "stream":
		return "goodput at the receiver (one-way stream)"
	case rate > 0:
		return "response time at " + quantity.Count(int64(rate)) + " requests per second (open loop)"
	}
	return "service time (closed loop)"
}

// MetricLabel is a metric's label with what a latency counts from in an open loop.
func MetricLabel(c profiles.Comparison, m profiles.Metric) string {
	if Rate(c) > 0 && strings.HasPrefix(m.Label, "Latency ") {
		return "Response time " + strings.TrimPrefix(m.Label, "Latency ")
	}
	return m.Label
}

// serviceFact tells, in an open loop, how much of the response time was service.
func (j *judge) serviceFact(g group) []Sentence {
	if Rate(j.c) == 0 || !strings.HasPrefix(j.m.Name, "latency_") {
		return nil
	}
	name := "service_" + strings.TrimPrefix(j.m.Name, "latency_")
	var figures []float64
	var cells []int
	for _, i := range g.cells {
		if e, ok := j.s.Cells[i].Metrics[name]; ok {
			figures, cells = append(figures, e.Median), append(cells, i)
		}
	}
	if len(cells) == 0 || len(cells) >= crowd {
		return nil
	}
	scale := quantity.ScaleOf(j.m.Unit, figures...)
	s := Sentence{{Text: "Of that, service time is "}}
	for n, i := range cells {
		if n > 0 {
			s = append(s, Segment{Text: "; "})
		}
		s = append(s, Segment{Text: scale.Brief(figures[n])}, Segment{Text: " over "}, j.socket(i))
	}
	return []Sentence{append(s, Segment{Text: ". The rest is waiting to be sent."})}
}

// edges tell what happened beside the requests: messages lost, starts that were
// late, requests of HTTP that dialed.
func (j *judge) edges() []string {
	http := len(j.c.Cells) > 0 && (j.c.Cells[0].Workload == "http" || j.c.Cells[0].Workload == "h2c")
	notes := j.shares(profiles.LostShare, 0, "%s lost %s of its messages.")
	notes = append(notes, j.shares(profiles.LateShare, muchLate, "Over %s %s of the requests started more than 50 µs late: they were not sent when due.")...)
	if http {
		notes = append(notes, j.shares(profiles.DialsPerRequest, manyDials, "Over %s %s of the requests dialed a connection: they were not all kept.")...)
	}
	return notes
}

// shares is a sentence for each socket of which a share is beyond a limit in some
// cell: the worst of its cells, by the mean over the rounds, since what happens in
// a few rounds only has a median of 0.
func (j *judge) shares(metric string, limit float64, format string) []string {
	var names []string
	worst := map[string]float64{}
	for i := range j.s.Cells {
		e := j.s.Cells[i].Metrics[metric]
		mean := 0.0
		for _, v := range e.Rounds {
			mean += v / float64(len(e.Rounds))
		}
		if !(mean > limit) || j.s.Cells[i].Cell.AA {
			continue
		}
		name := CellName(j.s.Cells[i].Cell)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		worst[name] = max(worst[name], mean)
	}
	var notes []string
	for _, name := range names {
		share := quantity.Percent(worst[name])
		if metric == profiles.LostShare && worst[name] < 0.0001 {
			share = "less than 0.01 %"
		}
		notes = append(notes, fmt.Sprintf(format, name, share))
	}
	return notes
}

// notMeasured names the sockets that are not measured, those with one reason
// together.
func (j *judge) notMeasured() []string {
	type reason struct {
		sentence string
		hosts    []string
		names    []string
		some     bool // other cells of these sockets are measured
	}
	var reasons []*reason
	for _, c := range j.c.Cells {
		if c.NA == "" || c.AA {
			continue
		}
		some := slices.ContainsFunc(j.c.Cells, func(o profiles.Cell) bool { return o.NA == "" && o.Name() == c.Name() && o.Host == c.Host })
		at := slices.IndexFunc(reasons, func(r *reason) bool { return r.sentence == c.NA && r.some == some })
		if at < 0 {
			at = len(reasons)
			reasons = append(reasons, &reason{sentence: c.NA, some: some})
		}
		r := reasons[at]
		if name := CellName(c); !slices.Contains(r.names, name) {
			r.names = append(r.names, name)
		}
		if c.Host != "" && !slices.Contains(r.hosts, c.Host) {
			r.hosts = append(r.hosts, c.Host)
		}
	}
	var notes []string
	for _, r := range reasons {
		verb := " is"
		if len(r.names) > 1 {
			verb = " are"
		}
		text := list(r.names) + verb + " not measured"
		if r.some {
			text = list(r.names) + verb + " measured in some configurations only"
		}
		if len(r.hosts) > 0 {
			text += " on " + list(r.hosts)
		}
		notes = append(notes, text+": "+r.sentence)
	}
	return notes
}

// care says what the number of rounds can carry, where it is not the usual one.
func (j *judge) care() []string {
	rounds := quantity.Plural(int64(j.s.Rounds), "round", "rounds")
	switch j.s.Grade {
	case stats.Quick:
		return []string{fmt.Sprintf("A quick look, %s: %d or more tell finer differences, %d are worth publishing.", rounds, stats.UsualRounds, stats.PublishableRounds)}
	case stats.Publishable:
		return []string{"Enough to publish: " + rounds + "."}
	}
	return nil
}

// noisyRuns says how many runs were disturbed. Their reasons are among the
// warnings.
func (j *judge) noisyRuns() []string {
	noisy, runs := 0, 0
	for i := range j.s.Cells {
		noisy, runs = noisy+j.s.Cells[i].Noisy, runs+j.s.Cells[i].Rounds
	}
	switch {
	case noisy == 0:
		return nil
	case noisy == 1:
		return []string{fmt.Sprintf("1 of %s was disturbed beyond the limits. It counts, and is marked.", quantity.Plural(int64(runs), "run", "runs"))}
	}
	return []string{fmt.Sprintf("%s of %s were disturbed beyond the limits. They count, and are marked.", quantity.Count(int64(noisy)), quantity.Plural(int64(runs), "run", "runs"))}
}

// list writes names as "a, b and c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
