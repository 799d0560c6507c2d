package advice

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// Host is what is known of the machine that an answer is for.
type Host struct {
	Name    string
	System  string // "linux/amd64"; "" for not known
	CPUs    int
	Sysctls map[string]string // by name with dots, as its fingerprint has them
	Ports   int               // local ports to dial from; 0 for not known
	// HeldHere is how long a closed connection of loopback keeps its port, HeldAway
	// how long one to another host does.
	HeldHere, HeldAway time.Duration
	MaxPath            int    // bytes of a unix socket's path
	OpenFiles          uint64 // limit of one process; 0 for not known
	// Tried is the experiment of who can connect; empty where nobody made it here.
	Tried []Tried
}

// Tried is one row of the experiment of who can connect.
type Tried struct {
	Socket, Setting, Who string
	Connected, Skipped   bool
}

// Source is where a sentence is from: exactly one of its fields is set.
type Source struct {
	Sysctl     string // a name; Value is the host's
	Value      string
	Comparison string
	Tried      *Tried // a row of the experiment
	Untried    bool   // the experiment would tell, and has not been made
	Check      string // what this program checks itself
	Known      string // no measurement and no setting: where it is written down
	Command    string // a command that shows it
}

// Line is a sentence about some sockets, with its sources.
type Line struct {
	Sockets  []string
	Sentence string
	Sources  []Source
}

// Limit is one thing that the figures do not say.
type Limit struct {
	Topic string
	Lines []Line
}

// Limits are what the figures do not say, about the candidates that can be used;
// empty where there are none.
func (a *Answer) Limits(h Host) []Limit {
	l := limits{a, h}
	all := []Limit{}
	for _, topic := range []struct {
		name  string
		lines func() []Line
	}{
		{"Who may connect", l.permissions},
		{"When the backlog is full", l.backlog},
		{"Limits", l.sizes},
		{"Ports and TIME_WAIT", l.timeWait},
		{"To look inside", l.debugging},
		{"Other systems", l.portability},
	} {
		if lines := topic.lines(); len(lines) > 0 {
			all = append(all, Limit{topic.name, lines})
		}
	}
	return all
}

type limits struct {
	*Answer
	host Host
}

// with are the names of the candidates that can be used and for which it is true.
func (l limits) with(is func(Socket) bool) []string {
	var all []string
	for _, c := range l.Candidates {
		if c.Standing != Out && is(c.Socket) {
			all = append(all, c.Name)
		}
	}
	return all
}

func family(f Family) func(Socket) bool { return func(s Socket) bool { return s.Family == f } }

func ported(s Socket) bool { return s.Ports }

// add adds a line about sockets, if there are any.
func add(lines []Line, sockets []string, sentence string, sources ...Source) []Line {
	if len(sockets) == 0 {
		return lines
	}
	return append(lines, Line{Sockets: sockets, Sentence: sentence, Sources: sources})
}

// sysctl is a setting of the host as a source; one that is not known says so.
func (l limits) sysctl(name string) Source {
	return Source{Sysctl: name, Value: l.host.Sysctls[name]}
}

// tried finds the row of the experiment about a socket, a setting and who tried it.
func (l limits) tried(socket, setting, who string) Source {
	for i, t := range l.host.Tried {
		if t.Socket == socket && t.Setting == setting && t.Who == who && !t.Skipped {
			return Source{Tried: &l.host.Tried[i]}
		}
	}
	return Source{Untried: true}
}

// The experiment's words for who connects.
const anotherUser = "another user"

func (l limits) permissions() []Line {
	if l.Case.Who == OneProcess {
		return nil
	}
	file := map[Access]string{
		SameUser: "Connecting needs the right to write to the file: bind it with mode 0600, best in a directory of mode 0700.",
		OneGroup: "Connecting needs the right to write to the file: bind it with mode 0660 and the group, in a directory of mode 0750.",
		AnyUser:  "Connecting needs the right to write to the file: any user may with mode 0666; Go makes 0755, with which only the owner can.",
	}[l.Case.Access]
	mode := map[Access]string{SameUser: "file mode 0600 in a directory of mode 0700", OneGroup: "file mode 0600", AnyUser: "file mode 0666"}[l.Case.Access]
	lines := add(nil, l.with(family(File)), file, l.tried("unix", mode, anotherUser))
	lines = add(lines, l.with(family(Abstract)), "There is no file, so there is no mode: whoever shares the network namespace connects, and can take the name first.", l.tried("unix-abstract", "a name without a file", anotherUser))
	lines = add(lines, l.with(family(Pair)), "It has no address: only who was handed an end can speak.", l.tried("socketpair", "handed to a child process", "the same user"))
	if l.Case.Who == TwoHosts {
		return add(lines, l.with(family(IP)), "A port asks nobody for a name: whoever reaches it connects.", Source{Known: "tcp(7)"})
	}
	return add(lines, l.with(family(IP)), "A port asks nobody for a name: every user of the network namespace connects to loopback.", l.tried("tcp4", "a port of 127.0.0.1", anotherUser))
}

