package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// later is this version's migrations and one more.
func later(t *testing.T, step string) fs.FS {
	t.Helper()
	steps := fstest.MapFS{"09999_later.sql": {Data: []byte("-- +goose Up\n" + step)}}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("migrations %v, %v", files, err)
	}
	for _, f := range files {
		data, err := migrations.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		steps[filepath.Base(f)] = &fstest.MapFile{Data: data}
	}
	return steps
}

func connect(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), "journal_mode(WAL)"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestOldVersionRefusesNewerSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := connect(t, dir)
	if err := migrateWith(t.Context(), db, dir, later(t, "CREATE TABLE later (id INTEGER);")); err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, err := Open(t.Context(), dir, Options{})
	var r *Refusal
	if !errors.As(err, &r) || !strings.Contains(r.Sentence, "was written by a newer sockscope (schema 9999, this one knows ") {
		t.Fatalf("refused with %v", err)
	}
	held, err := take(dir) // the refusal gave the directory back
	if err != nil {
		t.Fatal(err)
	}
	if err := held.release(); err != nil {
		t.Error(err)
	}
}

func TestMigrationThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := connect(t, dir)
	if err := migrateWith(t.Context(), db, dir, later(t, "CREATE TABLE later (id INTEGER);\nCREATE TABLE later (id INTEGER);")); err == nil {
		t.Fatal("a broken migration went through")
	}
	var n int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_master WHERE name = 'later'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d tables of the broken migration, %v", n, err)
	}
	db.Close()
	if s, err = Open(t.Context(), dir, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Each byte of a blob that changes on the disk is found, by the check and by
// whoever reads it.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var sha string
	err = s.change(t.Context(), func(tx *sql.Tx) (err error) {
		sha, err = s.put(t.Context(), tx, []byte("evidence"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Check(t.Context(), true); err != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "belongs to nothing") {
		t.Errorf("an orphan: %q, %v", r.Problems, err)
	}
	if _, err := s.write.ExecContext(t.Context(), `UPDATE blobs SET data = CAST('evidenca' AS BLOB)`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Blob(t.Context(), sha); !errors.Is(err, ErrDamaged) {
		t.Errorf("Blob: %v, want ErrDamaged", err)
	}
	if r, err := s.Check(t.Context(), true); err != nil || !strings.Contains(strings.Join(r.Problems, " "), "is damaged") {
		t.Errorf("the check finds %q, %v", r.Problems, err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.read.ExecContext(t.Context(), `DELETE FROM shares`); err == nil {
		t.Error("a reader's connection writes")
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		var got string
		if err := s.write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", pragma, got, err, want)
		}
	}
}
