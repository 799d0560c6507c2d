//go:build !linux

package host

func buildID() string { return "" }
