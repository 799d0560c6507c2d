package web_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/access"
	"github.com/sockscope/sockscope/web"
)

// keptOf files a finished comparison of kept connections.
func (s *site) keptOf(sockets []runner.Socket, size, rounds int) profiles.Comparison {
	s.t.Helper()
	spec := runner.Article()
	spec.Workload, spec.Sockets, spec.Sizes, spec.Rounds = runner.Echo, sockets, []int{size}, rounds
	return s.stored(spec, rounds, true, nil)
}

const sidecarCase = "/choose?access=local&carries=stream&rate=20000&size=1KiB&who=host"

func TestChooseWithoutEvidence(t *testing.T) {
	t.Parallel()
	s := setup(t)
	page := s.page(sidecarCase).want(t, 200).body
	says(t, page, "Which to choose", "This host has not measured them in a case like this one", "not measured here yet", "Measure it", "unix, tcp4", "about 1 min 30 s", "not tried here yet", "somaxconn is not known of testhost")
	saysNot(t, page, "cores more", "Measured in C-", "What it costs")
	says(t, s.page("/").want(t, 200).body, "Which to choose for my case?")
	s.page("/choose").want(t, 200)
}

func TestChooseWithEvidence(t *testing.T) {
	t.Parallel()
	s := setup(t)
	far := s.keptOf([]runner.Socket{runner.Unix, runner.TCP4}, 65536, 10)
	near := s.keptOf([]runner.Socket{runner.Unix, runner.TCP4, runner.TCP6}, 1024, 10)
	dials := s.done("dials")
	page := s.page(sidecarCase).want(t, 200).body
	says(t, page, "at 20 000 requests/s tcp4 costs", "cores more", "measured in "+near.ID, "What it costs", "Measured in "+near.ID, "near: the same size of messages", "Of the 2 CPUs of this host")
	if strings.Contains(page, "Measured in "+far.ID) || strings.Contains(page, "Measured in "+dials.ID) {
		t.Error("it stands on a comparison that is farther away, or of another workload")
	}
	// One dial a request is the other workload, and both add up.
	says(t, s.page(sidecarCase+"&dials=20000").want(t, 200).body, "measured in "+dials.ID, "messages of 5 B instead of 1 KiB")
	says(t, s.page(strings.Replace(sidecarCase, "1KiB", "5", 1)+"&dials=20000").want(t, 200).body, "A request with its connection takes", "Measured in "+dials.ID)
	// What somebody came from goes before what is nearer.
	says(t, s.page(sidecarCase+"&comparison="+far.ID).want(t, 200).body, "Measured in "+far.ID, "too far away to answer: messages of 64 KiB instead of 1 KiB")
	// No figure of loopback answers for a network, and none of plain TCP for TLS.
	for _, other := range []string{"/choose?access=network&rate=20000&who=hosts", "/choose?rate=20000&who=process", "/choose?rate=20000&who=host&tls=yes&access=local", "/choose?rate=20000&who=container&access=local"} {
		page := s.page(other).want(t, 200).body
		saysNot(t, page, "cores more over")
	}
	if err := s.store.DeleteComparison(t.Context(), near.ID); err != nil {
		t.Fatal(err)
	}
	saysNot(t, s.page(sidecarCase).want(t, 200).body, near.ID)
}

// Few rounds, and comparisons that have not ended, claim nothing.
func TestChooseClaimsNothingTooEarly(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Workload, spec.Sizes, spec.Rounds = runner.Echo, []int{1024}, 10
	s.stored(spec, 8, false, nil)
	says(t, s.page(sidecarCase).want(t, 200).body, "has not measured them")
	few := s.keptOf([]runner.Socket{runner.Unix, runner.TCP4}, 1024, 4)
	page := s.page(sidecarCase).want(t, 200).body
	says(t, page, "measured in "+few.ID+" has fewer than 6 rounds")
	saysNot(t, page, "Take", "recommended")
}

// What a comparison means for one's own case is one link away, and not in a share.
func TestChooseFromAComparison(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	m := regexp.MustCompile(`href="(/choose\?[^"]*)">What does it mean for my case`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no link to what it means")
	}
	says(t, s.page(html.UnescapeString(m[1])).want(t, 200).body, "5 B messages", "a connection for each request", "Measured in "+c.ID)
	home, _ := s.share("/comparisons/" + c.ID)
	if shared := s.page(home).want(t, 200).body; strings.Contains(shared, "/choose") {
		t.Error("a share leads out of itself")
	}
}

