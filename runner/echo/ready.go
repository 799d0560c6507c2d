package echo

import (
	"fmt"
	"net"
	"strings"
)

// ready is the line that says where the server is and how to talk to it.
func ready(o Options, at net.Addr) string {
	return fmt.Sprintf("sockscope echo: ready on %s %s; try: %s", o.Network, at, try(o, at))
}

// try is a command that talks to the server.
func try(o Options, at net.Addr) string {
	const say = "echo Hello | "
	name := quote(strings.TrimPrefix(o.Address, "@"))
	host, port, _ := net.SplitHostPort(at.String())
	switch {
	case o.HTTP && o.abstract():
		return "curl -s --abstract-unix-socket " + name + " http://localhost/"
	case o.HTTP && o.Network == "unix":
		return "curl -s --unix-socket " + name + " http://localhost/"
	case o.HTTP:
		return "curl -s http://" + at.String() + "/"
	case o.abstract():
		return say + "socat - ABSTRACT-CONNECT:" + name + socketType(o.Network)
	case o.Network == "unix":
		return say + "nc -U " + name
	case o.Network == "unixgram":
		return say + "nc -uU -W 1 " + name
	case o.Network == "unixpacket":
		return say + "socat - UNIX-CONNECT:" + name + socketType(o.Network)
	case strings.HasPrefix(o.Network, "udp"):
		return say + "nc -u -W 1 " + host + " " + port
	}
	return say + "nc " + host + " " + port
}

// socketType is socat's option for what is no stream.
func socketType(network string) string {
	switch network {
	case "unixpacket":
		return ",socktype=5"
	case "unixgram":
		return ",socktype=2"
	}
	return ""
}

// quote makes one word of the shell.
func quote(s string) string {
	odd := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:,=%", r))
	}
	if s != "" && !strings.ContainsFunc(s, odd) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
