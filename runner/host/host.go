// Package host says what this machine is and what it is doing: its
// [Fingerprint], stored with each comparison; a [Preflight] before one; the CPUs
// that each side may use ([Place]); and how busy others keep it ([Sample]).
//
// It only looks. It changes no setting of the host: a process that is killed
// could not set it back.
package host

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// root is the file system that all facts are read from. Where it lacks a file,
// as outside of Linux, the fact stays empty.
func root() fs.FS { return os.DirFS("/") }

// line reads a file of one value.
func line(fsys fs.FS, path string) string {
	b, err := fs.ReadFile(fsys, path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// sysctl reads a kernel setting by its name with dots.
func sysctl(fsys fs.FS, name string) string {
	value := line(fsys, "proc/sys/"+strings.ReplaceAll(name, ".", "/"))
	return strings.Join(strings.Fields(value), " ")
}

// cpuList reads the kernel's notation of sets: "0-3,8".
func cpuList(s string) []int {
	var cpus []int
	for part := range strings.SplitSeq(s, ",") {
		first, last, ranged := strings.Cut(strings.TrimSpace(part), "-")
		a, err := strconv.Atoi(first)
		if err != nil {
			continue
		}
		b := a
		if ranged {
			if b, err = strconv.Atoi(last); err != nil || b-a > 1<<16 {
				continue
			}
		}
		for c := a; c <= b; c++ {
			cpus = append(cpus, c)
		}
	}
	return cpus
}
