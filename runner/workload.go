package runner

import "github.com/sockscope/sockscope/profiles"

// Workload names a loop that is measured.
type Workload string

// The workloads.
const (
	// DialEcho dials, writes, reads the echo and closes: one connection a request.
	DialEcho Workload = "dial-echo"
	// Echo writes and reads the echo on a kept connection.
	Echo Workload = "echo"
	// Stream writes one way; what counts is what arrives at the receiver.
	Stream Workload = "stream"
	// HTTP posts a message and reads it back over kept HTTP/1.1 connections.
	HTTP Workload = "http"
	// HTTPDial does so with one connection a request.
	HTTPDial Workload = "http-dial"
	// H2C does so as streams of one HTTP/2 connection without TLS.
	H2C Workload = "h2c"
)

// Workloads lists them in page order.
var Workloads = [...]Workload{DialEcho, Echo, Stream, HTTP, HTTPDial, H2C}

// Label is the workload in words: "dial, write, read, close".
func (w Workload) Label() string {
	switch w {
	case DialEcho:
		return "dial, write, read, close"
	case Echo:
		return "echo on a kept connection"
	case Stream:
		return "one-way stream"
	case HTTP:
		return "HTTP on kept connections"
	case HTTPDial:
		return "HTTP, one connection a request"
	case H2C:
		return "HTTP/2 without TLS"
	}
	return string(w)
}

// Dials reports whether each request opens a connection of its own.
func (w Workload) Dials() bool { return w == DialEcho || w == HTTPDial }

// HTTP reports whether requests are those of HTTP.
func (w Workload) HTTP() bool { return w == HTTP || w == HTTPDial || w == H2C }

// loops is the package of the loops that are measured, as profiles name it.
const loops = "github.com/sockscope/sockscope/runner/workload."

// Function is the function of the measured loop as profiles name it: the same for
// every socket, so that two sockets can be compared line by line.
func (w Workload) Function(side profiles.Side) string {
	server := side == profiles.Server
	switch {
	case w == Stream && server:
		return loops + "ServeStream"
	case w == Stream:
		return loops + "Stream"
	case w.HTTP() && server:
		return loops + "ServeRequest"
	case w.HTTP():
		return loops + "HTTP"
	case server:
		return loops + "ServeConn"
	case w == Echo:
		return loops + "Echo"
	}
	return loops + "DialEcho"
}
