// Package web is the dashboard and its API over HTTP: it decodes what people and
// programs ask, reads evidence, has the pure packages compute upon it, and hands
// view structs to package templates.
//
// A request goes through these files in order: routes.go names the handler,
// boundary.go decides whether it may pass, the handler's own file (one for each
// kind of page) decodes, calls and renders, errors.go turns what went wrong into a
// status and one sentence.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/access"
	"github.com/sockscope/sockscope/runner/host"
)

// Archive is where evidence is read. Unknown ids give profiles.ErrNotFound.
type Archive interface {
	Comparison(ctx context.Context, id string) (profiles.Comparison, error)
	// Comparisons lists the newest first, those before the id "before" ("" for all).
	Comparisons(ctx context.Context, before string, limit int) ([]profiles.Comparison, error)
	Runs(ctx context.Context, comparison string) ([]profiles.Run, error)
	Profiles(ctx context.Context, comparison string) ([]profiles.Profile, error)
	Profile(ctx context.Context, id string) (profiles.Profile, error)
	// FindProfiles lists uploads and the profiles of comparisons, the newest first.
	FindProfiles(ctx context.Context, search profiles.Search, before string, limit int) ([]profiles.Profile, error)
	Blob(ctx context.Context, sha256 string) ([]byte, error)
	// Histogram is the latencies of a run: an HDR histogram in its V2 compressed
	// encoding.
	Histogram(ctx context.Context, run int64) ([]byte, error)
	// Counts says how many comparisons are in each state.
	Counts(ctx context.Context) (map[profiles.State]int, error)
	// Ping returns an error when nothing can be read.
	Ping(ctx context.Context) error
}

// Desk is where evidence is filed and thrown away.
type Desk interface {
	CreateComparison(ctx context.Context, c profiles.Comparison) (profiles.Comparison, error)
	DeleteComparison(ctx context.Context, id string) error
	// AddProfile stores an upload and its encoded source bundle, nil for none.
	AddProfile(ctx context.Context, p profiles.Profile, data, sources []byte) (profiles.Profile, error)
	SetOps(ctx context.Context, id string, ops int64) error
	DeleteProfile(ctx context.Context, id string) error
}

// Shares keeps share links. A token that is over gives profiles.ErrExpired or
// profiles.ErrRevoked.
type Shares interface {
	CreateShare(ctx context.Context, path string, expires time.Time) (profiles.Share, string, error)
	ShareByToken(ctx context.Context, token string) (profiles.Share, error)
	Shares(ctx context.Context) ([]profiles.Share, error)
	RevokeShare(ctx context.Context, id string) error
}

// Queue is what runs comparisons.
type Queue interface {
	Submit(ctx context.Context, id string) error
	Cancel(ctx context.Context, id string) (profiles.Comparison, error)
	// Deleted tells whoever follows the comparison that it is no more.
	Deleted(id string)
	Progress(id string) (runner.Progress, bool)
	// Subscribe returns a channel that gets a value after each change of the
	// comparison, several changes at once counting as one, and a func that ends it.
	Subscribe(id string) (<-chan struct{}, func())
}

// Fleet knows the hosts that run comparisons, online or not.
type Fleet interface {
	Hosts(ctx context.Context) ([]profiles.Host, error)
}

// Host is the machine that this server's own worker runs on.
type Host struct {
	Name        string
	Fingerprint host.Fingerprint
	Checks      []host.Usable // the preflight: one for each kind of socket
	Warnings    []string      // what makes its figures less clean, in sentences
	Kernel      string        // why kernel-deep profiles lack something, or all, here; "" where they do not
}

// Options is what a Server is made of.
type Options struct {
	Archive Archive
	Desk    Desk
	Shares  Shares
	Queue   Queue
	Host    Host
	// Fleet may be nil: then this host is the only one.
	Fleet Fleet
	Key   Key
	Hosts Hosts
	// Private asks for the start token for reading too.
	Private bool
	// PublicURL is put before links that leave the server; "" takes the request's host.
	PublicURL string
	// Estimate says how long a comparison will take.
	Estimate func(runner.Spec) time.Duration
	// Obstacles are sentences about what stands in the way of a spec on this host
	// now; nil for a host that nobody asked.
	Obstacles func(runner.Spec) []string
	// Advice is what would make this host a better one, as commands that the product
	// never runs itself; nil for none.
	Advice func() []host.Advice
	// Access tries what each socket lets in; nil where that cannot be tried.
	Access  func(ctx context.Context) ([]access.Row, error)
	Version string
	Log     *slog.Logger
	Now     func() time.Time
	// Stopping is closed when the server drains: event streams end then.
	Stopping <-chan struct{}
}

// Server answers requests.
type Server struct {
	Options
	evidence  *evidence
	decoding  chan struct{} // a place for each upload that is decoded
	exporting chan struct{} // a place for each file that is made of a page
	streams   atomic.Int64  // event streams that are open
	revoked   bell          // rings after a share was revoked
	tried     tried         // the newest experiment of what sockets let in
}

// cacheBytes is what decoded profiles and trees may take: some twenty ordinary
// comparisons, or a handful of giants.
const cacheBytes = 512 << 20

// New returns the handler of all routes.
func New(o Options) http.Handler {
	s := &Server{Options: o, evidence: &evidence{archive: o.Archive, cache: newCache(cacheBytes)}, decoding: make(chan struct{}, 2), exporting: make(chan struct{}, 2)}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.fail
	s.routes(e)
	return e
}
