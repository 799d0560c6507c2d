package templates

// Counted stands where a comparison has no kernel-deep profiles: what the system counts
// of each side of a request, and what is missing.
type Counted struct {
	Measured
	Switches []Switch
	// Missing are sentences: why there are no such profiles, and what would help.
	Missing []string
}
