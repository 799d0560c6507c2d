package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

const runColumns = `id, comparison, round, cell, attempt, position, started_at, elapsed, metrics, counters, curve, warnings, profiling_effect, noisy, no_kernel`

// StoreRun stores a run with its histogram and its profiles, all or nothing.
// The attempt is that of the part to which the run's cell belongs; only the worker
// that has it may report (ErrStale, ErrFinal). A run that is stored already, because its report came twice, is left as it is and
// stored is false.
func (s *Store) StoreRun(ctx context.Context, attempt int, r profiles.Run, histogram []byte, ps []profiles.Evidence) (stored bool, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		c, err := comparison(ctx, tx, r.Comparison)
		if err != nil {
			return err
		}
		if r.Round < 1 || r.Round > c.Rounds() || r.Cell < 0 || r.Cell >= len(c.Cells) {
			return fmt.Errorf("it has %d rounds of %d cells", c.Rounds(), len(c.Cells))
		}
		if c.Cells[r.Cell].NA != "" {
			return fmt.Errorf("cell %d is not to be measured", r.Cell)
		}
		host := c.HostOf(r.Cell)
		n, err := held(c, host, attempt)
		if err != nil {
			return err
		}
		r.Attempt = attempt
		id, err := s.insertRun(ctx, tx, n, r, histogram)
		if errors.Is(err, sql.ErrNoRows) { // ON CONFLICT DO NOTHING returned none
			return nil
		}
		if err != nil {
			return err
		}
		for _, p := range ps {
			p.Comparison, p.Run, p.Round, p.Cell = r.Comparison, id, r.Round, r.Cell
			if _, err := s.insertProfile(ctx, tx, p.Profile, p.Data); err != nil {
				return err
			}
		}
		stored = true
		_, err = tx.ExecContext(ctx, `UPDATE parts SET done = done + 1, seen_at = $1 WHERE comparison = $2 AND host = $3`, instant(s.now()), n, host)
		if err != nil {
			return err
		}
		_, err = settle(ctx, tx, n)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("store round %d, cell %d of comparison %s, attempt %d: %w", r.Round, r.Cell, r.Comparison, attempt, err)
	}
	return stored, nil
}

func (s *Store) insertRun(ctx context.Context, tx *sql.Tx, comparison int64, r profiles.Run, histogram []byte) (id int64, err error) {
	columns := make([]string, 4)
	for i, v := range []any{r.Metrics, r.Counters, r.Curve, r.Warnings} {
		if columns[i], err = text(v); err != nil {
			return 0, err
		}
	}
	// A run that is there already keeps its histogram: put would leave an orphan.
	err = tx.QueryRowContext(ctx, `INSERT INTO runs (comparison, round, cell, attempt, position, started_at, elapsed,
			metrics, counters, curve, warnings, profiling_effect, noisy, no_kernel)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (comparison, round, cell) DO NOTHING RETURNING id`,
		comparison, r.Round, r.Cell, r.Attempt, r.Position, instant(r.StartedAt), int64(r.Elapsed),
		columns[0], columns[1], columns[2], columns[3], r.ProfilingEffect, r.Noisy, r.NoKernel).Scan(&id)
	if err != nil {
		return 0, err
	}
	sha, err := s.put(ctx, tx, histogram)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE runs SET histogram = $1 WHERE id = $2`, nullable(sha), id)
	return id, err
}

// Runs returns the stored runs of a comparison by round and, within a round, in
// the order in which they ran. An unknown comparison has none.
func (s *Store) Runs(ctx context.Context, comparison string) ([]profiles.Run, error) {
	n, err := number(comparisonID, comparison)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	rs, err := collect(ctx, s.read, scanRun, `SELECT `+runColumns+` FROM runs WHERE comparison = $1 ORDER BY round, position, id`, n)
	if err != nil {
		return nil, fmt.Errorf("list runs of comparison %s: %w", comparison, err)
	}
	return rs, nil
}

func scanRun(scan func(...any) error) (r profiles.Run, err error) {
	var comparison, started, elapsed int64
	var metrics, counters, curve, warnings string
	err = scan(&r.ID, &comparison, &r.Round, &r.Cell, &r.Attempt, &r.Position, &started, &elapsed,
		&metrics, &counters, &curve, &warnings, &r.ProfilingEffect, &r.Noisy, &r.NoKernel)
	if err != nil {
		return r, err
	}
	r.Comparison, r.StartedAt, r.Elapsed = name(comparisonID, comparison), at(started), time.Duration(elapsed)
	for _, c := range []struct {
		text string
		into any
	}{{metrics, &r.Metrics}, {counters, &r.Counters}, {curve, &r.Curve}, {warnings, &r.Warnings}} {
		if err := json.Unmarshal([]byte(c.text), c.into); err != nil {
			return r, fmt.Errorf("decode run %d: %w", r.ID, err)
		}
	}
	return r, nil
}
