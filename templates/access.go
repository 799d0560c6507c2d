package templates

// AccessPage is "/access": what the sockets of this machine let in.
type AccessPage struct {
	Chrome Chrome
	Action string // POST: tries it
	// Rows are what was tried; empty before.
	Rows []AccessRow
	When string // "tried 4 min ago, as root"
	// Lead are sentences for who has never thought about it.
	Lead []Rich
	// Unavailable is why it cannot be tried on this server; "" when it can.
	Unavailable string
	Command     Command // the same from a shell
}

// AccessRow is one try.
type AccessRow struct {
	Socket   string
	Setting  string    // "file mode 0600"
	Who      string    // "another user"
	State    StateView // connected, refused, not tried
	Sentence string    // what happened, or why it was not tried
	Peer     string    // what the server learned of the client
}
