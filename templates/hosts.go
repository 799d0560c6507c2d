package templates

// HostsPage is "/hosts".
type HostsPage struct {
	Chrome Chrome
	Hosts  []HostView
	// Differences lays the hosts side by side; nil where there is one, or where they
	// are alike.
	Differences *Differences
	// Join are the commands that make another machine a host.
	Join []Command
	// AccessURL is the experiment of what sockets let in.
	AccessURL string
}

// HostView is a machine that runs comparisons.
type HostView struct {
	ID    string // of the element: "host-1"
	Name  string
	State StateView
	// Since says since when it is online, or when it was last seen.
	Since string
	// Running is what it does now; the zero Link for nothing.
	Running Link
	Facts   []Fact      // what matters most of the fingerprint
	More    []FactGroup // the rest of it
	Checks  []Check     // the preflight
	// Warnings are sentences about what makes its figures less clean, and the mend.
	Warnings []string
	// Advice are commands that would make it a better host. The product runs none.
	Advice []Command
	// Notes is advice without a command.
	Notes []string
}

// FactGroup is a part of a fingerprint.
type FactGroup struct {
	Title string // "Network settings"
	Facts []Fact
}

// Check is one line of the preflight.
type Check struct {
	Name     string // "unix", "perf events"
	OK       bool
	Sentence string // what is the matter; "" when it is fine
	Command  string // what may mend it; "" for none
}

// advice is the check's command as one to be copied.
func (c Check) advice() Command { return Command{Label: "This may mend it", Text: c.Command} }

// word says for who cannot see the mark.
func (c Check) word() string {
	if c.OK {
		return "works"
	}
	return "does not work"
}

// Differences is a table of the facts in which machines differ.
type Differences struct {
	Title   string
	Hint    string
	Columns []string // names of the machines
	Rows    []DifferenceRow
}

// DifferenceRow is one fact.
type DifferenceRow struct {
	Name    string
	Values  []string // one a column; "" for unknown
	Matters string   // why it matters, as a sentence; "" if not known
}