// Each link to a measurement fills in a form that is not wrong.
func TestChooseMeasureLinks(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.keptOf([]runner.Socket{runner.Unix, runner.TCP4}, 1024, 10)
	links := 0
	for _, who := range []string{"process", "host", "pod", "container", "hosts"} {
		for _, carries := range []string{"either", "stream", "records"} {
			for _, more := range []string{"", "&dials=500", "&dials=1000", "&tls=yes", "&size=1MiB", "&size=1GiB"} {
				page := s.page("/choose?access=local&who="+who+"&carries="+carries+more).want(t, 200).body
				for _, m := range regexp.MustCompile(`href="(/comparisons/new\?[^"]*)">Measure it`).FindAllStringSubmatch(page, -1) {
					links++
					link := html.UnescapeString(m[1])
					form := s.do("GET", link+"&check=1", nil, browser, bearer).want(t, 200).body
					says(t, form, "It can be done like this")
					q, err := url.ParseQuery(strings.TrimPrefix(link, "/comparisons/new?"))
					if err != nil || len(q["sockets"]) < 2 || q.Get("base") != q["sockets"][0] {
						t.Errorf("%s: %v", link, err)
					}
				}
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links were followed", links)
	}
}

// Each case that the page offers is one, and the page says which of them it shows;
// each link of its answer leads to a page.
func TestChoosePresets(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.keptOf([]runner.Socket{runner.Unix, runner.TCP4, runner.UnixPacket}, 1024, 10)
	presets, seen := 0, map[string]bool{}
	for _, m := range regexp.MustCompile(`class="Preset" href="([^"]*)"`).FindAllStringSubmatch(s.page("/choose").want(t, 200).body, -1) {
		presets++
		page := s.page(html.UnescapeString(m[1])).want(t, 200).body
		saysNot(t, page, "It cannot be done like this")
		if n := strings.Count(page, `aria-current="true"`); n != 1 {
			t.Errorf("%s: %d cases are current, want the one", m[1], n)
		}
		for _, m := range regexp.MustCompile(`href="(/[^"]*)"`).FindAllStringSubmatch(page, -1) {
			link, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if !seen[link] {
				seen[link] = true
				s.do("GET", link, nil, browser, bearer).want(t, 200)
			}
		}
	}
	if presets < 5 || len(seen) < 15 {
		t.Errorf("%d cases and %d links were followed", presets, len(seen))
	}
}

func TestChooseHosts(t *testing.T) {
	t.Parallel()
	s := setup(t, func(o *web.Options) {
		o.Fleet = fakeFleet{hosts: []profiles.Host{{Name: "arm-box", Fingerprint: []byte(`{"os":"linux","arch":"arm64","cpus":4,"sysctls":{"net.core.somaxconn":"128","net.ipv4.ip_local_port_range":"1024 2023","net.ipv4.tcp_tw_reuse":"0"}}`)}}}
	})
	s.keptOf([]runner.Socket{runner.Unix, runner.TCP4}, 1024, 10)
	own := s.page(sidecarCase).want(t, 200).body
	says(t, own, "Host", "arm-box", "cores more")
	page := s.page(sidecarCase+"&host=arm-box&dials=100").want(t, 200).body
	says(t, page, "/proc/sys/net/core/somaxconn = 128", "the 1 000 local ports towards one address would be used up after 10 s")
	saysNot(t, page, "cores more", "On loopback this kernel")
	says(t, s.page("/choose?host=nobody").want(t, 200).body, "There is no host", "arm-box")
}

// What was tried on this host is cited, once it was.
func TestChooseCitesTheExperiment(t *testing.T) {
	t.Parallel()
	s := setup(t, func(o *web.Options) {
		o.Access = func(context.Context) ([]access.Row, error) {
			return []access.Row{
				{Socket: runner.Unix, Setting: "file mode 0666", Who: access.AnotherUser, Connected: true},
				{Socket: runner.TCP4, Setting: "a port of 127.0.0.1", Who: access.AnotherUser, Connected: true},
				{Socket: runner.UnixAbstract, Setting: "a name without a file", Who: access.AnotherUser, Skipped: "No root."},
			}, nil
		}
	})
	s.post("/access", url.Values{}).want(t, http.StatusSeeOther)
	page := s.page(sidecarCase).want(t, 200).body
	says(t, page, "tried here: file mode 0666, another user: connected", "tried here: a port of 127.0.0.1, another user: connected")
}

func TestChooseWrongCases(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for query, want := range map[string]string{
		"who=nobody": "is not known", "access=x": "is not known", "carries=x": "is not known", "tls=maybe": "is not known",
		"size=many": "message size cannot be read", "size=1,2": "you gave 2", "size=2GiB": "message", "size=0": "message",
		"rate=x": "not a whole number", "rate=0": "out of range", "rate=-5": "out of range", "rate=99999999999999999999": "out of range",
		"dials=5&rate=4": "more connections than requests", "dials=-1": "out of range", "rate=1.5": "not a whole number",
	} {
		page := s.page("/choose?"+query).want(t, 200).body
		says(t, page, "It cannot be done like this", want)
		saysNot(t, page, "Sockets for this case")
	}
}

// FuzzCase: whatever stands in the address, there is a page, and it has no figure
// that is none.
func FuzzCase(f *testing.F) {
	s := setup(f)
	s.keptOf([]runner.Socket{runner.Unix, runner.TCP4, runner.UnixPacket}, 1024, 8)
	for _, q := range []string{"who=pod&access=local", "who=hosts&tls=yes", "carries=records&size=70000&dials=3&rate=9", "size=1..4", "rate=1e9&host=%00", "comparison=C-1&dials=1", "who=host&who=pod", "size=%F0%9F%98%80", "rate=100000000&dials=100000000&access=local"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		own := *s
		own.t = t
		a := own.page("/choose?" + q.Encode())
		if a.StatusCode != http.StatusOK || strings.Contains(a.body, "NaN") && !strings.Contains(query, "NaN") || strings.Contains(a.body, "%!") {
			t.Fatalf("%q: %d", query, a.StatusCode)
		}
		markup(t, query, a.body, map[string]bool{})
	})
}

// The largest size that the page's own bound names can be asked for, as it writes it.
func TestChooseLargestSize(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, size := range []string{"1GiB", "1+GiB", "1073741824"} {
		page := s.page("/choose?size="+size).want(t, 200).body
		says(t, page, "1 GiB messages", "Sockets for this case")
		saysNot(t, page, "It cannot be done like this")
	}
	says(t, s.page("/choose?size=1073741825").want(t, 200).body, "use 1 B to 1 GiB")
}

// Sockets that fit only if something is seen to are not said to do all of it.
func TestChooseConditions(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, access := range []string{"user", "group", "local"} {
		page := s.page("/choose?who=hosts&access="+access).want(t, 200).body
		says(t, page, "both can do all of this, if a firewall, or the program itself, keeps the others out.", "fits, if")
	}
}
