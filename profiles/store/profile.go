package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

// A profile of a comparison has the sources of its comparison, an upload its own.
const selectProfile = `SELECT p.id, p.comparison, p.run, p.cell, p.round, p.side, p.kind, p.title, p.sha256, p.bytes, p.ops, p.samples,
	p.duration, p.sample_types, p.counts, p.created_at, coalesce(p.sources, c.sources)
	FROM profiles p LEFT JOIN comparisons c ON c.id = p.comparison `

// AddProfile stores an uploaded profile with its source bundle, nil for none, and
// returns its row with id, hash, size and time. The caller has decoded data with
// guard and sources with package source, and filled in what data says.
func (s *Store) AddProfile(ctx context.Context, p profiles.Profile, data, sources []byte) (profiles.Profile, error) {
	p.Comparison, p.Run, p.Cell, p.Round = "", 0, -1, 0
	err := s.change(ctx, func(tx *sql.Tx) (err error) {
		if p.Sources, err = s.put(ctx, tx, sources); err != nil {
			return err
		}
		p, err = s.insertProfile(ctx, tx, p, data)
		return err
	})
	if err != nil {
		return profiles.Profile{}, fmt.Errorf("store profile: %w", err)
	}
	return p, nil
}

func (s *Store) insertProfile(ctx context.Context, tx *sql.Tx, p profiles.Profile, data []byte) (profiles.Profile, error) {
	var comparison int64
	var err error
	if p.Comparison != "" {
		if comparison, err = number(comparisonID, p.Comparison); err != nil {
			return p, err
		}
	}
	if p.SHA256, err = s.put(ctx, tx, data); err != nil {
		return p, err
	}
	if p.SampleTypes == nil {
		p.SampleTypes = []string{}
	}
	if n := len(p.SampleTypes); p.Counts == "" && n > 0 {
		p.Counts = p.SampleTypes[n-1] // pprof's choice where the profile names none
	}
	types, err := text(p.SampleTypes)
	if err != nil {
		return p, err
	}
	p.Bytes = int64(len(data))
	p.CreatedAt = at(instant(s.now()))
	var id int64
	err = tx.QueryRowContext(ctx, `INSERT INTO profiles (comparison, run, cell, round, side, kind, title, sha256, bytes, ops, samples,
			duration, sample_types, counts, created_at, sources)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`,
		nullable(comparison), nullable(p.Run), p.Cell, p.Round, p.Side, p.Kind, p.Title, p.SHA256, p.Bytes, p.Ops, p.Samples,
		int64(p.Duration), types, p.Counts, instant(p.CreatedAt), nullable(p.Sources)).Scan(&id)
	p.ID = name(profileID, id)
	return p, err
}

// Profile returns the row of one profile, or ErrNotFound. Its bytes are
// Blob(p.SHA256).
func (s *Store) Profile(ctx context.Context, id string) (profiles.Profile, error) {
	n, err := number(profileID, id)
	if err != nil {
		return profiles.Profile{}, fmt.Errorf("read profile: %w", err)
	}
	p, err := scanProfile(s.read.QueryRowContext(ctx, selectProfile+`WHERE p.id = $1`, n).Scan)
	if err != nil {
		return p, fmt.Errorf("read profile %s: %w", id, missing(err))
	}
	return p, nil
}

// Profiles returns every profile of a comparison: those of its runs and, when it
// has ended, the merged ones ([profiles.Profile.Merged]).
func (s *Store) Profiles(ctx context.Context, comparison string) ([]profiles.Profile, error) {
	n, err := number(comparisonID, comparison)
	if err != nil {
		return nil, fmt.Errorf("list profiles: %w", err)
	}
	ps, err := collect(ctx, s.read, scanProfile, selectProfile+`WHERE p.comparison = $1 ORDER BY p.cell, p.side, p.kind, p.round`, n)
	if err != nil {
		return nil, fmt.Errorf("list profiles of comparison %s: %w", comparison, err)
	}
	return ps, nil
}

// UploadedProfiles returns at most limit uploads, newest first, that are older
// than the one with the id before; "" starts with the newest.
func (s *Store) UploadedProfiles(ctx context.Context, before string, limit int) ([]profiles.Profile, error) {
	return s.page(ctx, before, limit, `AND p.comparison IS NULL`)
}

