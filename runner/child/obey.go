package child

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/pprof"
	"time"
)

// side is the client or the server inside its own process.
type side interface {
	open(Task) (address string, err error)
	// served counts the echoes so far.
	served() int64
	run(order) (*Pass, error)
	// leave removes what the side made outside of the process. It may come at any
	// moment from another goroutine, and nothing is made after it.
	leave()
}

// obey carries out the orders from in, one after the other, until in ends.
func obey(in io.Reader, out io.Writer, s side) error {
	orders := make(chan order, 4) // room, so that the end of in is always seen
	ended := make(chan error, 1)
	go func() {
		d := json.NewDecoder(in)
		for {
			var o order
			if err := d.Decode(&o); err != nil {
				ended <- err
				return
			}
			orders <- o
		}
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
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("read an order: %w", err)
}

func carryOut(o order, s side, w *window) reply {
	r := reply{Did: o.Do}
	var err error
	switch {
	case o.Do == open && o.Task != nil:
		r.Address, err = s.open(*o.Task)
	case o.Do == begin:
		err = w.begin(o.Profile, s.served())
	case o.Do == run && o.Budget != nil:
		r.Pass, err = s.run(o)
	case o.Do == end:
		r.Report = w.end(s.served())
	default:
		err = fmt.Errorf("order %q is not known or not complete", o.Do)
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
	served  int64
	profile *bytes.Buffer // nil without a profiler
}

func (w *window) begin(profile bool, served int64) error {
	runtime.GC() // so that no pass pays for the garbage of the one before
	*w = window{served: served}
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

func (w *window) end(served int64) *Report {
	w.gauge.Stop()
	r := &Report{Usage: w.gauge.used, Window: time.Since(w.began), Served: served - w.served}
	if w.profile != nil {
		pprof.StopCPUProfile()
		r.Profile = w.profile.Bytes()
	}
	*w = window{}
	return r
}
