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
	all, err := tcp{runner.TLS}.listen(max(1, o.Targets))
	if err != nil {
		return nil, "", err
	}
	parts := []string{base64.RawURLEncoding.EncodeToString(certificate.Certificate[0])}
	for _, l := range all {
		parts = append(parts, l.Addr().String())
		if err := setBacklog(l, o.Backlog); err != nil {
			_ = closeAll(all)
			return nil, "", err
		}
	}
	config := &tls.Config{
		Certificates:           []tls.Certificate{certificate},
		MinVersion:             tls.VersionTLS13,
		SessionTicketsDisabled: o.Variant != runner.Resume,
	}
	below := nagle(join(all), o.Variant)
	return tls.NewListener(below, config), addressOf(runner.TLS, parts...), nil
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
	if o.Variant == runner.Resume {
		config.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	}
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: dialDeadline}, Config: config}
	return &Dialer{connect: vary(dialer.Dial, o.Variant), network: "tcp4", targets: targets}, nil
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
