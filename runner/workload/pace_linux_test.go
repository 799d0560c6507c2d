package workload_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// began is a meter that tells when the measured loop begins.
type began struct{ started chan struct{} }

func (b began) Start() { close(b.started) }
func (b began) Stop()  {}

// TestPausedServer stops a real server for 100 ms: all requests that were due
// meanwhile waited, and response time shows that of each of them. Service time
// shows it of those few that were under way.
func TestPausedServer(t *testing.T) {
	t.Parallel()
	const rate, pause = 2000, 100 * time.Millisecond
	process, dialer := startServer(t)
	client := open(t, workload.Options{Workload: runner.Echo, Socket: runner.Unix, Dialer: dialer, Size: 64, Concurrency: 2, Rate: rate})
	paused := make(chan error, 1)
	at := began{make(chan struct{})}
	go func() {
		<-at.started // however long a busy machine takes until then
		time.Sleep(100 * time.Millisecond)
		err := process.Signal(unix.SIGSTOP)
		time.Sleep(pause)
		if err == nil {
			err = process.Signal(unix.SIGCONT)
		}
		paused <- err
	}()
	p, err := client.Run(workload.Budget{Requests: rate}, at) // for a second
	if err != nil {
		t.Fatal(err)
	}
	if err := <-paused; err != nil {
		t.Fatal(err)
	}
	if p.Requests != rate || p.Service.TotalCount() != p.Requests {
		t.Errorf("%d requests have %d service times, want %d", p.Requests, p.Service.TotalCount(), rate)
	}
	// Half of the requests due in the pause waited for more than half of it.
	const most = rate * int64(pause) / int64(time.Second) / 2
	waited, served := beyond(p.Latency, pause/2), beyond(p.Service, pause/2)
	if waited < most*9/10 || served > most/2 {
		t.Errorf("%d response times and %d service times are longer than half of the pause, want %d and 1 or 2", waited, served, most)
	}
	t.Logf("waited %d, served %d, late %d", waited, served, p.Late)
}

// BenchmarkOpenLoop tells how late requests start at some rates, with the server in
// a process of its own. Run it with -cpu 1 for the usual placement on two CPUs.
func BenchmarkOpenLoop(b *testing.B) {
	for _, rate := range []int{1000, 20_000, 50_000} {
		for _, workers := range []int{1, 4, 64} {
			b.Run(fmt.Sprintf("%d/workers=%d", rate, workers), func(b *testing.B) {
				_, dialer := startServer(b)
				client := open(b, workload.Options{Workload: runner.Echo, Socket: runner.Unix, Dialer: dialer, Size: 64, Concurrency: workers, Rate: rate})
				b.ResetTimer()
				p, err := client.Run(workload.Budget{Requests: int64(b.N)}, new(meter))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(100*float64(p.Late)/float64(p.Requests), "%late")
				for _, q := range []float64{50, 99} {
					b.ReportMetric(float64(p.Latency.ValueAtQuantile(q))/1e3, fmt.Sprintf("response-p%.0f-µs", q))
					b.ReportMetric(float64(p.Service.ValueAtQuantile(q))/1e3, fmt.Sprintf("service-p%.0f-µs", q))
				}
			})
		}
	}
}
