package socket

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"time"

	"github.com/sockscope/sockscope/runner"
)

// tlsOverTCP is TLS 1.3 over tcp4, with a certificate made for the run.
type tlsOverTCP struct{}

func (tlsOverTCP) Name() runner.Socket { return runner.TLS }

// Listen makes a key and a certificate in memory. The certificate, which is no
// secret, is a part of the address.
func (tlsOverTCP) Listen(o Options) (net.Listener, string, error) {
	certificate, err := makeCertificate(time.Now())
	if err != nil {
		return nil, "", fmt.Errorf("make a certificate for the run: %w", err)
	}
	all, targets, err := tcp{runner.TLS}.listen(o)
	if err != nil {
		return nil, "", err
	}
	config := &tls.Config{
		Certificates:           []tls.Certificate{certificate},
		MinVersion:             tls.VersionTLS13,
		SessionTicketsDisabled: o.Variant != runner.Resume,
	}
	for i, l := range all {
		all[i] = tlsListener{l, config}
	}
	encoded := base64.RawURLEncoding.EncodeToString(certificate.Certificate[0])
	return join(all), addressOf(runner.TLS, append([]string{encoded}, targets...)...), nil
}

// tlsListener is what tls.NewListener makes, less that it hides the socket. The
// handshake is the first read's or write's, in the goroutine that serves the conn.
type tlsListener struct {
	net.Listener
	config *tls.Config
}

func (l tlsListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return tls.Server(conn, l.config), nil
}

// Dialer verifies the server by the certificate in the address. A dial returns
// when the handshake is complete.
func (tlsOverTCP) Dialer(address string, o DialOptions) (*Dialer, error) {
	rest, err := cutKind(runner.TLS, address)
	if err != nil {
		return nil, err
	}
	encoded, list, _ := strings.Cut(rest, ",")
	der, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("read the certificate in the address: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the certificate in the address: %w", err)
	}
	targets, err := loopbacks(list, false)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: serverName, MinVersion: tls.VersionTLS13}
	config.RootCAs.AddCert(certificate)
	// Note: dialing and tls.Client apart would save a goroutine a dial, which watches
	// the deadline; this is what Go programs write.
	over := tls.Dialer{NetDialer: &net.Dialer{Timeout: dialDeadline}, Config: config}
	d := &Dialer{connect: over.Dial, network: "tcp4", targets: targets}
	if o.Variant == runner.Resume {
		config.ClientSessionCache = tls.NewLRUClientSessionCache(0)
		d.connect = func(network, address string) (net.Conn, error) {
			conn, err := over.Dial(network, address)
			if err == nil && conn.(*tls.Conn).ConnectionState().DidResume {
				d.resumed.Add(1)
			}
			return conn, err
		}
	}
	d.connect = vary(d.connect, o.Variant)
	return d, nil
}

// serverName is whom the certificate is for.
const serverName = "127.0.0.1"

func makeCertificate(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(30 * 24 * time.Hour),
		IPAddresses:  []net.IP{net.ParseIP(serverName)},
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// Session is how a TLS connection is protected.
type Session struct {
	Version     string `json:"version"`      // "TLS 1.3"
	CipherSuite string `json:"cipher_suite"` // "TLS_AES_128_GCM_SHA256"
	Curve       string `json:"curve"`        // of the key exchange: "X25519MLKEM768"
	Key         string `json:"key"`          // of the certificate: "ECDSA P-256"
	Resumed     bool   `json:"resumed"`
}

// SessionOf returns how a connection is protected, and false if it is not one of
// TLS or its handshake is not complete. Resumed connections have no curve when
// they exchange no key.
func SessionOf(conn net.Conn) (Session, bool) {
	c, ok := conn.(*tls.Conn)
	if !ok {
		return Session{}, false
	}
	s := c.ConnectionState()
	if !s.HandshakeComplete {
		return Session{}, false
	}
	return Session{
		Version:     tls.VersionName(s.Version),
		CipherSuite: tls.CipherSuiteName(s.CipherSuite),
		Curve:       s.CurveID.String(),
		Key:         "ECDSA P-256", // see makeCertificate
		Resumed:     s.DidResume,
	}, true
}
