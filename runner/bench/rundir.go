package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
)

// DefaultRunDir makes and returns the directory for run directories: "sockscope"
// below XDG_RUNTIME_DIR, or "sockscope-UID" below the system's temporary
// directory. Its name is short whatever the data directory is called. One that
// belongs to somebody else, or that others may write to, is refused.
func DefaultRunDir() (string, error) {
	dir := filepath.Join(os.TempDir(), "sockscope-"+strconv.Itoa(os.Getuid()))
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); runtime != "" && isDir(runtime) {
		dir = filepath.Join(runtime, "sockscope")
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("make the directory for sockets; set TMPDIR to one that you may write to: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("look at the directory for sockets: %w", err)
	}
	if !info.IsDir() || !private(info) {
		return "", fmt.Errorf("the directory for sockets %s is not a directory that only you may use: remove it, or set TMPDIR to a directory of your own", dir)
	}
	return dir, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Sweep removes what killed predecessors left in runDir ("" for the default):
// the run directories whose servers are gone. Those of comparisons that go on,
// in this process or another, stay. It returns how many it removed.
func Sweep(runDir string) (int, error) {
	if runDir == "" {
		var err error
		if runDir, err = DefaultRunDir(); err != nil {
			return 0, err
		}
	}
	n, err := child.Sweep(runDir)
	if err != nil {
		return n, fmt.Errorf("sweep %s: %w", runDir, err)
	}
	return n, nil
}

// Preflight is [host.Preflight] where runs make their directories.
func Preflight() []host.Usable {
	base, err := DefaultRunDir()
	if err != nil {
		base = "" // the comparisons themselves say what is wrong with it
	}
	return host.Preflight(base)
}
