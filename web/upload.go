package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/pprof/profile"
	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/profiles/source"
)

// Limits of one request that uploads.
const (
	maxTitle   = 200 // characters
	maxUploads = 8   // profiles
)

// upload is a profile that somebody sends: nothing in it is trusted.
type upload struct {
	body    io.Reader
	title   string
	ops     string // as typed; "" for unknown
	sources []byte // an encoded source bundle; nil for none
}

// filing is an upload that was checked and can be stored.
type filing struct {
	row           profiles.Profile
	decoded       *profile.Profile
	data, sources []byte
}

// file decodes and stores uploads: all of them, or with an error in one of them none.
func (s *Server) file(ctx context.Context, list []upload) ([]profiles.Profile, error) {
	checked := []filing{}
	for _, u := range list {
		f, err := s.examine(ctx, u)
		if err != nil {
			return nil, err
		}
		checked = append(checked, f)
	}
	rows := []profiles.Profile{}
	for _, f := range checked {
		p, err := s.Desk.AddProfile(ctx, f.row, f.data, f.sources)
		if err != nil {
			return nil, err
		}
		s.evidence.expect(p, f.decoded)
		rows = append(rows, p)
	}
	return rows, nil
}

// examine decodes an upload. Decoding is bounded by guard and by the limits of source
// bundles; at most two run at once, the others wait for their turn or for their
// sender to give up.
func (s *Server) examine(ctx context.Context, u upload) (filing, error) {
	var f filing
	ops, err := operations(u.ops)
	if err != nil {
		return f, err
	}
	title := strings.TrimSpace(u.title)
	if utf8.RuneCountInString(title) > maxTitle || strings.ContainsFunc(title, unicode.IsControl) || !utf8.ValidString(title) {
		return f, sentence(http.StatusUnprocessableEntity, "The title is longer than %d characters or has control characters: write a shorter one on one line.", maxTitle)
	}
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-ctx.Done():
		return f, ctx.Err()
	}
	decoded, data, err := guard.Decode(u.body, guard.Default())
	if err != nil {
		return f, err
	}
	f.data, f.decoded = data, decoded
	f.row = merge.Row(decoded, "", "", ops, 0)
	f.row.Cell, f.row.Title, f.row.CreatedAt = -1, title, s.Now()
	f.row.Duration = max(f.row.Duration, 0)
	if f.row.Samples <= 0 { // a profile of differences
		f.row.Samples = int64(len(decoded.Sample))
	}
	if u.sources == nil {
		return f, nil
	}
	bundle, err := bundleOf(u.sources)
	if err != nil {
		return f, err
	}
	if bundle = bundle.NamedBy(decoded); bundle.Len() > 0 {
		f.sources = bundle.Encode()
	}
	return f, nil
}

// bundleOf decodes the source files that came with an upload.
func bundleOf(data []byte) (source.Bundle, error) {
	bundle, err := source.Decode(data, source.DefaultLimits())
	var large *source.LimitError
	switch {
	case errors.As(err, &large):
		return bundle, sentence(http.StatusRequestEntityTooLarge, "%s", large.Sentence)
	case err != nil:
		return bundle, sentence(http.StatusUnprocessableEntity, "The source files cannot be read: send what sockscope push --with-source makes.")
	}
	return bundle, nil
}

// operations reads how many operations ran, as somebody typed it; 0 for nothing.
func operations(typed string) (int64, error) {
	if typed = strings.TrimSpace(typed); typed == "" {
		return 0, nil
	}
	n, err := readNumber(typed)
	if err != nil || n < 1 {
		return 0, sentence(http.StatusUnprocessableEntity, "The number of operations %q is not a whole number from 1 on; leave it empty when you do not know it.", clip(typed))
	}
	return int64(n), nil
}

