// Package push sends profiles to a server from a shell: a client of its API.
//
//  1. Each file is read and decoded here, so that what is no profile is told by its
//     name and never leaves the machine.
//  2. With --with-source the source files that it names are looked up on this
//     machine, under known roots only (see [source.Local]).
//  3. Both travel in one form; the server decodes them again, under its own limits.
package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/profiles/source"
)

// Failure is an error of the sending itself, as opposed to one of usage or
// environment, which can be mended before it is tried again.
type Failure struct{ Err error }

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// DefaultServer is where "sockscope serve" listens when nobody says.
const DefaultServer = "http://127.0.0.1:7070"

// flags as they were typed.
type flags struct {
	server, token, base string
	titles              []string
	ops                 []int64
	withSource, diff    bool
	listSource          bool
	roots               []string
}

// Command is "sockscope push": links on stdout, what there is to know on stderr.
func Command() *cobra.Command {
	o := flags{}
	c := &cobra.Command{
		Use:   "push FILE…",
		Short: "Upload profiles and print their links",
		Long: "Upload profiles to a server and print their links, one a line; - reads one from stdin.\n\n" +
			"With --with-source the source files that the profiles name travel along, so that lines show their text for your own code.\n" +
			"Only Go, assembly and C files are read, and only below GOROOT/src, the module cache, the module of the working directory and\n" +
			"what --source-root names, whatever a profile says; --list-source shows which, and sends nothing.",
		Example: "  sockscope push cpu.pprof --ops 10000\n" +
			"  sockscope push --diff before.pprof after.pprof\n" +
			"  curl -s http://localhost:6060/debug/pprof/profile?seconds=10 | sockscope push - --title live --with-source\n" +
			"  sockscope push heap.pprof --server https://bench.example.org --base P-7",
		RunE: func(c *cobra.Command, files []string) error {
			return o.run(c.Context(), files, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.server, "server", environment("SOCKSCOPE_SERVER", DefaultServer), "address of the server; the link that it printed, with its token, is taken too")
	f.StringVar(&o.token, "token", "", "start token of the server (default $SOCKSCOPE_TOKEN)")
	f.Int64SliceVar(&o.ops, "ops", nil, "operations that ran while it was taken, for figures per operation: one number for all files, or one for each")
	f.StringArrayVar(&o.titles, "title", nil, "title of the profile (default the file's name); once for each file")
	f.BoolVar(&o.diff, "diff", false, "print the link of the difference of two files, the first of which is the base")
	f.StringVar(&o.base, "base", "", "print the link of the difference from this profile of the server: P-7")
	f.BoolVar(&o.withSource, "with-source", false, "send the source files that the profiles name along")
	f.StringArrayVar(&o.roots, "source-root", nil, "look for source files below this directory too, by the end of their path; can be repeated")
	f.BoolVar(&o.listSource, "list-source", false, "print the source files that would be sent, and send nothing")
	return c
}

func environment(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func (o *flags) run(ctx context.Context, files []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := o.usage(files); err != nil {
		return err
	}
	list, err := o.open(files, stdin)
	if err != nil {
		return err
	}
	if o.withSource || o.listSource {
		if err := o.attach(list, stdout, stderr); err != nil || o.listSource {
			return err
		}
	}
	to, err := newServer(o.server, o.token)
	if err != nil {
		return err
	}
	made := []stored{}
	for i, p := range list {
		base := o.base
		if o.diff && i == 1 {
			base = made[0].ID
		}
		s, err := to.send(ctx, p, base)
		if err != nil {
			return err
		}
		made = append(made, s)
		if !o.diff && o.base == "" {
			fmt.Fprintln(stdout, s.URL)
			continue
		}
		fmt.Fprintf(stderr, "%s: %s\n", plain(p.name), s.URL)
		if s.DiffURL != "" {
			fmt.Fprintln(stdout, s.DiffURL)
		}
	}
	return nil
}

// usage says what does not fit together before anything is read.
func (o *flags) usage(files []string) error {
	stdin := 0
	for _, f := range files {
		if f == "-" {
			stdin++
		}
	}
	switch {
	case len(files) == 0:
		return errors.New("push needs a profile: sockscope push cpu.pprof, or - for stdin")
	case stdin > 1:
		return errors.New("stdin holds one profile only: name - once")
	case o.diff && len(files) != 2:
		return fmt.Errorf("--diff takes two files, the base first; these are %d", len(files))
	case o.diff && o.base != "":
		return errors.New("--diff and --base both name a base: leave one out")
	case len(o.titles) > len(files):
		return fmt.Errorf("there are %d titles for %d files: give --title once for each file at most", len(o.titles), len(files))
	case len(o.ops) > 1 && len(o.ops) != len(files):
		return fmt.Errorf("--ops has %d numbers for %d files: give one for all, or one for each", len(o.ops), len(files))
	}
	for _, n := range o.ops {
		if n < 1 {
			return fmt.Errorf("--ops %d is not a number of operations: it is a whole number from 1 on; leave it out when you do not know it", n)
		}
	}
	return nil
}

// attach looks up the sources of the profiles, and says what it found.
func (o *flags) attach(list []pushed, stdout, stderr io.Writer) error {
	dir, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the working directory: %w", err)
	}
	local, err := source.OpenLocal(source.ThisMachine(dir, o.roots))
	if err != nil {
		return err
	}
	defer local.Close()
	for i := range list {
		found := local.Capture(list[i].decoded)
		if found.Bundle.Len() > 0 {
			list[i].sources = found.Bundle.Encode()
		}
		fmt.Fprintf(stderr, "%s: %s\n", plain(list[i].name), said(found))
		if !o.listSource {
			continue
		}
		for _, name := range found.Bundle.Paths() {
			fmt.Fprintln(stdout, plain(found.Paths[name]))
		}
	}
	return nil
}

// said is a sentence on what a search for sources gave.
func said(f source.Found) string {
	s := plural(f.Bundle.Len(), "source file", "source files")
	for _, left := range []struct {
		n   int
		why string
	}{
		{len(f.Missing), "not found"},
		{len(f.Changed), "changed since"},
		{len(f.Refused), "not a source file's name"},
		{len(f.Large), "too large"},
	} {
		if left.n > 0 {
			s += fmt.Sprintf(", %d %s", left.n, left.why)
		}
	}
	if len(f.Missing) > 0 {
		s += " (" + examples(f.Missing) + "; --source-root says where to look)"
	}
	return s
}

// examples are the first few names, without what a terminal would obey.
func examples(names []string) string {
	shown := []string{}
	for _, n := range names[:min(2, len(names))] {
		shown = append(shown, plain(n))
	}
	if len(names) > len(shown) {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
