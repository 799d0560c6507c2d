package queue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

// Hosts come and go, and what they said of themselves is kept.
func TestHostsAreOnlineWhileTheirWorkerIsThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := openHouse(t, dir)
	changes, end := h.queue.Subscribe("")
	defer end()
	online := func(want bool) profiles.Host {
		t.Helper()
		for {
			host, err := h.queue.Host(t.Context(), "box")
			if err == nil && host.OnlineSince.IsZero() != want {
				return host
			}
			receive(t, changes, "the host")
		}
	}
	conn := h.connectWorker()
	w := queue.NewWorker(conn, own, queue.WorkerOptions{
		Host: "box", Log: h.log, Timing: quick(), Warnings: []string{"One CPU."},
		Fingerprint: func() (json.RawMessage, error) { return json.RawMessage(`{"cpus":1}`), nil },
		Checks: func() (json.RawMessage, error) {
			return json.RawMessage(`[{"socket":"unix","ok":true},{"socket":"vsock","ok":false,"reason":"There is none."}]`), nil
		},
	})
	w.Start()
	t.Cleanup(w.Stop)
	host := online(true)
	if string(host.Fingerprint) != `{"cpus":1}` || len(host.Warnings) != 1 || host.FirstSeen.IsZero() {
		t.Errorf("online as %+v", host)
	}
	missing := h.queue.Missing("box")
	if missing(runner.VSock) != "There is none." || missing(runner.Unix) != "" || h.queue.Missing("nobody")(runner.VSock) != "" {
		t.Errorf("missing %q and %q", missing(runner.VSock), missing(runner.Unix))
	}
	conn.Close() // as a machine that loses its power
	online(false)
	h.close()

	h = openHouse(t, dir)
	if hs, err := h.queue.Hosts(t.Context()); err != nil || len(hs) != 1 || string(hs[0].Fingerprint) != `{"cpus":1}` || !hs[0].OnlineSince.IsZero() || hs[0].SeenAt.IsZero() {
		t.Errorf("the next server knows %+v, %v", hs, err)
	}
	if h.queue.Missing("box")(runner.VSock) == "" {
		t.Error("the next server does not know what is missing")
	}
}

func TestSecondWorkerOfAHostWaits(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	told := make(chan string, 100)
	tell := func(o *queue.WorkerOptions) {
		o.Admitted = func(ok bool, sentence string) { told <- fmt.Sprint(ok, " ", sentence) }
	}
	first := h.worker(own, named("box"), tell)
	if got := receive(t, told, "the first"); got != "true " {
		t.Fatalf("the first was told %q", got)
	}
	h.worker(own, named("box"), tell)
	if got := receive(t, told, "the second"); !strings.Contains(got, "another worker is there for the host box") || !strings.Contains(got, "--host") {
		t.Errorf("the second was told %q", got)
	}
	h.awaitState(h.submit(specOf(1, "box")), profiles.Done)
	first.Stop()
	if got := receive(t, told, "the second"); got != "true " {
		t.Errorf("after the first has gone it was told %q", got)
	}
	h.awaitState(h.submit(specOf(1, "box")), profiles.Done)
}

func TestServersOwnHostIsReserved(t *testing.T) {
	t.Parallel()
	h := build(t, t.TempDir())
	const instance = "the instance of the server"
	h.queue = queue.NewDispatcher(h.conn, h.store, queue.Options{Log: h.log, Timing: quick(), Host: "here", Instance: instance})
	h.start()
	told := make(chan string, 10)
	h.worker(own, named("here"), func(o *queue.WorkerOptions) {
		o.Admitted = func(_ bool, sentence string) { told <- sentence }
	})
	if got := receive(t, told, "the stranger"); !strings.Contains(got, "server's own host") {
		t.Errorf("the stranger was told %q", got)
	}
	h.worker(own, named("here"), func(o *queue.WorkerOptions) { o.Instance = instance })
	h.awaitState(h.submit(spec(1)), profiles.Done)
}

// A dead worker's order is worked again as soon as its successor is admitted, not
// when the lease or the stream's patience ends.
func TestSuccessorTakesOver(t *testing.T) {
	t.Parallel()
	h := build(t, t.TempDir())
	slow := quick()
	slow.Lease, slow.AckWait = time.Hour, time.Hour
	h.queue = queue.NewDispatcher(h.conn, h.store, queue.Options{Log: h.log, Timing: slow})
	h.start()
	g := newGate(1, 1)
	conn := h.connectWorker()
	dead := queue.NewWorker(conn, g.bench, queue.WorkerOptions{Host: "box", Log: h.log, Timing: quick()})
	dead.Start()
	t.Cleanup(dead.Stop)
	id := h.submit(specOf(1, "box"))
	receive(t, g.reached, "the gate")
	conn.Close()
	h.worker(own, named("box"))
	c := h.awaitState(id, profiles.Done)
	if c.Attempt != 2 || c.InterruptedAt.IsZero() || h.places(id)[[2]int{1, 0}].Attempt != 1 {
		t.Errorf("ended as %+v", c)
	}
	h.sound()
}

// What a stolen token of a worker opens: nothing but the requests of a worker.
func TestWorkersMayOnlyReport(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.submit(specOf(1, "box"))
	refused := make(chan string, 10)
	conn := h.connectWorker()
	conn.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err.Error() })
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for what, do := range map[string]func() error{
		"make a stream": func() error {
			_, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "MINE", Subjects: []string{"mine"}})
			return err
		},
		"delete the stream": func() error { return js.DeleteStream(ctx, "ORDERS") },
		"make a consumer": func() error {
			_, err := js.CreateOrUpdateConsumer(ctx, "ORDERS", jetstream.ConsumerConfig{Durable: "mine"})
			return err
		},
		"order":              func() error { return conn.Publish("order.box", []byte(`{"comparison":"C-1"}`)) },
		"read what others":   func() error { _, err := conn.SubscribeSync(">"); return err },
		"read the results":   func() error { _, err := conn.SubscribeSync("comparison.result"); return err },
		"read the server's":  func() error { _, err := conn.SubscribeSync("_INBOX.>"); return err },
		"ask for the system": func() error { return conn.Publish("$SYS.REQ.SERVER.PING", nil) },
	} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = do() // it may wait for an answer until the end
		}()
		if got := receive(t, refused, what); !strings.Contains(strings.ToLower(got), "permissions violation") {
			t.Errorf("%s: %s", what, got)
		}
		cancel()
		<-done
		ctx, cancel = context.WithCancel(t.Context())
	}
	cancel()
}

// An answer to a subject of the sender's choice would be sent in the server's name.
func TestAnswersGoToWorkersOnly(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	heard, err := h.conn.SubscribeSync("private.>")
	if err != nil {
		t.Fatal(err)
	}
	conn := h.connectWorker()
	hello := []byte(`{"host":"box","instance":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","leaving":true}`)
	if err := conn.PublishRequest("host.hello", "private.subject", hello); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Request("host.hello", hello, patience); err != nil { // the subject is answered in order
		t.Fatal(err)
	}
	if err := h.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	if n, _, err := heard.Pending(); err != nil || n > 0 {
		t.Errorf("%d answers went elsewhere, %v", n, err)
	}
}
