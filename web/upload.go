package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/merge"
)

const maxTitle = 200 // characters

// upload is a profile that somebody sends: nothing in it is trusted.
type upload struct {
	body  io.Reader
	title string
	ops   string // as typed; "" for unknown
}

// file decodes and stores an upload. Decoding is bounded by guard; at most two run
// at once, the others wait for their turn or for their sender to give up.
func (s *Server) file(ctx context.Context, u upload) (profiles.Profile, error) {
	var none profiles.Profile
	ops := 0
	if u.ops = strings.TrimSpace(u.ops); u.ops != "" {
		n, err := readNumber(u.ops)
		if err != nil || n < 1 {
			return none, sentence(http.StatusUnprocessableEntity, "The number of operations %q is not a whole number from 1 on; leave it empty when you do not know it.", clip(u.ops))
		}
		ops = n
	}
	title := strings.TrimSpace(u.title)
	if utf8.RuneCountInString(title) > maxTitle || strings.ContainsFunc(title, unicode.IsControl) || !utf8.ValidString(title) {
		return none, sentence(http.StatusUnprocessableEntity, "The title is longer than %d characters or has control characters: write a shorter one on one line.", maxTitle)
	}
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-ctx.Done():
		return none, ctx.Err()
	}
	decoded, data, err := guard.Decode(u.body, guard.Default())
	if err != nil {
		return none, err
	}
	p := merge.Row(decoded, "", "", int64(ops), 0)
	p.Cell, p.Title, p.CreatedAt = -1, title, s.Now()
	p.Duration = max(p.Duration, 0)
	if p.Samples <= 0 { // a profile of differences
		p.Samples = int64(len(decoded.Sample))
	}
	return s.Desk.AddProfile(ctx, p, data)
}

// uploadOf reads an upload from a request: a multipart form with the fields
// "profile", "title" and "ops", or the raw bytes with title and ops in the query.
func uploadOf(c echo.Context) (upload, error) {
	r := c.Request()
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return upload{}, sentence(http.StatusUnsupportedMediaType, "The upload is encoded as %q: send the .pprof file as it is, it is compressed already.", clip(e))
	}
	u := upload{body: r.Body, title: c.QueryParam("title"), ops: c.QueryParam("ops")}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return u, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return u, sentence(http.StatusBadRequest, "The form cannot be read: send the profile as the field \"profile\".")
	}
	return uploadOfParts(parts, u)
}

// uploadOfParts reads the fields in whatever order they come. The file is held in
// memory, no more of it than guard takes.
func uploadOfParts(parts *multipart.Reader, u upload) (upload, error) {
	u.body = nil
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && u.body != nil {
			return u, nil
		}
		if errors.Is(err, io.EOF) {
			return u, sentence(http.StatusUnprocessableEntity, "No file came with the form: choose a .pprof file.")
		}
		if err != nil {
			return u, brokeOff
		}
		most := int64(4096)
		if part.FormName() == "profile" {
			most = guard.Default().Wire + 1
		}
		value, err := io.ReadAll(io.LimitReader(part, most))
		if err != nil {
			return u, brokeOff
		}
		switch part.FormName() {
		case "profile":
			if u.title == "" {
				u.title = plainName(part.FileName())
			}
			if part.FileName() != "" || len(value) > 0 {
				u.body = bytes.NewReader(value)
			}
		case "title":
			if t := strings.TrimSpace(string(value)); t != "" {
				u.title = t
			}
		case "ops":
			u.ops = string(value)
		}
	}
}

var brokeOff = sentence(http.StatusBadRequest, "The form broke off: send it again.")

// plainName is a file's name as a title: data, never a path.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > maxTitle {
		return string(r[:maxTitle])
	}
	return name
}
