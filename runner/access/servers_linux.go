package access

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// servers are the sockets of the experiment, one a setting.
type servers struct {
	token   string // what clients start their message with, so that no stranger makes a row
	dir     string
	targets []target // what clients are told, by setting
	handed  map[string]*os.File
	grams   map[int]*net.UnixConn

	closers []io.Closer
	running sync.WaitGroup

	mu    sync.Mutex
	peers map[string]string // by setting and who
}

// target is how to reach the socket of one setting.
type target struct {
	Network string `json:"network"` // of net.Dial; "open" for a path to open, "inherited" for the file that was handed over
	Address string `json:"address"`
}

func openServers(dir, token string) (*servers, error) {
	s := &servers{token: token, dir: dir, handed: map[string]*os.File{}, grams: map[int]*net.UnixConn{}, peers: map[string]string{}}
	for i, setting := range settings() {
		t, err := s.open(i, setting)
		if err != nil {
			s.close()
			return nil, fmt.Errorf("open %s with %s: %w", setting.socket, setting.name, err)
		}
		s.targets = append(s.targets, t)
	}
	return s, nil
}

func (s *servers) open(i int, of setting) (target, error) {
	switch {
	case of.name == handedOver:
		return target{Network: "inherited"}, s.openPairs(i)
	case of.name == openedByOthers:
		return s.openNameless()
	case of.socket == runner.TCP4:
		return s.listen(i, "tcp4", "127.0.0.1:0")
	case of.socket == runner.UnixAbstract:
		return s.listen(i, "unix", "@sockscope-access-"+s.token)
	}
	dir := filepath.Join(s.dir, strconv.Itoa(i))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return target{}, err
	}
	t, err := s.openFile(i, of, filepath.Join(dir, "s"))
	if err != nil {
		return target{}, err
	}
	// Note: chmod after bind is a race for a server; here the directory is closed
	// until the file is as it should be.
	if err := os.Chmod(t.Address, of.file.mode); err != nil {
		return target{}, err
	}
	return t, os.Chmod(dir, of.file.dir)
}

func (s *servers) openFile(i int, of setting, path string) (target, error) {
	if of.socket != runner.UnixGram {
		return s.listen(i, "unix", path)
	}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return target{}, err
	}
	s.closers, s.grams[i] = append(s.closers, conn), conn
	return target{"unixgram", path}, passCredentials(conn)
}

func (s *servers) listen(i int, network, address string) (target, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return target{}, err
	}
	s.closers = append(s.closers, l)
	s.running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() { s.answer(i, conn) })
		}
	})
	return target{network, l.Addr().String()}, nil
}

// openPairs makes a socketpair for each client that is handed one.
func (s *servers) openPairs(i int) error {
	for _, who := range []string{SameUser, AnotherUser} {
		ours, theirs, err := socket.Pair()
		if err != nil {
			return err
		}
		s.handed[who] = theirs
		s.closers = append(s.closers, theirs)
		conn, err := net.FileConn(ours)
		ours.Close()
		if err != nil {
			return err
		}
		s.closers = append(s.closers, conn)
		s.running.Go(func() { s.answer(i, conn) })
	}
	return nil
}

// openNameless makes a socketpair that stays in this process. All that others can
// try is its path in /proc.
func (s *servers) openNameless() (target, error) {
	a, b, err := socket.Pair()
	if err != nil {
		return target{}, err
	}
	s.closers = append(s.closers, a, b)
	raw, err := a.SyscallConn()
	if err != nil {
		return target{}, err
	}
	t := target{Network: "open"}
	err = raw.Control(func(fd uintptr) { t.Address = fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), fd) })
	return t, err
}

// answer reads the message of one client, notes who it is and sends a byte back.
func (s *servers) answer(i int, conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(within)) != nil {
		return
	}
	message := make([]byte, len(s.token)+1)
	if _, err := io.ReadFull(conn, message); err != nil {
		return
	}
	if s.note(i, string(message), peerOf(conn)) {
		_, _ = conn.Write(message[:1])
	}
}

// note notes the peer of a message that holds the token.
func (s *servers) note(i int, message, peer string) bool {
	who, ok := strings.CutPrefix(message, s.token)
	if !ok {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peers[strconv.Itoa(i)+" "+who] = peer
	return true
}

// peer is what the server learned of who connected; "" for nobody.
func (s *servers) peer(i int, who string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peers[strconv.Itoa(i)+" "+mark(who)]
}

func (s *servers) close() {
	for _, c := range s.closers {
		c.Close()
	}
	s.running.Wait()
}

func peerOf(conn net.Conn) string {
	if _, ok := conn.(*net.UnixConn); !ok {
		return "TCP tells none"
	}
	p, err := socket.PeerOf(conn)
	if err != nil {
		return "the kernel tells none"
	}
	return peerText(p.PID, p.UID, p.GID)
}

func peerText(pid int, uid, gid uint32) string {
	return fmt.Sprintf("pid %d, uid %d, gid %d", pid, uid, gid)
}

// passCredentials makes the kernel add the sender to each datagram.
func passCredentials(conn *net.UnixConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	if e := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PASSCRED, 1) }); e != nil {
		return e
	}
	return err
}

// receive reads the datagrams that a client says it sent.
func (s *servers) receive(results []result) {
	for i, conn := range s.grams {
		if i < len(results) && results[i].Connected {
			s.receiveOne(i, conn)
		}
	}
}

func (s *servers) receiveOne(i int, conn *net.UnixConn) {
	if conn.SetReadDeadline(time.Now().Add(within)) != nil {
		return
	}
	message, control := make([]byte, len(s.token)+1), make([]byte, unix.CmsgSpace(unix.SizeofUcred))
	n, size, _, _, err := conn.ReadMsgUnix(message, control)
	if err != nil {
		return
	}
	peer := "the kernel tells none"
	if all, err := unix.ParseSocketControlMessage(control[:size]); err == nil && len(all) == 1 {
		if c, err := unix.ParseUnixCredentials(&all[0]); err == nil {
			peer = peerText(int(c.Pid), c.Uid, c.Gid)
		}
	}
	s.note(i, string(message[:n]), peer)
}
