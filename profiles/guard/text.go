package guard

import "github.com/google/pprof/profile"

// checkText counts the bytes of names, each as often as it is used: half a million
// functions can share one string of a megabyte.
func checkText(p *profile.Profile, l Limits) *Error {
	n := 0
	for _, f := range p.Function {
		if n += textOf(f); n > l.Names {
			return refuse(TooLarge, "The names of the profile's functions and their files take more than %s; %s.", size(int64(l.Names)), shorten)
		}
	}
	n = 0
	for _, loc := range p.Location {
		if loc.Mapping != nil {
			n += len(loc.Mapping.File)
		}
		for i := range loc.Line {
			n += textOf(loc.Line[i].Function)
		}
		if n > l.Text {
			return refuse(TooLarge, "The names of what is at the profile's locations take more than %s; %s.", size(int64(l.Text)), shorten)
		}
	}
	return nil
}

func textOf(f *profile.Function) int {
	if f == nil {
		return 0
	}
	return len(f.Name) + len(f.SystemName) + len(f.Filename)
}

// labelText is the bytes of all labels, each counted as often as it stands in a sample:
// the decoder makes maps of them. The data has been scanned.
func labelText(data []byte, strings int) int {
	lengths := make([]int, 0, strings)
	for f := range fields(data) {
		if f.number == profileString {
			lengths = append(lengths, len(f.data))
		}
	}
	n := 0
	for sample := range fields(data) {
		if sample.number != profileSample {
			continue
		}
		for label := range fields(sample.data) {
			if label.number != sampleLabel {
				continue
			}
			for f := range fields(label.data) {
				if (f.number == labelKey || f.number == labelString || f.number == labelUnit) && f.value < uint64(len(lengths)) {
					n += lengths[f.value]
				}
			}
		}
	}
	return n
}
