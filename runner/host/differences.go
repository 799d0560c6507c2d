package host

// Difference is one fact in which two fingerprints differ.
type Difference struct {
	Name    string `json:"name"` // "CPU", "net.core.somaxconn"
	A       string `json:"a"`    // "" for unknown
	B       string `json:"b"`
	Matters string `json:"matters,omitempty"` // why, as a sentence; "" if not known
}

// Differences returns what differs, what matters most first. Facts that change
// from minute to minute, as the load, are left out.
func Differences(a, b Fingerprint) []Difference { return nil }
