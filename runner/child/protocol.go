package child

import (
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// verb is what an order tells a child to do.
type verb string

const (
	open   verb = "open"
	rotate verb = "rotate"
	begin  verb = "begin"
	run    verb = "run"
	end    verb = "end"
)

// order is one line on a child's stdin. Beside Do, only the fields of that verb
// are set.
type order struct {
	Do      verb             `json:"do"`
	Task    *Task            `json:"task,omitempty"`    // open
	Targets int              `json:"targets,omitempty"` // rotate
	Profile bool             `json:"profile,omitempty"` // begin
	Budget  *workload.Budget `json:"budget,omitempty"`  // run
}

// reply is one line on a child's stdout, one for each order.
type reply struct {
	Did     verb    `json:"did"`
	Error   string  `json:"error,omitempty"` // the order could not be carried out
	Address string  `json:"address,omitempty"`
	Pass    *Pass   `json:"pass,omitempty"`
	Report  *Report `json:"report,omitempty"`
}

// Task is what a child is opened for.
type Task struct {
	Socket      runner.Socket   `json:"socket"`
	Variant     runner.Variant  `json:"variant,omitempty"`
	Workload    runner.Workload `json:"workload"`
	Size        int             `json:"size"`
	Concurrency int             `json:"concurrency"`
	Rate        int             `json:"rate,omitempty"` // of an open loop, in requests per second; 0 for a closed one
	// Dir is the directory that this side makes for its socket files, and removes.
	// Client and server have one each; "" for a side that makes no files.
	Dir string `json:"dir,omitempty"`
	// Address is where the client finds the server.
	Address string `json:"address,omitempty"`
	// Targets is at how many addresses the server listens; 0 is 1.
	Targets int `json:"targets,omitempty"`
	// Files is how many [Options].Files the child was started with.
	Files int `json:"files,omitempty"`
}

// Pass is what the client measured in one pass.
type Pass struct {
	Requests int64         `json:"requests"`
	Elapsed  time.Duration `json:"elapsed_ns"`
	Retries  int64         `json:"retries"` // dials that were tried again
	Beyond   int64         `json:"beyond"`  // requests longer than workload.Longest
	Dials    int64         `json:"dials"`
	Late     int64         `json:"late,omitempty"`    // open loop: requests that were sent late
	Resumed  int64         `json:"resumed,omitempty"` // dials that resumed a TLS session
	// Counts is what the client saw of the messages.
	Counts workload.Counts `json:"counts"`
	// Histogram is of service times, or of response times in an open loop. Empty
	// for a stream.
	Histogram []byte `json:"histogram"`
	Service   []byte `json:"service,omitempty"` // of service times, in an open loop
	Usage     Usage  `json:"usage"`             // of the client, exactly around the pass
}

// Report is what a side has to tell between Begin and End.
type Report struct {
	// Counts is what the server saw of the messages; zero from the client.
	Counts workload.Counts `json:"counts"`
	Usage  Usage           `json:"usage"`
	// Profile is a gzipped pprof CPU profile; nil unless Begin asked for it.
	Profile []byte        `json:"profile,omitempty"`
	Window  time.Duration `json:"window_ns"` // from Begin to End
	// ReceiveBuffer is that of a server without connections, in bytes, as the
	// kernel tells it; 0 for unknown.
	ReceiveBuffer int64 `json:"receive_buffer,omitempty"`
}

// Usage is what a process used up in a stretch of time.
type Usage struct {
	User   time.Duration `json:"user_ns"`
	System time.Duration `json:"system_ns"`
	// Switches reports whether the system counts context switches and faults; if
	// not, the next three are 0 and mean nothing.
	Switches    bool  `json:"switches"`
	Voluntary   int64 `json:"voluntary"`
	Involuntary int64 `json:"involuntary"`
	MinorFaults int64 `json:"minor_faults"`
	// Calls reports whether the system counts the calls that read and write; if not,
	// the next two are 0 and mean nothing. Of a socket, only read(2) and write(2) count.
	Calls  bool  `json:"calls"`
	Reads  int64 `json:"reads"`
	Writes int64 `json:"writes"`

	Allocations    int64         `json:"allocations"` // objects
	AllocatedBytes int64         `json:"allocated_bytes"`
	GC             int64         `json:"gc"` // cycles of the garbage collector
	GCPause        time.Duration `json:"gc_pause_ns"`
}
