package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

const (
	tokenBits    = 160
	shareColumns = `id, path, created_at, expires_at, revoked_at`
)

// CreateShare makes a link to path that is valid until expires. The token is the
// secret in the link: it is returned this once, and only its hash is stored, so
// that who reads the database cannot open what was shared.
func (s *Store) CreateShare(ctx context.Context, path string, expires time.Time) (share profiles.Share, token string, err error) {
	secret := make([]byte, tokenBits/8)
	rand.Read(secret) //nolint:errcheck // it never returns an error
	token = base64.RawURLEncoding.EncodeToString(secret)
	err = s.change(ctx, func(tx *sql.Tx) error {
		share, err = scanShare(tx.QueryRowContext(ctx, `INSERT INTO shares (token_sha256, path, created_at, expires_at) VALUES ($1, $2, $3, $4)
			RETURNING `+shareColumns, digest([]byte(token)), path, instant(s.now()), instant(expires)).Scan)
		return err
	})
	if err != nil {
		return profiles.Share{}, "", fmt.Errorf("store share of %s: %w", path, err)
	}
	return share, token, nil
}

// ShareByToken returns the share that a link's token opens. It is ErrNotFound for
// a token that was never given out; with ErrExpired and ErrRevoked the share comes
// too, for it to be said since when.
func (s *Store) ShareByToken(ctx context.Context, token string) (profiles.Share, error) {
	share, err := scanShare(s.read.QueryRowContext(ctx, `SELECT `+shareColumns+` FROM shares WHERE token_sha256 = $1`, digest([]byte(token))).Scan)
	switch {
	case err != nil:
		return profiles.Share{}, fmt.Errorf("find share: %w", missing(err))
	case !share.RevokedAt.IsZero():
		return share, fmt.Errorf("share %s: %w", share.ID, profiles.ErrRevoked)
	case !s.now().Before(share.ExpiresAt):
		return share, fmt.Errorf("share %s: %w", share.ID, profiles.ErrExpired)
	}
	return share, nil
}

// Shares returns every share, newest first.
func (s *Store) Shares(ctx context.Context) ([]profiles.Share, error) {
	shares, err := collect(ctx, s.read, scanShare, `SELECT `+shareColumns+` FROM shares ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list shares: %w", err)
	}
	return shares, nil
}

// RevokeShare ends a share from this moment. Revoking it again changes nothing.
func (s *Store) RevokeShare(ctx context.Context, id string) error {
	n, err := number(shareID, id)
	if err != nil {
		return fmt.Errorf("revoke share: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		var was int64
		return missing(tx.QueryRowContext(ctx, `UPDATE shares SET revoked_at = CASE revoked_at WHEN 0 THEN $1 ELSE revoked_at END
			WHERE id = $2 RETURNING id`, instant(s.now()), n).Scan(&was))
	})
	if err != nil {
		return fmt.Errorf("revoke share %s: %w", id, err)
	}
	return nil
}

func scanShare(scan func(...any) error) (share profiles.Share, err error) {
	var id, created, expires, revoked int64
	if err = scan(&id, &share.Path, &created, &expires, &revoked); err != nil {
		return share, err
	}
	share.ID, share.CreatedAt, share.ExpiresAt, share.RevokedAt = name(shareID, id), at(created), at(expires), at(revoked)
	return share, nil
}
