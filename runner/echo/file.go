package echo

import (
	"fmt"
	"io/fs"
	"os"
)

// socketFile is the file that bind made, known by more than its name.
type socketFile struct {
	path string
	made fs.FileInfo
}

// remove removes the file, unless another one has its name by now.
func (f *socketFile) remove() {
	if now, err := os.Lstat(f.path); err == nil && os.SameFile(f.made, now) {
		os.Remove(f.path)
	}
}

// after takes note of the file that bind made and gives it the rest of its mode:
// the umask may have taken bits away. It never had more than it was meant to.
func after(path string, mode fs.FileMode) (*socketFile, error) {
	made, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("look at the new socket: %w", err)
	}
	f := &socketFile{path: path, made: made}
	if made.Mode().Perm() == mode {
		return f, nil
	}
	if err := chmodSocket(path, made, mode); err != nil {
		f.remove()
		return nil, fmt.Errorf("give %s the mode %04o: %w", path, mode, err)
	}
	return f, nil
}
