package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Report is what [Store.Check] found.
type Report struct {
	Comparisons, Runs, Profiles, Blobs, Shares int
	Bytes                                      int64 // of all blobs
	// Problems are sentences; none means that all is well.
	Problems []string
}

// invariants are queries whose every row is a problem, in words.
var invariants = [...]string{
	`SELECT 'The comparison C-' || id || ' says that ' || done || ' runs are stored, and they are not.' FROM comparisons c
		WHERE done <> (SELECT count(*) FROM runs r WHERE r.comparison = c.id)`,
	`SELECT 'The comparison C-' || id || ' says that ' || done || ' of ' || total || ' runs are stored, and its parts say otherwise.' FROM comparisons c
		WHERE (done, total) <> (SELECT coalesce(sum(p.done), -1), coalesce(sum(p.total), -1) FROM parts p WHERE p.comparison = c.id)`,
	`SELECT 'The comparison C-' || p.comparison || ' has ended, and its part of the host "' || p.host || '" has not.' FROM parts p
		JOIN comparisons c ON c.id = p.comparison WHERE c.state IN ('done', 'failed', 'canceled') AND p.state NOT IN ('done', 'failed', 'canceled')`,
	`SELECT 'The comparison C-' || id || ' is done, with ' || done || ' of ' || total || ' runs.' FROM comparisons
		WHERE state = 'done' AND done <> total`,
	`SELECT 'The profile P-' || p.id || ' says ' || p.bytes || ' bytes, and its blob has ' || b.bytes || '.' FROM profiles p
		JOIN blobs b ON b.sha256 = p.sha256 WHERE p.bytes <> b.bytes`,
	`SELECT 'The blob ' || sha256 || ' belongs to nothing.' FROM blobs b
		WHERE NOT EXISTS (SELECT 1 FROM profiles p WHERE p.sha256 = b.sha256)
		AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.sources = b.sha256)
		AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.histogram = b.sha256)
		AND NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.sources = b.sha256)`,
}

// Check verifies the database file, its references and its invariants. With
// readData it also reads every blob and hashes it. What is wrong is in the
// report; the error says that the check could not be made.
func (s *Store) Check(ctx context.Context, readData bool) (Report, error) {
	return check(ctx, s.read, readData)
}

// check reads all of it in one transaction, so that what a server stores meanwhile is
// there as a whole or not at all.
func check(ctx context.Context, db *sql.DB, readData bool) (r Report, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return r, fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // there is nothing to be undone
	for _, step := range []func(context.Context, *sql.Tx) error{r.file, r.count, r.references, r.invariants} {
		if err := step(ctx, tx); err != nil {
			return r, r.damage(err)
		}
	}
	if readData {
		return r, r.damage(r.blobs(ctx, tx))
	}
	return r, nil
}

// damage makes a problem of an error that says that the file is damaged: it is an
// answer to the check, not a reason for not having made it.
func (r *Report) damage(err error) error {
	if !damaged(err) {
		return err
	}
	r.Problems = append(r.Problems, fmt.Sprintf("The database file is damaged, and the rest could not be checked: %s.", err))
	return nil
}

// damaged reports whether SQLite says that a file is broken, or is none of its own.
func damaged(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && (primary(se) == sqlite3.SQLITE_CORRUPT || primary(se) == sqlite3.SQLITE_NOTADB)
}

func (r *Report) file(ctx context.Context, tx *sql.Tx) error {
	said, err := collect(ctx, tx, scanText, `PRAGMA integrity_check`)
	if err != nil {
		return fmt.Errorf("check database file: %w", err)
	}
	for _, line := range said {
		if line != "ok" {
			r.Problems = append(r.Problems, "The database file is damaged: "+line+".")
		}
	}
	return nil
}

func (r *Report) count(ctx context.Context, tx *sql.Tx) error {
	err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM comparisons), (SELECT count(*) FROM runs), (SELECT count(*) FROM profiles),
		(SELECT count(*) FROM blobs), (SELECT count(*) FROM shares), (SELECT coalesce(sum(bytes), 0) FROM blobs)`).
		Scan(&r.Comparisons, &r.Runs, &r.Profiles, &r.Blobs, &r.Shares, &r.Bytes)
	if err != nil {
		return fmt.Errorf("count rows: %w", err)
	}
	return nil
}

func (r *Report) references(ctx context.Context, tx *sql.Tx) error {
	dangling, err := collect(ctx, tx, scanDangling, `PRAGMA foreign_key_check`)
	if err != nil {
		return fmt.Errorf("check references: %w", err)
	}
	r.Problems = append(r.Problems, dangling...)
	return nil
}

func (r *Report) invariants(ctx context.Context, tx *sql.Tx) error {
	for _, query := range invariants {
		found, err := collect(ctx, tx, scanText, query)
		if err != nil {
			return fmt.Errorf("check invariants: %w", err)
		}
		r.Problems = append(r.Problems, found...)
	}
	return nil
}

// blobs hashes every blob, one at a time, and says which are not what their name
// says, and what of them is lost.
func (r *Report) blobs(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT sha256, bytes, data,
		(SELECT coalesce(group_concat('P-' || id, ', '), '') FROM profiles p WHERE p.sha256 = b.sha256) FROM blobs b`)
	if err != nil {
		return fmt.Errorf("read blobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var sha, holds string
		var bytes int
		var data sql.RawBytes
		if err := rows.Scan(&sha, &bytes, &data, &holds); err != nil {
			return fmt.Errorf("read blobs: %w", err)
		}
		if len(data) == bytes && digest(data) == sha {
			continue
		}
		if holds != "" {
			holds = ", which is the profile " + holds + ","
		}
		r.Problems = append(r.Problems, fmt.Sprintf("The blob %s%s is damaged.", sha, holds))
	}
	return rows.Err()
}

func scanDangling(scan func(...any) error) (string, error) {
	var table, parent string
	var row, key sql.NullInt64
	err := scan(&table, &row, &parent, &key)
	return fmt.Sprintf("Row %d of %s names a row of %s that is not there.", row.Int64, table, parent), err
}
