package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/sockscope/sockscope/profiles"
)

// ErrDamaged says that stored bytes are not those that were written. It points at
// the disk, not at the asker.
var ErrDamaged = errors.New("stored bytes are damaged")

// Blob returns the bytes with this SHA-256 (hex). They are hashed again: what
// comes back without an error is what was stored.
func (s *Store) Blob(ctx context.Context, sha string) ([]byte, error) {
	var data []byte
	err := s.read.QueryRowContext(ctx, `SELECT data FROM blobs WHERE sha256 = $1`, sha).Scan(&data)
	if err != nil {
		return nil, fmt.Errorf("read blob %.12s: %w", sha, missing(err))
	}
	if digest(data) != sha {
		return nil, fmt.Errorf("read blob %.12s: %w", sha, ErrDamaged)
	}
	return data, nil
}

// Histogram returns the latencies of a run's timing pass: an HDR histogram in its
// V2 compressed encoding. It is ErrNotFound for a run that has none.
func (s *Store) Histogram(ctx context.Context, run int64) ([]byte, error) {
	var sha sql.NullString
	err := s.read.QueryRowContext(ctx, `SELECT histogram FROM runs WHERE id = $1`, run).Scan(&sha)
	if err != nil {
		return nil, fmt.Errorf("find histogram of run %d: %w", run, missing(err))
	}
	if !sha.Valid {
		return nil, fmt.Errorf("find histogram of run %d: %w", run, profiles.ErrNotFound)
	}
	return s.Blob(ctx, sha.String)
}

// Sources returns the source bundle that Comparison.Sources or Profile.Sources
// names; it is [Store.Blob] under the name that its callers think in.
func (s *Store) Sources(ctx context.Context, sha string) ([]byte, error) { return s.Blob(ctx, sha) }

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// put stores bytes under their hash and returns it; "" for no bytes. The same
// bytes are stored once.
func (s *Store) put(ctx context.Context, tx *sql.Tx, data []byte) (sha string, err error) {
	if len(data) == 0 {
		return "", nil
	}
	sha = digest(data)
	_, err = tx.ExecContext(ctx, `INSERT INTO blobs (sha256, bytes, created_at, data) VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING`,
		sha, len(data), instant(s.now()), data)
	if err != nil {
		return "", fmt.Errorf("store blob %.12s: %w", sha, err)
	}
	return sha, nil
}

// sweep deletes those of the blobs that no row names any more.
func sweep(ctx context.Context, tx *sql.Tx, shas []string) error {
	drop, err := tx.PrepareContext(ctx, `DELETE FROM blobs WHERE sha256 = $1
		AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.sha256 = blobs.sha256)
		AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.sources = blobs.sha256)
		AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.histogram = blobs.sha256)
		AND NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.sources = blobs.sha256)`)
	if err != nil {
		return fmt.Errorf("sweep blobs: %w", err)
	}
	defer drop.Close()
	for _, sha := range shas {
		if _, err := drop.ExecContext(ctx, sha); err != nil {
			return fmt.Errorf("sweep blob %.12s: %w", sha, err)
		}
	}
	return nil
}
