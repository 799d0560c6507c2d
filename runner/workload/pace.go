package workload

import (
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
	"time"
)

// When a start counts as late, and when there are too many overdue ones to go on.
const (
	tooLate     = 50 * time.Microsecond
	mostOverdue = 10 * time.Second
	mostBacklog = 1_000_000
)

// spinAlone is how long before a start even the only CPU does nothing else: letting
// others have it takes some microseconds.
const spinAlone = 10 * time.Microsecond

// pace hands out the requests of an open loop: request i is due at i/rate after
// the start, whether the ones before it are answered or not. The next free worker
// takes it, so a request starts late only if all workers are busy, or if the
// process did not get the CPU.
//
// One worker at a time waits for the clock, the others wait for it. It sleeps until
// shortly before, and for the last stretch it looks at the clock again and again. On
// one CPU that would keep the replies of requests under way from being read, and in
// the placement "same" the server from answering, so there it lets both happen
// between two looks.
//
// Measured on two virtual CPUs with a side on each and nothing else on them: at
// 20,000 requests per second from 4 or 64 workers 0.1 to 0.9 % start more than 50 µs
// late, and the median of response time is within 3 µs of that of service time. One
// worker cannot keep that rate across CPUs: its round trip takes about 50 µs.
//
// Note: each worker waiting for itself would have them spin beside each other: on
// one CPU one of them keeps the others, and those that read replies, from running.
// Neither does a timer do for the last stretch: to set one takes 20 µs on a virtual
// machine, and it is as late again.
type pace struct {
	rate   int64
	budget Budget
	began  time.Time
	alarm  *alarm
	alone  bool // there is one CPU for all goroutines

	turn    chan struct{} // holds one token; whoever took it may use the rest
	taken   int64
	failed  error
	stopped atomic.Bool
}

// newPace starts the clock.
func newPace(b Budget, rate int) (*pace, error) {
	a, err := newAlarm()
	if err != nil {
		return nil, fmt.Errorf("make a timer to pace requests: %w", err)
	}
	p := &pace{rate: int64(rate), budget: b, alarm: a, alone: runtime.GOMAXPROCS(0) == 1, turn: make(chan struct{}, 1)}
	p.turn <- struct{}{}
	p.began = time.Now()
	return p, nil
}

// work is what the loop of one worker gets.
func (p *pace) work(l *Latencies) *Work {
	w := &Work{pace: p, latencies: l}
	w.left.Store(math.MinInt64 / 2)
	return w
}

// take waits until the next request is due and begins its lap. It reports false
// when there is none left.
func (p *pace) take(l *Latencies) bool {
	<-p.turn
	due := p.due(p.taken)
	if p.over(due) {
		p.turn <- struct{}{}
		return false
	}
	sent := p.wait(due)
	if p.stopped.Load() { // it may not be due yet
		p.turn <- struct{}{}
		return false
	}
	p.taken++
	if sent-due > mostOverdue || (sent-due).Seconds()*float64(p.rate) > mostBacklog {
		p.failed = p.overdue(sent - due)
		p.stopped.Store(true)
	}
	l.begin(p.began, due, sent)
	p.turn <- struct{}{}
	return true
}

// due is when a request is due, after the start.
func (p *pace) due(i int64) time.Duration { return time.Duration(i * int64(time.Second) / p.rate) }

// over reports that a request which would be due then is not to be made. That is
// asked of the time when it is due, not of the present: all that is due within the
// time of the pass is sent, however late.
func (p *pace) over(due time.Duration) bool {
	if p.stopped.Load() || p.budget.AtMost > 0 && due >= p.budget.AtMost {
		return true
	}
	return p.taken >= p.budget.Requests && due >= p.budget.AtLeast
}

// wait returns when a request is due, or at once if it is overdue, and says what
// time it is then.
func (p *pace) wait(due time.Duration) time.Duration {
	for {
		now := time.Since(p.began)
		left := due - now
		switch {
		case left <= 0 || p.stopped.Load():
			return now
		case left > spinFrom:
			p.alarm.wait(left - spinFrom)
		case p.alone && left > spinAlone:
			p.alarm.yield()
		}
	}
}

// stop makes take return false to all workers.
func (p *pace) stop() {
	p.stopped.Store(true)
	p.alarm.wake()
}

// close frees the timer when all workers are done, and returns why the pace was
// given up.
func (p *pace) close() error {
	p.alarm.close()
	return p.failed
}

func (p *pace) overdue(by time.Duration) error {
	n := int64(by.Seconds() * float64(p.rate))
	return fmt.Errorf("the rate cannot be kept: %d requests are overdue, the oldest by %s; ask for fewer than %d requests per second, or for more concurrency",
		n, by.Round(time.Millisecond), p.rate)
}