// FindProfiles is like UploadedProfiles, with the merged profiles of comparisons among
// the uploads: those that are searched for. It looks at the rows of all profiles at
// most, never at their bytes.
func (s *Store) FindProfiles(ctx context.Context, search profiles.Search, before string, limit int) ([]profiles.Profile, error) {
	const text = `lower(' ' || p.title || ' P-' || p.id || ' ' || coalesce('C-' || p.comparison, '') || ' ' || p.side || ' ' || p.counts || ' ' || replace(p.counts, '_', ' ') || ' ')`
	and, args := "", []any{}
	where := func(format string, value any) {
		args = append(args, value)
		and += fmt.Sprintf(format, len(args)+2) // behind the id and the limit
	}
	for _, word := range search.Words {
		if isID.MatchString(word) {
			word = " " + word + " " // P-5 is not P-50
		}
		where(` AND instr(`+text+`, lower($%d)) > 0`, word)
	}
	if len(search.Types) > 0 {
		list, err := json.Marshal(search.Types)
		if err != nil {
			return nil, fmt.Errorf("find profiles: %w", err)
		}
		where(` AND EXISTS (SELECT 1 FROM json_each(p.sample_types) t JOIN json_each($%d) w ON t.value = w.value)`, string(list))
	}
	return s.page(ctx, before, limit, and, args...)
}

// isID is how the ids of profiles and comparisons are typed.
var isID = regexp.MustCompile(`^[PpCc]-[0-9]+$`)

func (s *Store) page(ctx context.Context, before string, limit int, and string, args ...any) ([]profiles.Profile, error) {
	n, err := below(profileID, before)
	if err != nil {
		return nil, fmt.Errorf("list profiles: %w", err)
	}
	ps, err := collect(ctx, s.read, scanProfile, selectProfile+`WHERE p.run IS NULL AND p.id < $1 `+and+` ORDER BY p.id DESC LIMIT $2`, append([]any{n, limit}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list profiles before %q: %w", before, err)
	}
	return ps, nil
}

// SetOps stores how many operations ran while an uploaded profile was taken; 0 for
// unknown. That of a profile of a comparison was counted: it is ErrNotFound here.
func (s *Store) SetOps(ctx context.Context, id string, ops int64) error {
	n, err := number(profileID, id)
	if err != nil {
		return fmt.Errorf("set the operations of a profile: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		var was int64
		return missing(tx.QueryRowContext(ctx, `UPDATE profiles SET ops = $1 WHERE id = $2 AND comparison IS NULL RETURNING id`, ops, n).Scan(&was))
	})
	if err != nil {
		return fmt.Errorf("set the operations of profile %s: %w", id, err)
	}
	return nil
}

// DeleteProfile removes an upload. A profile of a comparison goes only with its
// comparison and is ErrNotFound here.
func (s *Store) DeleteProfile(ctx context.Context, id string) error {
	n, err := number(profileID, id)
	if err != nil {
		return fmt.Errorf("delete profile: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		var sha string
		var sources sql.NullString
		if err := tx.QueryRowContext(ctx, `DELETE FROM profiles WHERE id = $1 AND comparison IS NULL RETURNING sha256, sources`, n).Scan(&sha, &sources); err != nil {
			return missing(err)
		}
		return sweep(ctx, tx, []string{sha, sources.String})
	})
	if err != nil {
		return fmt.Errorf("delete profile %s: %w", id, err)
	}
	return nil
}

func scanProfile(scan func(...any) error) (p profiles.Profile, err error) {
	var id, duration, created int64
	var comparison, run sql.NullInt64
	var sources sql.NullString
	var types string
	err = scan(&id, &comparison, &run, &p.Cell, &p.Round, &p.Side, &p.Kind, &p.Title, &p.SHA256, &p.Bytes, &p.Ops, &p.Samples,
		&duration, &types, &p.Counts, &created, &sources)
	if err != nil {
		return p, err
	}
	p.ID, p.Run, p.Duration, p.CreatedAt, p.Sources = name(profileID, id), run.Int64, time.Duration(duration), at(created), sources.String
	if comparison.Valid {
		p.Comparison = name(comparisonID, comparison.Int64)
	}
	p.SampleTypes = []string{}
	if err := json.Unmarshal([]byte(types), &p.SampleTypes); err != nil {
		return p, fmt.Errorf("decode profile %s: %w", p.ID, err)
	}
	return p, nil
}
