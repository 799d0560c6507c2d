package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

func TestSweepPage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, "Latency p50, against unix", "tcp4 with Nagle on", "1.36×", "adjusted for 11 ratios", "Latency p50 by message size", "Ratio to unix by message size",
		"1 MiB", "Not measured", "one record of unixpacket holds at most", "a quick look: 8 rounds", "service time (closed loop)", "Measure this one alone",
		"--sizes 64,4096,65536,1048576", "--variants nagle")
	if n := strings.Count(page, `class="Matrix-reason"`); n != 1 {
		t.Errorf("%d cells of the matrix are n/a, want the one of unixpacket at 1 MiB", n)
	}
	other := s.page("/comparisons/"+c.ID+"?metric=client_cpu_ns_per_op").want(t, 200).body
	says(t, other, "Client CPU per request, against unix", "Client CPU per request by message size")
	s.page("/comparisons/"+c.ID+"?metric=none").want(t, http.StatusNotFound)
	s.page("/comparisons/"+c.ID+"?group=99").want(t, 200) // the page of what there is
	s.page("/comparisons/"+c.ID+"/flame?group=99").want(t, http.StatusNotFound)
}

// Many sockets in one configuration are rows, and the metrics columns.
func TestEverySocketPage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Sockets, spec.Rounds = []runner.Socket{runner.Unix, runner.TCP4, runner.TCP6, runner.TLS, runner.UnixPacket, runner.SocketPair}, 8
	c := s.stored(spec, 8, true, nil)
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, "Every socket against unix", "socket Requests per second Latency p50 Latency p99 Client CPU per request", "1.36×", "A socketpair has no address to dial", "adjusted for 4 ratios")
	saysNot(t, page, "by message size", "Measure this one alone")
	if n := strings.Count(page, `class="Matrix-reason"`); n != 7 {
		t.Errorf("%d n/a in the row of socketpair, want one for each metric", n)
	}
	if strings.Contains(page, `value="socketpair"`) || !strings.Contains(page, `value="unixpacket"`) {
		t.Error("the chooser does not offer what is measured, and only that")
	}
}

// Every link of a page of many cells leads to a page.
func TestLinksOfManyCells(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	home := "/comparisons/" + c.ID
	seen := map[string]bool{}
	for _, from := range []string{home, home + "?group=3", home + "/lines?group=2", home + "/flame?group=3&base=unix&other=tcp4-nagle@0", home + "/rounds?round=2"} {
		for _, m := range regexp.MustCompile(`(?:href|action)="([^"]+)"`).FindAllStringSubmatch(s.page(from).want(t, 200).body, -1) {
			link, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if link == "" || seen[link] || strings.Contains(link, "at=") || !strings.HasPrefix(link, home) || strings.HasSuffix(link, "/delete") {
				continue
			}
			seen[link] = true
			s.do("GET", link, nil, browser, bearer).want(t, 200)
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d links were followed", len(seen))
	}
}

// Through a share every link stays below it.
func TestSharedPageOfManyCells(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	home, _ := s.share("/comparisons/" + c.ID)
	page := s.page(home).want(t, 200).body
	says(t, page, "Latency p50, against unix", "1.36×")
	saysNot(t, page, "Measure this one alone")
	seen := 0
	for _, m := range regexp.MustCompile(`href="(/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		link, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
		if strings.HasPrefix(link, "/assets/") || strings.Contains(link, "at=") {
			continue
		}
		if !strings.HasPrefix(link, strings.TrimPrefix(home, s.url)) {
			t.Errorf("%s leads out of the share", link)
			continue
		}
		seen++
		s.page(link).want(t, 200)
	}
	if seen < 20 {
		t.Errorf("only %d links were followed", seen)
	}
}

func TestCellsByAddress(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	home := "/comparisons/" + c.ID
	says(t, s.page(home+"/flame?base=unix&other=tcp4-nagle").want(t, 200).body, "tcp4 with Nagle on", "nothing: the base alone")
	across := s.page(home+"/lines?base=tcp4&other=tcp4@2").want(t, 200).body
	says(t, across, "tcp4 · 64 KiB against tcp4 · 64 B")
	if !strings.Contains(across, `value="tcp4@2" checked`) || !strings.Contains(across, `value="tcp4" checked`) {
		t.Error("the chooser does not show what is chosen")
	}
	says(t, s.page(home+"/lines?group=3&socket=unixpacket").want(t, 404).body, "is not measured here", "holds at most")
	says(t, s.page(home+"/lines?other=udp4@9&base=unix").want(t, 404).body, "no group")
	s.page(home+"/flame?other=sctp").want(t, 404)
	if strings.Contains(s.page(home+"/flame?group=3").want(t, 200).body, `value="unixpacket"`) {
		t.Error("a cell that is not measured can be chosen")
	}
}

// Too few rounds give no interval, so the curves claim none.
func TestCurvesOfFewRounds(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := sweep()
	spec.Rounds = 3
	few := s.stored(spec, 3, true, nil)
	page := s.page("/comparisons/"+few.ID).want(t, 200).body
	says(t, page, "median over the rounds, lowest and highest round", "with its lowest and highest round; 1× is unix")
	saysNot(t, page, "95 % interval")
	enough := s.stored(sweep(), 8, true, nil)
	says(t, s.page("/comparisons/"+enough.ID).want(t, 200).body, "median over the rounds, 95 % interval", "with its 95 % interval; 1× is unix")
}

// The form for one configuration alone keeps what else was asked for.
func TestMeasureThisOneAlone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, kernel := range []runner.KernelMode{runner.KernelAuto, runner.KernelOff, runner.KernelRequire} {
		spec := sweep()
		spec.Ports, spec.Budget, spec.Kernel = runner.OneAddress, 5400, kernel
		c := s.stored(spec, 8, true, nil)
		page := html.UnescapeString(s.page("/comparisons/"+c.ID).want(t, 200).body)
		m := regexp.MustCompile(`href="(/comparisons/new\?([^"]*))">Measure this one alone`).FindStringSubmatch(page)
		if m == nil {
			t.Fatal("there is no such link")
		}
		q, err := url.ParseQuery(m[2])
		if err != nil || q.Get("ports") != "one" || q.Get("budget") != "90 min" || q.Get("sizes") != "64" {
			t.Errorf("the link leads to %v, %v", q, err)
		}
		form := s.do("GET", m[1], nil, bearer, browser).want(t, 200).body
		if !strings.Contains(form, `<option value="`+string(kernel)+`" selected>`) {
			t.Errorf("the form does not choose the kernel mode %s that was measured with", kernel)
		}
	}
}

