package profiles

import (
	"encoding/json"
	"time"
)

// Part is what one host does of a comparison. A comparison has one part for each
// of its hosts, and is over when all of them are.
type Part struct {
	Host  string `json:"host"` // "" for the server's own
	State State  `json:"state"`
	// Attempt counts the times that a worker was given this part, from 1. A report
	// with an older number is refused.
	Attempt int `json:"attempt"`
	Done    int `json:"done"`  // runs that are stored
	Total   int `json:"total"` // runs that it takes

	StartedAt     time.Time `json:"started_at"`     // of the current attempt; zero before
	FinishedAt    time.Time `json:"finished_at"`    // zero until a final state
	InterruptedAt time.Time `json:"interrupted_at"` // the last time; zero for never

	// Failure is one sentence for people, when State is Failed.
	Failure string `json:"failure,omitempty"`
	// Fingerprint is the runner/host.Fingerprint of the machine that ran it.
	Fingerprint json.RawMessage `json:"fingerprint,omitempty"`
}

// Host is a machine that runs comparisons, as its worker described it.
type Host struct {
	Name        string          `json:"name"`
	Fingerprint json.RawMessage `json:"fingerprint,omitempty"` // runner/host.Fingerprint
	Checks      json.RawMessage `json:"checks,omitempty"`      // []runner/host.Usable
	Warnings    []string        `json:"warnings,omitempty"`
	FirstSeen   time.Time       `json:"first_seen"`
	OnlineSince time.Time       `json:"online_since"` // zero while it is not online
	SeenAt      time.Time       `json:"seen_at"`
	Running     string          `json:"running,omitempty"` // id of the comparison that it works at
}

// Part returns what a host does of the comparison; ok is false when the host has
// no part in it.
func (c *Comparison) Part(host string) (p Part, ok bool) {
	for _, p := range c.Parts {
		if p.Host == host {
			return p, true
		}
	}
	return Part{}, false
}

// HostOf is the host whose part the cell belongs to, as [Part.Host] has it.
func (c *Comparison) HostOf(cell int) string {
	if host := c.Cells[cell].Host; host != "" || len(c.Parts) == 0 {
		return host
	}
	return c.Parts[0].Host
}

// CellsOf counts the cells that a host measures: its part of a round.
func (c *Comparison) CellsOf(host string) int {
	n := 0
	for i, cell := range c.Cells {
		if cell.NA == "" && c.HostOf(i) == host {
			n++
		}
	}
	return n
}
