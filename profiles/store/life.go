package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/sockscope/sockscope/profiles"
)

// The life of a comparison, see [profiles.State]. Each method below is one
// transition, refused when the comparison is not where the transition starts.

// Claim gives a comparison to a worker: it is running from now on, and its
// attempt has gone up, so that whatever an earlier worker still reports is
// refused. A comparison that runs already is taken from a worker that is
// presumed dead. It is ErrFinal for one that has ended.
func (s *Store) Claim(ctx context.Context, id string) (c profiles.Comparison, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		old, err := comparison(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.State.Final() {
			return profiles.ErrFinal
		}
		n, err := number(comparisonID, id)
		if err != nil {
			return err
		}
		c, err = scanComparison(tx.QueryRowContext(ctx, `UPDATE comparisons SET attempt = attempt + 1, started_at = $1, seen_at = $1,
			interrupted_at = CASE state WHEN $2 THEN seen_at ELSE interrupted_at END, state = $2
			WHERE id = $3 RETURNING `+comparisonColumns, instant(s.now()), profiles.Running, n).Scan)
		return err
	})
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("claim comparison %s: %w", id, err)
	}
	return c, nil
}

// Attach stores what the worker says about its machine and its program, in the
// place of what an earlier one said.
func (s *Store) Attach(ctx context.Context, id string, attempt int, a profiles.Attachment) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		c, n, err := held(ctx, tx, id, attempt)
		if err != nil {
			return err
		}
		if a.Fingerprint != nil {
			if _, err := tx.ExecContext(ctx, `UPDATE comparisons SET fingerprint = $1 WHERE id = $2`, string(a.Fingerprint), n); err != nil {
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
		return fmt.Errorf("attach to comparison %s, attempt %d: %w", id, attempt, err)
	}
	return nil
}

// Finish ends a running or interrupted comparison and stores the merged profiles
// with the same commit.
func (s *Store) Finish(ctx context.Context, id string, attempt int, e profiles.Ending) error {
	if !e.State.Final() {
		return fmt.Errorf("finish comparison %s as %q: not a final state", id, e.State)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		c, n, err := current(ctx, tx, id, attempt)
		if err != nil {
			return err
		}
		if c.State != profiles.Running && c.State != profiles.Interrupted {
			return profiles.ErrStale
		}
		for _, p := range e.Merged {
			p.Comparison, p.Run, p.Round = id, 0, 0
			if _, err := s.insertProfile(ctx, tx, p.Profile, p.Data); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE comparisons SET state = $1, failure = $2, finished_at = $3 WHERE id = $4`,
			e.State, e.Failure, instant(s.now()), n)
		return err
	})
	if err != nil {
		return fmt.Errorf("finish comparison %s, attempt %d: %w", id, attempt, err)
	}
	return nil
}

// Interrupt says that the worker of a running comparison has stopped before the
// end. What is stored is kept; the comparison waits for the next worker.
func (s *Store) Interrupt(ctx context.Context, id string, attempt int) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, n, err := held(ctx, tx, id, attempt)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE comparisons SET state = $1, interrupted_at = $2 WHERE id = $3`, profiles.Interrupted, instant(s.now()), n)
		return err
	})
	if err != nil {
		return fmt.Errorf("interrupt comparison %s, attempt %d: %w", id, attempt, err)
	}
	return nil
}

// Recover is for the start, before any worker: what the database says is running
// was cut off with the previous server. It is interrupted as of the last thing
// that was stored for it, the closest that is known to the moment.
func (s *Store) Recover(ctx context.Context) (interrupted []string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) (err error) {
		interrupted, err = collect(ctx, tx, scanID, `UPDATE comparisons SET state = $1, interrupted_at = seen_at WHERE state = $2 RETURNING id`,
			profiles.Interrupted, profiles.Running)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("recover comparisons: %w", err)
	}
	return interrupted, nil
}

// RequestCancel ends a queued comparison at once. One that a worker has or had is
// marked, and ends when its rounds are merged; the comparison as it is now comes
// back. It is ErrFinal for one that has ended. Asking twice is no error.
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
		state, finished := c.State, int64(0)
		if state == profiles.Queued {
			state, finished = profiles.Canceled, instant(s.now())
		}
		c, err = scanComparison(tx.QueryRowContext(ctx, `UPDATE comparisons SET cancel_requested = 1, state = $1, finished_at = $2
			WHERE id = $3 RETURNING `+comparisonColumns, state, finished, n).Scan)
		return err
	})
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("cancel comparison %s: %w", id, err)
	}
	return c, nil
}

// current reads a comparison for a worker's report and refuses the report when
// the comparison has ended or has been given to another worker since.
func current(ctx context.Context, tx *sql.Tx, id string, attempt int) (c profiles.Comparison, n int64, err error) {
	if c, err = comparison(ctx, tx, id); err != nil {
		return c, 0, err
	}
	if n, err = number(comparisonID, id); err != nil {
		return c, 0, err
	}
	switch {
	case c.Attempt != attempt:
		return c, n, profiles.ErrStale
	case c.State.Final():
		return c, n, profiles.ErrFinal
	}
	return c, n, nil
}

// held is current for what only the worker that has the comparison may do.
func held(ctx context.Context, tx *sql.Tx, id string, attempt int) (profiles.Comparison, int64, error) {
	c, n, err := current(ctx, tx, id, attempt)
	if err == nil && c.State != profiles.Running {
		err = profiles.ErrStale
	}
	return c, n, err
}

func scanID(scan func(...any) error) (string, error) {
	var n int64
	err := scan(&n)
	return name(comparisonID, n), err
}
