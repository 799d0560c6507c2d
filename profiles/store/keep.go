package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

// Inspect checks the database of a data directory, also beside a server that has it:
// it only reads, see [Store.Check]. What a person can mend comes back as a [*Refusal].
func Inspect(ctx context.Context, dir string, readData bool) (r Report, err error) {
	db, err := look(dir, "query_only(1)")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := ours(ctx, db, dir); err != nil {
		return r, r.damage(err)
	}
	return check(ctx, db, readData)
}

// Backup copies the database of a data directory to a new file, also beside a server
// that has it, and checks the copy with all its data. It replaces no file, and leaves
// none that is not whole.
func Backup(ctx context.Context, dir, file string) (r Report, err error) {
	if _, err := os.Lstat(file); err == nil {
		return r, &Refusal{Sentence: fmt.Sprintf("The file %s is there already: name a new one for the backup.", file)}
	}
	db, err := look(dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := ours(ctx, db, dir); damaged(err) {
		return r, unusable(dir, err)
	} else if err != nil {
		return r, err
	}
	part, err := filepath.Abs(file + ".part") // SQLite takes a name that begins with file: for an address
	if err != nil {
		return r, fmt.Errorf("find %s: %w", file, err)
	}
	if err := copyTo(ctx, db, part); err != nil {
		return r, err
	}
	defer func() { _ = os.Remove(part) }() // when it has its name, it is not there any more
	if r, err = checkFile(ctx, part); err != nil {
		return r, err
	}
	return r, os.Rename(part, file)
}

// copyTo has SQLite write all that is committed to a new file, which only this user
// may read, and brings it to the disk.
func copyTo(ctx context.Context, db *sql.DB, file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &Refusal{Sentence: fmt.Sprintf("The backup cannot be written to %s (%s): choose another place for it, or remove what is left there.", file, cause(err)), Err: err}
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, file)
	if err == nil {
		err = f.Sync() // SQLite leaves that to the system
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write backup: %w", err), os.Remove(file))
	}
	return nil
}

func checkFile(ctx context.Context, file string) (r Report, err error) {
	db, err := sql.Open("sqlite", dsn(file, "query_only(1)")+"&mode=ro")
	if err != nil {
		return r, fmt.Errorf("open %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return check(ctx, db, true)
}

// look opens the database that is in a data directory. It makes none, takes no lock
// but SQLite's own, and brings no schema forward.
func look(dir string, pragmas ...string) (*sql.DB, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find data directory %s: %w", dir, err)
	}
	file := filepath.Join(dir, FileName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, &Refusal{Sentence: fmt.Sprintf("Data directory %s has no database %s: name the one that the server is given with --data.", dir, FileName), Err: err}
	} else if err != nil {
		return nil, refuse(dir, err)
	}
	db, err := sql.Open("sqlite", dsn(file, pragmas...)+"&mode=rw")
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", file, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// ours refuses a database with another schema than this version's, which it would not
// know how to check.
func ours(ctx context.Context, db *sql.DB, dir string) error {
	var known bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = $1)`, goose.DefaultTablename).Scan(&known); err != nil {
		return unreadable(dir, err)
	}
	if !known {
		return &Refusal{Sentence: fmt.Sprintf("Database %s/%s is none of sockscope's: name another directory with --data.", dir, FileName)}
	}
	want, err := schema()
	if err != nil {
		return err
	}
	var have int64 // not by goose, which would make a table that it cannot read
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM `+goose.DefaultTablename).Scan(&have); err != nil {
		return unreadable(dir, err)
	}
	if have > want {
		return newer(dir, have, want)
	}
	if have < want {
		return &Refusal{Sentence: fmt.Sprintf(
			"Data directory %s was written by an older sockscope (schema %d, this one knows %d): start this one's server on it once, or use that version.", dir, have, want)}
	}
	return nil
}

// schema is the version that this program's migrations lead to.
func schema() (last int64, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, name := range files {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("read migrations: %w", err)
		}
		last = max(last, n)
	}
	return last, err
}

// unreadable leaves a damaged file to the check, and says what else can be mended.
func unreadable(dir string, err error) error {
	if damaged(err) {
		return err
	}
	return unusable(dir, err)
}
