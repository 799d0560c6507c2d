package store

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
)

// firstVersion makes a database as the first version left it: what each state has
// in its row, and a run with its histogram.
func firstVersion(t *testing.T, dir string) {
	t.Helper()
	const file = "00001_evidence.sql"
	data, err := migrations.ReadFile("migrations/" + file)
	if err != nil {
		t.Fatal(err)
	}
	db := connect(t, dir)
	if err := migrateWith(t.Context(), db, dir, fstest.MapFS{file: {Data: data}}); err != nil {
		t.Fatal(err)
	}
	blob := []byte("histogram")
	cells := `[{"socket":"unix","workload":"echo","size":5,"concurrency":1,"placement":"free","aa":false}]`
	comparison := `INSERT INTO comparisons (title, state, spec, base, cells, host, attempt, done, total, created_at, started_at, finished_at, interrupted_at, seen_at, failure, fingerprint)
		VALUES ($1, $2, $3, 'unix', '` + cells + `', 'box', $4, $5, 2, 1000000, $6, $7, $8, $9, $10, $11)`
	for _, row := range []struct {
		query string
		args  []any
	}{
		{comparison, []any{"queued", "queued", `{"host":""}`, 0, 0, 0, 0, 0, 0, "", ""}},
		{comparison, []any{"running", "running", `{"host":"arm"}`, 2, 1, 2000000, 0, 1500000, 3000000, "", `{"cpus":2}`}},
		{comparison, []any{"failed", "failed", `not JSON`, 1, 0, 2000000, 4000000, 0, 2000000, "It broke.", ""}},
		{`INSERT INTO blobs (sha256, bytes, created_at, data) VALUES ($1, 9, 1, $2)`, []any{digest(blob), blob}},
		{`INSERT INTO runs (comparison, round, cell, attempt, position, started_at, elapsed, metrics, counters, curve, warnings, profiling_effect, histogram)
			VALUES (2, 1, 0, 2, 0, 1, 1, '{"latency_p50_ns":84.25}', '{}', '[]', '["It was noisy."]', 1.5, $1)`, []any{digest(blob)}},
		{`INSERT INTO profiles (cell, round, side, kind, title, sha256, bytes, ops, samples, duration, sample_types, created_at)
			VALUES (-1, 0, '', '', '', $1, 9, 0, 1, 1, '["samples/count","cpu/nanoseconds"]', 1), (-1, 0, '', '', '', $1, 9, 0, 1, 1, '[]', 1),
			(-1, 0, '', '', '', $1, 9, 0, 2, 1, '["alloc_objects/count","alloc_space/bytes","inuse_objects/count","inuse_space/bytes"]', 1)`, []any{digest(blob)}},
	} {
		if _, err := db.ExecContext(t.Context(), row.query, row.args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDatabaseOfTheFirstVersionGetsParts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	firstVersion(t, dir)
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	second := func(n int64) time.Time { return time.Unix(n, 0).UTC() }
	for id, want := range map[string]profiles.Part{
		"C-1": {State: profiles.Queued, Total: 2},
		"C-2": {
			Host: "arm", State: profiles.Running, Attempt: 2, Done: 1, Total: 2, StartedAt: second(2), InterruptedAt: time.UnixMicro(1500000).UTC(),
			Fingerprint: []byte(`{"cpus":2}`),
		},
		"C-3": {State: profiles.Failed, Attempt: 1, Total: 2, StartedAt: second(2), FinishedAt: second(4), Failure: "It broke."},
	} {
		c, err := s.Comparison(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]profiles.Part{want}, c.Parts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
		was := c
		summarise(&c)
		if diff := cmp.Diff(was, c); diff != "" {
			t.Errorf("the row of %s is not the summary of its parts (-row +summary):\n%s", id, diff)
		}
	}
	runs, err := s.Runs(t.Context(), "C-2")
	if err != nil || len(runs) != 1 || runs[0].Noisy != "" || runs[0].Metrics[profiles.LatencyP50] != 84.25 {
		t.Errorf("runs %+v, %v", runs, err)
	}
	for id, want := range map[string]struct {
		counts  string
		samples int64
	}{"P-1": {"cpu/nanoseconds", 1}, "P-2": {"", 0}, "P-3": {"inuse_space/bytes", 0}} {
		if p, err := s.Profile(t.Context(), id); err != nil || p.Counts != want.counts || p.Samples != want.samples {
			t.Errorf("%s counts %q, %d samples, %v; want %v", id, p.Counts, p.Samples, err, want)
		}
	}
	if ids, err := s.Recover(t.Context()); err != nil || !cmp.Equal(ids, []string{"C-2"}) {
		t.Errorf("Recover = %v, %v", ids, err)
	}
	if c, err := s.Comparison(t.Context(), "C-2"); err != nil || !c.InterruptedAt.Equal(second(3)) {
		t.Errorf("interrupted at %s, %v; want when it was last seen", c.InterruptedAt, err)
	}
	if c, err := s.Claim(t.Context(), "C-2", "arm"); err != nil || c.Attempt != 3 {
		t.Errorf("claimed %+v, %v", c, err)
	}
	if _, err := s.Claim(t.Context(), "C-2", ""); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("claimed for another host: %v", err)
	}
	if r, err := s.Check(t.Context(), true); err != nil || len(r.Problems) > 0 {
		t.Errorf("the check finds %q, %v", r.Problems, err)
	}
}

func TestCheckFindsPartsThatDoNotAddUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	firstVersion(t, dir)
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.change(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE parts SET done = done + 1, state = 'queued' WHERE comparison = 3`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Check(t.Context(), false); err != nil || len(r.Problems) != 2 {
		t.Errorf("the check finds %q, %v; want the sum and the state", r.Problems, err)
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*.db")); err != nil || len(files) != 1 {
		t.Errorf("databases %q, %v", files, err)
	}
}
