package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/runner"
)

// Why an attempt ends before its benchmark does.
var (
	errCanceled = errors.New("canceled")
	errStale    = errors.New("another attempt is under way")
	errGone     = errors.New("comparison has ended")
	errLost     = errors.New("the server does not answer")
)

// Patience with the server.
const (
	finishPatience = 10 * time.Minute // it merges all rounds' profiles first
	stopPatience   = 3 * time.Second  // when the worker is being stopped
)

// attempt is the work at one comparison, from claim to finish.
type attempt struct {
	*Worker
	id       string
	number   int
	progress atomic.Pointer[runner.Progress]
	stop     context.CancelCauseFunc
	// told is what was sent already and need not be sent again; only the
	// benchmark's goroutine touches it.
	told struct {
		fingerprint bool
		files       map[string]bool
	}
}

// work claims a comparison, measures it, and reports the end. The verdict says
// what is to become of the order: gone (acknowledge), later (deliver it again),
// stale (leave it alone).
func (w *Worker) work(ctx context.Context, id string) verdict {
	claim, err := ask[claimReply](ctx, w, askClaim, claimRequest{w.sender(id, 0)}, w.o.Timing.Lease)
	if err != nil || claim.Verdict != goOn {
		if err != nil || claim.Verdict != gone {
			w.log.WarnContext(ctx, "comparison was not claimed", "comparison", id, "verdict", claim.Verdict, "why", claim.Sentence, "err", err)
			return later
		}
		return gone
	}
	a := &attempt{Worker: w, id: id, number: claim.Attempt}
	a.told.files = map[string]bool{}
	a.progress.Store(&runner.Progress{Done: len(claim.Done), Total: claim.Total})

	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	a.stop = stop
	alive, done := context.WithCancel(context.WithoutCancel(ctx))
	var beats sync.WaitGroup
	defer beats.Wait()
	defer done()
	beats.Go(func() { a.beat(alive) })
	err = a.measure(work, claim)
	return a.report(ctx, context.Cause(work), err)
}

