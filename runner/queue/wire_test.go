package queue

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

const (
	anInstance = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digestOfX  = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
)

func someone() sender {
	return sender{Comparison: "C-1", Host: "box", Instance: anInstance, Attempt: 1}
}

// fuzz checks that a decoder neither panics nor lets through what it is to refuse:
// what passes has an id, a host and an instance within bounds.
func fuzz[Q request](f *testing.F, seed Q, of func(Q) (host, instance string)) {
	for _, s := range []any{seed, map[string]any{}, []int{1}, "text"} {
		data, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := decode[Q](data, maxRequest)
		if err != nil {
			var bad *badResult
			if !errors.As(err, &bad) {
				t.Errorf("refused with %v, which is no sentence for the sender", err)
			}
			return
		}
		host, instance := of(q)
		if host != "" && CheckHost(host) != nil || len(instance) < 16 || len(instance) > 64 {
			t.Errorf("let through host %q, instance %q", host, instance)
		}
	})
}

func ofSender(s sender) (string, string) { return s.Host, s.Instance }

func FuzzOrder(f *testing.F) {
	f.Add([]byte(`{"comparison":"C-1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o, err := decodeOrder(data); err == nil && (o.Comparison == "" || len(o.Comparison) > maxID) {
			t.Errorf("let through %q", o.Comparison)
		}
	})
}

func FuzzClaim(f *testing.F) {
	fuzz(f, claimRequest{someone()}, func(q claimRequest) (string, string) { return ofSender(q.sender) })
}

// A beat's progress goes onto the board and from there onto pages.
func FuzzBeat(f *testing.F) {
	seed, err := json.Marshal(beatRequest{someone(), runner.Progress{Done: 1, Total: 9, Round: 1, Cell: 2, Phase: "timing pass", Left: time.Second}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := decode[beatRequest](data, maxRequest)
		if err != nil {
			return
		}
		b := newBoard()
		l := live{attempt: q.Attempt, cells: 3, progress: runner.Progress{Total: 6}}
		b.begin(task{q.Comparison, q.Host}, l, profiles.Comparison{Parts: []profiles.Part{{Total: 6}}})
		b.beat(q, time.Now())
		p, ok := b.progress(q.Comparison)
		if !ok || p.Done < 0 || p.Done > 6 || p.Total != 6 || p.Cell < 0 || p.Cell > 2 || p.Left < 0 || len(p.Phase) > 40 {
			t.Errorf("progress %+v, %v", p, ok)
		}
	})
}

func FuzzResult(f *testing.F) {
	c := profiles.Comparison{
		ID: "C-1", Cells: []profiles.Cell{{Host: "box"}, {Host: "other"}, {Host: "box", NA: "no"}}, Total: 4,
		Parts: []profiles.Part{{Host: "box"}, {Host: "other"}},
	}
	bare := runner.Result{Run: profiles.Run{Round: 1, Metrics: map[string]float64{"latency_p50_ns": 1}}, Histogram: []byte("x")}
	full := bare
	full.Profiles = []runner.Recorded{{Side: profiles.Client, Kind: profiles.Go, SHA256: digestOfX, Data: []byte("x")}}
	for _, r := range []runner.Result{bare, full} {
		q := resultRequest{sender: someone(), Result: r, Fingerprint: json.RawMessage(`{"cpus":2}`), Sources: []byte("x")}
		seed, err := json.Marshal(q)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := decode[resultRequest](seed, maxPayload); err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	if _, _, err := accept(c, "box", bare); err != nil {
		f.Fatal(err)
	}
	if _, _, err := accept(c, "other", bare); err == nil {
		f.Fatal("another host's cell is let through")
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := decode[resultRequest](data, maxPayload)
		if err != nil {
			return
		}
		run, evidence, err := accept(c, "box", q.Result)
		if err == nil && (run.Cell != 0 || run.Round < 1 || run.Round > 2 || len(evidence) > maxProfiles) {
			t.Errorf("let through %+v", run)
		}
	})
}

func FuzzFinish(f *testing.F) {
	fuzz(f, finishRequest{sender: someone(), State: profiles.Failed, Failure: "It broke."}, func(q finishRequest) (string, string) { return ofSender(q.sender) })
}

func FuzzHello(f *testing.F) {
	seed := helloRequest{Host: "box", Instance: anInstance, Fingerprint: json.RawMessage(`{"cpus":2}`), Checks: json.RawMessage(`[{"socket":"unix","ok":true}]`), Warnings: []string{"One CPU."}}
	s := newStations("here", "", time.Second)
	fuzz(f, seed, func(q helloRequest) (string, string) {
		s.greet(q, time.Now())
		for _, h := range s.list() {
			missing(h)(runner.VSock)
		}
		return q.Host, q.Instance
	})
}

func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2000)
	for name, q := range map[string]request{
		"no id":              claimRequest{sender{Host: "box", Instance: anInstance}},
		"long id":            claimRequest{sender{Comparison: "C-" + long, Host: "box", Instance: anInstance}},
		"no instance":        claimRequest{sender{Comparison: "C-1", Host: "box"}},
		"negative attempt":   claimRequest{sender{Comparison: "C-1", Host: "box", Instance: anInstance, Attempt: -1}},
		"host with a space":  helloRequest{Host: "a b", Instance: anInstance},
		"long host":          helloRequest{Host: long, Instance: anInstance},
		"long warning":       helloRequest{Host: "box", Instance: anInstance, Warnings: []string{long}},
		"checks of no sense": helloRequest{Host: "box", Instance: anInstance, Checks: json.RawMessage(`{"a":1}`)},
		"long reason":        helloRequest{Host: "box", Instance: anInstance, Checks: json.RawMessage(`[{"reason":"` + long + `"}]`)},
		"wrong fingerprint":  helloRequest{Host: "box", Instance: anInstance, Fingerprint: json.RawMessage(`{"cpus":"two"}`)},
		"no end":             finishRequest{sender: someone(), State: profiles.Running},
	} {
		var bad *badResult
		if err := q.check(); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := decode[claimRequest]([]byte(`{"comparison":"C-1","host":"box","instance":"`+anInstance+`"}`), maxRequest); err != nil {
		t.Error(err)
	}
	if _, err := decode[claimRequest](make([]byte, maxRequest+1), maxRequest); err == nil {
		t.Error("there is no bound")
	}
}

func TestHellosAreBounded(t *testing.T) {
	t.Parallel()
	s, now := newStations("here", "", 10*time.Second), time.Now()
	hello := func(host, warning string) verdict {
		a, _ := s.greet(helloRequest{Host: host, Instance: anInstance, Warnings: []string{warning}}, now)
		return a.Verdict
	}
	if v := hello("box", "a"); v != goOn {
		t.Errorf("the first hello: %s", v)
	}
	if v := hello("box", "b"); v != later { // it costs a write
		t.Errorf("a change at once: %s", v)
	}
	if v := hello("box", "a"); v != goOn {
		t.Errorf("the same again: %s", v)
	}
	for i := range maxHosts - 1 {
		if v := hello(fmt.Sprint("h", i), ""); v != goOn {
			t.Fatalf("host %d: %s", i, v)
		}
	}
	if v := hello("one too many", ""); v != refuse {
		t.Errorf("host %d: %s", maxHosts+1, v)
	}
	now = now.Add(time.Minute)
	s.absent(now)
	if v := hello("one too many", ""); v != goOn || len(s.all) != maxHosts {
		t.Errorf("when the others have gone: %s, %d hosts", v, len(s.all))
	}
}

func TestPartsOfAnUpload(t *testing.T) {
	t.Parallel()
	now := time.Now()
	part := func(id, at string, size int) *nats.Msg {
		m := nats.NewMsg(askResult)
		m.Header.Set(headerUpload, id)
		m.Header.Set(headerPart, at)
		m.Data = make([]byte, size)
		return m
	}
	u := newUploads()
	take := func(m *nats.Msg) (int, error) {
		body, err := u.take(m, now)
		return len(body), err
	}
	steps := []struct {
		id, at string
		size   int
		want   int
		ok     bool
	}{
		{"a", "1/3", 10, 0, true},
		{"b", "1/2", 1, 0, true},
		{"a", "2/3", 10, 0, true},
		{"b", "2/2", 1, 2, true},
		{"a", "3/3", 5, 25, true},
		{"a", "3/3", 5, 0, false}, // it is complete
		{"c", "2/3", 5, 0, false}, // without its first
		{"d", "1/2", 5, 0, true},
		{"d", "1/2", 5, 0, false}, // twice
		{"d", "2/2", 5, 0, false}, // so it is forgotten
		{"e", "0/2", 5, 0, false},
		{"e", "1/9999999", 5, 0, false},
		{"e", "one", 5, 0, false},
		{"f", "1/2", maxPayload, 0, true},
		{"f", "2/2", 1, 0, false}, // too large
	}
	for _, s := range steps {
		if n, err := take(part(s.id, s.at, s.size)); n != s.want || (err == nil) != s.ok {
			t.Errorf("part %s of %s: %d, %v; want %d, %v", s.at, s.id, n, err, s.want, s.ok)
		}
	}
	if u.bytes != 0 || len(u.all) != 0 {
		t.Errorf("%d bytes of %d uploads are left", u.bytes, len(u.all))
	}
	for range 2 * maxUploads {
		_, _ = take(part(rand.Text(), "1/2", 1<<20))
	}
	if len(u.all) > maxUploads || u.bytes > maxUploadBytes {
		t.Errorf("%d bytes of %d uploads", u.bytes, len(u.all))
	}
	now = now.Add(2 * uploadPatience)
	if _, err := take(part("z", "1/2", 1)); err != nil || len(u.all) != 1 {
		t.Errorf("after a while: %v, %d uploads", err, len(u.all))
	}
}
