package host

import (
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// Usable says whether one kind of socket can be opened here.
type Usable struct {
	Socket runner.Socket `json:"socket"`
	OK     bool          `json:"ok"`
	Reason string        `json:"reason,omitempty"` // a sentence, when it is not
	Advice string        `json:"advice,omitempty"` // a command that may mend it, to copy; "" for none
}

// Missing returns the reason why a kind of socket cannot be opened, for
// [runner.Spec.CellsWhere]; "" for those that can.
func Missing(all []Usable) func(runner.Socket) string {
	reasons := map[runner.Socket]string{}
	for _, u := range all {
		if !u.OK {
			reasons[u.Socket] = u.Reason
		}
	}
	return func(k runner.Socket) string { return reasons[k] }
}

// Preflight tries every kind of socket once. It makes a directory below base, ""
// for the system's, and removes it.
func Preflight(base string) []Usable {
	all := make([]Usable, 0, len(runner.Sockets))
	for _, name := range runner.Sockets {
		u := Usable{Socket: name, OK: true}
		if err := try(name, base); err != nil {
			u.OK, u.Reason = false, fmt.Sprintf("The socket %s cannot be used here: %v.", name, err)
		}
		all = append(all, u)
	}
	return all
}

// try listens, dials and accepts once.
func try(name runner.Socket, base string) error {
	kind, err := socket.Of(name)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(base, "try-")
	if err != nil {
		return fmt.Errorf("make a private directory: %w", err)
	}
	defer os.RemoveAll(dir)
	options, dial := socket.Options{Dir: dir}, socket.DialOptions{Dir: dir}
	if name == runner.SocketPair {
		server, client, err := socket.Pair()
		if err != nil {
			return err
		}
		options.Files, dial.Files = []*os.File{server}, []*os.File{client}
	}
	l, address, err := kind.Listen(options)
	if err != nil {
		return err
	}
	defer l.Close()
	dialer, err := kind.Dialer(address, dial)
	if err != nil {
		return err
	}
	conn, err := dialer.Dial()
	if err != nil {
		return err
	}
	return conn.Close()
}

// Check returns a sentence for everything that stands in the way of a Spec on
// this machine, and nil when nothing does.
func Check(s runner.Spec, base string) []string {
	var sentences []string
	for _, u := range Preflight(base) {
		if !u.OK && slices.Contains(s.Sockets, u.Socket) {
			sentences = append(sentences, u.Reason)
		}
	}
	limit, limited := openFiles()
	return append(sentences, check(s, root(), limit, limited)...)
}

// filesBeside is what a child has open beside its connections.
const filesBeside = 64

func check(s runner.Spec, fsys fs.FS, limit uint64, limited bool) []string {
	var sentences []string
	if n := slices.Max(append([]int{0}, s.Concurrency...)); limited && limit < uint64(2*n+filesBeside) {
		sentences = append(sentences, fmt.Sprintf("%d connections at once need %d open files and the limit is %d: use fewer, or raise it with ulimit -n.", n, 2*n+filesBeside, limit))
	}
	if s.Workload == runner.DialEcho && slices.Contains(s.Sockets, runner.TCP4) {
		if sentence := portsFor(s, fsys); sentence != "" {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

// portsFor looks whether TCP runs out of local ports: a closed connection keeps
// its port for a minute, unless the kernel may use it again on loopback, which
// is its default, one second later.
func portsFor(s runner.Spec, fsys fs.FS) string {
	ports := ephemeralPorts(fsys)
	if ports == 0 || sysctl(fsys, "net.ipv4.tcp_tw_reuse") != "0" {
		return ""
	}
	// Warm-up and the profiled pass dial by the clock, some 10,000 times a second.
	const byTheClock = 14_000
	dials := s.Rounds * (s.Requests + max(s.Requests, byTheClock))
	if dials <= ports {
		return ""
	}
	return fmt.Sprintf("TCP would be dialed about %d times, there are %d local ports and net.ipv4.tcp_tw_reuse is 0: set it to 2, the kernel's default, or choose the workload echo.", dials, ports)
}
