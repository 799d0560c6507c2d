//go:build unix

package child

import "syscall"

func closeOnExec(fd int) { syscall.CloseOnExec(fd) }
