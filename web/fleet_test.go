package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/access"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/web"
)

// fakeFleet is the hosts that a dispatcher would name.
type fakeFleet struct {
	hosts []profiles.Host
	err   error
}

func (f fakeFleet) Hosts(context.Context) ([]profiles.Host, error) { return f.hosts, f.err }

func raw(t testing.TB, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fleet is this host, one that has no tcp6 and runs something, and one that is away.
func fleet(t testing.TB) fakeFleet {
	t.Helper()
	at := time.Date(2026, 11, 22, 7, 2, 0, 0, time.UTC)
	return fakeFleet{hosts: []profiles.Host{
		{Name: "testhost", OnlineSince: at, SeenAt: at},
		{
			Name: "arm-box", OnlineSince: at, SeenAt: at, Running: "C-7", Fingerprint: raw(t, host.Fingerprint{OS: "linux", Arch: "arm64", CPU: "Neoverse-N1", Kernel: "6.12"}),
			Checks: raw(t, []host.Usable{{Socket: runner.TCP6, Reason: "The socket tcp6 cannot be used here: there is no IPv6.", Advice: "sysctl net.ipv6.conf.lo.disable_ipv6=0"}}),
		},
		{Name: "away", SeenAt: at, Fingerprint: json.RawMessage(`"nonsense`), Checks: json.RawMessage(`{`)},
	}}
}

func withFleet(t testing.TB) func(*web.Options) {
	f := fleet(t)
	return func(o *web.Options) {
		o.Fleet = f
		o.Advice = func() []host.Advice {
			return []host.Advice{{Sentence: "The governor is powersave.", Command: "cpupower frequency-set -g performance"}, {Sentence: "It is a virtual machine."}}
		}
	}
}

func TestHostsPage(t *testing.T) {
	t.Parallel()
	s := setup(t, withFleet(t))
	page := html.UnescapeString(s.page("/hosts").want(t, http.StatusOK).body)
	for _, want := range []string{
		"testhost", "arm-box", "Neoverse-N1", "online since 22 Nov 2026 07:02 UTC", `href="/comparisons/C-7"`, "there is no IPv6",
		"not online", "last seen", "cpupower frequency-set -g performance", "It is a virtual machine.", "How the hosts differ", "arm64", "sockscope worker --join nats://",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "sysctl net.ipv6") || strings.Contains(page, "0.0.0.0") {
		t.Error("the page offers to run what a worker sent, or to listen everywhere")
	}
	broken := setup(t, func(o *web.Options) { o.Fleet = fakeFleet{err: errors.New("the engine is away")} })
	for _, path := range []string{"/hosts", "/comparisons/new", "/"} {
		if a := broken.page(path).want(t, http.StatusInternalServerError); strings.Contains(a.body, "engine") {
			t.Errorf("%s tells what went wrong inside", path)
		}
	}
}

func TestHostsAreHostile(t *testing.T) {
	large(t)
	t.Parallel()
	plain, hostile := map[string]bool{}, map[string]bool{}
	for _, text := range append([]string{"plain"}, attacks...) {
		into := hostile
		if text == "plain" {
			into = plain
		}
		s := setup(t, func(o *web.Options) {
			o.Fleet = fakeFleet{hosts: []profiles.Host{{
				Name: text, OnlineSince: time.Unix(1e9, 0), Running: text, Warnings: []string{text}, Fingerprint: raw(t, host.Fingerprint{CPU: text, Arch: text, Sysctls: map[string]string{text: text}}),
				Checks: raw(t, []host.Usable{{Socket: runner.Socket(text), Reason: text, Advice: text}, {Socket: runner.TCP4, Reason: text}}),
			}}}
		})
		for _, path := range []string{"/hosts", "/comparisons/new", "/comparisons/new?check=1&sockets=unix&sockets=tcp4&hosts=testhost&hosts=" + url.QueryEscape(text), "/"} {
			markup(t, path, s.do("GET", path, nil, bearer, browser).want(t, http.StatusOK).body, into)
		}
	}
	for name := range hostile {
		// A name that no host can have is refused, and the form then says so.
		if !plain[name] && name != "section role" && name != "section data-summary" && !strings.HasSuffix(name, "aria-labelledby") && !strings.HasSuffix(name, "aria-invalid") {
			t.Errorf("<%s> came from a host", name)
		}
	}
}

func TestPlanOnHosts(t *testing.T) {
	t.Parallel()
	s := setup(t, withFleet(t))
	both := url.Values{"custom": {"1"}, "sockets": {"unix", "tcp6"}, "placements": {"split"}, "grade": {"6"}, "hosts": {"testhost", "arm-box"}}
	page := html.UnescapeString(s.do("GET", "/comparisons/new?check=1&"+both.Encode(), nil, bearer, browser).want(t, http.StatusOK).body)
	for _, want := range []string{"It can be done like this.", "5 cells with the A/A cells, 1 more n/a", "30 runs", "on 2 hosts at once", "tcp6 on arm-box", "there is no IPv6", "are not alike"} {
		if !strings.Contains(page, want) {
			t.Errorf("the plan does not say %q", want)
		}
	}
	if got := s.queue.orders(); len(got) != 0 {
		t.Errorf("checking the plan started %v", got)
	}
	s.post("/comparisons", both).want(t, http.StatusSeeOther)
	c, err := s.store.Comparison(t.Context(), "C-1")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Cells) != 6 || c.Total != 30 || c.Host != "testhost, arm-box" || c.Cells[5].NA == "" || c.Cells[2].NA != "" {
		t.Errorf("stored %+v", c)
	}
	if len(c.Parts) != 2 || c.Parts[0].Host != "testhost" || c.Parts[1].Host != "arm-box" || c.Parts[1].Total != 12 {
		t.Errorf("parts %+v", c.Parts)
	}
	a := s.api("POST", "/comparisons", `{"hosts":["arm-box"],"base":"tcp6","sockets":["tcp6","unix"]}`).want(t, http.StatusUnprocessableEntity)
	if p := a.problem(t); len(p.Errors) != 1 || p.Errors[0].Field != "base" || !strings.Contains(p.Errors[0].Sentence, "no IPv6") {
		t.Errorf("a base that the host cannot open: %+v", p.Errors)
	}
	a = s.api("POST", "/comparisons", `{"host":"nowhere"}`).want(t, http.StatusUnprocessableEntity)
	if p := a.problem(t); len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Sentence, "use testhost, arm-box, away") {
		t.Errorf("a host that is not known: %+v", p.Errors)
	}
	s.api("POST", "/comparisons", `{"hosts":["away"],"rounds":1}`).want(t, http.StatusCreated) // it waits for it
	if c, err = s.store.Comparison(t.Context(), "C-2"); err != nil || c.Host != "away" || c.Parts[0].Host != "away" {
		t.Errorf("stored %+v, %v", c, err)
	}
}

