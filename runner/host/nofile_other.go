//go:build !unix

package host

func openFiles() (uint64, bool) { return 0, false }
