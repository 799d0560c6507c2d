package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

const partColumns = `comparison, host, state, attempt, done, total, started_at, finished_at, interrupted_at, failure, fingerprint`

// ownedPart is a part with the key of its comparison.
type ownedPart struct {
	comparison int64
	profiles.Part
}

func scanPart(scan func(...any) error) (p ownedPart, err error) {
	var started, finished, interrupted int64
	var fingerprint string
	err = scan(&p.comparison, &p.Host, &p.State, &p.Attempt, &p.Done, &p.Total, &started, &finished, &interrupted, &p.Failure, &fingerprint)
	if err != nil {
		return p, err
	}
	p.StartedAt, p.FinishedAt, p.InterruptedAt = at(started), at(finished), at(interrupted)
	if fingerprint != "" {
		p.Fingerprint = json.RawMessage(fingerprint)
	}
	return p, nil
}

// fill reads the parts of comparisons; it belongs into the transaction that read
// them, else a part could be ahead of its comparison.
func fill(ctx context.Context, q querier, cs []profiles.Comparison) error {
	least, most := int64(math.MaxInt64), int64(0)
	index := map[int64]int{}
	for i, c := range cs {
		n, err := number(comparisonID, c.ID)
		if err != nil {
			return err
		}
		index[n] = i
		least, most = min(least, n), max(most, n)
	}
	parts, err := collect(ctx, q, scanPart, `SELECT `+partColumns+` FROM parts WHERE comparison BETWEEN $1 AND $2 ORDER BY comparison, position`, least, most)
	if err != nil {
		return fmt.Errorf("read parts: %w", err)
	}
	for _, p := range parts {
		if i, ok := index[p.comparison]; ok { // the range may have holes
			cs[i].Parts = append(cs[i].Parts, p.Part)
		}
	}
	return nil
}

// plan is the parts of a new comparison: one for each host that its cells name, in
// their order. Cells that name none are those of a single host, the spec's. A part
// of which no cell can be measured is done from the start.
func plan(c profiles.Comparison, now time.Time) []profiles.Part {
	var spec struct {
		Host  string   `json:"host"`
		Hosts []string `json:"hosts"`
	}
	_ = json.Unmarshal(c.Spec, &spec) // one that cannot be read asks for no host
	if spec.Host == "" && len(spec.Hosts) == 1 {
		spec.Host = spec.Hosts[0]
	}
	rounds := c.Rounds()
	var parts []profiles.Part
	for _, cell := range c.Cells {
		host := cell.Host
		if host == "" {
			host = spec.Host
		}
		i := slices.IndexFunc(parts, func(p profiles.Part) bool { return p.Host == host })
		if i < 0 {
			i = len(parts)
			parts = append(parts, profiles.Part{Host: host, State: profiles.Queued})
		}
		if cell.NA == "" {
			parts[i].Total += rounds
		}
	}
	if parts == nil {
		parts = []profiles.Part{{Host: spec.Host, State: profiles.Queued}}
	}
	for i, p := range parts {
		if p.Total == 0 {
			parts[i].State, parts[i].FinishedAt = profiles.Done, now
		}
	}
	return parts
}

func insertParts(ctx context.Context, tx *sql.Tx, comparison int64, parts []profiles.Part) error {
	for i, p := range parts {
		_, err := tx.ExecContext(ctx, `INSERT INTO parts (comparison, host, position, state, total, finished_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			comparison, p.Host, i, p.State, p.Total, instant(p.FinishedAt))
		if err != nil {
			return fmt.Errorf("store part of %q: %w", p.Host, err)
		}
	}
	return nil
}

// settle writes the summary of a comparison's parts into its row, and returns the
// comparison as it is now. Whoever changes a part calls it in the same transaction.
func settle(ctx context.Context, tx *sql.Tx, n int64) (profiles.Comparison, error) {
	c, err := comparison(ctx, tx, name(comparisonID, n))
	if err != nil {
		return c, err
	}
	summarise(&c)
	_, err = tx.ExecContext(ctx, `UPDATE comparisons SET state = $1, attempt = $2, done = $3, total = $4, started_at = $5, finished_at = $6,
		interrupted_at = $7, failure = $8, fingerprint = $9 WHERE id = $10`, c.State, c.Attempt, c.Done, c.Total, instant(c.StartedAt),
		instant(c.FinishedAt), instant(c.InterruptedAt), c.Failure, string(c.Fingerprint), n)
	return c, err
}

// summarise derives what a comparison says of itself from its parts:
//
//   - running while any part runs;
//   - else interrupted, when a part is;
//   - else queued, when a part waits: before the first claim, and while the hosts
//     that are left have not begun;
//   - else it is over: failed when a part failed, canceled when one was canceled,
//     done when all are done.
func summarise(c *profiles.Comparison) {
	in := map[profiles.State]int{}
	c.Attempt, c.Done, c.Total, c.Failure = 0, 0, 0, ""
	c.StartedAt, c.FinishedAt, c.InterruptedAt = time.Time{}, time.Time{}, time.Time{}
	for _, p := range c.Parts {
		in[p.State]++
		c.Attempt, c.Done, c.Total = max(c.Attempt, p.Attempt), c.Done+p.Done, c.Total+p.Total
		if c.StartedAt.IsZero() || !p.StartedAt.IsZero() && p.StartedAt.Before(c.StartedAt) {
			c.StartedAt = p.StartedAt
		}
		c.FinishedAt = latest(c.FinishedAt, p.FinishedAt)
		c.InterruptedAt = latest(c.InterruptedAt, p.InterruptedAt)
		if c.Failure == "" && p.Failure != "" {
			c.Failure = p.Failure
			if len(c.Parts) > 1 {
				c.Failure = "On " + p.Host + ": " + p.Failure
			}
		}
	}
	c.State = profiles.Done
	for _, s := range []profiles.State{profiles.Running, profiles.Interrupted, profiles.Queued, profiles.Failed, profiles.Canceled} {
		if in[s] > 0 {
			c.State = s
			break
		}
	}
	if !c.State.Final() {
		c.FinishedAt = time.Time{}
	}
	c.Fingerprint = nil
	if len(c.Parts) > 0 {
		c.Fingerprint = c.Parts[0].Fingerprint
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// part returns the part of a host and the key of the comparison.
func part(c profiles.Comparison, host string) (p profiles.Part, n int64, err error) {
	if n, err = number(comparisonID, c.ID); err != nil {
		return p, 0, err
	}
	p, ok := c.Part(host)
	if !ok {
		return p, n, profiles.ErrNotFound
	}
	return p, n, nil
}

// current is part for a worker's report: it is refused when the part has ended or
// has been given to another worker since.
func current(c profiles.Comparison, host string, attempt int) (profiles.Part, int64, error) {
	p, n, err := part(c, host)
	switch {
	case err != nil:
		return p, n, err
	case p.Attempt != attempt:
		return p, n, profiles.ErrStale
	case p.State.Final():
		return p, n, profiles.ErrFinal
	}
	return p, n, nil
}

// held is current for what only the worker that has the part may do.
func held(c profiles.Comparison, host string, attempt int) (int64, error) {
	p, n, err := current(c, host, attempt)
	if err == nil && p.State != profiles.Running {
		err = profiles.ErrStale
	}
	return n, err
}