func (l limits) backlog() []Line {
	somaxconn := l.sysctl("net.core.somaxconn")
	unix := l.with(func(s Socket) bool { return (s.Family == File || s.Family == Abstract) && s.Name != "unixgram" })
	lines := add(nil, unix, "connect(2) fails at once with EAGAIN, which Go reports as a timeout without having waited: try again after a pause, and count it. Go’s listeners have the backlog of the setting.",
		append([]Source{somaxconn}, l.counted("unix", "dial_retries")...)...)
	return add(lines, l.with(ported), "The SYN is dropped and sent again after 1 s and after 3 s: nothing fails, a request takes seconds. Go’s listeners have the backlog of the setting.",
		append([]Source{somaxconn}, l.counted("tcp4", "listen_overflows")...)...)
}

// counted is how often something happened in the comparison that the answer stands on.
func (l limits) counted(socket, counter string) []Source {
	if len(l.Evidence) == 0 {
		return nil
	}
	f := l.Evidence[0].Of(socket)
	if f == nil {
		return nil
	}
	n, ok := f.Counters[counter]
	if !ok {
		return nil
	}
	return []Source{{Comparison: l.Evidence[0].Comparison, Value: fmt.Sprintf("%s %s", quantity.Count(n), counter)}}
}

func (l limits) sizes() []Line {
	lines := add(nil, l.with(family(File)), fmt.Sprintf("A path has at most %d bytes. The file outlives a crash: the next start finds it in the way and has to remove it, once nobody answers.", l.host.MaxPath), Source{Check: "sockscope checks it before each bind"})
	records := l.with(func(s Socket) bool { return s.Records && !s.Lossy })
	lines = add(lines, records, "A record has to fit into the send buffer; a read with a shorter buffer cuts it without an error.", l.sysctl("net.core.wmem_default"))
	lines = add(lines, l.with(func(s Socket) bool { return s.Name == "unixgram" }), "The writer waits while so many messages and one more are not read yet: nothing is dropped.", l.sysctl("net.unix.max_dgram_qlen"))
	lines = add(lines, l.with(func(s Socket) bool { return s.Lossy }), "What does not fit into the receive buffer is dropped, and the sender does not hear of it.", l.sysctl("net.core.rmem_default"))
	if l.Case.Who == Pod || l.Case.Who == ContainerAndHost {
		lines = add(lines, l.with(func(s Socket) bool { return s.Family != Nothing }), "What net.* is set to is of the network namespace of this host; that of a container may have other values: ask there.",
			Source{Command: "sysctl net.core.somaxconn net.ipv4.ip_local_port_range net.unix.max_dgram_qlen"})
	}
	if l.host.OpenFiles == 0 {
		return lines
	}
	return add(lines, l.with(func(s Socket) bool { return s.Family != Nothing && !s.Lossy && s.Name != "unixgram" }), "Each connection is an open file on either side.",
		Source{Check: "ulimit -n = " + strconv.FormatUint(l.host.OpenFiles, 10) + ", for sockscope on this host"})
}

func (l limits) debugging() []Line {
	lines := add(nil, l.with(func(s Socket) bool { return s.Family == IP }), "tcpdump and Wireshark see every byte, of TLS only that there are some; ss shows queues, windows and retransmits.",
		Source{Command: "sudo tcpdump -i lo -X port PORT"}, Source{Command: "ss -tinp"})
	return add(lines, l.with(func(s Socket) bool { return s.Family == File || s.Family == Abstract || s.Family == Pair }), "No capture sees it: strace shows the calls of one side, ss the queues and who is at the other end; curl and nc speak to it.",
		Source{Command: "sudo strace -f -e trace=network,read,write -p PID"}, Source{Command: "ss -xp"})
}

func (l limits) portability() []Line {
	goNet := Source{Known: "Go’s package net; not tried on this host"}
	name := func(names ...string) func(Socket) bool {
		return func(s Socket) bool { return slices.Contains(names, s.Name) }
	}
	lines := add(nil, l.with(name("unix")), "Linux, macOS and the BSDs; Windows has stream sockets of this kind since 10, and few programs there use them.", goNet)
	lines = add(lines, l.with(name("unixpacket", "unix-abstract")), "Linux only, as Go has it.", goNet)
	lines = add(lines, l.with(name("unixgram", "socketpair")), "Linux, macOS and the BSDs; not Windows.", goNet)
	return add(lines, l.with(family(IP)), "Everywhere, and the other side may move to another host later without a change of code.", goNet)
}
