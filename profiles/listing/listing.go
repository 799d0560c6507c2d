package listing

import (
	"encoding/json"
	"regexp"

	"github.com/google/pprof/profile"
)

// Files gives the text of source files by the path that a profile names.
// Lines returns the lines without their ends; the caller does not change them.
// It is asked by profiles that nobody vouches for, so it answers from what was
// captured with the profile and opens nothing.
type Files interface {
	Lines(path string) ([]string, bool)
}

// Routine is one function in one file, as pprof -list prints it.
type Routine struct {
	Function string
	File     string // "" never occurs: pprof lists no function without a file
	Flat     int64
	// Cum is the sum over the lines, as pprof has it: a sample that holds two
	// lines of the function, by recursion, counts twice.
	Cum int64
	// True is the value of the samples that hold the function, each once.
	True int64
	// Lines in the order of the file, never nil. With text they are the whole
	// function and what surrounds it; without, only lines that carry a value.
	Lines []Line
}

// Line is one line of a Routine.
type Line struct {
	Line  int64  `json:"line"`
	Flat  int64  `json:"flat"`
	Cum   int64  `json:"cum"`
	Count int64  `json:"-"` // samples behind Cum; 0 for unknown
	Text  string `json:"text"`
}

// Margin is how many lines pprof shows around those that carry values, when a
// profile does not say where the function starts, and below them always.
const Margin = 5

// MaxContext bounds the lines without a value that one Build gives. Beyond it
// routines list only the lines with values. Without it a small profile whose
// functions all claim to span one long file would make a huge listing.
const MaxContext = 1 << 20

// Build lists the functions whose name match finds, by name and then by file:
// the rows of pprof -list. A nil match finds all that have a name, as "." does;
// nil files have no text. A sample type that p does not have gives nil.
func Build(p *profile.Profile, sampleType int, match *regexp.Regexp, files Files) []Routine {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	b := newBuilder(interesting(p), matching(match))
	return b.routines(sampleType, files)
}

// Total is what pprof calls the total of a report: the absolute values of all
// samples or, for a [Diff], those of its base.
func Total(p *profile.Profile, sampleType int) int64 {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return 0
	}
	var all, base int64
	for _, s := range p.Sample {
		v := s.Value[sampleType]
		if v < 0 {
			v = -v
		}
		all += v
		if s.DiffBaseSample() {
			base += v
		}
	}
	if base > 0 {
		return base
	}
	return all
}

// MarshalJSON writes true_cum only when it differs from cum.
func (r Routine) MarshalJSON() ([]byte, error) {
	j := routineJSON{Function: r.Function, File: r.File, Flat: r.Flat, Cum: r.Cum, Lines: r.Lines}
	if r.True != r.Cum {
		j.True = &r.True
	}
	if j.Lines == nil {
		j.Lines = []Line{}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Routine) UnmarshalJSON(data []byte) error {
	var j routineJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*r = Routine{Function: j.Function, File: j.File, Flat: j.Flat, Cum: j.Cum, True: j.Cum, Lines: j.Lines}
	if j.True != nil {
		r.True = *j.True
	}
	return nil
}

type routineJSON struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Flat     int64  `json:"flat"`
	Cum      int64  `json:"cum"`
	True     *int64 `json:"true_cum,omitempty"`
	Lines    []Line `json:"lines"`
}
