package child

import (
	"bytes"
	"strconv"
	"syscall"
)

// countCalls reads how many read and write system calls this process has made so far,
// of files, pipes and sockets: read(2), write(2) and their kin, not recvmsg(2),
// accept(2) or epoll_wait(2). One that finds nothing to read counts as well. The read
// of the counts themselves is the last one that is not in them.
//
// Source: /proc/self/io, syscr and syscw (proc_pid_io(5)); a kernel without
// CONFIG_TASK_IO_ACCOUNTING has no such file.
func countCalls(u *Usage) {
	fd, err := syscall.Open("/proc/self/io", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer syscall.Close(fd)
	text := make([]byte, 512)
	n, err := syscall.Read(fd, text)
	if err != nil {
		return
	}
	reads, first := ioCount(text[:n], "syscr")
	writes, second := ioCount(text[:n], "syscw")
	if first && second {
		u.Calls, u.Reads, u.Writes = true, reads, writes
	}
}

// ioCount finds one count in the text of /proc/self/io: lines of "name: number".
func ioCount(text []byte, name string) (n int64, ok bool) {
	for line := range bytes.Lines(text) {
		if value, found := bytes.CutPrefix(line, []byte(name+": ")); found {
			n, err := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
