package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Get is the client of HTTP over any socket: it asks the server at o.Address for
// path and copies the answer to w.
func Get(ctx context.Context, o Options, path string, w io.Writer) error {
	o.HTTP = true
	if err := o.check(); err != nil {
		return err
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u, err := url.Parse("http://localhost" + path) // the host is for the Host header
	if err != nil {
		return fmt.Errorf("the path %q is not one of a URL", path)
	}
	var dialer net.Dialer
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, o.Network, o.Address)
	}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", path, err)
	}
	answer, err := (&http.Client{Transport: transport, Timeout: time.Minute}).Do(request)
	if err != nil {
		return unanswered(o, err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(w, answer.Body); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("the server on %s answered %s", o.Address, answer.Status)
	}
	return nil
}

func unanswered(o Options, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no socket %s: start a server there, or name another address", o.Address)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("no server listens on %s: start one", o.Address)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("this user may not connect to %s", o.Address)
	}
	return fmt.Errorf("talk HTTP to %s: %w", o.Address, err)
}