// uploadsOf reads what a request uploads: a multipart form with the fields
// "profile" (one or several), "title", "ops" and "sources", or the raw bytes of one
// profile with title and ops in the query. base names a profile to compare with.
func uploadsOf(c echo.Context) (list []upload, base string, err error) {
	r := c.Request()
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, "", sentence(http.StatusUnsupportedMediaType, "The upload is encoded as %q: send the .pprof file as it is, it is compressed already.", clip(e))
	}
	base = c.QueryParam("base")
	u := upload{body: r.Body, title: c.QueryParam("title"), ops: c.QueryParam("ops")}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return []upload{u}, base, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, base, sentence(http.StatusBadRequest, "The form cannot be read: send the profile as the field \"profile\".")
	}
	f := uploadForm{title: u.title, ops: u.ops, base: base}
	err = f.read(parts)
	return f.uploads(), f.base, err
}

// uploadForm is what came with a form. The files are held in memory, no more of
// each than guard takes.
type uploadForm struct {
	files            []fileOf
	title, ops, base string
	sources          []byte
}

type fileOf struct {
	name string
	data []byte
}

// uploads are the profiles of the form. A title is that of a single one; several
// are called by their files.
func (f *uploadForm) uploads() []upload {
	if len(f.files) == 0 { // what was typed beside it is kept
		return []upload{{title: f.title, ops: f.ops}}
	}
	list := []upload{}
	for _, file := range f.files {
		u := upload{body: bytes.NewReader(file.data), title: file.name, ops: f.ops, sources: f.sources}
		if f.title != "" && len(f.files) == 1 {
			u.title = f.title
		}
		list = append(list, u)
	}
	return list
}

// read takes the fields in whatever order they come.
func (f *uploadForm) read(parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && len(f.files) > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return sentence(http.StatusUnprocessableEntity, "No file came with the form: choose a .pprof file.")
		}
		if err != nil {
			return brokeOff(err)
		}
		if err := f.field(part); err != nil {
			return err
		}
	}
}

func (f *uploadForm) field(part *multipart.Part) error {
	most := int64(4096)
	switch part.FormName() {
	case "profile":
		most = guard.Default().Wire + 1
	case "sources":
		most = source.DefaultLimits().Wire + 1
	}
	value, err := io.ReadAll(io.LimitReader(part, most))
	if err != nil {
		return brokeOff(err)
	}
	switch part.FormName() {
	case "profile":
		if part.FileName() == "" && len(value) == 0 {
			return nil // no file was chosen
		}
		if len(f.files) == maxUploads {
			return sentence(http.StatusUnprocessableEntity, "At most %d profiles are taken at once: send the others after them.", maxUploads)
		}
		f.files = append(f.files, fileOf{plainName(part.FileName()), value})
	case "sources":
		f.sources = value
	case "title":
		if t := strings.TrimSpace(string(value)); t != "" {
			f.title = t
		}
	case "ops":
		f.ops = string(value)
	case "base":
		f.base = string(value)
	}
	return nil
}

// brokeOff says why a form was not read to its end.
func brokeOff(err error) error {
	var he *echo.HTTPError
	if errors.As(err, &he) {
		return err // it is larger than all that is taken
	}
	return sentence(http.StatusBadRequest, "The form broke off: send it again.")
}

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

// comparedWith checks the profile that uploads are to be compared with.
func (s *Server) comparedWith(ctx context.Context, base string) error {
	if base == "" {
		return nil
	}
	_, err := s.Archive.Profile(ctx, base)
	if errors.Is(err, profiles.ErrNotFound) {
		return sentence(http.StatusNotFound, "There is no profile %q to compare with: leave base out, or name one of the list of profiles.", clip(base))
	}
	if err != nil {
		return fmt.Errorf("find the base of an upload: %w", err)
	}
	return nil
}

// differenceOf is the address of the difference that an upload makes: against base where
// one was named, of the two where two were sent; "" for none.
func differenceOf(base string, rows []profiles.Profile) string {
	switch {
	case base != "" && len(rows) == 1:
		return "/diff?base=" + base + "&other=" + rows[0].ID
	case base == "" && len(rows) == 2:
		return "/diff?base=" + rows[0].ID + "&other=" + rows[1].ID
	}
	return ""
}
