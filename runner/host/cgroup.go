package host

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// quota is a limit of CPU time: so many microseconds in each period.
type quota struct {
	file         string // that the limit stands in, below the root; "" for no cgroup
	limit        int64  // µs; 0 for none
	period       int64  // µs
	controllerV1 bool
}

// cpus is how many CPUs' time the quota lets a process use.
func (q quota) cpus() float64 { return float64(q.limit) / float64(max(q.period, 1)) }

// String is the notation of cpu.max: "200000 100000", "max 100000".
func (q quota) String() string {
	switch {
	case q.file == "":
		return ""
	case q.limit == 0:
		return "max " + strconv.FormatInt(q.period, 10)
	}
	return strconv.FormatInt(q.limit, 10) + " " + strconv.FormatInt(q.period, 10)
}

// cpuQuota is the tightest limit between this process's cgroup and the root of
// what it can see: each of them counts for the process.
func cpuQuota(fsys fs.FS) quota {
	own, v1 := ownCgroup(line(fsys, "proc/self/cgroup"))
	mount, read := "sys/fs/cgroup", readQuota
	if v1 {
		mount, read = "sys/fs/cgroup/cpu", readQuotaV1
	}
	var tightest quota
	for dir := own; ; dir = path.Dir(dir) {
		q, ok := read(fsys, path.Join(mount, dir))
		if ok && (tightest.file == "" || q.limit > 0 && (tightest.limit == 0 || q.cpus() < tightest.cpus())) {
			tightest = q
		}
		if dir == "/" {
			return tightest
		}
	}
}

// ownCgroup reads /proc/self/cgroup: lines of "number:controllers:path", of which
// version 2 has one, with no controllers. Where both are mounted, the one that
// has the cpu controller counts.
func ownCgroup(text string) (dir string, v1 bool) {
	dir = "/"
	for l := range strings.SplitSeq(text, "\n") {
		_, rest, _ := strings.Cut(l, ":")
		controllers, p, ok := strings.Cut(rest, ":")
		if !ok {
			continue
		}
		p = path.Clean("/" + p) // no ".." of a cgroup outside of the namespace
		for c := range strings.SplitSeq(controllers, ",") {
			if c == "cpu" {
				return p, true
			}
		}
		if controllers == "" {
			dir = p
		}
	}
	return dir, false
}

func readQuota(fsys fs.FS, dir string) (quota, bool) {
	file := path.Join(dir, "cpu.max")
	limit, period, ok := strings.Cut(line(fsys, file), " ")
	p, err := strconv.ParseInt(period, 10, 64)
	if !ok || err != nil || p <= 0 {
		return quota{}, false
	}
	l, _ := strconv.ParseInt(limit, 10, 64) // "max" is 0
	return quota{file: file, limit: max(l, 0), period: p}, true
}

func readQuotaV1(fsys fs.FS, dir string) (quota, bool) {
	file := path.Join(dir, "cpu.cfs_quota_us")
	l, err := strconv.ParseInt(line(fsys, file), 10, 64)
	p, errPeriod := strconv.ParseInt(line(fsys, path.Join(dir, "cpu.cfs_period_us")), 10, 64)
	if err != nil || errPeriod != nil || p <= 0 {
		return quota{}, false
	}
	return quota{file: file, limit: max(l, 0), period: p, controllerV1: true}, true // -1 is no limit
}
