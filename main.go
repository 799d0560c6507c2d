// Sockscope says whether a unix socket or TCP is cheaper for a Go program, how
// sure that is, and which line of code pays for the difference.
//
// This file is the door: the commands, opening things, and the order of start and
// stop. What the commands do is in the packages below.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/google/pprof/profile"
	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/profiles/store"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/compare"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/queue"
	"github.com/sockscope/sockscope/web"
)

// Exit codes.
const (
	exitUsage = 2 // wrong usage or environment
	exitRun   = 3 // the run failed
)

func main() {
	child.Main() // does not return in a client or server of a run
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := commands().ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "sockscope: "+err.Error())
	var failure *compare.Failure
	if errors.As(err, &failure) {
		os.Exit(exitRun)
	}
	os.Exit(exitUsage)
}

func commands() *cobra.Command {
	serve := serveCommand()
	root := &cobra.Command{
		Use:           "sockscope",
		Short:         "Unix socket or TCP? See which line pays for it.",
		Args:          cobra.NoArgs,
		RunE:          serve.RunE,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.Flags().AddFlagSet(serve.Flags()) // serve is what happens without a command
	root.AddCommand(serve, compare.Command())
	return root
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value[:min(12, len(s.Value))]
		}
	}
	return strings.TrimSpace(strings.Trim(info.Main.Version, "()") + " " + revision)
}

func environment(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func serveCommand() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "The dashboard, the queue and a worker on this host (the default command)",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return o.serve(c.Context()) },
	}
	f := c.Flags()
	f.StringVar(&o.listen, "listen", environment("SOCKSCOPE_LISTEN", "127.0.0.1:7070"), "address to listen on; port 0 takes a free one")
	f.StringVar(&o.data, "data", environment("SOCKSCOPE_DATA", defaultData()), "directory of the database")
	f.StringVar(&o.publicURL, "public-url", "", "address that others reach this server by; needed to listen beyond this machine")
	f.StringVar(&o.tokenFile, "token-file", "", "file that holds the start token, instead of SOCKSCOPE_TOKEN or a new one")
	f.BoolVar(&o.private, "private", false, "ask for the start token for reading too")
	f.BoolVar(&o.verbose, "verbose", false, "log every refused request and every order")
	return c
}

type serveOptions struct {
	listen, data, publicURL, tokenFile string
	private, verbose                   bool
}

// serve opens from the ground up and closes in the reverse order: the database,
// the queue, the worker, HTTP. SIGTERM drains: what runs is interrupted and goes
// on at the next start.
func (o serveOptions) serve(ctx context.Context) error {
	log := logger(o.verbose)
	token, err := startToken(o.tokenFile)
	if err != nil {
		return err
	}
	hosts, err := web.NewHosts(o.publicURL)
	if err != nil {
		return err
	}
	listener, err := web.Listen(o.listen, o.publicURL)
	if err != nil {
		return err
	}
	defer listener.Close()
	evidence, err := store.Open(ctx, o.data, store.Options{Log: log})
	if err != nil {
		return err
	}
	defer evidence.Close()
	if _, err := bench.Sweep(""); err != nil {
		log.WarnContext(ctx, "what a killed predecessor left could not be removed", "err", err)
	}
	return o.run(ctx, log, listener, evidence, web.Options{
		Archive: evidence, Desk: evidence, Shares: evidence, Key: web.NewKey(token), Hosts: hosts, Private: o.private,
		PublicURL: o.publicURL, Estimate: bench.Estimate, Obstacles: func(s runner.Spec) []string { return host.Check(s, "") }, Version: version(), Log: log, Now: time.Now, Host: thisHost(),
	}, token)
}

// run runs the queue, its worker and the web server until ctx ends or one fails.
func (o serveOptions) run(ctx context.Context, log *slog.Logger, l net.Listener, evidence *store.Store, w web.Options, token string) error {
	engine, err := queue.StartEngine(filepath.Join(evidence.Dir(), "queue"), queue.EngineOptions{})
	if err != nil {
		return err
	}
	defer func() { logFailure(log, "stop the queue's engine", engine.Stop()) }()
	conn, err := engine.Connect("server")
	if err != nil {
		return err
	}
	defer conn.Close()
	dispatcher := queue.NewDispatcher(conn, evidence, queue.Options{Log: log, Host: w.Host.Name})
	if err := dispatcher.Start(ctx); err != nil {
		return err
	}
	defer dispatcher.Stop()
	worker := queue.NewWorker(conn, measure(log), queue.WorkerOptions{Host: w.Host.Name, Log: log, Fingerprint: fingerprint, Sources: sources})
	worker.Start()
	defer worker.Stop()
	stopping := make(chan struct{})
	w.Queue, w.Stopping = dispatcher, stopping
	server := web.NewServer(web.New(w))
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	fmt.Printf("sockscope: %s/?token=%s\n", web.Address(l, o.publicURL), token)
	select {
	case err = <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	close(stopping)
	worker.Stop()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return server.Shutdown(drain)
}

func logFailure(log *slog.Logger, what string, err error) {
	if err != nil {
		log.Error(what, "err", err)
	}
}

// thisHost looks at the machine once; it does not change while a server runs.
func thisHost() web.Host {
	f := host.ReadFingerprint()
	places := host.Place(runner.Split)
	return web.Host{Name: f.Hostname, Fingerprint: f, Checks: host.Preflight(""), Warnings: places.Warnings}
}

// measure is what the worker does with an order.
func measure(log *slog.Logger) queue.Bench {
	return func(ctx context.Context, spec runner.Spec, t queue.Task) error {
		return bench.Compare(ctx, spec, bench.Options{Skip: t.Skip, Result: t.Result, Progress: t.Progress, Seed: t.Seed, Log: log})
	}
}

func fingerprint() (json.RawMessage, error) { return json.Marshal(host.ReadFingerprint()) }

func sources(ps []*profile.Profile) ([]byte, error) { return bench.Sources(ps).Encode(), nil }

// defaultData is where the database is kept when nobody says.
func defaultData() string {
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "sockscope")
	}
	return "sockscope-data"
}

// startToken is the token of the environment or of the file, else a new one.
func startToken(file string) (string, error) {
	if file == "" {
		if t := os.Getenv("SOCKSCOPE_TOKEN"); t != "" {
			return t, checkToken(t, "SOCKSCOPE_TOKEN")
		}
		return rand.Text(), nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the start token: %w", err)
	}
	t := strings.TrimSpace(string(raw))
	return t, checkToken(t, file)
}

func checkToken(t, from string) error {
	if len(t) < 16 || strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("the start token of %s is shorter than 16 characters or has odd ones: use 16 or more letters and digits", from)
	}
	return nil
}

// logger writes to stderr: what somebody should know of, or everything.
func logger(verbose bool) *slog.Logger {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
