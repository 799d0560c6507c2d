package templates

// Fill is the number of a colour of a flame graph: a class of the style sheet.
// Fills of a difference go from -10 (much less) over 0 (the same) to 10 (much
// more); Fills of packages from [FillOther] on.
type Fill int

// Fills of a single profile, by the package of the function.
const (
	FillOther   Fill = 20 + iota // the user's own code and unknown packages
	FillMain                     // package main and the workload
	FillNet                      // net, internal/poll, crypto/tls
	FillStd                      // the rest of the standard library
	FillSyscall                  // syscall, internal/runtime/syscall, golang.org/x/sys
	FillRuntime
	FillGC
	FillKernel
	FillSmaller // "n smaller" boxes, and the root
)
