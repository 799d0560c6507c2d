package fleet

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// usual are the options of every connection to a NATS server elsewhere: it is kept
// for ever, and a dead peer is noticed within half a minute.
func usual(name string, log *slog.Logger) []nats.Option {
	return []nats.Option{
		nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.Timeout(5 * time.Second),
		nats.PingInterval(10 * time.Second), nats.MaxPingsOutstanding(2),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
			subject := ""
			if s != nil {
				subject = s.Subject
			}
			log.Warn("trouble with NATS", "subject", subject, "err", err)
		}),
	}
}

// hopeless reports errors that no waiting mends.
func hopeless(err error) bool {
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	return refused(err) || errors.Is(err, nats.ErrSecureConnRequired) || errors.Is(err, nats.ErrSecureConnWanted) ||
		errors.As(err, &authority) || errors.As(err, &invalid) || errors.As(err, &name)
}

// refused reports that the server does not let this login in.
func refused(err error) bool {
	return errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || errors.Is(err, nats.ErrAuthRevoked) ||
		errors.Is(err, nats.ErrAccountAuthExpired)
}

// shown is a list of NATS URLs for people: without passwords. It is an error for
// what is none.
func shown(urls string) (string, error) {
	var all []string
	for one := range strings.SplitSeq(urls, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || !known(u.Scheme) {
			return "", errors.New("this is no address of a NATS server: use one like nats://server:4222 or tls://server:4222")
		}
		all = append(all, u.Scheme+"://"+u.Host)
	}
	return strings.Join(all, ","), nil
}

func known(scheme string) bool {
	return scheme == "nats" || scheme == "tls" || scheme == "ws" || scheme == "wss"
}

// refusal puts an error of a connection into a sentence.
func refusal(err error, shown, file string) error {
	if !refused(err) {
		return fmt.Errorf("connect to the NATS server at %s: %w", shown, err)
	}
	if file == "" {
		return fmt.Errorf("the NATS server at %s lets nobody in without a token: name the file that holds it with the option --token-file", shown)
	}
	return fmt.Errorf("the NATS server at %s refuses the token of %s: use the token file that \"sockscope serve\" names at its start", shown, file)
}

// await connects, and tries for as long as nobody answers. It returns an error for
// what no waiting mends, and when ctx ends.
func await(ctx context.Context, urls string, say func(string), options ...nats.Option) (*nats.Conn, error) {
	const pause = time.Second
	told := false
	for {
		conn, err := nats.Connect(urls, options...)
		if err == nil {
			return conn, nil
		}
		if hopeless(err) {
			return nil, err
		}
		if !told {
			say(fmt.Sprintf("no answer yet (%v); it goes on trying", err))
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}
