package socket_test

import (
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// FuzzAddress gives every kind an address that anybody may have written: at most
// one takes it, and only where nothing but this machine is dialed.
func FuzzAddress(f *testing.F) {
	for _, address := range []string{"", ":", "unix:/tmp/s", "unix-abstract:@x", "tcp4:127.0.0.1:1,127.0.0.2:1", "tcp6:[::1]:1", "tls:AAAA,127.0.0.1:1", "vsock:1", "socketpair:", "udp6:[::ffff:127.0.0.1]:1", "tcp6:[::1%lo]:1"} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		for _, name := range runner.Sockets {
			kind, err := socket.Of(name)
			if err != nil {
				t.Fatal(err)
			}
			d, err := kind.Dialer(address, socket.DialOptions{})
			if (d == nil) == (err == nil) {
				t.Fatalf("%s: Dialer(%q) = %v, %v", name, address, d, err)
			}
			if err == nil && (!strings.HasPrefix(address, string(name)+":") || d.Targets() < 1) {
				t.Errorf("%s took the address %q", name, address)
			}
			if err != nil && len(err.Error()) > 2000 {
				t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
			}
		}
	})
}
