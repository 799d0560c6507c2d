package bench_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// This file is the loop as one writes it by hand to time an echo, with nothing of
// the product in it.

// playBare plays "server NETWORK ADDRESS" or "client NETWORK ADDRESS", and does
// not return.
func playBare(what string) {
	words := strings.Fields(what)
	side := bareClient
	if words[0] == "server" {
		side = bareServer
	}
	if err := side(words[1], words[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func bareServer(network, address string) error {
	l, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	message := make([]byte, 5)
	for {
		if _, err := io.ReadFull(conn, message); err != nil {
			return nil
		}
		if _, err := conn.Write(message); err != nil {
			return err
		}
	}
}

// bareClient reads numbers of requests, one a line, and answers each with the ns
// that they took.
func bareClient(network, address string) error {
	conn, err := net.Dial(network, address)
	if err != nil {
		return err
	}
	message, reply := []byte("Hello"), make([]byte, 5)
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		n, err := strconv.Atoi(orders.Text())
		if err != nil {
			return err
		}
		start := time.Now()
		for range n {
			if _, err := conn.Write(message); err != nil {
				return err
			}
			if _, err := io.ReadFull(conn, reply); err != nil {
				return err
			}
		}
		fmt.Println(time.Since(start).Nanoseconds())
	}
	return nil
}

// bareLoop is that loop in two processes, tied to CPUs as the product does.
type bareLoop struct {
	orders  io.Writer
	replies *bufio.Scanner
	pids    []int
}

func startBare(b *scope, kind runner.Socket, places host.Places) *bareLoop {
	network, address := "tcp4", "127.0.0.1:0"
	if kind == runner.Unix {
		network, address = "unix", filepath.Join(sockettest.Dir(b), "bare")
	}
	_, server, one := startBareSide(b, "server "+network+" "+address, places.Server)
	orders, client, two := startBareSide(b, "client "+network+" "+scanLine(b, server), places.Client)
	return &bareLoop{orders, client, []int{one, two}}
}

func startBareSide(b *scope, what string, cpus []int) (io.Writer, *bufio.Scanner, int) {
	ctx, cancel := context.WithCancel(b.Context())
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Env = []string{bare + "=" + what}
	if len(cpus) > 0 {
		cmd.Env = append(cmd.Env, "GOMAXPROCS="+strconv.Itoa(len(cpus)))
	}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Pin(cpus, cmd.Start); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cancel(); _ = cmd.Wait() })
	return in, bufio.NewScanner(out), cmd.Process.Pid
}

func (l *bareLoop) run(b *scope, n int) time.Duration {
	fmt.Fprintln(l.orders, n)
	ns, err := strconv.ParseInt(scanLine(b, l.replies), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(ns)
}

func scanLine(b *scope, s *bufio.Scanner) string {
	b.Helper()
	if !s.Scan() {
		b.Fatalf("the bare loop ended: %v", s.Err())
	}
	return s.Text()
}
