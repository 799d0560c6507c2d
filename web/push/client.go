package push

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// server is the API that profiles are sent to.
type server struct {
	base  string // "http://127.0.0.1:7070", without a slash at its end
	token string
	http  *http.Client
}

// newServer reads an address as a person has it: the server's, or the link that it
// printed, whose token is taken unless another is given.
func newServer(address, token string) (*server, error) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("--server %s is no http or https address: write it as %s", plain(address), DefaultServer)
	}
	for _, t := range []string{u.Query().Get("token"), os.Getenv("SOCKSCOPE_TOKEN")} {
		if token == "" {
			token = t
		}
	}
	base := u.Scheme + "://" + u.Host
	if token == "" {
		return nil, fmt.Errorf("uploading needs the start token of %s: set SOCKSCOPE_TOKEN, or give the whole link that the server printed as --server", base)
	}
	dial := net.Dialer{Timeout: 10 * time.Second}
	return &server{base: base, token: token, http: &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dial.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 2 * time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token goes nowhere else
	}}, nil
}

// stored is what the server says of a profile that it took.
type stored struct {
	ID      string `json:"id"`
	URL     string `json:"url"`
	DiffURL string `json:"diff_url"`
}

// send uploads one profile; base names the one that its difference is asked from.
func (s *server) send(ctx context.Context, p pushed, base string) (stored, error) {
	body, contentType, err := form(p, base)
	if err != nil {
		return stored{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/v1/profiles", body)
	if err != nil {
		return stored{}, fmt.Errorf("upload %s: %w", plain(p.name), err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := s.http.Do(r)
	if err != nil {
		return stored{}, s.unreachable(p, err)
	}
	defer answer.Body.Close()
	const most = 1 << 20
	text, err := io.ReadAll(io.LimitReader(answer.Body, most))
	if err != nil {
		return stored{}, &Failure{fmt.Errorf("upload %s: the answer of %s broke off: %w", plain(p.name), s.base, err)}
	}
	if answer.StatusCode != http.StatusCreated {
		return stored{}, s.refused(p, answer, text)
	}
	var made stored
	if err := json.Unmarshal(text, &made); err != nil || !isLink(made.URL) || made.DiffURL != "" && !isLink(made.DiffURL) {
		return stored{}, &Failure{fmt.Errorf("upload %s: %s did not answer as sockscope does; is it one?", plain(p.name), s.base)}
	}
	return made, nil
}

func form(p pushed, base string) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := [][2]string{{"title", p.title}, {"base", base}}
	if p.ops > 0 {
		fields = append(fields, [2]string{"ops", strconv.FormatInt(p.ops, 10)})
	}
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, "", err
		}
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{"profile", p.data}, {"sources", p.sources}} {
		if f.data == nil {
			continue
		}
		part, err := w.CreateFormFile(f.name, f.name)
		if err == nil {
			_, err = part.Write(f.data)
		}
		if err != nil {
			return nil, "", err
		}
	}
	return &b, w.FormDataContentType(), w.Close()
}

// unreachable tells a server that is not there from one that went away.
func (s *server) unreachable(p pushed, err error) error {
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return &Failure{fmt.Errorf("upload %s: stopped before it was done", plain(p.name))}
	case errors.As(err, &dns), errors.As(err, &op) && op.Op == "dial":
		return fmt.Errorf("no server answers at %s: start one with sockscope serve, or say by --server where it is", s.base)
	}
	return &Failure{fmt.Errorf("upload %s to %s: %w", plain(p.name), s.base, err)}
}

// refused turns an answer into an error: what the person can mend is one of usage.
func (s *server) refused(p pushed, answer *http.Response, text []byte) error {
	var problem struct {
		Detail string `json:"detail"`
	}
	said := answer.Status
	if err := json.Unmarshal(text, &problem); err == nil && problem.Detail != "" {
		said = strings.TrimSuffix(plain(problem.Detail), ".")
	}
	switch {
	case answer.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("that is not the start token of %s: it is in the link that the server printed when it started, behind token=", s.base)
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		return fmt.Errorf("%s leads to %s: give that address as --server", s.base, plain(answer.Header.Get("Location")))
	case answer.StatusCode >= 500:
		return &Failure{fmt.Errorf("upload %s: %s answered: %s", plain(p.name), s.base, said)}
	}
	return fmt.Errorf("upload %s: %s answered: %s", plain(p.name), s.base, said)
}

// isLink reports whether an answer is an address that can be printed.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && plain(s) == s && !strings.Contains(s, " ")
}
