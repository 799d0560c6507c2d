package access

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// mark is one byte for who a client is.
func mark(who string) string {
	switch who {
	case SameUser:
		return "s"
	case AnotherUser:
		return "a"
	}
	return "n"
}

// attributes are those of a client's process.
func attributes(who string) *syscall.SysProcAttr {
	switch who {
	case AnotherUser:
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody, Groups: []uint32{}}}
	case OtherNamespace:
		return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	}
	return &syscall.SysProcAttr{}
}

// connectAs runs one client over all settings.
func connectAs(ctx context.Context, who string, s *servers) outcome {
	if who != SameUser && os.Geteuid() != 0 {
		return outcome{skipped: "Only root can become " + who + ": run sudo sockscope access."}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*within)
	defer cancel()
	in, err := json.Marshal(order{Message: s.token + mark(who), Control: s.dir, Targets: s.targets})
	if err != nil {
		return outcome{skipped: "The order of the client cannot be written."}
	}
	out, err := run(ctx, who, in, s.handed[who])
	if err != nil {
		return outcome{skipped: whyNot(who, err)}
	}
	var r report
	if err := json.Unmarshal(out, &r); err != nil || len(r.Results) != len(s.targets) {
		return outcome{skipped: "The client that connects as " + who + " ended without a report."}
	}
	switch {
	case r.Unreachable != "":
		return outcome{skipped: fmt.Sprintf("The directory of the experiment is closed to %s, which the modes of sockets cannot change (%s): set TMPDIR to one that all users reach, as /tmp.", who, r.Unreachable)}
	case who == AnotherUser && r.UID != nobody:
		return outcome{skipped: fmt.Sprintf("The client ran as uid %d instead of %d.", r.UID, nobody)}
	}
	return outcome{results: r.Results}
}

// run starts this binary once more. Another user may execute it by its link in
// /proc, whatever directory it is in; if its own mode forbids that, a copy in
// memory is executed.
func run(ctx context.Context, who string, in []byte, handed *os.File) ([]byte, error) {
	out, err := execute(ctx, "/proc/self/exe", who, in, handed)
	if !errors.Is(err, fs.ErrPermission) || who == OtherNamespace {
		return out, err
	}
	binary, err := inMemory()
	if err != nil {
		return nil, err
	}
	defer binary.Close()
	return execute(ctx, fmt.Sprintf("/proc/self/fd/%d", inherited+1), who, in, handed, binary)
}

func execute(ctx context.Context, path, who string, in []byte, files ...*os.File) ([]byte, error) {
	cmd := exec.CommandContext(ctx, path)
	cmd.Args = []string{"sockscope", "access"}
	cmd.Env = []string{environment + "=" + mark(who), "GOMAXPROCS=1"}
	cmd.Dir = "/" // the working directory may be closed to others
	cmd.Stdin = bytes.NewReader(in)
	cmd.SysProcAttr = attributes(who)
	cmd.WaitDelay = within
	if files[0] == nil {
		null, err := os.Open(os.DevNull)
		if err != nil {
			return nil, err
		}
		defer null.Close()
		files[0] = null
	}
	cmd.ExtraFiles = files
	return cmd.Output()
}

// inMemory is a copy of this binary that everybody may execute.
func inMemory() (*os.File, error) {
	fd, err := unix.MemfdCreate("sockscope", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	f := os.NewFile(uintptr(fd), "sockscope")
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		f.Close()
		return nil, err
	}
	defer self.Close()
	if _, err := io.Copy(f, self); err != nil {
		f.Close()
		return nil, err
	}
	return f, f.Chmod(0o755)
}

// whyNot says why a client could not be started.
func whyNot(who string, err error) string {
	var number syscall.Errno
	switch {
	case who == OtherNamespace && errors.As(err, &number):
		return fmt.Sprintf("This root may not make a network namespace (%s): give the container the capability SYS_ADMIN.", words(err))
	case errors.As(err, &number):
		return fmt.Sprintf("The client could not be started as %s (%s).", who, words(err))
	case errors.Is(err, context.DeadlineExceeded):
		return "The client that connects as " + who + " did not end in time."
	}
	return "The client that connects as " + who + " failed."
}
