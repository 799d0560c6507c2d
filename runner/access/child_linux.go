package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// environment names the variable that makes a process a client.
const environment = "SOCKSCOPE_ACCESS"

// order is what a client gets on its stdin.
type order struct {
	Message string   `json:"message"` // the token and the mark of who it is
	Control string   `json:"control"` // a directory that everybody has to be able to look at
	Targets []target `json:"targets"`
}

// report is what it answers on its stdout.
type report struct {
	// Unreachable is why the client could not look at the directory that the files
	// are in: then its results say nothing about their modes.
	Unreachable string   `json:"unreachable,omitempty"`
	UID         int      `json:"uid"`
	Results     []result `json:"results"`
}

// result is that of one target.
type result struct {
	Connected bool   `json:"connected"`
	Error     string `json:"error,omitempty"` // in words, with the errno's name
}

// inherited is the file that a client is handed.
const inherited = 3

// Main has to be called first thing in main and in TestMain, beside child.Main. It
// returns at once in an ordinary process, and never in one that Try started.
func Main() {
	if os.Getenv(environment) == "" {
		return
	}
	// The parent waits no longer than that, and may be gone.
	time.AfterFunc(within, func() { os.Exit(1) })
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r := report{UID: os.Getuid()}
	if _, err := os.ReadDir(o.Control); err != nil {
		r.Unreachable = words(err)
	}
	for _, t := range o.Targets {
		if err := t.connect(o.Message); err != nil {
			r.Results = append(r.Results, result{Error: words(err)})
		} else {
			r.Results = append(r.Results, result{Connected: true})
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// connect has a byte sent back; a datagram has only to go.
func (t target) connect(message string) error {
	conn, err := t.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(within / 4)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte(message)); err != nil || t.Network == "unixgram" {
		return err
	}
	n, err := conn.Read(make([]byte, 1))
	if n == 1 {
		return nil
	}
	return err
}

func (t target) dial() (net.Conn, error) {
	switch t.Network {
	case "inherited":
		return net.FileConn(os.NewFile(inherited, "inherited"))
	case "open":
		f, err := os.OpenFile(t.Address, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return net.FileConn(f)
	}
	return net.DialTimeout(t.Network, t.Address, within/4)
}

// words are an error without the path and the call: "permission denied (EACCES)".
func words(err error) string {
	var number syscall.Errno
	switch {
	case errors.As(err, &number):
		return fmt.Sprintf("%s (%s)", number.Error(), unix.ErrnoName(number))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer"
	}
	return err.Error()
}
