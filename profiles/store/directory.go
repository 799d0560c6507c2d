package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Refusal is why a data directory cannot be used, as one sentence for people
// that names the thing and the mend.
type Refusal struct {
	Sentence string
	Err      error // the cause, nil when there is none below it
}

func (r *Refusal) Error() string { return r.Sentence }
func (r *Refusal) Unwrap() error { return r.Err }

// lockName is the file whose lock says who has the data directory. It stays when
// the server ends: what counts is the lock, which the kernel takes back from a
// dead process at once.
const lockName = "sockscope.lock"

type lock struct{ file *os.File }

// errTaken says that another process holds the lock.
var errTaken = errors.New("lock is taken")

// take makes the directory if it is absent and locks it for this process.
func take(dir string) (*lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, refuse(dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, refuse(dir, err)
	}
	err = lockFile(f)
	if errors.Is(err, errTaken) {
		defer f.Close()
		return nil, taken(dir, f)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock data directory %s: %w", dir, err), f.Close())
	}
	l := &lock{f}
	if err := l.sign(); err != nil {
		return nil, errors.Join(refuse(dir, err), l.release())
	}
	return l, nil
}

// sign writes the pid for whoever comes second.
func (l *lock) sign() error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func (l *lock) release() error {
	if err := l.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("release data directory: %w", err)
	}
	return nil
}

func taken(dir string, f *os.File) error {
	holder := "another process"
	if b, err := io.ReadAll(io.LimitReader(f, 20)); err == nil {
		if pid, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
			holder = "process " + strconv.Itoa(pid)
		}
	}
	return &Refusal{Sentence: fmt.Sprintf("Data directory %s is in use by %s: stop that sockscope, or give this one a directory of its own with --data.", dir, holder)}
}

func refuse(dir string, err error) error {
	why, mend := "cannot be used", "look at the cause, or choose another directory with --data"
	switch {
	case errors.Is(err, syscall.EROFS):
		why, mend = "is on a read-only file system", "mount it for writing, or choose another directory with --data"
	case errors.Is(err, fs.ErrPermission):
		why, mend = "cannot be written by this user", "give this user write permission, or choose another directory with --data"
	case errors.Is(err, syscall.ENOTDIR):
		why, mend = "is not a directory", "choose another one with --data"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		why, mend = "is on a full disk", "free some space, or choose another directory with --data"
	}
	return &Refusal{Sentence: fmt.Sprintf("Data directory %s %s (%s): %s.", dir, why, cause(err), mend), Err: err}
}

// cause is the innermost message: "permission denied" without the path, which
// the sentence names already.
func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
