package templates

// SharePage creates share links of one path and lists those that exist.
type SharePage struct {
	Chrome  Chrome
	What    Rich   // the page that is shared
	BackURL string // that page
	Action  string // POST: "path", "expires_in_s"
	Path    string
	Expiry  Field // Options in seconds
	// Shows are sentences about what the holder of the link can see and do, and
	// cannot.
	Shows   []string
	Created *CreatedShare // right after the POST
	Links   []ShareRow
}

// CreatedShare is a new link; its address is shown once.
type CreatedShare struct {
	URL      string
	Expires  string
	Commands []Command
}

// ShareRow is a link that exists. Its token is not known any more.
type ShareRow struct {
	ID        string
	Path      string
	PathURL   string
	Created   string
	Expires   string
	State     StateView // valid, expired, revoked
	RevokeURL string    // POST; "" when it is over
}

// LoginPage says how to get the start token: to whoever asks for what needs it.
type LoginPage struct {
	Chrome  Chrome
	Why     string // "Starting a comparison needs the start token."
	Action  string // POST "token", "next"
	Next    string
	Error   string
	Command Command // what prints the link again
}

// ErrorPage is one sentence and its mend.
type ErrorPage struct {
	Chrome   Chrome
	Code     int
	Sentence string // "There is no comparison C-99."
	Mend     string // "Look for it in the list."
	Action   Link
	Request  string // id, for the log; "" for none
}
