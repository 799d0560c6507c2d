package kernel_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/runner/kernel"
)

// TestMain plays the children too: the same binary, as in the product.
func TestMain(m *testing.M) {
	switch os.Getenv("KERNEL_TEST") {
	case "echo":
		echo()
	case "probe":
		probe()
	default:
		os.Exit(m.Run())
	}
}

// probe prints what [kernel.Probe] says, behind a filter of system calls if one is
// asked for.
func probe() {
	if os.Getenv("KERNEL_TEST_FILTER") != "" {
		if err := filterPerf(); err != nil {
			fmt.Println("no filter:", err)
			os.Exit(3)
		}
	}
	s := kernel.Probe()
	fmt.Printf("%v|%v|%s|%s\n", s.Level, s.Names, s.Reason, s.Mend)
}

// filterPerf has perf_event_open fail with EPERM, as a container's default does.
func filterPerf() error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 0, Jf: 1, K: unix.SYS_PERF_EVENT_OPEN},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}

// echo sends messages to itself over a unix socket when it is told to.
func echo() {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	c, _ := net.FileConn(os.NewFile(uintptr(ends[0]), "a"))
	d, _ := net.FileConn(os.NewFile(uintptr(ends[1]), "b"))
	orders := bufio.NewReader(os.Stdin)
	fmt.Println("ready")
	_, _ = orders.ReadString('\n')
	for end := time.Now().Add(400 * time.Millisecond); time.Now().Before(end); {
		hotLoop(c, d)
	}
	fmt.Println("end")
	_, _ = orders.ReadString('\n')
}

//go:noinline
func hotLoop(c, d net.Conn) {
	b := make([]byte, 5)
	for range 1000 {
		_, _ = c.Write([]byte("Hello"))
		_, _ = io.ReadFull(d, b)
	}
}

// child is one process of the test.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startEcho(t *testing.T, s *kernel.Session) *child {
	t.Helper()
	c := &child{cmd: exec.Command("/proc/self/exe")}
	c.cmd.Env = append(os.Environ(), "KERNEL_TEST=echo")
	c.in, _ = c.cmd.StdinPipe()
	out, _ := c.cmd.StdoutPipe()
	c.out = bufio.NewReader(out)
	if err := s.Start(c.cmd.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.in.Close(); _ = c.cmd.Wait() })
	c.expect(t, "ready")
	return c
}

func (c *child) expect(t *testing.T, word string) {
	t.Helper()
	if line, err := c.out.ReadString('\n'); err != nil || strings.TrimSpace(line) != word {
		t.Fatalf("the child says %q, %v; want %s", line, err, word)
	}
}

func (c *child) run(t *testing.T) {
	t.Helper()
	_, _ = fmt.Fprintln(c.in)
	c.expect(t, "end")
}
