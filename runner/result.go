package runner

import (
	"time"

	"github.com/sockscope/sockscope/profiles"
)

// Result is what one run left: the row of evidence, and the bytes that belong
// to it. It travels from a worker to the server as JSON.
type Result struct {
	profiles.Run
	// Histogram is every latency of the timing pass in ns: an HDR histogram in its
	// V2 compressed encoding.
	Histogram []byte `json:"histogram"`
	// Profiles of the profiled pass: client and server.
	Profiles []Recorded `json:"profiles"`
}

// Recorded is one profile as a child delivered it.
type Recorded struct {
	Side     profiles.Side `json:"side"`
	Kind     profiles.Kind `json:"kind"`
	Ops      int64         `json:"ops"` // operations that ran while it was taken
	Duration time.Duration `json:"duration_ns"`
	SHA256   string        `json:"sha256"` // hex, of Data
	Data     []byte        `json:"data"`   // gzipped pprof
}

// Progress is where a comparison stands, for the page and for stderr.
type Progress struct {
	Done  int           `json:"done"` // runs that are finished
	Total int           `json:"total"`
	Round int           `json:"round"` // of the run that is going on, from 1; 0 for none
	Cell  int           `json:"cell"`  // its index in the plan
	Phase string        `json:"phase"` // "warm-up", "timing pass", "profiled pass"
	Left  time.Duration `json:"left_ns"`
}
