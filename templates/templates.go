// Package templates draws every page: templ components, and the view structs
// that they take. One page is one struct (StartPage) and one component of the
// same name without "Page" (Start).
//
// Views hold display strings that are formatted already, links that are whole
// ("/comparisons/C-42/flame?side=client") and positions between 0 and 1; a
// component only places them. Slices may be empty, and then the component says
// what is missing.
//
// Nothing here writes a style attribute or an inline script: the pages live under
// a Content-Security-Policy that allows neither. Scripts find elements by data-
// attributes, never by class.
package templates

//go:generate go tool templ generate -log-level=warn

// Chrome is what stands around the content of every page.
type Chrome struct {
	Title   string // of the document, without the product's name
	Section Section
	Assets  Assets
	Status  Status
	// Theme is "light", "dark" or "" for the system's choice: the value of the
	// cookie "theme", which the switch in the footer writes.
	Theme string
	// MayStart is true for who holds the start token: start, cancel, delete,
	// upload and share are offered only then. LoginURL says where to get it.
	MayStart bool
	LoginURL string
	// Refresh is after how many seconds a browser without script asks again; 0 for
	// never.
	Refresh int
	// Shared is set on pages that are seen through a share link: no navigation, no
	// actions, and a banner that says until when.
	Shared *SharedBanner
	// Social is what a shared page says to who shows a link to it; nil for others.
	Social *Social
	// Notice is one sentence about what just happened ("The link was revoked.").
	Notice string
	// Version of the program, for the footer.
	Version string
}

// Section is an entry of the navigation.
type Section string

// The sections. The zero Section marks none as current.
const (
	SectionNew         Section = "new"
	SectionComparisons Section = "comparisons"
	SectionProfiles    Section = "profiles"
	SectionChoose      Section = "choose"
	SectionHosts       Section = "hosts"
)

// Assets are the addresses of what pages load, with their content's hash in
// them: assets.URL("app.css"), "app.js" and "icon.svg".
type Assets struct {
	CSS, JS, Icon string
	// Style is the style sheet itself; it stands in the page in place of a link to it.
	Style string
}

// Status is the state of the queue, at the right of the head of each page.
type Status struct {
	Tone Tone   // Good: idle; Busy: running; Bad: no worker
	Text string // "idle · this host is ready", "2 running · 6 queued"
	URL  string // where it is explained, "/hosts"; "" for no link
}

// SharedBanner says that a page is seen through a share.
type SharedBanner struct {
	Expires string // "until 29 Nov 2026 07:31 UTC"
	HomeURL string // the shared page itself, "/s/TOKEN"
}

// Tone is what a thing means, from which its colour follows.
type Tone string

// The tones. The zero Tone is plain text.
const (
	Good    Tone = "good"
	Busy    Tone = "busy"
	Bad     Tone = "bad"
	Better  Tone = "better"  // less time, less CPU, more throughput than the base
	Worse   Tone = "worse"   // the opposite
	Unclear Tone = "unclear" // within noise: grey
	Soft    Tone = "soft"
)

// Span is a stretch of text. Series colours it like the nth socket, counted from
// 1 (the base); 0 leaves it as it is.
type Span struct {
	Text   string
	Series int
	Strong bool
	Code   bool
	URL    string // makes it a link
}

// plain reports whether the stretch is text and nothing else.
func (s Span) plain() bool { return s.Series == 0 && !s.Strong && !s.Code && s.URL == "" }

// Rich is text in which some words stand out.
type Rich []Span

// Plain returns the text without its marks, for titles.
func (r Rich) Plain() string {
	s := ""
	for _, p := range r {
		s += p.Text
	}
	return s
}

// Link is a link, or one choice of a [Switch].
type Link struct {
	Label   string
	URL     string
	Title   string // what it leads to, in a sentence; "" for none
	Current bool
	// Off is why it cannot be followed ("perf events are not allowed here"); the
	// label is then shown struck out, with the reason as its title.
	Off string
}

// Switch is a row of links of which one is current.
type Switch struct {
	Label string // names the group to who cannot see it: "Side"
	Links []Link // fewer than two are not shown
}

// Series names one socket's column, line or bar.
type Series struct {
	Name   string // "unix"
	Series int    // its colour, from 1
	Hollow bool   // the A/A cell: the same colour, drawn hollow
	Title  string
}

// Hidden is a form field that people do not see.
type Hidden struct{ Name, Value string }

// Search is a search field: a GET form.
type Search struct {
	Action      string
	Hidden      []Hidden // the rest of the view's state
	Name        string   // of the parameter
	Value       string
	Label       string // for who cannot see it
	Placeholder string
	Error       string   // one sentence: the pattern does not compile
	Matched     string   // "37.2 % of the samples match"; "" for nothing to say
	ClearURL    string   // the same view without the search; "" hides the link
	Suggestions []string // for a datalist
}

// Fact is a labelled value.
type Fact struct {
	Label string
	Value string
	Title string // the exact value, or what it means
	URL   string
}

// Notice is a sentence that a page must not hide.
type Notice struct {
	Tone Tone // Bad, Busy or Soft
	Text string
}

// Command is a command line to be copied.
type Command struct {
	Label string // "The same comparison without the dashboard"
	Text  string
}

// Pager leads through a long list; "" where there is no page in that direction.
type Pager struct{ NewerURL, OlderURL, Text string }
