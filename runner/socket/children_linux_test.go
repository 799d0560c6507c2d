package socket_test

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

var children = map[string]func() int{
	"ports":    func() int { return exit(ports()) },
	"stranger": func() int { return exit(stranger(os.Getenv("NAME"))) },
}

func exit(err error) int {
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// stranger becomes another user, who may not even execute this binary, dials a
// name and wants to be sent away.
func stranger(name string) error {
	if err := syscall.Setuid(65534); err != nil {
		return err
	}
	conn, err := net.Dial("unix", name)
	if err != nil {
		return err
	}
	defer conn.Close()
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		return fmt.Errorf("user %d was served %d bytes", os.Getuid(), n)
	}
	return nil
}
