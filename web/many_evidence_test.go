package web_test

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/runner"
)

// stored files a comparison as its worker would leave it: the runs of so many
// rounds, and where ended is true the merged profiles and the end. change adapts
// each run.
func (s *site) stored(spec runner.Spec, rounds int, ended bool, change func(profiles.Cell, *profiles.Run)) profiles.Comparison {
	s.t.Helper()
	ctx := s.t.Context()
	raw, err := json.Marshal(spec)
	if err != nil {
		s.t.Fatal(err)
	}
	cells := spec.Cells()
	made, err := s.store.CreateComparison(ctx, profiles.Comparison{
		Title: spec.Name(), Spec: raw, Base: string(spec.Base), Cells: cells, Host: "testhost", Total: profiles.Measured(cells) * spec.Rounds,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, host := range spec.HostNames() {
		c, err := s.store.Claim(ctx, made.ID, host)
		if err != nil {
			s.t.Fatal(err)
		}
		fingerprint := fmt.Appendf(nil, `{"hostname":%q,"cpu":"CPU of %s","cpus":2,"kernel":"6.1","go":"go1.26"}`, html.EscapeString(host), html.EscapeString(host))
		if err := s.store.Attach(ctx, c.ID, host, c.Attempt, profiles.Attachment{Fingerprint: fingerprint}); err != nil {
			s.t.Fatal(err)
		}
		ending := profiles.Ending{State: profiles.Done}
		for i, cell := range c.Cells {
			if cell.NA != "" || c.HostOf(i) != host {
				continue
			}
			for round := 1; round <= rounds; round++ {
				s.store1(c, i, round, change)
			}
			if ended {
				ending.Merged = append(ending.Merged, s.mergedOf(c, i)...)
			}
		}
		if ended {
			if err := s.store.Finish(ctx, c.ID, host, c.Attempt, ending); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	c, err := s.store.Comparison(ctx, made.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *site) store1(c profiles.Comparison, i, round int, change func(profiles.Cell, *profiles.Run)) {
	s.t.Helper()
	cell := c.Cells[i]
	took := costOf(cell) * (1 + float64((round*7+i*3)%5)/200)
	run := profiles.Run{
		Comparison: c.ID, Round: round, Cell: i, Position: (i + round) % len(c.Cells), StartedAt: s.clock.Now(), Elapsed: time.Second,
		Metrics: map[string]float64{
			profiles.RequestsPerSecond: 1e9 / took, profiles.LatencyMean: took, profiles.LatencyP50: took, profiles.LatencyP99: 2 * took,
			profiles.ClientCPU: took / 2, profiles.ServerCPU: took / 3, profiles.ClientAllocs: 14, profiles.ClientSwitches: 2,
		},
		Counters: map[string]int64{"dial_retries": 0, "time_wait": 3, "client_gc": 2}, Curve: make([]int64, len(profiles.Quantiles)), Warnings: []string{},
	}
	h := hdrhistogram.New(1, int64(time.Minute), 3)
	for k, q := range profiles.Quantiles {
		run.Curve[k] = int64(took * (1 + q))
		_ = h.RecordValue(run.Curve[k])
	}
	histogram, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		change(cell, &run)
	}
	part, _ := c.Part(c.HostOf(i))
	if stored, err := s.store.StoreRun(s.t.Context(), part.Attempt, run, histogram, nil); err != nil || !stored {
		s.t.Fatalf("store round %d of cell %d: %v, %v", round, i, stored, err)
	}
}

// costOf is what a request takes in these tests: tcp4 a third more than unix up to
// 64 KiB, and as much from there on.
func costOf(c profiles.Cell) float64 {
	ns := 20_000 + 0.2*float64(c.Size) + 3_000*float64(c.Concurrency-1)
	if c.Socket == "tcp4" && c.Size < 64<<10 {
		ns *= 1.35
	}
	if c.Variant != "" {
		ns *= 1.5
	}
	return ns
}

func (s *site) mergedOf(c profiles.Comparison, i int) []profiles.Evidence {
	s.t.Helper()
	list := []profiles.Evidence{}
	for side, p := range s.sides(c, i) {
		e, err := merge.Rounds(c, merge.Key{Cell: i, Side: side, Kind: profiles.Go}, []merge.Part{{Profile: p, Ops: opsPerRun, Duration: 2 * time.Second}})
		if err != nil {
			s.t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func sweep() runner.Spec {
	spec := runner.Article()
	spec.Sockets = []runner.Socket{runner.Unix, runner.TCP4, runner.UnixPacket}
	spec.Sizes, spec.Rounds = []int{64, 4 << 10, 64 << 10, 1 << 20}, 8
	spec.Variants = []runner.Variant{runner.Nagle}
	return spec
}

// words is the text of a page, without its marks. Words of the glossary are links
// within a text, and no gap in it.
func words(page string) string {
	page = regexp.MustCompile(`(?s)<a class="Term"[^>]*>([^<]*)</a>`).ReplaceAllString(page, "$1")
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " "))), " ")
}

func says(t *testing.T, page string, wanted ...string) {
	t.Helper()
	text := words(page)
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func saysNot(t *testing.T, page string, unwanted ...string) {
	t.Helper()
	text := words(page)
	for _, w := range unwanted {
		if strings.Contains(text, w) {
			t.Errorf("the page says %q", w)
		}
	}
}