func TestPlanWithoutStarting(t *testing.T) {
	t.Parallel()
	s := setup(t, func(o *web.Options) {
		o.Estimate = func(spec runner.Spec) time.Duration {
			full := 20 * time.Minute
			if spec.Budget > 0 {
				return min(full, max(time.Duration(spec.Budget)*time.Second, 3*time.Minute))
			}
			return full
		}
		o.Host.Checks = append(o.Host.Checks, host.Usable{Socket: runner.VSock, Reason: "The socket vsock cannot be used here: there is no module."})
	})
	see := func(query string) string {
		return html.UnescapeString(s.do("GET", "/comparisons/new?"+query, nil, bearer, browser).want(t, http.StatusOK).body)
	}
	for query, wants := range map[string][]string{
		"":                     {"3 cells with the A/A cell · 30 runs · about 20 min", "vsock", "there is no module. Its cells are n/a."},
		"check=1&budget=5+min": {"about 5 min", "passes are cut shorter", "Nothing was started"},
		"check=1&budget=1+h":   {"keeps within the time budget of 1 h"},
		"check=1&budget=2+min": {"It cannot be done like this", "even with the shortest passes"},
		"check=1&sockets=unix&sockets=socketpair&sockets=vsock": {"2 cells with the A/A cell, 2 more n/a", "no address to dial", "there is no module"},
		"check=1&rounds=3":                     {"With fewer than 6 rounds"},
		"check=1&rounds=many":                  {`"many" is not a whole number`, `value="many"`},
		"sizes=1..1MiB+%C3%9716&workload=echo": {"18 cells with the A/A cells", `value="1..1MiB ×16"`},
		"rate=20000&workload=echo":             {`value="20000"`, `<details class="Form-more" open`},
	} {
		page := see(query)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("?%s does not say %q", query, want)
			}
		}
	}
	if page := see(""); strings.Contains(page, `<details class="Form-more" open`) || strings.Contains(page, "It can be done") {
		t.Error("the plain form is not simple at first sight")
	}
	// Every preset is a form that can be sent.
	for _, m := range links.FindAllStringSubmatch(see(""), -1) {
		if link := html.UnescapeString(m[1]); strings.HasPrefix(link, "/comparisons/new?") {
			if page := see(strings.TrimPrefix(link, "/comparisons/new?") + "&check=1"); !strings.Contains(page, "It can be done like this.") {
				t.Errorf("the preset %s cannot be done", link)
			}
		}
	}
	if len(s.queue.orders()) != 0 {
		t.Error("looking at the form started something")
	}
}

