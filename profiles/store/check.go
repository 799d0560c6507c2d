package store

import (
	"context"
	"database/sql"
	"fmt"
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
	var r Report
	err := s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM comparisons), (SELECT count(*) FROM runs), (SELECT count(*) FROM profiles),
		(SELECT count(*) FROM blobs), (SELECT count(*) FROM shares), (SELECT coalesce(sum(bytes), 0) FROM blobs)`).
		Scan(&r.Comparisons, &r.Runs, &r.Profiles, &r.Blobs, &r.Shares, &r.Bytes)
	if err != nil {
		return r, fmt.Errorf("count rows: %w", err)
	}
	said, err := collect(ctx, s.read, scanText, `PRAGMA integrity_check`)
	if err != nil {
		return r, fmt.Errorf("check database file: %w", err)
	}
	for _, line := range said {
		if line != "ok" {
			r.Problems = append(r.Problems, "The database file is damaged: "+line+".")
		}
	}
	dangling, err := collect(ctx, s.read, scanDangling, `PRAGMA foreign_key_check`)
	if err != nil {
		return r, fmt.Errorf("check references: %w", err)
	}
	r.Problems = append(r.Problems, dangling...)
	for _, query := range invariants {
		found, err := collect(ctx, s.read, scanText, query)
		if err != nil {
			return r, fmt.Errorf("check invariants: %w", err)
		}
		r.Problems = append(r.Problems, found...)
	}
	if readData {
		damaged, err := s.readAll(ctx)
		if err != nil {
			return r, err
		}
		r.Problems = append(r.Problems, damaged...)
	}
	return r, nil
}

// readAll hashes every blob, one at a time, and says which are not what their
// name says.
func (s *Store) readAll(ctx context.Context) (damaged []string, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT sha256, bytes, data FROM blobs`)
	if err != nil {
		return nil, fmt.Errorf("read blobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var sha string
		var bytes int
		var data sql.RawBytes
		if err := rows.Scan(&sha, &bytes, &data); err != nil {
			return nil, fmt.Errorf("read blobs: %w", err)
		}
		if len(data) != bytes || digest(data) != sha {
			damaged = append(damaged, fmt.Sprintf("The blob %s is damaged.", sha))
		}
	}
	return damaged, rows.Err()
}

func scanDangling(scan func(...any) error) (string, error) {
	var table, parent string
	var row, key sql.NullInt64
	err := scan(&table, &row, &parent, &key)
	return fmt.Sprintf("Row %d of %s names a row of %s that is not there.", row.Int64, table, parent), err
}
