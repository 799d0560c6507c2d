// Sockscope says whether a unix socket or TCP is cheaper for a Go program, how
// sure that is, and which line of code pays for the difference.
//
// This file is the door: the commands, opening things, and the order of start and
// stop. What the commands do is in the packages below.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/store"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/access"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/compare"
	"github.com/sockscope/sockscope/runner/echo"
	"github.com/sockscope/sockscope/runner/fleet"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/kernel"
	"github.com/sockscope/sockscope/web"
	"github.com/sockscope/sockscope/web/push"
)

// Exit codes beside 0, and 1 of a gate that failed.
const (
	exitFault = 1 // the check found faults
	exitUsage = 2 // wrong usage or environment
	exitRun   = 3 // the run failed
)

func main() {
	child.Main()  // does not return in a client or server of a run
	access.Main() // nor here in a client of the experiment of who may connect
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := commands().ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "sockscope: "+err.Error())
	os.Exit(exitCode(err))
}

func exitCode(err error) int {
	var failed *compare.Failure
	var gate *compare.GateFailed
	var unsent *push.Failure
	var faults *faultsFound
	switch {
	case errors.As(err, &faults):
		return exitFault
	case errors.As(err, &gate):
		return gate.ExitCode()
	case errors.As(err, &failed), errors.As(err, &unsent):
		return exitRun
	}
	return exitUsage
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
	root.AddCommand(serve, fleet.Command(logger), compare.Command(), echo.Command(), access.Command(), push.Command(),
		checkCommand(), backupCommand())
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
	dataFlag(c, &o.data)
	f.StringVar(&o.publicURL, "public-url", "", "address that others reach this server by; needed to listen beyond this machine")
	f.StringVar(&o.tokenFile, "token-file", "", "file that holds the start token, instead of SOCKSCOPE_TOKEN or a new one")
	f.BoolVar(&o.private, "private", false, "ask for the start token for reading too")
	o.fleet.Bind(c)
	f.BoolVar(&o.verbose, "verbose", false, "log every refused request and every order")
	return c
}

type serveOptions struct {
	listen, data, publicURL, tokenFile string
	private, verbose                   bool
	fleet                              fleet.Options
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
		PublicURL: o.publicURL, Version: version(), Log: log, Now: time.Now, Host: thisHost(),
		Estimate: bench.Estimate, Advice: host.ReadAdvice,
		Obstacles: func(s runner.Spec) []string { return host.Check(s, bench.Preflight()) },
		Access:    func(ctx context.Context) ([]access.Row, error) { return access.Try(ctx, access.Options{}) },
	}, token)
}

// run runs the queue, its worker and the web server until ctx ends or one fails.
func (o serveOptions) run(ctx context.Context, log *slog.Logger, l net.Listener, evidence *store.Store, w web.Options, token string) error {
	machine := fleet.Machine{Name: w.Host.Name, Checks: w.Host.Checks, Warnings: w.Host.Warnings}
	queue, err := o.fleet.Start(ctx, evidence.Dir(), evidence, machine, log)
	if err != nil {
		return err
	}
	defer queue.Close()
	if queue.Join != "" {
		fmt.Fprintln(os.Stderr, "sockscope: "+queue.Join)
	}
	stopping := make(chan struct{})
	w.Queue, w.Fleet, w.Stopping = queue, queue, stopping
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
	queue.StopWorker()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return server.Shutdown(drain)
}

// thisHost looks at the machine once; it does not change while a server runs.
func thisHost() web.Host {
	m := fleet.ThisMachine("")
	return web.Host{Name: m.Name, Fingerprint: host.ReadFingerprint(), Checks: m.Checks, Warnings: m.Warnings, Kernel: kernel.Probe().Sentence()}
}

// defaultData is where the database is kept when nobody says.
func defaultData() string {
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "sockscope")
	}
	return "sockscope-data"
}

const startTokenName = "start token"

