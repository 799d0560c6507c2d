package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

func TestListsArePagedNewestFirst(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	for range 5 {
		create(t, s)
		if _, err := s.AddProfile(t.Context(), profiles.Profile{Title: "up", Comparison: "C-9", Run: 3}, []byte("same"), nil); err != nil {
			t.Fatal(err)
		}
	}
	var cs, ps []string
	for before := ""; ; before = cs[len(cs)-1] {
		page, err := s.Comparisons(t.Context(), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			cs = append(cs, c.ID)
		}
	}
	for before := ""; ; before = ps[len(ps)-1] {
		page, err := s.UploadedProfiles(t.Context(), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			ps = append(ps, p.ID)
			if p.Comparison != "" || p.Run != 0 || p.Cell != -1 {
				t.Errorf("an upload that belongs to a comparison: %+v", p)
			}
		}
	}
	if diff := cmp.Diff([]string{"C-5", "C-4", "C-3", "C-2", "C-1"}, cs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"P-5", "P-4", "P-3", "P-2", "P-1"}, ps); diff != "" {
		t.Error(diff)
	}
	if r := sound(t, s); r.Blobs != 1 {
		t.Errorf("the same bytes are stored %d times", r.Blobs)
	}
}

func TestUnknownIDsAreNotFound(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	create(t, s)
	for _, id := range []string{"", "C-", "C-2", "c-1", "C-01", "C-+1", "C-1 ", "P-1", "1", "C-99999999999999999999", "C-1'--"} {
		if _, err := s.Comparison(t.Context(), id); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("Comparison(%q): %v, want ErrNotFound", id, err)
		}
		if err := s.DeleteComparison(t.Context(), id); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("DeleteComparison(%q): %v, want ErrNotFound", id, err)
		}
		if _, err := s.Claim(t.Context(), id, ""); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("Claim(%q): %v, want ErrNotFound", id, err)
		}
	}
	if _, err := s.Profile(t.Context(), "P-1"); !errors.Is(err, profiles.ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.Blob(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, profiles.ErrNotFound) {
		t.Error(err)
	}
	if err := s.RevokeShare(t.Context(), "S-1"); !errors.Is(err, profiles.ErrNotFound) {
		t.Error(err)
	}
}

func TestUploadWithSources(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	p, err := s.AddProfile(t.Context(), profiles.Profile{Title: "mine"}, []byte("profile"), []byte("bundle"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Profile(t.Context(), p.ID)
	if err != nil || got.Sources == "" || got.Sources != p.Sources {
		t.Fatalf("stored %+v, %v", got, err)
	}
	if b, err := s.Blob(t.Context(), got.Sources); err != nil || string(b) != "bundle" {
		t.Errorf("its sources are %q, %v", b, err)
	}
	if err := s.SetOps(t.Context(), p.ID, 12); err != nil {
		t.Fatal(err)
	}
	if got, err = s.Profile(t.Context(), p.ID); err != nil || got.Ops != 12 {
		t.Errorf("%d operations, %v", got.Ops, err)
	}
	if err := s.SetOps(t.Context(), "P-99", 1); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("operations of no profile: %v", err)
	}
	c := create(t, s)
	c = claim(t, s, c.ID)
	storeRun(t, s, c, 1, 0)
	ps, err := s.Profiles(t.Context(), c.ID)
	if err != nil || len(ps) == 0 {
		t.Fatal(ps, err)
	}
	if err := s.SetOps(t.Context(), ps[0].ID, 1); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("operations of a measured profile: %v", err)
	}
	if err := s.DeleteProfile(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Blob(t.Context(), got.Sources); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("its sources are still there: %v", err)
	}
}

func TestDeleteTakesBlobsThatNothingElseNames(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c := create(t, s)
	c = claim(t, s, c.ID)
	storeRun(t, s, c, 1, 0)
	if err := s.Attach(t.Context(), c.ID, "", 1, profiles.Attachment{Sources: []byte("bundle")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Attach(t.Context(), c.ID, "", 1, profiles.Attachment{Sources: []byte("bundle 2")}); err != nil {
		t.Fatal(err)
	}
	shared, err := s.AddProfile(t.Context(), profiles.Profile{Title: "the same bytes"}, evidence(c.ID, 1, 0)[0].Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := sound(t, s); r.Blobs != 4 { // two profiles, a histogram, one bundle
		t.Errorf("%d blobs before", r.Blobs)
	}
	if err := s.DeleteComparison(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	if r := sound(t, s); r.Blobs != 1 || r.Runs != 0 || r.Profiles != 1 {
		t.Errorf("left %+v, want the upload's blob", r)
	}
	if _, err := s.StoreRun(t.Context(), 1, aRun(c.ID, 1, 1), nil, nil); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("its worker hears %v, want ErrNotFound", err)
	}
	if err := s.DeleteProfile(t.Context(), shared.ID); err != nil {
		t.Fatal(err)
	}
	if r := sound(t, s); r.Blobs != 0 {
		t.Errorf("%d blobs left", r.Blobs)
	}
	if again := create(t, s); again.ID == c.ID {
		t.Errorf("the id %s was given out twice", c.ID)
	}
}

func TestPathWithAnyCharacter(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a b?c#d%20e&é")
	s := open(t, dir, newClock())
	create(t, s)
	if s.Dir() != dir {
		t.Errorf("Dir = %s", s.Dir())
	}
	if m, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", store.FileName)); len(m) != 1 {
		t.Errorf("the database is at %q", m)
	}
}

func TestCanceledContextLeavesNothing(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.CreateComparison(ctx, asked()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if r := sound(t, s); r.Comparisons != 0 {
		t.Errorf("%d comparisons", r.Comparisons)
	}
}

func TestFindProfiles(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	cpu, heap := []string{"samples/count", "cpu/nanoseconds"}, []string{"alloc_space/bytes", "inuse_space/bytes"}
	for i := range 12 {
		p := profiles.Profile{Title: "before 100%_", SampleTypes: cpu}
		if i%2 > 0 {
			p = profiles.Profile{Title: "After", SampleTypes: heap, Counts: "alloc_space/bytes"}
		}
		if _, err := s.AddProfile(t.Context(), p, []byte("same"), nil); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		search profiles.Search
		before string
		want   string
	}{
		"all":               {profiles.Search{}, "", "P-12 P-11 P-10 P-9"},
		"a word":            {profiles.Search{Words: []string{"AFTER"}}, "", "P-12 P-10 P-8 P-6"},
		"the next page":     {profiles.Search{Words: []string{"after"}}, "P-6", "P-4 P-2"},
		"an id":             {profiles.Search{Words: []string{"p-1"}}, "", "P-1"},
		"what it counts":    {profiles.Search{Words: []string{"alloc", "space"}}, "P-5", "P-4 P-2"},
		"no pattern":        {profiles.Search{Words: []string{"0%_"}}, "P-6", "P-5 P-3 P-1"},
		"no pattern either": {profiles.Search{Words: []string{"b%e"}}, "", ""},
		"both":              {profiles.Search{Words: []string{"before", "after"}}, "", ""},
		"a type":            {profiles.Search{Types: []string{"inuse_space/kilobytes", "inuse_space/bytes"}}, "P-6", "P-4 P-2"},
		"no such type":      {profiles.Search{Types: []string{"space"}}, "", ""},
	} {
		ps, err := s.FindProfiles(t.Context(), c.search, c.before, 4)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, p := range ps {
			got = append(got, p.ID)
		}
		if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
