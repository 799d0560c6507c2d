package child

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Names of run directories below their base.
const (
	dirPrefix = "run-"
	goneEnd   = ".old" // while it is being removed
)

// runDir is the private directory of one side. That side keeps a lock on it,
// which the system drops when the process ends in whatever way: so Sweep knows
// what is left over, without asking who owns a process id.
type runDir struct {
	path string
	lock *os.File
}

// makeRunDir makes the directory, which must not be there.
func makeRunDir(path string) (*runDir, error) {
	lock, err := makeLocked(path)
	if err != nil {
		return nil, fmt.Errorf("make the run directory: %w", err)
	}
	return &runDir{path, lock}, nil
}

// remove is safe on nil. The directory holds nothing but what this side made.
func (d *runDir) remove() {
	if d == nil {
		return
	}
	// Clients of datagrams may be making files at this moment. Under another name
	// the directory cannot be found any more, but for whom has found it already.
	gone := d.path + goneEnd
	if os.Rename(d.path, gone) != nil {
		gone = d.path
	}
	for range 10 {
		if os.RemoveAll(gone) == nil {
			break
		}
	}
	d.lock.Close()
}

// MakeDir makes a directory below base that [Sweep] removes once this process is gone,
// in whatever way.
func MakeDir(base string) (path string, remove func(), err error) {
	path = filepath.Join(base, DirName(rand.Text()[:10]))
	d, err := makeRunDir(path)
	return path, d.remove, err
}

// DirName is a name for a run directory below its base; unique must differ from
// run to run.
func DirName(unique string) string { return dirPrefix + unique }

// RemoveDir removes the run directory at path, after its process has ended.
func RemoveDir(path string) error {
	return errors.Join(os.RemoveAll(path), os.RemoveAll(path+goneEnd))
}

// Sweep removes the run directories below base whose processes are no more, and
// returns how many it removed. Those of processes that live, of whatever parent,
// stay.
func Sweep(base string) (int, error) {
	dirs, err := abandoned(base)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	errs := []error{err}
	n := 0
	for _, dir := range dirs {
		if err := os.RemoveAll(dir); err != nil {
			errs = append(errs, err)
			continue
		}
		n++
	}
	return n, errors.Join(errs...)
}

// runDirs are the paths below base that are run directories and that keep says yes
// to.
func runDirs(base string, keep func(path string, info os.FileInfo) bool) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(base, dirPrefix+"*"))
	return slices.DeleteFunc(paths, func(path string) bool {
		info, err := os.Lstat(path)
		return err != nil || !info.IsDir() || !keep(path, info)
	}), err
}
