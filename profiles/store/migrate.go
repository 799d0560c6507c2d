package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema to this version's. It only ever goes forward, each
// step in a transaction of its own, and refuses a database that a newer version
// has been at.
func migrate(ctx context.Context, db *sql.DB, dir string) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("open migrations: %w", err)
	}
	return migrateWith(ctx, db, dir, steps)
}

func migrateWith(ctx context.Context, db *sql.DB, dir string, steps fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return unusable(dir, err)
	}
	if have > want {
		return newer(dir, have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return unusable(dir, fmt.Errorf("migrate from schema %d to %d: %w", have, want, err))
	}
	return nil
}

func newer(dir string, have, want int64) error {
	return &Refusal{Sentence: fmt.Sprintf(
		"Data directory %s was written by a newer sockscope (schema %d, this one knows %d): use that version, or choose another directory with --data.", dir, have, want)}
}

// writable tries to change something, though there is nothing to change: SQLite
// opens a file that it may only read without a word.
func writable(ctx context.Context, db *sql.DB, dir string) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM shares WHERE id < 0`); err != nil {
		return unusable(dir, err)
	}
	return nil
}

// unusable puts what SQLite says about the file into a sentence.
func unusable(dir string, err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return fmt.Errorf("open database in %s: %w", dir, err)
	}
	var why, mend string
	switch primary(se) {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		why, mend = "cannot be opened for writing", "give this user write permission on it and on its directory"
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		why, mend = "is not a readable SQLite database", "restore it from a backup"
	case sqlite3.SQLITE_FULL:
		why, mend = "has no room to grow", "free some disk space"
	default:
		return fmt.Errorf("open database in %s: %w", dir, err)
	}
	return &Refusal{Sentence: fmt.Sprintf("Database %s/%s %s: %s, or choose another directory with --data.", dir, FileName, why, mend), Err: err}
}

// primary is the kind of an error: the low byte of its extended code.
func primary(err *sqlite.Error) int { return err.Code() & 0xff }
