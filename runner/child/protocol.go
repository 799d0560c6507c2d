package child

import (
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// verb is what an order tells a child to do.
type verb string

const (
	open  verb = "open"
	begin verb = "begin"
	run   verb = "run"
	end   verb = "end"
)

// order is one line on a child's stdin. Beside Do, only the fields of that verb
// are set.
type order struct {
	Do      verb             `json:"do"`
	Task    *Task            `json:"task,omitempty"`    // open
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
	Workload    runner.Workload `json:"workload"`
	Size        int             `json:"size"`
	Concurrency int             `json:"concurrency"`
	// Dir is the directory that the server makes for its socket, and removes.
	Dir string `json:"dir,omitempty"`
	// Address is where the client finds the server.
	Address string `json:"address,omitempty"`
}

// Pass is what the client measured in one pass.
type Pass struct {
	Requests  int64         `json:"requests"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	Retries   int64         `json:"retries"` // dials that were tried again
	Beyond    int64         `json:"beyond"`  // requests longer than workload.Longest
	Histogram []byte        `json:"histogram"`
	Usage     Usage         `json:"usage"` // of the client, exactly around the pass
}

// Report is what a side has to tell between Begin and End.
type Report struct {
	Served int64 `json:"served"` // echoes; 0 from the client
	Usage  Usage `json:"usage"`
	// Profile is a gzipped pprof CPU profile; nil unless Begin asked for it.
	Profile []byte        `json:"profile,omitempty"`
	Window  time.Duration `json:"window_ns"` // from Begin to End
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

	Allocations    int64         `json:"allocations"` // objects
	AllocatedBytes int64         `json:"allocated_bytes"`
	GC             int64         `json:"gc"` // cycles of the garbage collector
	GCPause        time.Duration `json:"gc_pause_ns"`
}