// beat asks each quarter of a second whether to go on, and stops the benchmark
// when the answer is no, or when there has been none for the length of the lease.
func (a *attempt) beat(ctx context.Context) {
	tick := time.NewTicker(a.o.Timing.Beat)
	defer tick.Stop()
	heard := time.Now()
	for {
		reply, err := ask[answer](ctx, a.Worker, askBeat, beatRequest{a.sender(a.id, a.number), *a.progress.Load()}, a.o.Timing.Lease/3)
		if err == nil {
			heard = time.Now()
		}
		switch {
		case reply.Verdict == cancel:
			a.stop(errCanceled)
		case reply.Verdict == stale:
			a.stop(errStale)
		case reply.Verdict == gone:
			a.stop(errGone)
		case time.Since(heard) > a.o.Timing.Lease:
			a.stop(errLost)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// measure runs the benchmark. A panic in it is an error like any other.
func (a *attempt) measure(ctx context.Context, claim claimReply) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.log.ErrorContext(ctx, "panic in the worker", "comparison", a.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = failure(fmt.Sprintf("The worker had an internal error (%v); its log has the details.", p))
		}
	}()
	stored := map[place]bool{}
	for _, p := range claim.Done {
		stored[p] = true
	}
	return a.bench(ctx, claim.Spec, Task{
		Cells: claim.Cells, Host: claim.Host,
		Skip: func(round, cell int) bool {
			return stored[place{round, cell}] || cell < len(claim.Cells) && !claim.mine(cell)
		},
		Progress: func(p runner.Progress) { a.progress.Store(&p) },
		Result:   func(r runner.Result) error { return a.send(ctx, r) },
		Seed:     claim.Seed,
	})
}

// mine reports whether a cell is to be measured here.
func (c claimReply) mine(cell int) bool {
	return c.Cells[cell].NA == "" && (c.Host == "" || c.Cells[cell].Host == c.Host)
}

func (w *Worker) sender(id string, attempt int) sender {
	return sender{Comparison: id, Host: w.o.Host, Instance: w.o.Instance, Attempt: attempt}
}

// send reports one run and returns when it is on the server's disk.
func (a *attempt) send(ctx context.Context, r runner.Result) error {
	q := resultRequest{sender: a.sender(a.id, a.number), Result: r}
	q.Result.Comparison, q.Result.Attempt = a.id, a.number
	a.complete(ctx, &q)
	var reply answer
	for {
		var err error
		reply, err = ask[answer](ctx, a.Worker, askResult, q, a.o.Timing.Lease)
		var bad *badResult
		if errors.As(err, &bad) {
			reply, err = answer{Verdict: refuse, Sentence: bad.why}, nil
		}
		if err != nil {
			a.stop(errLost)
			return err
		}
		const pause = time.Second
		if reply.Verdict != later || !sleep(ctx, pause) {
			break
		}
	}
	switch reply.Verdict {
	case goOn:
		a.told.fingerprint = true
		return nil
	case refuse:
		return failure(fmt.Sprintf("The result of round %d, cell %d was refused: %s.", r.Round, r.Cell+1, strings.TrimSuffix(reply.Sentence, ".")))
	case gone:
		a.stop(errGone)
	case stale:
		a.stop(errStale)
	}
	return fmt.Errorf("result was not stored: %w", context.Cause(ctx))
}

// complete adds what the server does not know yet about the machine and about
// the source files that the profiles name.
func (a *attempt) complete(ctx context.Context, q *resultRequest) {
	if a.o.Fingerprint != nil && !a.told.fingerprint {
		f, err := a.o.Fingerprint()
		if err != nil {
			a.log.WarnContext(ctx, "describe the machine", "err", err)
		}
		q.Fingerprint = f
	}
	if a.o.Sources == nil {
		return
	}
	var ps []*profile.Profile
	news := false
	for _, rec := range q.Result.Profiles {
		p, err := guard.DecodeBytes(rec.Data, guard.Default())
		if err != nil {
			return // the server says what is wrong
		}
		for _, f := range p.Function {
			news = news || !a.told.files[f.Filename]
			a.told.files[f.Filename] = true
		}
		ps = append(ps, p)
	}
	if !news {
		return
	}
	sources, err := a.o.Sources(ps)
	if err != nil {
		a.log.WarnContext(ctx, "capture sources", "err", err)
	}
	q.Sources = sources
}

// report tells the server how the attempt ended.
func (a *attempt) report(ctx context.Context, why, err error) verdict {
	q := finishRequest{sender: a.sender(a.id, a.number), State: profiles.Done}
	patience := finishPatience
	switch {
	case errors.Is(why, errStale), errors.Is(why, errLost):
		return stale
	case errors.Is(why, errGone):
		return gone
	case err == nil: // it came to its end, whatever was asked in the meantime
	case errors.Is(why, errCanceled):
		q.State = profiles.Canceled
	case errors.Is(why, errStopping):
		q.State, patience = profiles.Interrupted, stopPatience
	default:
		a.log.WarnContext(ctx, "comparison failed", "comparison", a.id, "err", err)
		q.State, q.Failure = profiles.Failed, sentence(err)
	}
	for {
		reply, err := ask[answer](context.WithoutCancel(ctx), a.Worker, askFinish, q, patience)
		if err != nil {
			a.log.WarnContext(ctx, "end was not reported", "comparison", a.id, "err", err)
			return stale
		}
		const pause = time.Second
		switch {
		case reply.Verdict == later && sleep(ctx, pause):
			continue
		case reply.Verdict == goOn && q.State == profiles.Interrupted:
			return later
		case reply.Verdict == goOn:
			return gone
		}
		return reply.Verdict
	}
}

// failure is a sentence for people about why a comparison failed.
type failure string

func (f failure) Error() string { return string(f) }

// lastWords stand before the end of a child's standard error in an error of package
// child.
const lastWords = "; its last words: "

// sentence is an error on one line; a child's last words keep their lines.
func sentence(err error) string {
	s := string(bytes.ToValidUTF8([]byte(err.Error()), []byte("?")))
	said, words, found := strings.Cut(s, lastWords)
	said = strings.Join(strings.Fields(said), " ")
	if !found {
		return said
	}
	return said + lastWords + strings.TrimSpace(words)
}
