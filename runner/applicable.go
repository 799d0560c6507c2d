package runner

import "fmt"

// Applicable returns "" when a workload can be measured over a socket with
// messages of size bytes, and otherwise the reason why it cannot, as a sentence.
func Applicable(w Workload, k Socket, size, rate int) string {
	switch {
	case k == SocketPair && w.Dials():
		return "A socketpair has no address to dial: both ends are made at once."
	case w.HTTP() && !k.Stream():
		return "HTTP needs a stream of bytes, and " + string(k) + " carries records."
	case w == H2C && k == TLS:
		return "h2c is HTTP/2 without TLS."
	case w == H2C && k == SocketPair:
		return "The client of HTTP/2 dials its connection by itself, and a socketpair cannot be dialed."
	case w == Stream && rate > 0:
		return "A stream is as fast as the receiver lets it be: it takes no rate."
	}
	if most := k.MaxRecord(); most > 0 && size > most {
		return fmt.Sprintf("A message of %d B does not fit: one record of %s holds at most %d B.", size, k, most)
	}
	return ""
}
