package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"

	"github.com/sockscope/sockscope/profiles"
)

const comparisonColumns = `id, title, state, spec, base, cells, host, attempt, done, total,
	created_at, started_at, finished_at, interrupted_at, failure, cancel_requested, fingerprint, sources`

// CreateComparison stores what a person asked for as queued and returns it with
// its id, its time and its parts: one for each host that the cells name. It takes
// title, spec, base, cells, host and total from c; when it returns, the comparison
// is on disk.
func (s *Store) CreateComparison(ctx context.Context, c profiles.Comparison) (profiles.Comparison, error) {
	cells, err := text(c.Cells)
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("encode cells: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		var n int64
		err := tx.QueryRowContext(ctx, `INSERT INTO comparisons (title, state, spec, base, cells, host, total, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
			c.Title, profiles.Queued, string(c.Spec), c.Base, cells, c.Host, c.Total, instant(s.now())).Scan(&n)
		if err != nil {
			return err
		}
		if err := insertParts(ctx, tx, n, plan(c, s.now())); err != nil {
			return err
		}
		c, err = settle(ctx, tx, n)
		return err
	})
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("store comparison: %w", err)
	}
	return c, nil
}

// Comparison returns one comparison, or ErrNotFound.
func (s *Store) Comparison(ctx context.Context, id string) (c profiles.Comparison, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		c, err = comparison(ctx, tx, id)
		return err
	})
	if err != nil {
		return profiles.Comparison{}, fmt.Errorf("read comparison %s: %w", id, err)
	}
	return c, nil
}

func comparison(ctx context.Context, tx *sql.Tx, id string) (profiles.Comparison, error) {
	n, err := number(comparisonID, id)
	if err != nil {
		return profiles.Comparison{}, err
	}
	cs, err := comparisons(ctx, tx, `WHERE id = $1`, n)
	if err != nil {
		return profiles.Comparison{}, err
	}
	if len(cs) == 0 {
		return profiles.Comparison{}, profiles.ErrNotFound
	}
	return cs[0], nil
}

// comparisons reads those that a condition holds for, with their parts.
func comparisons(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]profiles.Comparison, error) {
	cs, err := collect(ctx, tx, scanComparison, `SELECT `+comparisonColumns+` FROM comparisons `+where, args...)
	if err != nil || len(cs) == 0 {
		return cs, err
	}
	return cs, fill(ctx, tx, cs)
}

// Comparisons returns at most limit comparisons, newest first, that are older than
// the one with the id before; "" starts with the newest. The last id of one page
// is the before of the next.
func (s *Store) Comparisons(ctx context.Context, before string, limit int) (cs []profiles.Comparison, err error) {
	n, err := below(comparisonID, before)
	if err != nil {
		return nil, fmt.Errorf("list comparisons: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		cs, err = comparisons(ctx, tx, `WHERE id < $1 ORDER BY id DESC LIMIT $2`, n, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list comparisons before %q: %w", before, err)
	}
	return cs, nil
}

// below is the key under which a page of a list begins.
func below(letter, before string) (int64, error) {
	if before == "" {
		return math.MaxInt64, nil
	}
	return number(letter, before)
}

// Pending returns the comparisons of which a part waits, in the order in which they
// are to be run: first those with a part that was interrupted.
func (s *Store) Pending(ctx context.Context) (cs []profiles.Comparison, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		cs, err = comparisons(ctx, tx, `WHERE id IN (SELECT comparison FROM parts WHERE state IN ($1, $2))
			ORDER BY CASE WHEN id IN (SELECT comparison FROM parts WHERE state = $1) THEN 0 ELSE 1 END, id`, profiles.Interrupted, profiles.Queued)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list pending comparisons: %w", err)
	}
	return cs, nil
}

// Counts is the number of comparisons in each state; a state without any is
// absent.
func (s *Store) Counts(ctx context.Context) (map[profiles.State]int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT state, count(*) FROM comparisons GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count comparisons: %w", err)
	}
	defer rows.Close()
	counts := map[profiles.State]int{}
	for rows.Next() {
		var state profiles.State
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count comparisons: %w", err)
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// DeleteComparison removes a comparison in any state with its runs, its profiles
// and the blobs that nothing else names. Its id is never given out again; the
// worker that may be at it hears ErrNotFound with its next report.
func (s *Store) DeleteComparison(ctx context.Context, id string) error {
	n, err := number(comparisonID, id)
	if err != nil {
		return err
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		shas, err := collect(ctx, tx, scanText, `SELECT sha256 FROM profiles WHERE comparison = $1
			UNION SELECT sources FROM profiles WHERE comparison = $1 AND sources IS NOT NULL
			UNION SELECT histogram FROM runs WHERE comparison = $1 AND histogram IS NOT NULL
			UNION SELECT sources FROM comparisons WHERE id = $1 AND sources IS NOT NULL`, n)
		if err != nil {
			return err
		}
		var gone int64
		if err := tx.QueryRowContext(ctx, `DELETE FROM comparisons WHERE id = $1 RETURNING id`, n).Scan(&gone); err != nil {
			return missing(err)
		}
		return sweep(ctx, tx, shas)
	})
	if err != nil {
		return fmt.Errorf("delete comparison %s: %w", id, err)
	}
	return nil
}

func scanText(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

func scanComparison(scan func(...any) error) (c profiles.Comparison, err error) {
	var id, created, started, finished, interrupted int64
	var spec, cells, fingerprint string
	var cancel int
	var sources sql.NullString
	err = scan(&id, &c.Title, &c.State, &spec, &c.Base, &cells, &c.Host, &c.Attempt, &c.Done, &c.Total,
		&created, &started, &finished, &interrupted, &c.Failure, &cancel, &fingerprint, &sources)
	if err != nil {
		return c, err
	}
	c.ID, c.Spec, c.Sources = name(comparisonID, id), json.RawMessage(spec), sources.String
	c.CreatedAt, c.StartedAt, c.FinishedAt, c.InterruptedAt = at(created), at(started), at(finished), at(interrupted)
	c.CancelRequested = cancel != 0
	if fingerprint != "" {
		c.Fingerprint = json.RawMessage(fingerprint)
	}
	c.Cells = []profiles.Cell{}
	if err := json.Unmarshal([]byte(cells), &c.Cells); err != nil {
		return c, fmt.Errorf("decode cells of %s: %w", c.ID, err)
	}
	return c, nil
}