// A switch of the page of one round leads to the same round of another group.
func TestSwitchesKeepTheRound(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	home := "/comparisons/" + c.ID + "/rounds"
	page := html.UnescapeString(s.page(home+"?round=2").want(t, 200).body)
	if !strings.Contains(page, `href="`+home+`?group=1&round=2"`) {
		t.Error("the switch of the size leaves the round")
	}
	if strings.Contains(html.UnescapeString(s.page(home).want(t, 200).body), `group=1&round=`) {
		t.Error("a round is chosen that nobody asked for")
	}
}

func TestOpenLoopPage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Workload, spec.Rate, spec.Rounds = runner.Echo, 20_000, 10
	c := s.stored(spec, 10, true, func(_ profiles.Cell, r *profiles.Run) {
		r.Metrics[profiles.ServiceP50], r.Metrics[profiles.ServiceP99] = 15_000, 20_000
		r.Metrics[profiles.LateShare] = 0.031
	})
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, "response time at 20 000 requests/s (open loop)", "Response time p50", "Service time p50", "tcp4, service", "3.1 %", "more than 50 µs after they were due", "--rate 20000", "usual care: 10 rounds")
	saysNot(t, page, "closed loop", "Latency p50")
}

func TestStreamPage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Workload, spec.Sockets, spec.Base, spec.Rounds = runner.Stream, []runner.Socket{runner.Unix, runner.UDP4}, runner.Unix, 8
	c := s.stored(spec, 8, true, func(cell profiles.Cell, r *profiles.Run) {
		r.Metrics = map[string]float64{profiles.BytesPerSecond: 1e9 / (1 + float64(r.Round)/100), profiles.ClientCPU: 900}
		r.Curve = []int64{}
		if cell.Socket == "udp4" {
			r.Metrics[profiles.BytesPerSecond] /= 2
			r.Counters = map[string]int64{"messages_sent": 100_000, "messages_lost": 1_500, "messages_reordered": 0, "messages_duplicated": 0}
		}
	})
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, "MB/s", "Beside the requests", "Messages lost", "12 000", "Messages overtaken")
	saysNot(t, page, "Latency by percentile", "closed loop", "Requests per second")
	if strings.Contains(page, ".hdr") {
		t.Error("histograms of a stream are offered")
	}
	s.get("/api/v1/comparisons/"+c.ID+".hdr").want(t, 404)
	if !strings.Contains(page, "messages, 1.5 %") {
		t.Error("the page does not say which share was lost")
	}
}

func TestNoisyRuns(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Rounds = 8
	c := s.stored(spec, 8, true, func(cell profiles.Cell, r *profiles.Run) {
		if r.Round == 3 && cell.Socket == "tcp4" {
			r.Noisy = "Others used 31 % of the CPU."
		}
	})
	says(t, s.page("/comparisons/"+c.ID).want(t, 200).body, "Noisy runs", "1 of 8")
	says(t, s.page("/comparisons/"+c.ID+"/rounds").want(t, 200).body, "noisy : Others used 31 % of the CPU.", "Sockets in TIME_WAIT", "Client gc")
}
