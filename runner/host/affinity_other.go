//go:build !linux

package host

func allowedCPUs() []int { return nil }
