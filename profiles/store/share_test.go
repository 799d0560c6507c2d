package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

func share(t *testing.T, s *store.Store, path string, expires time.Time) (profiles.Share, string) {
	t.Helper()
	sh, token, err := s.CreateShare(t.Context(), path, expires)
	if err != nil {
		t.Fatal(err)
	}
	return sh, token
}

func TestShareOpensUntilItExpires(t *testing.T) {
	t.Parallel()
	s, now := setup(t)
	sh, token := share(t, s, "/comparisons/C-1?side=client", now.Now().Add(time.Hour))
	want := profiles.Share{ID: "S-1", Path: "/comparisons/C-1?side=client", CreatedAt: now.Now(), ExpiresAt: now.Now().Add(time.Hour)}
	if diff := cmp.Diff(want, sh); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		got, err := s.ShareByToken(t.Context(), token)
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("ShareByToken = %+v, %v", got, err)
		}
		now.advance(time.Hour - time.Microsecond)
	}
	now.advance(time.Microsecond)
	if got, err := s.ShareByToken(t.Context(), token); !errors.Is(err, profiles.ErrExpired) || !cmp.Equal(want, got) {
		t.Errorf("at its end: %+v, %v; want it with ErrExpired", got, err)
	}
}

func TestRevokedShare(t *testing.T) {
	t.Parallel()
	s, now := setup(t)
	sh, token := share(t, s, "/profiles/P-1", now.Now().Add(time.Hour))
	_, other := share(t, s, "/profiles/P-1", now.Now().Add(time.Hour))
	now.advance(time.Minute)
	revoked := now.Now()
	for range 2 {
		if err := s.RevokeShare(t.Context(), sh.ID); err != nil {
			t.Fatal(err)
		}
		got, err := s.ShareByToken(t.Context(), token)
		if !errors.Is(err, profiles.ErrRevoked) || !got.RevokedAt.Equal(revoked) {
			t.Errorf("got %+v, %v; want it revoked at %s", got, err, revoked)
		}
		now.advance(time.Hour) // revoked comes before expired, and its time stays
	}
	now.advance(-2 * time.Hour)
	if _, err := s.ShareByToken(t.Context(), other); err != nil {
		t.Errorf("the other link of the same path: %v", err)
	}
	all, err := s.Shares(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != "S-2" || all[1].RevokedAt.IsZero() {
		t.Errorf("Shares = %+v, %v", all, err)
	}
}

func TestTokensAreUnguessableAndNotStored(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), newClock()
	s := open(t, dir, now)
	shape := regexp.MustCompile(`^[A-Za-z0-9_-]{27}$`)
	seen := map[string]bool{}
	for range 200 {
		_, token := share(t, s, "/", now.Now().Add(time.Hour))
		if !shape.MatchString(token) || seen[token] {
			t.Errorf("token %q", token)
		}
		seen[token] = true
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for token := range seen {
			if bytes.Contains(data, []byte(token)) {
				t.Fatalf("a token is in %s", f)
			}
		}
	}
	for _, token := range []string{"", "S-1", ":key", "AAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, err := s.ShareByToken(t.Context(), token); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("token %q: %v, want ErrNotFound", token, err)
		}
	}
}
