package host

import (
	"io/fs"
	"math"
	"strconv"
	"strings"
	"time"
)

// Sample is what the whole machine has done up to one moment. Fields that could
// not be read are 0.
type Sample struct {
	Busy     time.Duration // CPU time of all processes, user and system
	Soft     time.Duration // CPU time in interrupts, hard and soft
	Steal    time.Duration // CPU time that the hypervisor gave to others
	Total    time.Duration // CPU time in all, idle too
	TimeWait int64         // TCP sockets in TIME_WAIT at this moment

	Retransmits     int64 // TCP segments that were sent again
	ListenOverflows int64 // connections that found a TCP backlog full
	ListenDrops     int64 // connections that a TCP listener dropped, for whatever reason
	Timeouts        int64 // of TCP

	UDPReceiveErrors int64 // datagrams of UDP that found the receive buffer full, over IPv4 and IPv6
	UDPSendErrors    int64 // datagrams of UDP that found the send buffer full

	Load float64 // average of the last minute, at this moment: how many threads ran or wanted to
}

// tick is the unit of /proc/stat: USER_HZ is 100 on every Linux.
const tick = 10 * time.Millisecond

// TakeSample reads the counters of now.
func TakeSample() Sample { return sample(root()) }

func sample(fsys fs.FS) Sample {
	var s Sample
	s.cpuTimes(line(fsys, "proc/stat"))
	s.TimeWait = pair(line(fsys, "proc/net/sockstat"), "TCP:", "tw")
	snmp, netstat := line(fsys, "proc/net/snmp"), line(fsys, "proc/net/netstat")
	s.Retransmits = column(snmp, "Tcp:", "RetransSegs")
	s.ListenOverflows = column(netstat, "TcpExt:", "ListenOverflows")
	s.ListenDrops = column(netstat, "TcpExt:", "ListenDrops")
	s.Timeouts = column(netstat, "TcpExt:", "TCPTimeouts")
	snmp6 := line(fsys, "proc/net/snmp6")
	s.UDPReceiveErrors = column(snmp, "Udp:", "RcvbufErrors") + row(snmp6, "Udp6RcvbufErrors")
	s.UDPSendErrors = column(snmp, "Udp:", "SndbufErrors") + row(snmp6, "Udp6SndbufErrors")
	s.Load = load(fsys)
	return s
}

// load is the load average of one minute; 0 if unknown.
func load(fsys fs.FS) float64 {
	first, _, _ := strings.Cut(line(fsys, "proc/loadavg"), " ")
	n, err := strconv.ParseFloat(first, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// Since returns what was done from before to s. TimeWait and Load are those of s.
func (s Sample) Since(before Sample) Sample {
	s.Busy -= before.Busy
	s.Soft -= before.Soft
	s.Steal -= before.Steal
	s.Total -= before.Total
	s.Retransmits -= before.Retransmits
	s.ListenOverflows -= before.ListenOverflows
	s.ListenDrops -= before.ListenDrops
	s.Timeouts -= before.Timeouts
	s.UDPReceiveErrors -= before.UDPReceiveErrors
	s.UDPSendErrors -= before.UDPSendErrors
	return s
}

// cpuTimes adds up the first line of /proc/stat: user nice system idle iowait
// irq softirq steal.
func (s *Sample) cpuTimes(stat string) {
	first, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(first)
	if len(fields) < 9 || fields[0] != "cpu" {
		return
	}
	for i, f := range fields[1:9] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return
		}
		d := time.Duration(n) * tick
		s.Total += d
		switch i {
		case 0, 1, 2:
			s.Busy += d
		case 5, 6:
			s.Soft += d
		case 7:
			s.Steal += d
		}
	}
}

// pair reads the number after name in the line that starts with head.
func pair(text, head, name string) int64 {
	for l := range strings.SplitSeq(text, "\n") {
		fields := strings.Fields(l)
		if len(fields) == 0 || fields[0] != head {
			continue
		}
		for i := 1; i+1 < len(fields); i += 2 {
			if fields[i] == name {
				n, _ := strconv.ParseInt(fields[i+1], 10, 64)
				return n
			}
		}
	}
	return 0
}

// row reads a number of /proc/net/snmp6: a name and a value in each line.
func row(text, name string) int64 {
	for l := range strings.SplitSeq(text, "\n") {
		if fields := strings.Fields(l); len(fields) == 2 && fields[0] == name {
			n, _ := strconv.ParseInt(fields[1], 10, 64)
			return n
		}
	}
	return 0
}

// column reads a number of /proc/net/snmp: a line of names, then one of values.
func column(text, head, name string) int64 {
	var names []string
	for l := range strings.SplitSeq(text, "\n") {
		fields := strings.Fields(l)
		if len(fields) == 0 || fields[0] != head {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i := range min(len(names), len(fields)) {
			if names[i] == name {
				n, _ := strconv.ParseInt(fields[i], 10, 64)
				return n
			}
		}
		return 0
	}
	return 0
}
