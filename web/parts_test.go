package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/web"
)

// known is a list of hosts that a fleet knows.
type known []profiles.Host

func (f known) Hosts(context.Context) ([]profiles.Host, error) { return f, nil }

func TestHostsOfAComparison(t *testing.T) {
	t.Parallel()
	evil := `<script>alert(1)</script>"'`
	hosts := known{{Name: evil, OnlineSince: time.Now(), SeenAt: time.Now()}, {Name: "arm-box", SeenAt: time.Now().Add(-3 * time.Minute)}}
	s := setup(t, func(o *web.Options) { o.Fleet = hosts })
	spec := runner.Article()
	spec.Rounds, spec.Hosts = 8, []string{evil, "arm-box"}
	c := s.stored(spec, 8, true, nil)
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, "each runs every cell", "arm-box", "CPU of arm-box", "24 of 24 runs", "differences from the first host", "Latency p50, against unix")
	markup(t, "hosts", page, map[string]bool{})
	if strings.Contains(page, "<script>alert") {
		t.Error("a host's name is markup")
	}
	says(t, s.page("/comparisons/"+c.ID+"/lines?base=tcp4&other=tcp4@1").want(t, 200).body, "tcp4 · arm-box against tcp4 · "+evil)

	waiting, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "waits", Spec: raw(t, spec), Base: "unix", Cells: spec.Cells(), Host: "arm-box", Total: 48})
	if err != nil {
		t.Fatal(err)
	}
	says(t, s.page("/comparisons/"+waiting.ID).want(t, 200).body, "Waiting for host arm-box, which is offline (last seen 3 min ago).", "0 of 24 runs")
}

// A share says no more of a host than that it is waited for: not what else it
// works at, nor when it was there.
func TestShareOfAWaitingComparison(t *testing.T) {
	t.Parallel()
	hosts := known{{Name: "busy-box", OnlineSince: time.Now(), SeenAt: time.Now(), Running: "C-77"}, {Name: "away-box", SeenAt: time.Now().Add(-3 * time.Minute)}}
	s := setup(t, func(o *web.Options) { o.Fleet = hosts })
	spec := runner.Article()
	spec.Hosts = []string{"busy-box", "away-box", "new-box"}
	c, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "waits", Spec: raw(t, spec), Base: "unix", Cells: spec.Cells(), Host: "busy-box, away-box, new-box", Total: 90})
	if err != nil {
		t.Fatal(err)
	}
	own := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, own, "works at C-77 now", "last seen 3 min ago", "has never been online")
	home, _ := s.share("/comparisons/" + c.ID)
	shared := s.page(home).want(t, 200).body
	says(t, shared, "Waiting for its host.")
	saysNot(t, shared, "C-77", "last seen", "offline", "never been online")
}

// What of two machines is not known is not said to be none, and what is not listed
// is counted.
func TestDifferencesOfHosts(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Rounds, spec.Hosts = 1, []string{"a", "b"}
	c := s.stored(spec, 1, false, nil)
	claim := func(host string, f host.Fingerprint) {
		part, _ := c.Part(host)
		if err := s.store.Attach(t.Context(), c.ID, host, part.Attempt, profiles.Attachment{Fingerprint: raw(t, f)}); err != nil {
			t.Fatal(err)
		}
	}
	settings := map[string]string{}
	for i := range 20 {
		settings[fmt.Sprintf("net.test.%02d", i)] = "1"
	}
	claim("a", host.Fingerprint{Go: "go1.26", CPU: "Neoverse", Mitigations: settings})
	claim("b", host.Fingerprint{Go: "go1.26", Mitigations: map[string]string{"net.test.00": "2"}})
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, "12 of 21 differences from the first host", "not known, there Neoverse")
	saysNot(t, page, "none, there")
}

// The machine of another host is not taken for this one.
func TestFingerprintBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	for host, told := range map[string]bool{"": true, "testhost": true, "arm-box": false} {
		spec.Host = host
		c, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "x", Spec: raw(t, spec), Base: "unix", Cells: spec.Cells(), Host: host, Total: 30})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(s.page("/comparisons/"+c.ID).want(t, 200).body, "Test CPU"); got != told {
			t.Errorf("on %q this server's CPU is told: %v, want %v", host, got, told)
		}
	}
}

// How long a queued comparison takes depends on its hosts, as the form has said.
func TestQueuedTakes(t *testing.T) {
	t.Parallel()
	s := setup(t, withFleet(t), func(o *web.Options) {
		o.Estimate = func(spec runner.Spec) time.Duration { return time.Duration(len(spec.Sockets)) * time.Hour }
	})
	spec := runner.Article()
	spec.Sockets, spec.Host = []runner.Socket{runner.Unix, runner.TCP4, runner.TCP6}, "arm-box" // which has no tcp6
	c, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "x", Spec: raw(t, spec), Base: "unix", Cells: spec.Cells(), Host: "arm-box", Total: 30})
	if err != nil {
		t.Fatal(err)
	}
	says(t, s.page("/comparisons/"+c.ID).want(t, 200).body, "takes about 2 h")
}

// Where there is one host the form shows no field for it, so what is wrong with
// the host of a link is said of the whole form.
func TestWrongHostWithoutAField(t *testing.T) {
	t.Parallel()
	s := setup(t)
	page := s.do("GET", "/comparisons/new?check=1&hosts=elsewhere", nil, bearer, browser).want(t, 200).body
	says(t, page, "It cannot be done like this There is no host \"elsewhere\"")
	if strings.Contains(page, `href="#field-"`) {
		t.Error("a link leads to a field that is not there")
	}
}
