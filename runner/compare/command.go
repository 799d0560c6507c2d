package compare

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

// Failure is an error of the run itself, as opposed to one of usage.
type Failure struct{ Err error }

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// formats that the result can be written in.
var formats = map[string]func(*export.Report, io.Writer) error{
	"text": (*export.Report).Text, "json": writeJSON, "csv": (*export.Report).CSV,
	"bench": (*export.Report).Bench, "markdown": (*export.Report).Markdown,
}

// flags as they were typed.
type flags struct {
	spec                   runner.Spec
	sockets, placements    []string
	base, workload, kernel string
	format, out            string
}

// Command is "sockscope compare": progress on stderr, the result on stdout.
func Command() *cobra.Command {
	o := flags{spec: runner.Article()}
	c := &cobra.Command{
		Use:   "compare",
		Short: "The same comparison without server or database; the result goes to stdout",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return o.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringSliceVar(&o.sockets, "sockets", []string{"unix", "tcp"}, "sockets to compare, the base first")
	f.StringVar(&o.workload, "workload", string(o.spec.Workload), "dial-echo or echo")
	f.IntVar(&o.spec.Rounds, "rounds", o.spec.Rounds, "rounds; 6 give an interval, 20 are worth publishing")
	f.IntVar(&o.spec.Requests, "requests", o.spec.Requests, "requests of one run")
	f.IntSliceVar(&o.spec.Sizes, "sizes", o.spec.Sizes, "bytes of a message")
	f.IntSliceVar(&o.spec.Concurrency, "concurrency", o.spec.Concurrency, "connections at once")
	f.StringSliceVar(&o.placements, "placement", []string{string(runner.Split)}, "split, same or free")
	f.StringVar(&o.base, "base", "", "socket that the others are compared with (default the first of --sockets)")
	f.StringVar(&o.kernel, "kernel", string(o.spec.Kernel), "kernel profiles: auto, off or require")
	f.StringVar(&o.spec.Title, "title", "", "what the comparison is called")
	f.StringVar(&o.format, "format", "text", "text, json, csv, bench or markdown")
	f.StringVar(&o.out, "out", "", "directory for the profiles and result.json")
	return c
}

// asked is the spec that the flags ask for.
func (o *flags) asked() (runner.Spec, error) {
	s := o.spec
	s.Workload, s.Kernel, s.Sockets, s.Placements = runner.Workload(o.workload), runner.KernelMode(o.kernel), nil, nil
	for _, name := range o.sockets {
		var k runner.Socket
		_ = k.UnmarshalText([]byte(strings.TrimSpace(name))) // never fails; Validate names what is not known
		s.Sockets = append(s.Sockets, k)
	}
	for _, p := range o.placements {
		s.Placements = append(s.Placements, runner.Placement(p))
	}
	s.Base = ""
	if o.base != "" {
		_ = s.Base.UnmarshalText([]byte(o.base))
	} else if len(s.Sockets) > 0 {
		s.Base = s.Sockets[0]
	}
	var fields runner.FieldErrors
	if errors.As(s.Validate(), &fields) {
		return s, errors.New(fields[0].Sentence)
	}
	return s, nil
}

func (o *flags) run(ctx context.Context, stdout, stderr io.Writer) error {
	write := formats[o.format]
	if write == nil {
		return fmt.Errorf("there is no format %q: use text, json, csv, bench or markdown", o.format)
	}
	spec, err := o.asked()
	if err != nil {
		return err
	}
	if obstacles := host.Check(spec, ""); len(obstacles) > 0 {
		return errors.New(strings.TrimSuffix(strings.Join(obstacles, " "), "."))
	}
	out, err := Run(ctx, spec, stderr)
	if err != nil {
		return &Failure{err}
	}
	if o.out != "" {
		if err := out.Save(o.out); err != nil {
			return err
		}
	}
	return write(&out.Report, stdout)
}

func writeJSON(r *export.Report, w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r.Document())
}
