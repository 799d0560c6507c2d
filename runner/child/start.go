package child

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// Start starts a child. It is killed, and all that it started, when ctx ends.
func Start(ctx context.Context, role Role, o Options) (*Process, error) {
	defer closeAll(o.Files)
	exe, err := executable()
	if err != nil {
		return nil, fmt.Errorf("find the binary to run as %s: %w", role, err)
	}
	p := &Process{
		role: role, stderr: &tail{},
		replies: make(chan reply, 2), broken: make(chan error, 1), done: make(chan struct{}),
	}
	p.cmd = exec.CommandContext(ctx, exe)
	p.cmd.Args = []string{"sockscope", string(role)}
	p.cmd.Env = environment(role, o)
	p.cmd.Stderr = p.stderr
	p.cmd.ExtraFiles = o.Files
	p.cmd.Cancel = func() error { return killGroup(p.cmd) }
	p.cmd.WaitDelay = drainTime
	ownGroup(p.cmd)
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start the %s: %w", role, err)
	}
	// Note: StdoutPipe would make Wait and the last read race, and a grandchild
	// that keeps it open would keep the reader.
	stdout, theirs, err := os.Pipe()
	if err != nil {
		p.stdin.Close()
		return nil, fmt.Errorf("start the %s: %w", role, err)
	}
	p.cmd.Stdout = theirs
	start := func() error { return Pin(o.CPUs, p.cmd.Start) }
	if o.Fork != nil {
		err = o.Fork(start)
	} else {
		err = start()
	}
	theirs.Close()
	if err != nil {
		p.stdin.Close()
		stdout.Close()
		return nil, fmt.Errorf("start the %s: %w", role, err)
	}
	read := make(chan struct{})
	go func() { defer close(read); p.read(stdout) }()
	go p.wait(stdout, read)
	return p, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// environment is the short list: nothing that could hold a secret reaches a
// process that reports to others.
func environment(role Role, o Options) []string {
	inherited := []string{"GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS", "GOTRACEBACK", "GOCOVERDIR", "SYSTEMROOT", "TMPDIR", "TEMP"}
	env := []string{Environment + "=" + string(role)}
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); slices.Contains(inherited, strings.ToUpper(name)) {
			env = append(env, v)
		}
	}
	if len(o.CPUs) > 0 {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(len(o.CPUs))) // the last one counts
	}
	return append(env, o.Env...)
}