// startToken is the token of the environment or of the file, else a new one.
func startToken(file string) (string, error) {
	if file == "" {
		if t := os.Getenv("SOCKSCOPE_TOKEN"); t != "" {
			return t, fleet.CheckToken(t, startTokenName, "SOCKSCOPE_TOKEN")
		}
		return rand.Text(), nil
	}
	return fleet.ReadToken(file, startTokenName)
}

// logger writes to stderr: what somebody should know of, or everything.
func logger(verbose bool) *slog.Logger {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// faultsFound is the outcome of a check that found some, see [exitFault].
type faultsFound struct {
	what   string // that was checked
	faults int
}

func (f *faultsFound) Error() string {
	return fmt.Sprintf("%s has %s, see above: restore a backup, or delete the comparisons and profiles that are named.",
		f.what, quantity.Plural(int64(f.faults), "fault", "faults"))
}

// dataFlag is the same for whoever opens the database.
func dataFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "data", environment("SOCKSCOPE_DATA", defaultData()), "directory of the database")
}

func checkCommand() *cobra.Command {
	var data string
	var readData bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check the database: its file, its references, and with --read-data every stored byte",
		Long: "Check the database of a data directory, also beside a server that uses it: nothing is changed.\n" +
			"Each fault is one line; the exit code is 0 without any, 1 with some, and 2 when it could not be checked.",
		Example: "  sockscope check\n" +
			"  sockscope check --data /srv/sockscope --read-data",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := store.Inspect(c.Context(), data, readData)
			if err != nil {
				return err
			}
			return report(c.OutOrStdout(), "Checked", data, r, readData)
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&readData, "read-data", false, "read every blob too, and compare it with its SHA-256")
	return c
}

func backupCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the database to a new file, and check the copy",
		Long: "Copy the database of a data directory to one new file, also beside a server that uses it, and check the copy with all its data.\n" +
			"To restore it, copy the file into an empty directory as " + store.FileName + " and name that with --data.",
		Example: "  sockscope backup /mnt/backup/sockscope.db\n" +
			"  mkdir restored && cp /mnt/backup/sockscope.db restored/" + store.FileName + " && sockscope serve --data restored",
		Args: oneFile,
		RunE: func(c *cobra.Command, files []string) error {
			r, err := store.Backup(c.Context(), data, files[0])
			if err != nil {
				return err
			}
			return report(c.OutOrStdout(), "Copied to", files[0], r, true)
		},
	}
	dataFlag(c, &data)
	return c
}

func oneFile(_ *cobra.Command, files []string) error {
	if len(files) != 1 || files[0] == "" {
		return fmt.Errorf("backup needs one file to write, and got %d: sockscope backup FILE", len(files))
	}
	return nil
}

// report prints a line for each fault, and one for all that was checked.
func report(w io.Writer, did, what string, r store.Report, readData bool) error {
	for _, p := range r.Problems {
		fmt.Fprintln(w, p)
	}
	read := "their bytes were not read (--read-data does that)"
	if readData {
		read = "every byte of them was read"
	}
	faults := "no fault"
	if len(r.Problems) > 0 {
		faults = quantity.Plural(int64(len(r.Problems)), "fault", "faults")
	}
	_, err := fmt.Fprintf(w, "%s %s: %s, %s, %s, %s and %s of %s, %s: %s.\n", did, what,
		quantity.Plural(int64(r.Comparisons), "comparison", "comparisons"), quantity.Plural(int64(r.Runs), "run", "runs"),
		quantity.Plural(int64(r.Profiles), "profile", "profiles"), quantity.Plural(int64(r.Shares), "share", "shares"),
		quantity.Plural(int64(r.Blobs), "blob", "blobs"), quantity.Bytes(r.Bytes), read, faults)
	if err != nil {
		return err
	}
	if len(r.Problems) > 0 {
		return &faultsFound{what, len(r.Problems)}
	}
	return nil
}
