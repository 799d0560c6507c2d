package child

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/sockscope/sockscope/runner/workload"
)

// Bounds of what a child may do.
const (
	tailSize   = 4 << 10  // kept of stderr
	lineSize   = 16 << 20 // of one reply: a profile and a histogram, with room
	answerTime = 10 * time.Second
	closeTime  = 4 * time.Second
	drainTime  = time.Second // for output, after the child's end
)

// Options of a child. The zero value runs it on any CPU.
type Options struct {
	// CPUs that it may run on, and as many GOMAXPROCS. Empty for all.
	CPUs []int
	// Env is added to the short list of variables that a child inherits.
	Env []string
	// Files are open in the child, from descriptor 3 on. [Start] closes them here,
	// also when it fails. [Task].Files has to say how many they are.
	Files []*os.File
	// Fork calls what starts the process, on a thread of its choice; nil for any.
	Fork func(start func() error) error
}

// Process is a child, seen from its parent. One goroutine at a time may use it.
// Close has to be called.
type Process struct {
	role    Role
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stderr  *tail
	replies chan reply    // closed when no more can come
	broken  chan error    // one: what came was no reply
	done    chan struct{} // closed when the process is gone and its output read
	exit    error         // set before done is closed
}

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// read hands on replies until the child's stdout ends or makes no sense.
func (p *Process) read(stdout io.Reader) {
	defer close(p.replies)
	in := bufio.NewScanner(stdout)
	in.Buffer(nil, lineSize)
	for in.Scan() {
		r, err := decodeReply(in.Bytes())
		if err != nil {
			p.giveUp("wrote a line to stdout that is not a reply")
			return
		}
		select {
		case p.replies <- r:
		default:
			p.giveUp("wrote replies that nobody asked for")
			return
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		p.giveUp(fmt.Sprintf("wrote more than %d MiB in one line", lineSize>>20))
	}
}

func (p *Process) giveUp(why string) {
	p.broken <- errors.New(why)
	_ = killGroup(p.cmd)
}

func (p *Process) wait(stdout *os.File, read <-chan struct{}) {
	err := p.cmd.Wait()
	_ = killGroup(p.cmd) // what it may have started
	if stdout.SetReadDeadline(time.Now().Add(drainTime)) != nil {
		stdout.Close()
	}
	<-read
	stdout.Close()
	p.exit = err
	close(p.done)
}

// Open gives the child its task. The server tells its address.
func (p *Process) Open(ctx context.Context, t Task) (address string, err error) {
	r, err := p.ask(ctx, order{Do: open, Task: &t}, answerTime+time.Duration(t.Concurrency)*10*time.Millisecond)
	return r.Address, err
}

// Rotate tells the client to dial the first n of the server's addresses in turn
// from now on.
func (p *Process) Rotate(ctx context.Context, n int) error {
	_, err := p.ask(ctx, order{Do: rotate, Targets: n}, answerTime)
	return err
}

// Begin opens the window that End closes, with a CPU profile over it or without.
func (p *Process) Begin(ctx context.Context, profile bool) error {
	_, err := p.ask(ctx, order{Do: begin, Profile: profile}, answerTime)
	return err
}

// Run lets the client make one pass, which has to be over within limit.
func (p *Process) Run(ctx context.Context, b workload.Budget, limit time.Duration) (Pass, error) {
	r, err := p.ask(ctx, order{Do: run, Budget: &b}, limit)
	if err != nil {
		return Pass{}, err
	}
	if r.Pass == nil {
		return Pass{}, p.fail(run, "replied without a result", nil)
	}
	return *r.Pass, nil
}

// End closes the window and returns what was used up in it.
func (p *Process) End(ctx context.Context) (Report, error) {
	r, err := p.ask(ctx, order{Do: end}, answerTime)
	if err != nil {
		return Report{}, err
	}
	if r.Report == nil {
		return Report{}, p.fail(end, "replied without a report", nil)
	}
	return *r.Report, nil
}

// ask sends an order and waits for its reply. After any error but one that the
// child itself reports, the child is gone.
func (p *Process) ask(ctx context.Context, o order, limit time.Duration) (reply, error) {
	line, err := json.Marshal(o)
	if err != nil {
		return reply{}, err
	}
	// A child that is gone shows in the replies, with a better reason.
	_, _ = p.stdin.Write(append(line, '\n'))
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		p.kill()
		return reply{}, context.Cause(ctx)
	case <-timer.C:
		return reply{}, p.fail(o.Do, fmt.Sprintf("did not answer within %s", limit.Round(time.Millisecond)), nil)
	case r, ok := <-p.replies:
		switch {
		case !ok && ctx.Err() != nil:
			p.kill()
			return reply{}, context.Cause(ctx)
		case !ok:
			return reply{}, p.gone(o.Do)
		case r.Did != o.Do:
			return reply{}, p.fail(o.Do, fmt.Sprintf("replied to %q", r.Did), nil)
		case r.Error != "":
			return reply{}, &Error{Role: p.role, During: string(o.Do), Reason: r.Error}
		}
		return r, nil
	}
}

// gone explains why no reply can come any more.
func (p *Process) gone(during verb) error {
	select {
	case err := <-p.broken:
		return p.fail(during, err.Error(), nil)
	case <-p.done:
		return p.fail(during, "ended without a reply", p.exit)
	case <-time.After(drainTime): // it has closed its stdout and lives on
		return p.fail(during, "closed its output without a reply", nil)
	}
}

// fail kills the child and makes the error.
func (p *Process) fail(during verb, reason string, err error) error {
	p.kill()
	return &Error{Role: p.role, During: string(during), Reason: reason, Tail: p.stderr.String(), Err: err}
}

func (p *Process) kill() {
	select {
	case <-p.done: // its number may belong to somebody else by now
	default:
		_ = killGroup(p.cmd)
	}
	p.stdin.Close()
	<-p.done
}

// Close tells the child to leave and waits for its end; if that takes too long,
// the child is killed. It may be called twice. After it the process is gone.
func (p *Process) Close() error {
	p.stdin.Close()
	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		return p.fail("close", fmt.Sprintf("did not leave within %s", closeTime), nil)
	}
	if p.exit != nil {
		return &Error{Role: p.role, During: "close", Reason: "left in disorder", Tail: p.stderr.String(), Err: p.exit}
	}
	return nil
}
