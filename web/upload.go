package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/profiles/origin"
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
// One at a time is held as it was decoded: a few KB are a hundred MB then, and the last
// one is looked at next.
func (s *Server) file(ctx context.Context, list []upload) ([]profiles.Profile, error) {
	checked := []filing{}
	for _, u := range list {
		f, err := s.examine(ctx, u)
		if err != nil {
			return nil, err
		}
		if n := len(checked); n > 0 {
			checked[n-1].decoded = nil
		}
		checked = append(checked, f)
	}
	rows := []profiles.Profile{}
	for _, f := range checked {
		p, err := s.Desk.AddProfile(ctx, f.row, f.data, f.sources)
		if err != nil {
			return nil, err
		}
		if f.decoded != nil {
			s.evidence.expect(p, f.decoded)
		}
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
	if index, err := sampleType(decoded, ""); err == nil {
		f.row.Counts = typeNames(decoded)[index]
	}
	f.row.Cell, f.row.Title, f.row.CreatedAt = -1, first(title, origin.Title(decoded, f.row.Counts)), s.Now()
	f.row.Duration = max(f.row.Duration, 0)
	if u.sources == nil {
		return f, nil
	}
	bundle, err := bundleOf(u.sources)
	if err != nil {
		return f, err
	}
	if bundle = bundle.NamedBy(decoded); bundle.Len() > 0 {
		f.sources, _ = source.Pack(source.DefaultLimits(), bundle) // what is stored can be read back
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
