package child_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/workload"
)

// script names the variable that makes this binary a child that misbehaves, or a
// parent that is going to be killed.
const script = "CHILD_TEST_SCRIPT"

func TestMain(m *testing.M) {
	if s := os.Getenv(script); s != "" {
		play(s)
	}
	child.Main()
	goleak.VerifyTestMain(m)
}

// play never returns, except for the scripts that turn out to be good children.
func play(s string) {
	reply := func(r string) { fmt.Println(r) }
	orders := bufio.NewScanner(os.Stdin)
	switch name, rest, _ := strings.Cut(s, " "); name {
	case "crash":
		orders.Scan()
		panic("the sky is falling")
	case "leave":
		orders.Scan()
		os.Exit(0)
	case "hang":
		select {}
	case "deaf": // answers once and then ignores the end of stdin
		orders.Scan()
		reply(`{"did":"open","address":"nowhere"}`)
		select {}
	case "garbage":
		reply("Hello, I am not JSON")
		select {}
	case "chatter":
		for {
			reply(`{"did":"open"}`)
		}
	case "flood":
		for {
			os.Stdout.WriteString(strings.Repeat("x", 1<<16))
		}
	case "mumble": // a lot on stderr, then a crash
		for i := range 10_000 {
			fmt.Fprintf(os.Stderr, "word %d\n", i)
		}
		os.Exit(7)
	case "mute":
		os.Stdout.Close()
		select {}
	case "wrong":
		orders.Scan()
		reply(`{"did":"end"}`)
		select {}
	case "empty":
		orders.Scan()
		reply(`{"did":"run"}`)
		select {}
	case "grandchild": // leaves a process behind that keeps its output open
		orphan := exec.Command("/proc/self/exe")
		orphan.Env = []string{script + "=hang"}
		orphan.Stdout, orphan.Stderr = os.Stdout, os.Stderr
		if err := orphan.Start(); err != nil {
			panic(err)
		}
		fmt.Fprintf(os.Stderr, "grandchild %d\n", orphan.Process.Pid)
		os.Exit(3)
	case "parent":
		kind, dir, _ := strings.Cut(rest, " ")
		beParent(runner.Socket(kind), dir)
	}
}

// openBoth starts a server and a client and opens them for a task: the client in
// a directory beside the server's.
func openBoth(ctx context.Context, task child.Task) (server, client *child.Process, err error) {
	var ends [2][]*os.File
	if task.Socket == runner.SocketPair {
		for range task.Concurrency {
			s, c, err := socket.Pair()
			if err != nil {
				return nil, nil, err
			}
			ends[0], ends[1] = append(ends[0], s), append(ends[1], c)
		}
	}
	task.Files = len(ends[0])
	if server, err = child.Start(ctx, child.Server, child.Options{Files: ends[0]}); err != nil {
		return nil, nil, err
	}
	if client, err = child.Start(ctx, child.Client, child.Options{Files: ends[1]}); err != nil {
		return nil, nil, errors.Join(err, server.Close())
	}
	task.Address, err = server.Open(ctx, task)
	task.Dir += "c"
	if err == nil {
		_, err = client.Open(ctx, task)
	}
	if err != nil {
		return nil, nil, errors.Join(err, client.Close(), server.Close())
	}
	return server, client, nil
}

// beParent opens both children in a directory, keeps them at work, tells their
// process ids, and waits to be killed.
func beParent(kind runner.Socket, dir string) {
	ctx := context.Background()
	task := child.Task{Socket: kind, Workload: runner.DialEcho, Size: 5, Concurrency: 1, Dir: dir}
	server, client, err := openBoth(ctx, task)
	must(err)
	go func() {
		_, err := client.Run(ctx, workload.Budget{Requests: 1 << 50}, time.Hour)
		must(err)
	}()
	must(json.NewEncoder(os.Stdout).Encode([]int{server.PID(), client.PID()}))
	_, _ = io.Copy(io.Discard, os.Stdin)
	panic("the test ended without killing its parent process")
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func startScript(t *testing.T, s string) *child.Process {
	t.Helper()
	return start(t, child.Client, child.Options{Env: []string{script + "=" + s}})
}

// start starts a child that is gone after the test.
func start(t *testing.T, role child.Role, o child.Options) *child.Process {
	t.Helper()
	p, err := child.Start(context.WithoutCancel(t.Context()), role, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// runDir is a name for a server's directory, short enough for its socket.
func runDir(t *testing.T) string {
	t.Helper()
	base, err := os.MkdirTemp("", "ss")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	return filepath.Join(base, child.DirName("1"))
}
