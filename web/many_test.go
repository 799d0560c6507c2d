package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/web"
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
	if !strings.Contains(across, `value="tcp4@2" selected`) || !strings.Contains(across, `value="tcp4" selected`) {
		t.Error("the chooser does not show what is chosen")
	}
	says(t, s.page(home+"/lines?group=3&socket=unixpacket").want(t, 404).body, "is not measured here", "holds at most")
	says(t, s.page(home+"/lines?other=udp4@9&base=unix").want(t, 404).body, "no group")
	s.page(home+"/flame?other=sctp").want(t, 404)
	if strings.Contains(s.page(home+"/flame?group=3").want(t, 200).body, `value="unixpacket"`) {
		t.Error("a cell that is not measured can be chosen")
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

	raw, _ := json.Marshal(spec)
	waiting, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "waits", Spec: raw, Base: "unix", Cells: spec.Cells(), Host: "arm-box", Total: 48})
	if err != nil {
		t.Fatal(err)
	}
	says(t, s.page("/comparisons/"+waiting.ID).want(t, 200).body, "Waiting for host arm-box, which is offline (last seen 3 min ago).", "0 of 24 runs")
}

func TestHistogramLog(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 2, true, nil)
	a := s.get("/api/v1/comparisons/"+c.ID+".hdr").want(t, 200)
	if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", a.Header)
	}
	read := func(text string) (tags map[string]int) {
		tags = map[string]int{}
		r := hdrhistogram.NewHistogramLogReader(strings.NewReader(text))
		for {
			h, err := r.NextIntervalHistogram()
			if err != nil {
				t.Fatal(err)
			}
			if h == nil {
				return tags
			}
			if h.TotalCount() != int64(len(profiles.Quantiles)) {
				t.Errorf("an interval of %d values", h.TotalCount())
			}
			tags[h.Tag()]++
		}
	}
	tags := read(a.body)
	if len(tags) != profiles.Measured(c.Cells) || tags["tcp4-nagle.dial-echo.64.1.split"] != 2 {
		t.Errorf("the log's tags and rounds are %v", tags)
	}
	if one := read(s.get("/api/v1/comparisons/"+c.ID+".hdr?cell=2").want(t, 200).body); len(one) != 1 {
		t.Errorf("the log of one cell has %v", one)
	}
	s.get("/api/v1/comparisons/"+c.ID+".hdr?cell=999").want(t, 404)
	s.get("/api/v1/comparisons/C-999.hdr").want(t, 404)
}

// A comparison of as many cells as there may be is a page that a phone can load,
// and its picture is whole.
func TestPageOf256Cells(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Workload, spec.Sockets, spec.Rounds = runner.Echo, []runner.Socket{runner.Unix, runner.TCP4, runner.TLS}, 6
	spec.Sizes = nil
	for i := range 16 {
		spec.Sizes = append(spec.Sizes, 1<<i)
	}
	spec.Concurrency = []int{1, 2, 4, 8}
	c := s.stored(spec, 6, true, nil)
	if len(c.Cells) != runner.MaxCells {
		t.Fatalf("%d cells", len(c.Cells))
	}
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	const most = 150 << 10
	if n := gzipped(page); n > most {
		t.Errorf("the page takes %d B gzipped, %d B plain; want at most %d", n, len(page), most)
	} else {
		t.Logf("the page takes %d B gzipped, %d B plain", n, len(page))
	}
	if n := strings.Count(page, "<td class=\"Heat"); n < 32 {
		t.Errorf("the matrix has %d coloured cells", n)
	}
	rounds := s.page("/comparisons/"+c.ID+"/rounds").want(t, 200).body
	if n := strings.Count(rounds, `class="Table-group"`); n != 1 {
		t.Errorf("the page of %d runs lists %d rounds at once, want one", 256*6, n)
	}
	if n := gzipped(rounds); n > most {
		t.Errorf("the page of one round takes %d B gzipped", n)
	}
	s.page("/comparisons/"+c.ID+"/rounds?round=7").want(t, 404)
}

func gzipped(page string) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 3)
	_, _ = io.WriteString(w, page)
	_ = w.Close()
	return b.Len()
}

// Where nothing at all could be measured the page says so, and no link breaks.
func TestNothingApplies(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Sockets, spec.Base, spec.Rounds = []runner.Socket{runner.VSock}, runner.VSock, 8
	raw, _ := json.Marshal(spec)
	cells := spec.CellsWhere(func(string, runner.Socket) string { return "There is no vsock device on this machine." })
	c, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "x", Spec: raw, Base: "vsock", Cells: cells, Host: "testhost"})
	if err != nil {
		t.Skip("the store takes no comparison without runs: ", err)
	}
	for _, below := range []string{"", "/lines", "/flame", "/rounds", "?group=1"} {
		if a := s.page("/comparisons/" + c.ID + below); a.StatusCode >= 500 {
			t.Errorf("%q: %d", below, a.StatusCode)
		}
	}
}

// The curves' coordinates stand within their picture.
func TestCurvesStayInside(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	places := regexp.MustCompile(` (?:cx|cy|x1|y1|x2|y2)="(-?[\d.]+)%?"`).FindAllStringSubmatch(page, -1)
	if len(places) < 50 {
		t.Fatalf("only %d coordinates", len(places))
	}
	for _, m := range places {
		var v float64
		if _, err := fmt.Sscan(m[1], &v); err != nil || math.IsNaN(v) || v < 0 || v > 100 {
			t.Errorf("a coordinate of %s", m[0])
		}
	}
}
