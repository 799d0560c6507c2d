package fleet

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/queue"
)

// Command is "sockscope worker": it makes this machine a benchmark host of a server
// elsewhere. logger makes the log; true is for one that says everything.
func Command(logger func(verbose bool) *slog.Logger) *cobra.Command {
	var o workerOptions
	c := &cobra.Command{
		Use:   "worker",
		Short: "Make this machine a benchmark host of a server elsewhere",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return o.run(c.Context(), c.ErrOrStderr(), logger(o.verbose))
		},
	}
	f := c.Flags()
	f.StringVar(&o.join, "join", "", "the server's NATS address, as nats://server:4222 or tls://server:4222; several with commas")
	f.StringVar(&o.tokenFile, "token-file", "", "file that holds the workers' token of that server")
	f.StringVar(&o.host, "host", "", "the name of this host on the pages (default its hostname)")
	f.BoolVar(&o.verbose, "verbose", false, "log every order")
	return c
}

type workerOptions struct {
	join, tokenFile, host string
	verbose               bool
}

// run works until ctx ends, then interrupts what it is at and leaves. It waits for
// a server that is not there, and for another worker that has the host's name.
func (o workerOptions) run(ctx context.Context, stderr io.Writer, log *slog.Logger) error {
	say := func(sentence string) { fmt.Fprintln(stderr, "sockscope: "+sentence) }
	if o.join == "" {
		return fmt.Errorf("it is not said which server to work for: add --join nats://SERVER:4222, as \"sockscope serve --nats-listen\" prints it")
	}
	where, err := shown(o.join)
	if err != nil {
		return fmt.Errorf("--join: %w", err)
	}
	machine := ThisMachine(o.host)
	if err := queue.CheckHost(machine.Name); err != nil {
		return fmt.Errorf("%w; give it with --host", err)
	}
	token := ""
	if o.tokenFile != "" {
		if token, err = ReadToken(o.tokenFile, "workers' token"); err != nil {
			return err
		}
	}
	if _, err := bench.Sweep(""); err != nil {
		log.WarnContext(ctx, "what a killed predecessor left could not be removed", "err", err)
	}
	closed := make(chan error, 1)
	options := append(append(usual("sockscope worker "+machine.Name, log), queue.Login(token)...),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if ctx.Err() == nil {
				say(fmt.Sprintf("lost %s (%v); it goes on trying", where, err))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { say("connected to " + where + " again") }),
		nats.ClosedHandler(func(c *nats.Conn) { closed <- c.LastError() }))
	conn, err := await(ctx, o.join, func(why string) { say(where + ": " + why) }, options...)
	if err != nil && ctx.Err() != nil {
		return nil // told to stop before there was anything to do
	}
	if err != nil {
		return refusal(err, where, o.tokenFile)
	}
	defer conn.Close()
	worker := newWorker(conn, machine, "", log, func(ok bool, sentence string) {
		if ok {
			say(fmt.Sprintf("host %s takes orders of %s", machine.Name, where))
			return
		}
		say(sentence + "; it goes on asking")
	})
	worker.Start()
	defer worker.Stop()
	select {
	case <-ctx.Done():
		return nil
	case err := <-closed: // a token that is no longer good
		return refusal(err, where, o.tokenFile)
	}
}
