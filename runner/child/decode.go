package child

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// Bounds of what goes over the wire.
const (
	maxOrder  = 64 << 10       // bytes of one line
	maxTime   = 24 * time.Hour // of one pass
	maxCount  = math.MaxInt64 / 4
	MaxTarget = 250 // 127.0.0.1 … 127.0.0.250
)

// decodeOrder reads one line of a child's stdin.
func decodeOrder(line []byte) (order, error) {
	var o order
	if err := decodeLine(line, &o); err != nil {
		return order{}, err
	}
	if err := o.check(); err != nil {
		return order{}, fmt.Errorf("the order %.20q: %w", o.Do, err)
	}
	return o, nil
}

// check refuses what no parent asks for.
func (o order) check() error {
	switch {
	case o.Do == open && o.Task != nil:
		return o.Task.check()
	case o.Do == run && o.Budget != nil:
		return checkBudget(*o.Budget)
	case o.Do == rotate && within(o.Targets, 1, MaxTarget), o.Do == begin, o.Do == end:
		return nil
	}
	return errors.New("it is not known or not complete")
}

func (t *Task) check() error {
	switch {
	case !within(t.Size, 1, runner.MaxSize):
		return fmt.Errorf("messages cannot have %d bytes", t.Size)
	case !within(t.Concurrency, 1, runner.MaxConcurrency):
		return fmt.Errorf("there cannot be %d connections", t.Concurrency)
	case !within(t.Rate, 0, runner.MaxRate):
		return fmt.Errorf("a rate of %d cannot be kept", t.Rate)
	case !within(t.Targets, 0, MaxTarget):
		return fmt.Errorf("a server cannot listen at %d addresses", t.Targets)
	case !within(t.Files, 0, runner.MaxConcurrency):
		return fmt.Errorf("%d files cannot be passed", t.Files)
	}
	return nil
}

func checkBudget(b workload.Budget) error {
	if b.Requests < 0 || !within(b.AtLeast, 0, maxTime) || !within(b.AtMost, 0, maxTime) {
		return fmt.Errorf("a pass of %d requests in %s to %s cannot be made", b.Requests, b.AtLeast, b.AtMost)
	}
	return nil
}

// decodeReply reads one line of a child's stdout.
func decodeReply(line []byte) (reply, error) {
	var r reply
	if err := decodeLine(line, &r); err != nil {
		return reply{}, err
	}
	return r, r.check()
}

// check refuses figures that nothing can be computed with.
func (r reply) check() error {
	var counted []int64
	var took []time.Duration
	if p := r.Pass; p != nil {
		counted = append(counted, p.Requests, p.Retries, p.Beyond, p.Dials, p.Late, p.Resumed)
		counted, took = append(counted, counts(p.Counts)...), append(took, p.Elapsed, p.Counts.Receiving, p.Usage.User, p.Usage.System)
	}
	if p := r.Report; p != nil {
		counted, took = append(counted, counts(p.Counts)...), append(took, p.Window, p.Counts.Receiving, p.Usage.User, p.Usage.System)
	}
	for _, n := range counted {
		if !within(n, 0, maxCount) {
			return fmt.Errorf("it counts %d of something", n)
		}
	}
	for _, d := range took {
		if !within(d, 0, math.MaxInt64/4) {
			return fmt.Errorf("something took %d ns in it", d)
		}
	}
	return nil
}

func counts(c workload.Counts) []int64 {
	return []int64{c.Messages, c.Bytes, c.Lost, c.Duplicates, c.Reordered, c.Truncated, c.Foreign}
}

func within[T ~int | ~int64](x, least, most T) bool { return least <= x && x <= most }

func decodeLine(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value stands on the line")
	}
	return nil
}
