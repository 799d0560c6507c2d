package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// counter is something that is counted beside the requests of a run.
type counter struct {
	name  string
	label string
	title string // what it means
	// of limits the counter to cells that can have it; nil for all.
	of func(profiles.Cell) bool
	// always shows it although it is 0: that nothing was lost is an answer.
	always bool
	// share divides it by the messages of the run.
	share bool
}

func lossy(c profiles.Cell) bool { return runner.Socket(c.Socket).Lossy() }

func records(c profiles.Cell) bool { return !runner.Socket(c.Socket).Stream() }

func overTCP(c profiles.Cell) bool { return runner.Socket(c.Socket).TCP() }

func dialsTCP(c profiles.Cell) bool { return overTCP(c) && runner.Workload(c.Workload).Dials() }

func overHTTP(c profiles.Cell) bool { return runner.Workload(c.Workload).HTTP() }

// counters are what a page shows beside the requests, in its order. Others are on
// the page of the rounds.
var counters = [...]counter{
	{name: "messages_lost", label: "Messages lost", title: "never arrived: they are not in the latencies", of: lossy, always: true, share: true},
	{name: "messages_duplicated", label: "Messages doubled", title: "arrived twice", of: lossy, always: true, share: true},
	{name: "messages_reordered", label: "Messages overtaken", title: "arrived after a later one", of: lossy, always: true, share: true},
	{name: "messages_truncated", label: "Records cut short", title: "longer than the buffer of the reader", of: records, share: true},
	{name: "messages_foreign", label: "Messages of others", title: "not of this run: they were dropped", of: records},
	{name: "dials", label: "Connections dialed", of: overHTTP},
	{name: "dial_retries", label: "Dials tried again", title: "the backlog of the listener was full; the wait counts into the latency"},
	{name: "addresses_dialed", label: "Addresses dialed", title: "in turn, so that the local ports of one address suffice", of: dialsTCP},
	{name: "time_wait", label: "Sockets in TIME_WAIT", title: "on the whole machine at the end of a run, in the mean", of: dialsTCP},
	{name: "tls_resumed", label: "TLS sessions resumed", of: func(c profiles.Cell) bool { return c.Socket == string(runner.TLS) }},
	{name: "requests_beyond_1s", label: "Requests of a second and more", title: "on TCP, a lost SYN"},
	{name: "tcp_retransmits", label: "TCP segments sent again", title: "on the whole machine", of: overTCP},
	{name: "listen_drops", label: "Connections dropped by listeners", title: "on the whole machine: a backlog was full", of: overTCP},
	{name: "udp_receive_errors", label: "UDP receive buffer errors", title: "on the whole machine: a buffer was full, and messages were dropped", of: lossy},
	{name: "udp_send_errors", label: "UDP send buffer errors", title: "on the whole machine", of: lossy},
}

// beside is what was counted beside the requests of a group; nil for nothing.
func (r *report) beside(group []int) *templates.Measured {
	v := &templates.Measured{
		Title: "Beside the requests", Hint: "summed over all runs; of states, their mean",
		Columns: []templates.Series{}, Against: []string{}, Rows: []templates.MeasuredRow{}, More: []templates.MeasuredRow{},
	}
	for _, i := range group {
		v.Columns = append(v.Columns, r.series(i))
	}
	for _, k := range counters {
		if row, ok := r.counted(group, k); ok {
			v.Rows = append(v.Rows, row)
		}
	}
	if r.spec.Workload.HTTP() {
		v.Rows = append(v.Rows, r.dialsRow(group))
	}
	if row, ok := r.noisyRow(group); ok {
		v.Rows = append(v.Rows, row)
	}
	if len(v.Rows) == 0 {
		return nil
	}
	return v
}

