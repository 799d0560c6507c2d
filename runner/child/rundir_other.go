//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package child

import (
	"fmt"
	"os"
	"time"
)

// staleAge is longer than any run takes.
const staleAge = 24 * time.Hour

// lockDir cannot lock directories here, so a directory counts as free by age.
func lockDir(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if age := time.Since(info.ModTime()); age > time.Minute && age < staleAge {
		return nil, fmt.Errorf("%s may be in use", path)
	}
	return nil, nil
}
