package runner

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Spec is a comparison as a person asks for it. The zero value of each field
// means its default, see [Spec.WithDefaults].
type Spec struct {
	Title       string      `json:"title"`
	Workload    Workload    `json:"workload"`
	Sockets     []Socket    `json:"sockets"`
	Base        Socket      `json:"base"`
	Sizes       []int       `json:"sizes"`       // bytes of one message
	Concurrency []int       `json:"concurrency"` // connections at once
	Placements  []Placement `json:"placements"`
	Rounds      int         `json:"rounds"`
	Requests    int         `json:"requests"` // of the timing pass of one run, all connections together
	Kernel      KernelMode  `json:"kernel"`
	Host        string      `json:"host"` // "" for the server's own host

	// Hosts are several hosts to run on, each of them all cells. One host may stand
	// here or in Host.
	Hosts []string `json:"hosts,omitempty"`
	// Variants are measured beside the plain cell of each socket that they apply to.
	Variants []Variant `json:"variants,omitempty"`
	// Rate is that of an open loop, in requests per second of all connections
	// together; 0 for a closed loop.
	Rate int `json:"rate,omitempty"`
	// Budget bounds the whole comparison, in seconds: passes are cut short to keep
	// it. 0 for no bound.
	Budget int `json:"budget_s,omitempty"`
	// Ports says whether TCP dials may go to further addresses; "" for Rotate.
	Ports Ports `json:"ports,omitempty"`
}

// Limits of a Spec. They keep one comparison to minutes on a laptop.
const (
	MaxRounds      = 100
	MaxRequests    = 10_000_000
	MaxSize        = 1 << 20
	MaxConcurrency = 1024
	MaxCells       = 256
	MaxTitle       = 200 // characters
	MaxRate        = 1_000_000
	MaxBudget      = 24 * 60 * 60 // seconds
	MaxHosts       = 8
	MaxHostName    = 253
)

// Rounds for a quick look, by default, and for what is to be published.
const (
	QuickRounds     = 6
	DefaultRounds   = 10
	PublishedRounds = 20
)

// Article is the experiment of the article that sockscope grew from.
func Article() Spec { return Spec{}.WithDefaults() }

// WithDefaults fills each zero field: 10,000 requests of dial-echo with 5-byte
// messages ("Hello"), one connection, ten rounds, unix against tcp4, split.
func (s Spec) WithDefaults() Spec {
	if s.Workload == "" {
		s.Workload = DialEcho
	}
	if len(s.Sockets) == 0 {
		s.Sockets = []Socket{Unix, TCP4}
	}
	if s.Base == "" {
		s.Base = s.Sockets[0]
	}
	if len(s.Sizes) == 0 {
		s.Sizes = []int{5}
	}
	if len(s.Concurrency) == 0 {
		s.Concurrency = []int{1}
	}
	if len(s.Placements) == 0 {
		s.Placements = []Placement{Split}
	}
	if s.Rounds == 0 {
		s.Rounds = DefaultRounds
	}
	if s.Requests == 0 {
		s.Requests = 10_000
	}
	if s.Kernel == "" {
		s.Kernel = KernelAuto
	}
	if s.Ports == "" {
		s.Ports = Rotate
	}
	if len(s.Hosts) == 1 && s.Host == "" {
		s.Host = s.Hosts[0]
	}
	if len(s.Hosts) == 1 && s.Host == s.Hosts[0] {
		s.Hosts = nil
	}
	return s
}

// FieldError is one sentence for people about one field of a Spec.
type FieldError struct {
	Field    string `json:"field"` // the JSON name of the field
	Sentence string `json:"sentence"`
}

func (e FieldError) Error() string { return e.Field + ": " + e.Sentence }

// FieldErrors is what [Spec.Validate] returns when a Spec cannot be run.
type FieldErrors []FieldError

func (es FieldErrors) Error() string {
	s := make([]string, len(es))
	for i, e := range es {
		s[i] = e.Error()
	}
	return strings.Join(s, "; ")
}

