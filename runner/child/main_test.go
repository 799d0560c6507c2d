package child_test

import (
	"bufio"
	"context"
	"encoding/json"
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
		beParent(rest)
	}
}

// beParent opens both children in a directory, keeps them at work, tells their
// process ids, and waits to be killed.
func beParent(dir string) {
	ctx := context.Background()
	task := child.Task{Socket: runner.Unix, Workload: runner.DialEcho, Size: 5, Concurrency: 1, Dir: dir}
	server, err := child.Start(ctx, child.Server, child.Options{})
	must(err)
	task.Address, err = server.Open(ctx, task)
	must(err)
	client, err := child.Start(ctx, child.Client, child.Options{})
	must(err)
	_, err = client.Open(ctx, task)
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
