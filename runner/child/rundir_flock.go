//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package child

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// makeLocked makes a directory and locks it. Meanwhile it shares a lock on the
// base, so that nobody who has the base alone sees it without its own.
func makeLocked(path string) (*os.File, error) {
	base, err := lockDir(filepath.Dir(path), syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	defer base.Close()
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(path, syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return lock, nil
}

// abandoned are the run directories below base that no process has locked.
func abandoned(base string) ([]string, error) {
	alone, err := lockDir(base, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer alone.Close()
	return runDirs(base, func(path string, _ os.FileInfo) bool {
		lock, err := lockDir(path, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			return false
		}
		lock.Close()
		return true
	})
}

// lockDir opens a directory and locks it until it is closed or its process ends,
// with LOCK_NB at once or not at all.
func lockDir(path string, how int) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
}
