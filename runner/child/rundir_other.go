//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package child

import (
	"os"
	"time"
)

// staleAge is longer than any run takes.
const staleAge = 24 * time.Hour

// makeLocked makes a directory. It cannot be locked here, and needs nothing closed.
func makeLocked(path string) (*os.File, error) { return nil, os.Mkdir(path, 0o700) }

// abandoned are the run directories below base that are too old to be in use.
func abandoned(base string) ([]string, error) {
	return runDirs(base, func(_ string, info os.FileInfo) bool { return time.Since(info.ModTime()) > staleAge })
}