// counted is the row of one counter; ok is false where it has nothing to tell.
func (r *report) counted(group []int, k counter) (row templates.MeasuredRow, ok bool) {
	row = templates.MeasuredRow{Label: k.label, Title: k.title, Values: []templates.Value{}, Diffs: []templates.Difference{}}
	for _, i := range group {
		c := &r.Summary.Cells[i]
		n, there := c.Counters[k.name]
		if !there || k.of != nil && !k.of(c.Cell) {
			row.Values = append(row.Values, templates.Value{Text: "–", Title: "does not apply"})
			continue
		}
		ok = ok || n > 0 || k.always
		value := templates.Value{Text: quantity.Count(n)}
		if all := c.Counters["messages_sent"]; k.share && all > 0 && n > 0 {
			value.Title = fmt.Sprintf("%s of %s messages, %s", quantity.Count(n), quantity.Count(all), quantity.Percent(float64(n)/float64(all)))
		}
		row.Values = append(row.Values, value)
	}
	return row, ok
}

// dialsRow is how many connections a request of HTTP took: none where they were
// kept.
func (r *report) dialsRow(group []int) templates.MeasuredRow {
	row := templates.MeasuredRow{Label: "Dials per request", Title: "0 where every connection was kept, 1 where each request dialed", Values: []templates.Value{}, Diffs: []templates.Difference{}}
	for _, i := range group {
		value := templates.Value{Text: quantity.Missing}
		if e, ok := r.Summary.Cells[i].Metrics[profiles.DialsPerRequest]; ok {
			value.Text = quantity.Of(profiles.PerOperation, e.Median)
		}
		row.Values = append(row.Values, value)
	}
	return row
}

// noisyRow is how many runs were disturbed beyond their limits; ok is false for
// none.
func (r *report) noisyRow(group []int) (row templates.MeasuredRow, ok bool) {
	row = templates.MeasuredRow{Label: "Noisy runs", Title: "disturbed beyond their limits; the reasons are with the rounds", Values: []templates.Value{}, Diffs: []templates.Difference{}}
	for _, i := range group {
		c := &r.Summary.Cells[i]
		ok = ok || c.Noisy > 0
		row.Values = append(row.Values, templates.Value{Text: fmt.Sprintf("%d of %d", c.Noisy, c.Rounds)})
	}
	return row, ok
}

// contexts are metrics of a run that tell how it came about rather than what a
// request costs.
var contexts = [...]string{profiles.ClientOnCPU, profiles.ServerOnCPU, profiles.DialsPerRequest, profiles.LateShare, profiles.LostShare}

// runFacts are the counters and the context of one run.
func runFacts(run profiles.Run) []templates.Fact {
	facts := []templates.Fact{}
	for _, m := range profiles.Metrics {
		if v, ok := run.Metrics[m.Name]; ok && slices.Contains(contexts[:], m.Name) {
			facts = append(facts, templates.Fact{Label: m.Label, Value: quantity.Of(m.Unit, v)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(run.Counters)) {
		facts = append(facts, counterFact(name, run.Counters[name]))
	}
	return facts
}

// counterFact is a counter of one run in words and in its unit.
func counterFact(name string, n int64) templates.Fact {
	f := templates.Fact{Value: quantity.Count(n)}
	words := strings.ReplaceAll(name, "_", " ")
	for suffix, text := range map[string]func() string{
		" ms":    func() string { return quantity.Nanoseconds(float64(n) * 1e6) },
		" us":    func() string { return quantity.Nanoseconds(float64(n) * 1e3) },
		" bytes": func() string { return quantity.Bytes(n) },
		" x100":  func() string { return quantity.Number(float64(n) / 100) },
	} {
		if short, ok := strings.CutSuffix(words, suffix); ok {
			words, f.Value = short, text()
		}
	}
	f.Label = strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
	for _, k := range counters {
		if k.name == name {
			f.Label, f.Title = k.label, k.title
		}
	}
	return f
}

// late says which share of an open loop's requests was sent late; empty for none.
func (r *report) late(group []int) templates.Rich {
	worst, at := 0.0, -1
	for _, i := range group {
		if e, ok := r.Summary.Cells[i].Metrics[profiles.LateShare]; ok && e.Median > worst {
			worst, at = e.Median, i
		}
	}
	if at < 0 {
		return nil
	}
	s := r.series(at)
	return templates.Rich{
		{Text: "Over "},
		{Text: s.Name, Series: s.Series},
		{Text: " " + quantity.Percent(worst) + " of the requests were sent more than 50 µs after they were due. Response time counts from when they were due, so that wait is in it."},
	}
}
