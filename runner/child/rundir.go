package child

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Names of run directories below their base. A directory has its first name only
// until it is locked.
const (
	dirPrefix  = "run-"
	freshEnd   = ".new"
	freshGrace = time.Minute // no server needs that long from mkdir to rename
)

// runDir is the private directory of one server. The server keeps a lock on it,
// which the system drops when the process ends in whatever way: so Sweep knows
// what is left over, without asking who owns a process id.
type runDir struct {
	path string
	lock *os.File
}

// makeRunDir makes the directory, which must not be there. The lock comes before
// the name that Sweep looks at.
func makeRunDir(path string) (*runDir, error) {
	fresh := path + freshEnd
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return nil, fmt.Errorf("make the run directory: %w", err)
	}
	lock, err := lockDir(fresh)
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		lock.Close() // nil is fine
		return nil, errors.Join(fmt.Errorf("lock the run directory: %w", err), os.Remove(fresh))
	}
	return &runDir{path, lock}, nil
}

// remove is safe on nil. The directory holds nothing but what the server made.
func (d *runDir) remove() {
	if d != nil {
		_ = os.RemoveAll(d.path)
		d.lock.Close()
	}
}

// DirName is a name for a run directory below its base; unique must differ from
// run to run.
func DirName(unique string) string { return dirPrefix + unique }

// RemoveDir removes the run directory at path, after its server has ended.
func RemoveDir(path string) error {
	return errors.Join(os.RemoveAll(path), os.RemoveAll(path+freshEnd))
}

// Sweep removes the run directories below base whose servers are no more, and
// returns how many it removed. Those of servers that live, of whatever parent,
// stay.
func Sweep(base string) (int, error) {
	dirs, err := filepath.Glob(filepath.Join(base, dirPrefix+"*"))
	if err != nil {
		return 0, err
	}
	var errs []error
	n := 0
	for _, dir := range dirs {
		if !abandoned(dir) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			errs = append(errs, err)
			continue
		}
		n++
	}
	return n, errors.Join(errs...)
}

func abandoned(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	if strings.HasSuffix(dir, freshEnd) {
		return time.Since(info.ModTime()) > freshGrace
	}
	lock, err := lockDir(dir)
	if err != nil {
		return false
	}
	lock.Close()
	return true
}
