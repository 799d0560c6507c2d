// Package child runs the client and the server of a run in processes of their
// own: this binary once more, told what to do line by line.
//
// One run goes like this; each order is a line of JSON on the child's stdin, each
// reply a line on its stdout:
//
//  1. [Start] re-executes the binary with [Environment] set and pinned to its
//     CPUs; [Main], the first statement of main, takes over there.
//  2. [Process.Open]: the server makes its directory, listens and tells its
//     address; the client connects and checks that the echo is an echo.
//  3. [Process.Run] on the client alone warms both up; then [Process.Rotate] may
//     tell it over how many addresses of the server to spread its dials.
//  4. [Process.Begin], [Process.Run] on the client, [Process.End]: one pass. Begin
//     and End go to both sides; in the pass with a profiler, End brings the profile.
//  5. [Process.Close] closes the child's stdin, which means to it: the parent has
//     no further use for you, or is gone. It removes what it made and exits.
//
// A child that crashes, hangs, floods its output or leaves without a reply ends
// as an [Error] with the last words that it wrote to stderr.
package child

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Environment names the variable that makes a process a child. Its value is a Role.
const Environment = "SOCKSCOPE_CHILD"

// Role is the side that a child plays.
type Role string

// The roles.
const (
	Client Role = "client"
	Server Role = "server"
)

// Main has to be the first statement of main and of TestMain. It returns at once
// in an ordinary process, and never in a child.
func Main() {
	role := Role(os.Getenv(Environment))
	if role == "" {
		return
	}
	// What ends a child is its stdin. A closed terminal or a stop of the whole
	// service reaches the parent as well, which may want to end the run in order;
	// a broken stdout must not kill before the socket is removed.
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	replies := os.Stdout
	os.Stdout = os.Stderr // what anybody prints must not break the protocol
	var s side
	switch role {
	case Client:
		s = &client{}
	case Server:
		s = &server{}
	default:
		fmt.Fprintf(os.Stderr, "%s=%q is neither client nor server\n", Environment, role)
		os.Exit(2)
	}
	if err := obey(os.Stdin, replies, s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
