package kernel

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Probe tries the levels, the best first, and explains what is refused.
func Probe() Support {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var level Level
	var refused error // of the best level
	cpu := onlineCPUs()[0]
	for _, l := range []Level{System, Tasks, UserOnly} {
		fd, err := openEvent(attributes(l, 1), l, cpu)
		if err == nil {
			_ = unix.Close(fd)
			level = l
			break
		}
		if refused == nil {
			refused = err
		}
	}
	return explain(level, namesShown(), refused, setting("kernel.perf_event_paranoid"))
}

// namesShown reports whether kernel addresses are told: the first is 0 where not.
func namesShown() bool {
	f, err := os.Open("/proc/kallsyms")
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 16)
	n, _ := f.Read(head)
	return n == len(head) && strings.Trim(string(head), "0") != ""
}

func setting(name string) string {
	b, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(string(b))
}

// explain says what is missing, and the command that would help. The error tells the
// cause: EACCES is the setting, EPERM a filter of system calls, ENOSYS a sandbox.
func explain(level Level, names bool, refused error, paranoid string) Support {
	s := Support{Level: level, Names: names && level >= Tasks}
	const capabilities = "sudo setcap cap_perfmon,cap_syslog=ep $(command -v sockscope)"
	switch {
	case level >= Tasks && !names:
		s.Reason = "Kernel functions have no names: /proc/kallsyms hides their addresses from this user."
		s.Mend = capabilities
		if os.Geteuid() == 0 {
			s.Mend = "sysctl kernel.kptr_restrict=0"
		}
	case level >= Tasks:
	case errors.Is(refused, unix.ENOSYS):
		s.Reason = "No kernel-deep profiles: this kernel, or the sandbox around it, has no perf_event_open."
	case errors.Is(refused, unix.EPERM):
		s.Reason = "No kernel-deep profiles: perf_event_open is blocked, most likely by the container's seccomp profile."
		s.Mend = "docker run --cap-add PERFMON --cap-add SYSLOG …"
	case errors.Is(refused, unix.EACCES) && !initialNamespace():
		s.Reason = "No kernel-deep profiles: this is a user namespace, whose root has no right to the kernel's events."
		s.Mend = "sudo sysctl kernel.perf_event_paranoid=1 kernel.kptr_restrict=0, outside of it"
	case errors.Is(refused, unix.EACCES):
		s.Reason = fmt.Sprintf("No kernel-deep profiles: perf_event_paranoid=%s hides the kernel from this user.", paranoid)
		s.Mend = capabilities
	default:
		s.Reason = fmt.Sprintf("No kernel-deep profiles: perf_event_open says %v.", refused)
	}
	return s
}

// initialNamespace reports whether this process is in the first user namespace, whose
// map is the identity.
func initialNamespace() bool {
	b, err := os.ReadFile("/proc/self/uid_map")
	return err != nil || strings.Join(strings.Fields(string(b)), " ") == "0 0 4294967295"
}
