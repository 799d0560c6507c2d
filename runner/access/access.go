// Package access tries what the sockets of one machine let in: it opens each kind
// with each file mode, and connects to it as the same user, as another user, and
// from another network namespace. Every row is something that was done; what
// could not be done here is skipped, with the reason.
//
// Whoever connects is a process of its own: this binary once more, which [Main]
// takes over, as the other user where it has to be. It says who it is by a token
// that only Try and it know, and has connected when one byte came back.
package access

import (
	"context"
	"fmt"
	"os"

	"github.com/sockscope/sockscope/runner"
)

// Row is one try.
type Row struct {
	Socket    runner.Socket `json:"socket"`
	Setting   string        `json:"setting"`           // "file mode 0600"
	Who       string        `json:"who"`               // one of the constants below
	Connected bool          `json:"connected"`         // false in a skipped row too
	Sentence  string        `json:"sentence"`          // what happened, in words; "" in a skipped row
	Peer      string        `json:"peer,omitempty"`    // the client, as the kernel told the server; "" when nothing connected
	Skipped   string        `json:"skipped,omitempty"` // why the row was not tried, as a sentence; "" for a row that was
}

// Who connects.
const (
	SameUser       = "the same user"
	AnotherUser    = "another user" // nobody, uid 65534
	OtherNamespace = "root in another network namespace"
)

// Options of [Try]; the zero value works.
type Options struct {
	// Base is where the directory of the experiment is made; "" for the system's. Other
	// users have to be able to reach it.
	Base string
}

// nobody is the user and the group that own nothing.
const nobody = 65534

// setting is a socket that is opened, and who tries it.
type setting struct {
	socket runner.Socket
	name   string
	file   fileSetting
	whos   []string
	hint   string // why it is refused, where it is
}

// fileSetting is how a socket's file is made.
type fileSetting struct {
	mode, dir os.FileMode
}

// settings are the sockets in page order.
func settings() []setting {
	two, three := []string{SameUser, AnotherUser}, []string{SameUser, AnotherUser, OtherNamespace}
	const mode, dir = "connecting needs the right to write to the file", "nobody else may enter the directory, so the file's own mode does not matter"
	return []setting{
		{runner.Unix, "file mode 0600", fileSetting{0o600, 0o755}, three, mode},
		{runner.Unix, "file mode 0755, which Go makes by default", fileSetting{0o755, 0o755}, two, mode},
		{runner.Unix, "file mode 0666", fileSetting{0o666, 0o755}, two, mode},
		{runner.Unix, "file mode 0000", fileSetting{0, 0o755}, two, mode},
		{runner.Unix, "file mode 0600 in a directory of mode 0700", fileSetting{0o600, 0o700}, two, dir},
		{runner.Unix, "file mode 0777 in a directory of mode 0700", fileSetting{0o777, 0o700}, two, dir},
		{runner.UnixGram, "file mode 0600", fileSetting{0o600, 0o755}, two, mode},
		{runner.UnixAbstract, "a name without a file", fileSetting{}, three, "abstract names are seen in one network namespace only"},
		{runner.TCP4, "a port of 127.0.0.1", fileSetting{}, three, "each network namespace has a loopback of its own"},
		{runner.SocketPair, openedByOthers, fileSetting{}, two, "it has no name, and a socket cannot be opened by its path in /proc"},
		{runner.SocketPair, handedOver, fileSetting{}, two, ""},
	}
}

// The two settings of a socketpair.
const (
	openedByOthers = "open in another process"
	handedOver     = "handed to a child process"
)

// Try makes the experiment, in less than a second. The rows are the same ones in
// the same order each time. It fails only when its own servers cannot be opened or
// ctx ends; nothing of it is left then.
func Try(ctx context.Context, o Options) ([]Row, error) {
	rows, err := try(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("try who can connect: %w", err)
	}
	return rows, nil
}

// rowsOf fills one row for each who of each setting.
func rowsOf(fill func(i int, s setting, who string) Row) []Row {
	var rows []Row
	for i, s := range settings() {
		for _, who := range s.whos {
			r := fill(i, s, who)
			r.Socket, r.Setting, r.Who = s.socket, s.name, who
			rows = append(rows, r)
		}
	}
	return rows
}
