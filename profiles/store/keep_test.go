package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

// inhabited is a data directory with one upload, and the store that has it open.
func inhabited(t *testing.T) (dir string, s *Store, p profiles.Profile) {
	t.Helper()
	dir = t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if p, err = s.AddProfile(t.Context(), profiles.Profile{Title: "mine"}, bytes.Repeat([]byte("evidence"), 5000), nil); err != nil {
		t.Fatal(err)
	}
	return dir, s, p
}

func namesIn(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// A database is checked beside the server that has it and after it; the check leaves
// the directory as a server leaves it.
func TestInspectOnlyReads(t *testing.T) {
	t.Parallel()
	dir, s, _ := inhabited(t)
	for _, when := range []string{"beside a server", "after it"} {
		r, err := Inspect(t.Context(), dir, true)
		if err != nil || len(r.Problems) > 0 || r.Profiles != 1 || r.Blobs != 1 || r.Bytes != 40000 {
			t.Errorf("%s: %+v, %v", when, r, err)
		}
		if _, err := s.AddProfile(t.Context(), profiles.Profile{}, []byte("the server goes on"), nil); err != nil && when == "beside a server" {
			t.Error(err)
		}
		if err := s.DeleteProfile(t.Context(), "P-2"); err != nil && when == "beside a server" {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := namesIn(t, dir); got != "sockscope.db sockscope.lock" {
		t.Errorf("the directory holds %s", got)
	}
}

// Whatever is broken in the file is a problem of the report, not an error of the check.
func TestInspectNamesWhatIsDamaged(t *testing.T) {
	t.Parallel()
	dir, s, p := inhabited(t)
	if _, err := s.write.ExecContext(t.Context(), `UPDATE blobs SET data = CAST('x' || substr(data, 2) AS BLOB)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err := Inspect(t.Context(), dir, false); err != nil || len(r.Problems) > 0 {
		t.Errorf("without reading the data: %q, %v", r.Problems, err)
	}
	if r, err := Inspect(t.Context(), dir, true); err != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], p.SHA256+", which is the profile P-1, is damaged.") {
		t.Errorf("a damaged blob: %q, %v", r.Problems, err)
	}
	file := filepath.Join(dir, FileName)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 4096 { // one page after the other
		broken := bytes.Clone(whole)
		copy(broken[at:], bytes.Repeat([]byte{0xa5}, 1000))
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Inspect(t.Context(), dir, true)
		if err != nil || len(r.Problems) == 0 {
			t.Errorf("with page %d overwritten: %q, %v", at/4096+1, r.Problems, err)
		}
	}
}

func TestInspectAndBackupRefuse(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	in := func(name string) string {
		dir := filepath.Join(base, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	none, foreign, older, newer := in("none"), in("foreign"), in("older"), in("newer")
	if _, err := connect(t, foreign).ExecContext(t.Context(), `CREATE TABLE theirs (id INTEGER)`); err != nil {
		t.Fatal(err)
	}
	firstVersion(t, older)
	if err := migrateWith(t.Context(), connect(t, newer), newer, later(t, "CREATE TABLE later (id INTEGER);")); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		none: "has no database", filepath.Join(base, "absent"): "has no database", foreign: "is none of sockscope's",
		older: "written by an older sockscope (schema 1,", newer: "written by a newer sockscope (schema 9999,",
	} {
		_, checked := Inspect(t.Context(), dir, true)
		_, copied := Backup(t.Context(), dir, filepath.Join(base, "copy.db"))
		for _, err := range []error{checked, copied} {
			var r *Refusal
			if !errors.As(err, &r) || !strings.Contains(r.Sentence, want) || err.Error() != r.Sentence {
				t.Errorf("%s: refused with %v, want %q", filepath.Base(dir), err, want)
			}
		}
	}
	if got := namesIn(t, base); strings.Contains(got, "copy.db") || strings.Contains(got, "absent") || namesIn(t, none) != "" {
		t.Errorf("left are %s", got)
	}
}

// A backup is taken beside the server, is whole, and opens as a data directory.
func TestBackupOpens(t *testing.T) {
	t.Parallel()
	dir, s, p := inhabited(t)
	restored := t.TempDir()
	file := filepath.Join(restored, FileName)
	r, err := Backup(t.Context(), dir, file)
	if err != nil || len(r.Problems) > 0 || r.Profiles != 1 || r.Bytes != 40000 {
		t.Fatalf("%+v, %v", r, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is %v, %v: want it for its owner only", info.Mode(), err)
	}
	if err := s.DeleteProfile(t.Context(), p.ID); err != nil { // of the original
		t.Fatal(err)
	}
	var refused *Refusal
	if _, err := Backup(t.Context(), dir, file); !errors.As(err, &refused) || !strings.Contains(refused.Sentence, file+" is there already") {
		t.Errorf("over a file: %v", err)
	}
	if got := namesIn(t, restored); got != FileName {
		t.Errorf("beside the copy there are %s", got)
	}
	again, err := Open(t.Context(), restored, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if data, err := again.Blob(t.Context(), p.SHA256); err != nil || len(data) != 40000 {
		t.Errorf("of the restored profile come %d bytes, %v", len(data), err)
	}
}
