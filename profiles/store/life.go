package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/profiles"
)

// The life of a comparison, see [profiles.State]. Each host's part of it lives for
// itself, and the comparison is the summary of its parts. Each method below is one
// transition, refused when the part is not where the transition starts. A host is
// named as in [profiles.Part]: "" is the server's own.

// Claim gives the part of a host to its worker: it is running from now on, and its
// attempt has gone up, so that whatever an earlier worker still reports is refused.
// A part that runs already is taken from a worker that is presumed dead. It is
// ErrFinal for one that has ended, ErrNotFound for a host without a part.
func (s *Store) Claim(ctx context.Context, id, host string) (c profiles.Comparison, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		old, err := comparison(ctx, tx, id)
		if err != nil {
			return err
		}
		p, n, err := part(old, host)
		if err != nil {
			return err
		}
		if p.State.Final() {
			return profiles.ErrFinal
		}
		_, err = tx.ExecContext(ctx, `UPDATE parts SET attempt = attempt + 1, started_at = $1, seen_at = $1,
			interrupted_at = CASE state WHEN $2 THEN seen_at ELSE interrupted_at END, state = $2
			WHERE comparison = $3 AND host = $4`, instant(s.now()), profiles.Running, n, host)
		if err != nil {
			return err
		}
		c, err = settle(ctx, tx, n)
		return err
	})
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("claim comparison %s for %q: %w", id, host, err)
	}
	return c, nil
}

// Attach stores what the worker of a part says about its machine and its program,
// in the place of what an earlier one said. The sources are those of the whole
// comparison.
func (s *Store) Attach(ctx context.Context, id, host string, attempt int, a profiles.Attachment) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		c, err := comparison(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := held(c, host, attempt)
		if err != nil {
			return err
		}
		if a.Fingerprint != nil {
			if _, err := tx.ExecContext(ctx, `UPDATE parts SET fingerprint = $1 WHERE comparison = $2 AND host = $3`, string(a.Fingerprint), n, host); err != nil {
				return err
			}
			if _, err := settle(ctx, tx, n); err != nil {
				return err
			}
		}
		if a.Sources == nil {
			return nil
		}
		sha, err := s.put(ctx, tx, a.Sources)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE comparisons SET sources = $1 WHERE id = $2`, nullable(sha), n); err != nil {
			return err
		}
		return sweep(ctx, tx, []string{c.Sources})
	})
	if err != nil {
		return fmt.Errorf("attach to comparison %s of %q, attempt %d: %w", id, host, attempt, err)
	}
	return nil
}

// Finish ends a running or interrupted part and stores the merged profiles of its
// cells with the same commit. The comparison ends with its last part.
func (s *Store) Finish(ctx context.Context, id, host string, attempt int, e profiles.Ending) error {
	if !e.State.Final() {
		return fmt.Errorf("finish comparison %s as %q: not a final state", id, e.State)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		c, err := comparison(ctx, tx, id)
		if err != nil {
			return err
		}
		p, n, err := current(c, host, attempt)
		if err != nil {
			return err
		}
		if p.State != profiles.Running && p.State != profiles.Interrupted {
			return profiles.ErrStale
		}
		for _, p := range e.Merged {
			p.Comparison, p.Run, p.Round = id, 0, 0
			if _, err := s.insertProfile(ctx, tx, p.Profile, p.Data); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE parts SET state = $1, failure = $2, finished_at = $3 WHERE comparison = $4 AND host = $5`,
			e.State, e.Failure, instant(s.now()), n, host)
		if err != nil {
			return err
		}
		_, err = settle(ctx, tx, n)
		return err
	})
	if err != nil {
		return fmt.Errorf("finish comparison %s of %q, attempt %d: %w", id, host, attempt, err)
	}
	return nil
}

// Interrupt says that the worker of a running part has stopped before the end. What
// is stored is kept; the part waits for the next worker.
func (s *Store) Interrupt(ctx context.Context, id, host string, attempt int) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		c, err := comparison(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := held(c, host, attempt)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE parts SET state = $1, interrupted_at = $2 WHERE comparison = $3 AND host = $4`,
			profiles.Interrupted, instant(s.now()), n, host)
		if err != nil {
			return err
		}
		_, err = settle(ctx, tx, n)
		return err
	})
	if err != nil {
		return fmt.Errorf("interrupt comparison %s of %q, attempt %d: %w", id, host, attempt, err)
	}
	return nil
}

// Recover is for the start, before any worker: no host is online, and what the
// database says is running was cut off with the previous server. It is interrupted
// as of the last thing that was stored for it, the closest that is known to the
// moment.
func (s *Store) Recover(ctx context.Context) (interrupted []string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) (err error) {
		if _, err := tx.ExecContext(ctx, `UPDATE hosts SET online_since = 0`); err != nil {
			return err
		}
		interrupted, err = collect(ctx, tx, scanID, `UPDATE parts SET state = $1, interrupted_at = seen_at WHERE state = $2 RETURNING comparison`,
			profiles.Interrupted, profiles.Running)
		if err != nil {
			return err
		}
		slices.Sort(interrupted)
		interrupted = slices.Compact(interrupted)
		for _, id := range interrupted {
			n, err := number(comparisonID, id)
			if err != nil {
				return err
			}
			if _, err := settle(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("recover comparisons: %w", err)
	}
	return interrupted, nil
}

// RequestCancel ends the parts that no worker has had, and with them a comparison
// that is queued. Those that a worker has or had are marked, and end when their
// rounds are merged; the comparison as it is now comes back. It is ErrFinal for one
// that has ended. Asking twice is no error.
func (s *Store) RequestCancel(ctx context.Context, id string) (c profiles.Comparison, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		c, err = comparison(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.State.Final() {
			return profiles.ErrFinal
		}
		n, err := number(comparisonID, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE comparisons SET cancel_requested = 1 WHERE id = $1`, n); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE parts SET state = $1, finished_at = $2 WHERE comparison = $3 AND state = $4`,
			profiles.Canceled, instant(s.now()), n, profiles.Queued)
		if err != nil {
			return err
		}
		c, err = settle(ctx, tx, n)
		return err
	})
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("cancel comparison %s: %w", id, err)
	}
	return c, nil
}

func scanID(scan func(...any) error) (string, error) {
	var n int64
	err := scan(&n)
	return name(comparisonID, n), err
}