// Validate returns nil when the Spec, defaults filled in, can be run, and
// otherwise a FieldErrors with one sentence for each field that is wrong.
func (s Spec) Validate() error {
	var es FieldErrors
	bad := func(field, format string, a ...any) {
		es = append(es, FieldError{field, fmt.Sprintf(format, a...)})
	}
	if utf8.RuneCountInString(s.Title) > MaxTitle {
		bad("title", "The title has %d characters; use at most %d.", utf8.RuneCountInString(s.Title), MaxTitle)
	} else if strings.ContainsFunc(s.Title, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		bad("title", "The title has control characters; write it on one line.")
	}
	if !slices.Contains(Workloads[:], s.Workload) {
		bad("workload", "The workload %q is not known; use one of %s.", s.Workload, list(Workloads[:]))
	}
	if len(s.Sockets) == 0 {
		bad("sockets", "No socket is chosen; choose at least one of %s.", list(Sockets[:]))
	}
	for i, k := range s.Sockets {
		if !slices.Contains(Sockets[:], k) {
			bad("sockets", "The socket %q is not known; use %s.", k, list(Sockets[:]))
		} else if slices.Contains(s.Sockets[:i], k) {
			bad("sockets", "The socket %q is named twice; name it once, the A/A cell repeats the base by itself.", k)
		}
	}
	if len(s.Sockets) > 0 && !slices.Contains(s.Sockets, s.Base) {
		bad("base", "The base %q is not among the chosen sockets; choose it too or take another base.", s.Base)
	}
	eachInRange(bad, "sizes", "message size", " B", s.Sizes, MaxSize)
	eachInRange(bad, "concurrency", "number of connections at once", "", s.Concurrency, MaxConcurrency)
	if len(s.Placements) == 0 {
		bad("placements", "No placement is chosen; choose at least one of %s.", list(Placements[:]))
	}
	for i, p := range s.Placements {
		if !slices.Contains(Placements[:], p) {
			bad("placements", "The placement %q is not known; use one of %s.", p, list(Placements[:]))
		} else if slices.Contains(s.Placements[:i], p) {
			bad("placements", "The placement %q is named twice; name it once.", p)
		}
	}
	if s.Rounds < 1 || s.Rounds > MaxRounds {
		bad("rounds", "%d rounds cannot be run; use 1 to %d (6 give an interval, 10 are the default).", s.Rounds, MaxRounds)
	}
	if s.Requests < 1 || s.Requests > MaxRequests {
		bad("requests", "%d requests per round cannot be run; use 1 to %d.", s.Requests, MaxRequests)
	}
	if n := slices.Max(append([]int{0}, s.Concurrency...)); s.Requests >= 1 && s.Requests < n {
		bad("requests", "%d requests cannot be shared by %d connections; use at least %d.", s.Requests, n, n)
	}
	if !slices.Contains([]KernelMode{KernelAuto, KernelOff, KernelRequire}, s.Kernel) {
		bad("kernel", "The kernel mode %q is not known; use auto, off or require.", s.Kernel)
	}
	s.validateMore(bad)
	if es == nil && len(s.Cells()) > MaxCells {
		bad("sockets", "This makes %d cells a round; use at most %d.", len(s.Cells()), MaxCells)
	}
	if es == nil {
		return nil
	}
	return es
}

func eachInRange(bad func(string, string, ...any), field, what, unit string, values []int, most int) {
	if len(values) == 0 {
		bad(field, "No %s is given; give at least one.", what)
	}
	for i, v := range values {
		if v < 1 || v > most {
			bad(field, "A %s of %d%s cannot be run; use 1%s to %d%s.", what, v, unit, unit, most, unit)
		} else if slices.Contains(values[:i], v) {
			bad(field, "The %s %d%s is named twice; name it once.", what, v, unit)
		}
	}
}

// Name is the title, or "unix vs tcp4 — dial, write, read, close" without one.
func (s Spec) Name() string {
	if s.Title != "" {
		return s.Title
	}
	names := []string{string(s.Base)}
	for _, k := range s.Sockets {
		if k != s.Base {
			names = append(names, string(k))
		}
	}
	return strings.Join(names, " vs ") + " — " + s.Workload.Label()
}
