package workload

import "time"

// Latencies collects the latencies of one worker. Its times are laps: a request
// ends where the next one begins, so no time between two requests is lost, and
// each costs one reading of the clock instead of two.
//
// In an open loop a lap begins when the request was due, and the time since the
// request was really sent is collected beside it.
type Latencies struct {
	began time.Time
	last  time.Duration // since began: where the lap began
	// open is what an open loop adds; nil in a closed one.
	open   *openLatencies
	counts histogram
	beyond int64
}

// openLatencies is what an open loop knows of the requests of one worker.
type openLatencies struct {
	sent    time.Duration // since began: when the request was really sent
	late    int64
	service histogram
}

// NewLatencies returns an empty collection for each of n workers of a closed loop.
func NewLatencies(n int) []*Latencies {
	all := make([]*Latencies, n)
	for i := range all {
		all[i] = &Latencies{}
	}
	return all
}

// newOpenLatencies is NewLatencies for an open loop.
func newOpenLatencies(n int) []*Latencies {
	all := NewLatencies(n)
	for _, l := range all {
		l.open = &openLatencies{}
	}
	return all
}

// Start begins the first lap.
func (l *Latencies) Start() { l.began = time.Now() }

// Lap ends a request and begins the next one.
func (l *Latencies) Lap() {
	now := time.Since(l.began)
	took := now - l.last
	l.last = now
	if took > Longest {
		took = l.tooLong()
	}
	l.counts.record(int64(took))
	if l.open != nil {
		l.open.service.record(int64(min(now-l.open.sent, Longest)))
	}
}

// Skip begins the next lap without counting this one: nothing came of it.
func (l *Latencies) Skip() { l.last = time.Since(l.began) }

func (l *Latencies) tooLong() time.Duration {
	l.beyond++
	return Longest
}

// begin begins the lap of a request that was due at due and is sent at sent, both
// since start.
func (l *Latencies) begin(start time.Time, due, sent time.Duration) {
	l.began, l.last = start, due
	l.open.sent = sent
	if sent-due > tooLate {
		l.open.late++
	}
}

func (l *Latencies) reset() {
	l.counts.reset()
	l.last, l.beyond = 0, 0
	if l.open != nil {
		l.open.service.reset()
		l.open.late = 0
	}
}

// merge adds up what all workers collected.
func merge(all []*Latencies, p *Pass) {
	p.Latency = newHDR()
	if all[0].open != nil {
		p.Service = newHDR()
	}
	for _, l := range all {
		l.counts.addTo(p.Latency)
		p.Beyond += l.beyond
		if l.open != nil {
			l.open.service.addTo(p.Service)
			p.Late += l.open.late
		}
	}
}
