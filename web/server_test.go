package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/web"
)

// startToken is the token that the servers of these tests print.
const startToken = "start-token-of-the-tests"

// site is a dashboard over a database of its own, and a client of it.
type site struct {
	t     testing.TB
	store *store.Store
	queue *fakeQueue
	clock *clock
	log   *buffer
	echo  *echo.Echo
	made  web.Options // what the server was made of
	url   string      // "http://127.0.0.1:PORT"
	http  *http.Client
}

// large skips a test of much data under the race detector, which takes ten times as
// long for it and finds no more than in little: make test runs the package without it too.
func large(t testing.TB) {
	t.Helper()
	if raced {
		t.Skip("a test of much data: it runs without the race detector")
	}
}

// setup serves a dashboard; change adapts its options.
func setup(t testing.TB, change ...func(*web.Options)) *site {
	t.Helper()
	c := &clock{}
	log := &buffer{}
	evidence, err := store.Open(context.Background(), t.TempDir(), store.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, store: evidence, queue: newFakeQueue(evidence), clock: c, log: log}
	stopping := make(chan struct{})
	hosts, err := web.NewHosts("")
	if err != nil {
		t.Fatal(err)
	}
	o := web.Options{
		Archive: evidence, Desk: evidence, Shares: evidence, Queue: s.queue, Key: web.NewKey(startToken), Hosts: hosts,
		Estimate: func(runner.Spec) time.Duration { return 90 * time.Second },
		Version:  "test", Log: slog.New(slog.NewTextHandler(log, nil)), Now: c.Now, Stopping: stopping,
		Host: web.Host{
			Name: "testhost", Fingerprint: host.Fingerprint{Hostname: "testhost", CPU: "Test CPU", CPUs: 2, Cores: 2, OS: "linux", Arch: "amd64", Go: "go1.26"},
			Kernel: "No kernel-deep profiles: the host of the tests has none.",
			Checks: []host.Usable{{Socket: runner.Unix, OK: true}, {Socket: runner.TCP4, OK: true}},
		},
	}
	for _, f := range change {
		f(&o)
	}
	h := web.New(o)
	s.echo, s.made = h.(*echo.Echo), o
	server := httptest.NewUnstartedServer(h)
	server.Config = web.NewServer(h)
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(log, nil), slog.LevelWarn)
	server.Start()
	t.Cleanup(func() {
		close(stopping)
		server.Close()
		if err := evidence.Close(); err != nil {
			t.Error(err)
		}
	})
	s.url = server.URL
	s.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 30 * time.Second}
	return s
}

// clock is the time of day, and what was added to it, or a time that stands still.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
	stand time.Time // zero while it goes
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stand.IsZero() {
		return c.stand.Add(c.ahead)
	}
	return time.Now().Add(c.ahead)
}

// stop has the time of day stand still but for advance, so that nothing expires
// because the machine is busy.
func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stand = time.Now()
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// buffer is a log that is written to and read at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// fakeQueue stands for the queue and its worker: it keeps what it was handed and
// runs nothing. Its transitions are the store's.
type fakeQueue struct {
	store *store.Store

	mu        sync.Mutex
	submitted []string
	deleted   []string
	progress  map[string]runner.Progress
	followers map[string][]chan struct{}
}

func newFakeQueue(s *store.Store) *fakeQueue {
	return &fakeQueue{store: s, progress: map[string]runner.Progress{}, followers: map[string][]chan struct{}{}}
}

func (q *fakeQueue) Submit(_ context.Context, id string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.submitted = append(q.submitted, id)
	return nil
}

func (q *fakeQueue) Cancel(ctx context.Context, id string) (profiles.Comparison, error) {
	c, err := q.store.RequestCancel(ctx, id)
	q.tell(id)
	return c, err
}

func (q *fakeQueue) Deleted(id string) {
	q.mu.Lock()
	q.deleted = append(q.deleted, id)
	q.mu.Unlock()
	q.tell(id)
}

func (q *fakeQueue) Progress(id string) (runner.Progress, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p, ok := q.progress[id]
	return p, ok
}

func (q *fakeQueue) Subscribe(id string) (<-chan struct{}, func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := make(chan struct{}, 1)
	q.followers[id] = append(q.followers[id], c)
	return c, func() {}
}

// tell says that a comparison has changed.
func (q *fakeQueue) tell(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, c := range q.followers[id] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (q *fakeQueue) orders() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]string{}, q.submitted...)
}

// corpus is a file of the real profiles beside the repository.
func corpus(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../shared/corpus/" + name)
	if err != nil {
		t.Skip("no corpus of real profiles beside the repository: ", err)
	}
	return data
}
