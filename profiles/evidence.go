package profiles

import "encoding/json"

// Evidence is a profile's row together with its bytes, on the way into the
// store. The store names the blob itself: SHA256 and Bytes need not be set.
type Evidence struct {
	Profile
	Data []byte // gzipped pprof
}

// Attachment is what a worker says once about the machine and the program that
// made the profiles of a comparison. A nil field leaves what is stored.
type Attachment struct {
	Fingerprint json.RawMessage // runner/host.Fingerprint
	Sources     []byte          // a source bundle, as profiles/source encodes it
}

// Ending is how a comparison ends: its final state, one sentence if that is
// Failed, and the merge of each cell's, side's and kind's rounds.
type Ending struct {
	State   State
	Failure string
	Merged  []Evidence
}
