package web

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner/access"
	"github.com/sockscope/sockscope/templates"
)

// tried is the newest experiment of what the sockets let in. It is kept in memory:
// it is true of this start of the server only.
type tried struct {
	mu   sync.Mutex // one experiment at a time
	now  sync.Mutex // guards what follows
	rows []access.Row
	at   time.Time
}

func (t *tried) newest() ([]access.Row, time.Time) {
	t.now.Lock()
	defer t.now.Unlock()
	return t.rows, t.at
}

func (t *tried) keep(rows []access.Row, at time.Time) {
	t.now.Lock()
	defer t.now.Unlock()
	t.rows, t.at = rows, at
}

// access shows what the sockets of this machine let in, as far as it was tried.
func (s *Server) access(c echo.Context) error {
	rows, at := s.tried.newest()
	v := templates.AccessPage{
		Chrome: s.chrome(c, templates.SectionHosts, "What the socket lets in"), Action: "/access", Rows: []templates.AccessRow{}, Lead: accessLead(),
		Command: templates.Command{Label: "The same from a shell; as root it tries other users too", Text: "sudo sockscope access"},
	}
	if s.Access == nil {
		v.Unavailable = "This server cannot try it."
	}
	if !at.IsZero() {
		v.When = "tried " + quantity.Ago(at, s.Now()) + " on " + s.Host.Name
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, accessRow(r))
	}
	return render(c, http.StatusOK, templates.Access(v))
}

// tryAccess makes the experiment. While one is made, a second one is refused.
func (s *Server) tryAccess(c echo.Context) error {
	if s.Access == nil {
		return sentence(http.StatusNotImplemented, "What sockets let in cannot be tried on this server: run sockscope access on the machine.")
	}
	if !s.tried.mu.TryLock() {
		return sentence(http.StatusConflict, "It is being tried already: open the page again in a few seconds.")
	}
	defer s.tried.mu.Unlock()
	rows, err := s.Access(c.Request().Context())
	if err != nil {
		return fmt.Errorf("try what sockets let in: %w", err)
	}
	s.tried.keep(rows, s.Now())
	return c.Redirect(http.StatusSeeOther, "/access")
}

func accessRow(r access.Row) templates.AccessRow {
	row := templates.AccessRow{Socket: string(r.Socket), Setting: r.Setting, Who: r.Who, Sentence: r.Sentence, Peer: r.Peer}
	switch {
	case r.Skipped != "":
		row.State, row.Sentence = templates.StateView{Tone: templates.Soft, Label: "not tried"}, r.Skipped
	case r.Connected:
		row.State = templates.StateView{Tone: templates.Busy, Label: "connected"}
	default:
		row.State = templates.StateView{Tone: templates.Good, Label: "refused"}
	}
	return row
}

// accessLead says what decides, to who has never thought about it.
func accessLead() []templates.Rich {
	strong := func(name, rest string) templates.Rich {
		return templates.Rich{{Text: name, Strong: true}, {Text: rest}}
	}
	return []templates.Rich{
		strong("A unix socket is a file.", " Who may connect is who may write to that file and may enter every directory above it: with mode 0600 its owner and root, whoever else knows the path or not. Safest is a directory with mode 0700 around it, because the file’s own mode can be set a moment too late."),
		strong("An abstract unix socket has only a name.", " There is no file, so there is no mode: everybody in the same network namespace can connect, and can take the name before you do."),
		strong("A TCP or UDP port on loopback has neither.", " Every user and every container in the same network namespace can connect to 127.0.0.1. Only the program itself can ask who is there, with a token or TLS."),
		strong("A socketpair has no address.", " Only who was handed one of its ends can speak, so there is nobody to keep out."),
		strong("Over a unix socket the kernel names the peer:", " the server learns process, user and group of whoever connected, and can refuse them. Over TCP it learns a port."),
	}
}
