// Package store keeps the evidence in one SQLite database in the data
// directory. It is the only place with SQL, and the database is the truth of
// what was asked for, what ran and what was measured.
//
// Exported methods own their transaction; unexported ones that take a *sql.Tx
// work inside one. Bytes (profiles, histograms, source bundles) are rows named
// by their SHA-256, written in the same transaction as the row that names them
// and hashed again on every read: there is nothing half-written to be found.
//
// The statements stay in the subset that SQLite shares with PostgreSQL ($1,
// integer times, ON CONFLICT, RETURNING); what is SQLite's own is in this file
// and in migrations.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// FileName is the database within the data directory.
const FileName = "sockscope.db"

// Options of [Open]. The zero value works.
type Options struct {
	Now func() time.Time // nil for time.Now
	Log *slog.Logger     // nil for none
}

// Store is the database of one data directory. Its methods may be called from
// many goroutines at once.
type Store struct {
	dir   string
	lock  *lock
	write *sql.DB // one connection: SQLite has one writer at a time
	read  *sql.DB // query-only connections, which never wait for the writer
	now   func() time.Time
	log   *slog.Logger
}

// Open takes the data directory for this process, makes it when it is absent,
// and brings the database to this version's schema. What a person can mend
// (another server has it, no permission, a newer version wrote it) comes back
// as a [*Refusal], and nothing was changed then.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find data directory %s: %w", dir, err)
	}
	held, err := take(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: held, now: o.Now, log: o.Log}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	file := filepath.Join(s.dir, FileName)
	if s.write, err = sql.Open("sqlite", dsn(file, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "journal_size_limit(67108864)")+"&_txlock=immediate"); err != nil {
		return fmt.Errorf("open database %s: %w", file, err)
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(ctx, s.write, s.dir); err != nil {
		return err
	}
	if err := writable(ctx, s.write, s.dir); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", dsn(file, "foreign_keys(1)", "query_only(1)")); err != nil {
		return fmt.Errorf("open database %s for reading: %w", file, err)
	}
	const readers = 4
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

// dsn names the file for the driver; the path may hold any character.
func dsn(file string, pragmas ...string) string {
	file = filepath.ToSlash(file)
	if !strings.HasPrefix(file, "/") { // C:/…
		file = "/" + file
	}
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}

// Close ends the use of the data directory; again, it does nothing. Calls that
// are under way fail.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	errs = append(errs, s.lock.release())
	return errors.Join(errs...)
}

// Dir is the data directory as an absolute path.
func (s *Store) Dir() string { return s.dir }

// Ping asks the database for a sign of life; it is what /healthz calls.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	return nil
}

// change runs f in a transaction of the writer: all of it is on disk when change
// returns nil, and nothing of it otherwise.
func (s *Store) change(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing; before, the first error counts
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// view runs f in a transaction of a reader: all that it reads is of one moment.
func (s *Store) view(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // there is nothing to be undone
	return f(tx)
}

// querier is what *sql.DB and *sql.Tx have in common for reading.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// collect reads all rows of a query with scan. The slice is never nil.
func collect[T any](ctx context.Context, q querier, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
