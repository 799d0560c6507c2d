// Package pproforacle asks go tool pprof what it has to say about a profile, for
// tests that hold this project's figures against it. It is of no use to the
// product: nothing but tests imports it.
//
//	tool, err := pproforacle.Open(t.TempDir())
//	if err != nil {
//		t.Skip(err)
//	}
//	want, err := tool.List("client.pprof", ".")
package pproforacle

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Tool is go tool pprof, run where it neither finds nor leaves anything: pprof
// looks for sources in the working directory and all above it, cuts file names
// at a directory of its name, and keeps copies of what it fetches.
type Tool struct {
	program []string
	dir     string
}

// Open finds the tool; the error says why there is none. dir is a directory of
// the caller's, t.TempDir(), for the tool's working directory and its copies.
func Open(dir string) (*Tool, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("go tool pprof is the oracle, and there is no go command: %w", err)
	}
	work := filepath.Join(dir, "pproforacle")
	if err := os.MkdirAll(work, 0o700); err != nil {
		return nil, fmt.Errorf("make the working directory of go tool pprof: %w", err)
	}
	t := &Tool{program: []string{path, "tool", "pprof"}, dir: work}
	// Newer go commands say where they keep the tool once it is built, which
	// saves finding that out in each run.
	if out, err := exec.Command(path, "tool", "-n", "pprof").Output(); err == nil {
		if p := strings.TrimSpace(string(out)); filepath.IsAbs(p) {
			if _, err := os.Stat(p); err == nil {
				t.program = []string{p}
			}
		}
	}
	return t, nil
}

// List is pprof -list=pattern with exact values. args are further flags, such
// as -diff_base=FILE; file may be a URL. A pattern that matches nothing gives no
// routine.
func (t *Tool) List(file, pattern string, args ...string) ([]Routine, error) {
	out, err := t.Run(append(append([]string{"-unit=nanoseconds", "-list=" + pattern}, args...), file)...)
	if err != nil {
		if strings.Contains(err.Error(), "no matches found for regexp") {
			return nil, nil
		}
		return nil, err
	}
	return ParseList(out)
}

// Top is pprof -top with exact values and nothing cut off.
func (t *Tool) Top(file string, args ...string) ([]Function, error) {
	all := []string{"-unit=nanoseconds", "-top", "-nodecount=0", "-nodefraction=0", "-edgefraction=0"}
	out, err := t.Run(append(append(all, args...), file)...)
	if err != nil {
		return nil, err
	}
	return ParseTop(out)
}

// Run runs the tool and returns what it printed. Relative names of files are
// those of the caller.
func (t *Tool) Run(args ...string) ([]byte, error) {
	for i, a := range args {
		args[i] = absolute(a)
	}
	cmd := exec.Command(t.program[0], append(t.program[1:len(t.program):len(t.program)], args...)...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), "PPROF_TMPDIR="+t.dir, "PPROF_BINARY_PATH="+t.dir, "PPROF_TOOLS="+t.dir, "PWD="+t.dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, fmt.Errorf("go tool pprof %s: %w: %.2000s", strings.Join(args, " "), err, stderr.Bytes())
		}
		return nil, fmt.Errorf("run go tool pprof: %w", err)
	}
	return out, nil
}

// absolute makes the file that an argument names independent of the directory.
func absolute(arg string) string {
	flag, name := "", arg
	if strings.HasPrefix(arg, "-") {
		f, value, ok := strings.Cut(arg, "=")
		if !ok || f != "-diff_base" && f != "-base" {
			return arg
		}
		flag, name = f+"=", value
	}
	if _, err := os.Stat(name); err != nil {
		return arg
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return arg
	}
	return flag + abs
}
