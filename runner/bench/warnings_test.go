package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	r := runOf(runner.TCP4, runner.DialEcho)
	r.plan = &host.PortPlan{Ports: 28_000, Held: time.Second, Targets: 1}
	if w := r.warnings(passOf(100_000)); host.DialsPerSecond() > 0 && (len(w) != 1 || !strings.Contains(w[0], "TIME_WAIT")) {
		t.Errorf("warnings of 100,000 dials a second: %q", w)
	}
	r.dialed = 200
	if w := r.warnings(passOf(100_000)); len(w) > 0 {
		t.Errorf("warnings of 100,000 dials a second over 200 addresses: %q", w)
	}
	r.plan.Short, r.plan.Sentence = true, "Not even 250 addresses suffice."
	if w := r.warnings(passOf(100_000)); len(w) != 1 || w[0] != r.plan.Sentence {
		t.Errorf("warnings with too few ports: %q", w)
	}
	r = runOf(runner.Unix, runner.DialEcho)
	if w := r.warnings(passOf(10_000)); len(w) > 0 {
		t.Errorf("warnings of a clean pass: %q", w)
	}
	for want, spoil := range map[string]func(*pass, *run){
		"collector of the server ran":                func(p *pass, _ *run) { p.reports[1].Usage.GC = 200 },
		"something else may have used":               func(p *pass, _ *run) { p.reports[1].Counts.Messages += 3 },
		"7 requests took longer than 1":              func(p *pass, _ *run) { p.client.Beyond = 7 },
		"3 messages were longer":                     func(p *pass, _ *run) { p.client.Counts.Truncated = 3 },
		"2 messages or connections were of somebody": func(p *pass, _ *run) { p.reports[1].Counts.Foreign = 2 },
		"after 10000 of 20000 requests":              func(_ *pass, r *run) { r.spec.Requests = 20_000 },
		"20 % of the requests were sen":              func(p *pass, r *run) { r.spec.Rate, p.client.Late = 100_000, 2_000 },
		"/s where 150000/s were asked":               func(_ *pass, r *run) { r.spec.Rate = 150_000 },
	} {
		p, r := passOf(10_000), runOf(runner.Unix, runner.DialEcho)
		spoil(&p, r)
		if w := r.warnings(p); len(w) != 1 || !strings.Contains(w[0], want) {
			t.Errorf("warnings %q, want one with %q", w, want)
		}
	}
}

// TestNoisy: what others did marks the run, in one sentence.
func TestNoisy(t *testing.T) {
	t.Parallel()
	p := passOf(10_000)
	if s := p.noisy(); s != "" {
		t.Errorf("a quiet pass is marked: %s", s)
	}
	p.machine = host.Sample{Busy: time.Second + p.own(), Total: 2 * time.Second}
	if s := p.noisy(); !strings.Contains(s, "50 %") {
		t.Errorf("a pass beside others at work is marked %q", s)
	}
	p.machine = host.Sample{Steal: 100 * time.Millisecond, Total: 2 * time.Second}
	if s := p.noisy(); !strings.Contains(s, "5.0 %") {
		t.Errorf("a pass beside other machines at work is marked %q", s)
	}
}

// TestOnce: what holds for every run is said at the first.
func TestOnce(t *testing.T) {
	t.Parallel()
	c := comparison{told: map[string]bool{}}
	if s := c.once([]string{"There is one CPU."}); len(s) != 1 {
		t.Errorf("the first time: %q", s)
	}
	if s := c.once([]string{"There is one CPU.", "It is slow."}); len(s) != 1 || s[0] != "It is slow." {
		t.Errorf("the second time: %q", s)
	}
}
