package profiles

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
)

// State is where a comparison is in its life.
//
//	queued → running → done | failed | canceled
//	running → interrupted → running   (the server was stopped or killed)
//	queued → canceled
type State string

// The states of a comparison.
const (
	Queued      State = "queued"
	Running     State = "running"
	Done        State = "done"
	Failed      State = "failed"
	Canceled    State = "canceled"
	Interrupted State = "interrupted"
)

// Final reports whether a comparison in this state takes no further runs.
func (s State) Final() bool { return s == Done || s == Failed || s == Canceled }

// Cell is one point of a comparison. Socket, Workload and Placement are the
// names of package runner.
type Cell struct {
	Socket      string `json:"socket"`
	Workload    string `json:"workload"`
	Size        int    `json:"size"`        // bytes of one message
	Concurrency int    `json:"concurrency"` // connections at once
	Placement   string `json:"placement"`
	// AA marks the base cell measured a second time: what differs between it and
	// the base is noise.
	AA bool `json:"aa"`
	// Variant is the name of a runner.Variant; "" for the plain cell.
	Variant string `json:"variant,omitempty"`
	// Host is set where a comparison runs on several.
	Host string `json:"host,omitempty"`
	// NA is the sentence that says why the cell is not measured; "" for one that is.
	NA string `json:"na,omitempty"`
}

// Name is the cell in words, unique among those that are compared with each
// other: "unix", "unix A/A", "tcp4 nagle".
func (c Cell) Name() string {
	name := c.Socket
	if c.Variant != "" {
		name += " " + c.Variant
	}
	if c.AA {
		name += " A/A"
	}
	return name
}

// SameButSocket reports whether the two cells differ at most in socket, variant
// and in being the A/A cell: such cells are compared with each other.
func (c Cell) SameButSocket(d Cell) bool {
	c.Socket, c.Variant, c.AA, c.NA = d.Socket, d.Variant, d.AA, d.NA
	return c == d
}

// Slug is the cell as a part of a tag or of a benchmark's name. The host is not in
// it: see [Cell.FileName].
func (c Cell) Slug() string {
	s := c.Socket
	if c.Variant != "" {
		s += "-" + c.Variant
	}
	if c.AA {
		s += "-aa"
	}
	return s + "." + c.Workload + "." + strconv.Itoa(c.Size) + "." + strconv.Itoa(c.Concurrency) + "." + c.Placement
}

// maxHostPart is how much of a host's name, in bytes, a file name holds.
const maxHostPart = 48

// FileName is the cell as a part of a file name: no two cells of a comparison have
// the same. A host may have any name, so of it only the letters, digits, "-" and "."
// are kept; where that changes it, a checksum of the name keeps hosts apart.
func (c Cell) FileName() string {
	if c.Host == "" {
		return c.Slug()
	}
	part := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, strings.ToLower(c.Host))
	part = part[:min(len(part), maxHostPart)]
	if part != c.Host {
		sum := fnv.New32a()
		_, _ = sum.Write([]byte(c.Host)) // never fails
		part += fmt.Sprintf("-%08x", sum.Sum32())
	}
	return c.Slug() + "." + part
}

// Comparison is what a person queued, and how far it is.
type Comparison struct {
	ID    string `json:"id"` // "C-42"
	Title string `json:"title"`
	State State  `json:"state"`
	// Spec is the runner.Spec as it was accepted, defaults filled in.
	Spec json.RawMessage `json:"spec"`
	// Base names the socket that the others are compared with.
	Base string `json:"base"`
	// Cells in plan order: for each host, size, concurrency and placement the base,
	// its A/A cell, then the others, those that are not measured too. Never nil.
	Cells []Cell `json:"cells"`
	Host  string `json:"host"`
	// Attempt counts the times that a worker was given this comparison, from 1.
	// A report with an older number is refused.
	Attempt int `json:"attempt"`
	Done    int `json:"done"`  // runs that are stored
	Total   int `json:"total"` // runs that it takes: rounds × cells that are measured

	CreatedAt     time.Time `json:"created_at"`
	StartedAt     time.Time `json:"started_at"`     // of the current attempt; zero before
	FinishedAt    time.Time `json:"finished_at"`    // zero until a final state
	InterruptedAt time.Time `json:"interrupted_at"` // the last time; zero for never

	// Failure is one sentence for people, when State is Failed.
	Failure string `json:"failure,omitempty"`
	// CancelRequested is set from the moment somebody asked to cancel.
	CancelRequested bool `json:"cancel_requested,omitempty"`
	// Fingerprint is the runner/host.Fingerprint of the machine that ran it.
	Fingerprint json.RawMessage `json:"fingerprint,omitempty"`
	// Parts has one entry for each host of the comparison, in the order of the spec.
	Parts []Part `json:"parts,omitempty"`
	// Sources names the blob with the source files of its profiles; "" for none.
	Sources string `json:"-"`
}

// Rounds is how many rounds the comparison has been planned for.
func (c *Comparison) Rounds() int {
	n := Measured(c.Cells)
	if n == 0 {
		return 0
	}
	return c.Total / n
}

// Measured counts the cells that are measured: a round has so many runs.
func Measured(cells []Cell) int {
	n := 0
	for _, c := range cells {
		if c.NA == "" {
			n++
		}
	}
	return n
}

// BaseOf returns the index of the base cell that cell i is compared with, and
// -1 when i is itself a base.
func (c *Comparison) BaseOf(i int) int {
	for j, b := range c.Cells {
		if j != i && !b.AA && b.Variant == "" && b.Socket == c.Base && b.SameButSocket(c.Cells[i]) {
			return j
		}
	}
	return -1
}
