package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sockscope/sockscope/profiles"
)

// MaxHosts is how many hosts are known at a time. A further one takes the place of
// the one that has not been seen for the longest.
const MaxHosts = 64

var errHosts = errors.New("all hosts that there is room for are online")

const hostColumns = `name, fingerprint, checks, warnings, first_seen, online_since, seen_at`

// SaveHost stores what is known of a host now; the time when it was first seen
// stays what it was.
func (s *Store) SaveHost(ctx context.Context, h profiles.Host) error {
	warnings, err := text(h.Warnings)
	if err != nil {
		return fmt.Errorf("encode warnings of host %s: %w", h.Name, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		if err := makeRoom(ctx, tx, h.Name); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO hosts (`+hostColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, checks = excluded.checks, warnings = excluded.warnings,
				online_since = excluded.online_since, seen_at = excluded.seen_at`,
			h.Name, string(h.Fingerprint), string(h.Checks), warnings, instant(h.FirstSeen), instant(h.OnlineSince), instant(h.SeenAt))
		return err
	})
	if err != nil {
		return fmt.Errorf("store host %s: %w", h.Name, err)
	}
	return nil
}

// makeRoom forgets a host when a new one would be one too many.
func makeRoom(ctx context.Context, tx *sql.Tx, name string) error {
	var others, known int
	err := tx.QueryRowContext(ctx, `SELECT count(*) - count(CASE name WHEN $1 THEN 1 END), count(CASE name WHEN $1 THEN 1 END) FROM hosts`, name).Scan(&others, &known)
	if err != nil || known > 0 || others < MaxHosts {
		return err
	}
	var gone string
	err = tx.QueryRowContext(ctx, `DELETE FROM hosts WHERE name = (SELECT name FROM hosts WHERE online_since = 0 ORDER BY seen_at, name LIMIT 1)
		RETURNING name`).Scan(&gone)
	if errors.Is(err, sql.ErrNoRows) {
		return errHosts
	}
	return err
}

// Hosts returns every host that was seen, by name.
func (s *Store) Hosts(ctx context.Context) ([]profiles.Host, error) {
	hs, err := collect(ctx, s.read, scanHost, `SELECT `+hostColumns+` FROM hosts ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list hosts: %w", err)
	}
	return hs, nil
}

func scanHost(scan func(...any) error) (h profiles.Host, err error) {
	var fingerprint, checks, warnings string
	var first, online, seen int64
	if err = scan(&h.Name, &fingerprint, &checks, &warnings, &first, &online, &seen); err != nil {
		return h, err
	}
	h.FirstSeen, h.OnlineSince, h.SeenAt = at(first), at(online), at(seen)
	if fingerprint != "" {
		h.Fingerprint = json.RawMessage(fingerprint)
	}
	if checks != "" {
		h.Checks = json.RawMessage(checks)
	}
	if err := json.Unmarshal([]byte(warnings), &h.Warnings); err != nil {
		return h, fmt.Errorf("decode warnings of host %s: %w", h.Name, err)
	}
	return h, nil
}
