package templates

// SinglePage is a page in one file: it opens from a disk without a network, and
// holds its style, its script and everything that is to be seen.
type SinglePage struct {
	Title string
	// Policy, Style and Script are the file's own Content-Security-Policy and the
	// content of its two elements; none of them holds a text that people wrote.
	Policy, Style, Script string
	Heading               Rich
	Meta                  []string
	State                 StateView
	Source                string // the address that it was saved from
	Made                  string // "22 Nov 2026 19:30 UTC"
	Version               string
	Body                  SingleBody
}

// SingleBody is what a [SinglePage] shows; what is empty is left out.
type SingleBody struct {
	Notices  []Notice
	Failure  *Failure
	Hosts    []HostPart
	Answer   *Answer
	Facts    []Fact
	Sides    []DiffSide // base and other of a difference
	Warnings []string
	Flames   []SingleFlame
	Top      *TopTable
	Lines    []Lines
	Absent   []NotMeasured
	Commands []Command
}

// SingleFlame is one of the flame graphs of a file: its frames lead to places
// "#KEY/PLACE", to which the file's script zooms.
type SingleFlame struct {
	Key    string // "flame-1"
	Name   string // "client · tcp4 against unix"
	Folded bool   // closed at first
	Flame  Flame
}

func (f SingleFlame) root() string { return "#" + f.Key + "/" }
