package child

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/sockscope/sockscope/runner/workload"
)

// side is the client or the server inside its own process.
type side interface {
	open(Task) (address string, err error)
	// counts is what has arrived so far at the server; zero at the client.
	counts() workload.Counts
	// receiveBuffer is how many bytes of datagrams wait for the server at the most; 0
	// where each connection has a buffer of its own.
	receiveBuffer() int
	// rotate tells the client how many of the server's addresses to dial in turn.
	rotate(targets int) error
	run(workload.Budget) (*Pass, error)
	// leave removes what the side made outside of the process. It may come at any
	// moment from another goroutine, and nothing is made after it.
	leave()
}

// obey carries out the orders from in, one after the other, until in ends.
func obey(in io.Reader, out io.Writer, s side) error {
	orders := make(chan order, 4) // room, so that the end of in is always seen
	ended := make(chan error, 1)
	go func() {
		defer close(orders)
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, maxOrder)
		for lines.Scan() {
			o, err := decodeOrder(lines.Bytes())
			if err != nil {
				ended <- err
				return
			}
			orders <- o
		}
		ended <- lines.Err()
	}()
	go func() {
		var w window
		e := json.NewEncoder(out)
		for o := range orders {
			if err := e.Encode(carryOut(o, s, &w)); err != nil {
				return // nobody listens; stdin is about to end
			}
		}
	}()
	// Whatever an order is busy with, the end of stdin ends the process.
	err := <-ended
	s.leave()
	if err != nil {
		return fmt.Errorf("read an order: %w", err)
	}
	return nil
}

func carryOut(o order, s side, w *window) reply {
	r := reply{Did: o.Do}
	var err error
	switch o.Do {
	case open:
		r.Address, err = s.open(*o.Task)
	case rotate:
		err = s.rotate(o.Targets)
	case begin:
		err = w.begin(o.Profile, s.counts())
	case run:
		r.Pass, err = s.run(*o.Budget)
	case end:
		r.Report = w.end(s.counts())
		r.Report.ReceiveBuffer = int64(s.receiveBuffer())
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

// window is the stretch from Begin to End.
type window struct {
	gauge   gauge
	began   time.Time
	counts  workload.Counts
	profile *bytes.Buffer // nil without a profiler
}

func (w *window) begin(profile bool, counts workload.Counts) error {
	runtime.GC() // so that no pass pays for the garbage of the one before
	*w = window{counts: counts}
	if profile {
		w.profile = &bytes.Buffer{}
		if err := pprof.StartCPUProfile(w.profile); err != nil {
			return fmt.Errorf("start the profiler: %w", err)
		}
	}
	w.began = time.Now()
	w.gauge.Start()
	return nil
}

func (w *window) end(counts workload.Counts) *Report {
	w.gauge.Stop()
	r := &Report{Usage: w.gauge.used, Window: time.Since(w.began), Counts: counts.Sub(w.counts)}
	if w.profile != nil {
		pprof.StopCPUProfile()
		r.Profile = w.profile.Bytes()
	}
	*w = window{}
	return r
}