func TestAccessPage(t *testing.T) {
	t.Parallel()
	tries := 0
	s := setup(t, func(o *web.Options) {
		o.Access = func(context.Context) ([]access.Row, error) {
			if tries++; tries > 1 {
				return nil, errors.New("secret reason")
			}
			return []access.Row{
				{Socket: runner.Unix, Setting: attacks[0], Who: "another user", Sentence: "Refused: permission denied (EACCES)."},
				{Socket: runner.TCP4, Setting: "127.0.0.1", Who: "another user", Connected: true, Sentence: "Connected.", Peer: attacks[2]},
				{Socket: runner.Unix, Setting: "0755", Who: "another user", Skipped: "Becoming another user needs root."},
			}, nil
		}
	})
	if page := s.page("/access").want(t, http.StatusOK).body; !strings.Contains(page, "has not been tried") || strings.Contains(page, "<form") {
		t.Error("before it was tried, or for who may not start")
	}
	s.do("POST", "/access", nil, browser).want(t, http.StatusUnauthorized)
	s.do("POST", "/access", nil, bearer, header("Sec-Fetch-Site", "cross-site")).want(t, http.StatusForbidden)
	if tries != 0 {
		t.Fatal("who may not start had it tried")
	}
	if a := s.post("/access", nil).want(t, http.StatusSeeOther); a.Header.Get("Location") != "/access" {
		t.Errorf("leads to %s", a.Header.Get("Location"))
	}
	page := s.page("/access").want(t, http.StatusOK).body
	for _, want := range []string{"refused", "connected", "not tried", "needs root", "EACCES", "tried just now"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	markup(t, "/access", page, map[string]bool{})
	if a := s.post("/access", nil).want(t, http.StatusInternalServerError); strings.Contains(a.body, "secret") {
		t.Error("the page tells what went wrong inside")
	}
	if again := s.page("/access").body; !strings.Contains(again, "EACCES") {
		t.Error("what was tried before is lost")
	}
	without := setup(t)
	without.post("/access", nil).want(t, http.StatusNotImplemented)
}

func TestHealthAsksTheDatabase(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.get("/healthz").want(t, http.StatusOK)
	gone := setup(t, func(o *web.Options) { o.Archive = deadArchive{o.Archive} })
	if a := gone.get("/healthz").want(t, http.StatusServiceUnavailable); strings.Contains(a.body, "disk") {
		t.Error("it tells what is wrong inside")
	}
}

type deadArchive struct{ web.Archive }

func (deadArchive) Ping(context.Context) error { return errors.New("disk gone") }
