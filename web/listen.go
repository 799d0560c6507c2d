package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// Listen opens the address. Beyond loopback it asks for a public URL, whose host
// is then the only other name that is answered to.
func Listen(address, publicURL string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("the address %q to listen on is not of the form 127.0.0.1:7070", address)
	}
	ip := net.ParseIP(host)
	if loopback := host == "localhost" || ip != nil && ip.IsLoopback(); !loopback && publicURL == "" {
		return nil, fmt.Errorf("listening on %s lets other machines in: say by --public-url by which address they come, or listen on 127.0.0.1", address)
	}
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is in use: stop what listens there, or choose another port with --listen (port 0 takes a free one)", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("the address %s is not allowed to you: choose a port above 1023 with --listen", address)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// Address is where the server is reached: the public URL, or the listener's.
func Address(l net.Listener, publicURL string) string {
	if publicURL != "" {
		return strings.TrimSuffix(publicURL, "/")
	}
	return "http://" + l.Addr().String()
}

// NewServer gives every connection a bound in time and in the size of its head.
// Event streams set their own deadline for each event.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           compressed(h),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
}
