package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

// The letters before the number of an id.
const (
	comparisonID = "C-"
	profileID    = "P-"
	shareID      = "S-"
)

// number is the integer key in an id such as "C-42". An id that the store cannot
// have given out is one that it does not find.
func number(letter, id string) (int64, error) {
	digits, ok := strings.CutPrefix(id, letter)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 1 || strconv.FormatInt(n, 10) != digits {
		return 0, fmt.Errorf("id %q: %w", id, profiles.ErrNotFound)
	}
	return n, nil
}

func name(letter string, n int64) string { return letter + strconv.FormatInt(n, 10) }

// instant is a time as its column has it: microseconds since 1970, 0 for never.
func instant(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func at(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// text is v as JSON.
func text(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// nullable is NULL for the zero value: a reference to nothing.
func nullable[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// missing turns "no rows" into ErrNotFound.
func missing(err error) error {
	if err == sql.ErrNoRows { //nolint:errorlint // Row.Scan returns it bare
		return profiles.ErrNotFound
	}
	return err
}
