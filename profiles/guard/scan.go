package guard

import (
	"encoding/binary"
	"iter"
)

// Numbers of the fields of profile.proto that are counted.
const (
	profileSampleType      = 1
	profileSample          = 2
	profileMapping         = 3
	profileLocation        = 4
	profileFunction        = 5
	profileString          = 6
	profileTime            = 9
	profileComment         = 13
	profileLast            = 15
	sampleLocation         = 1
	sampleValue            = 2
	sampleLabel            = 3
	labelKey               = 1
	labelString            = 2
	labelUnit              = 4
	locationLine           = 4
	wireVarint             = 0
	wireFixed64            = 1
	wireBytes              = 2
	wireFixed32            = 5
	varintContinues   byte = 0x80
)

// counts is what a profile will hold once it is decoded.
type counts struct {
	sampleTypes, samples, mappings, locations, functions, strings int
	comments, times, unknown                                      int
	refs, values, labels, labelled, lines                         int
	maps                                                          int // that samples will have for their labels
	valuesOfFirst                                                 int // values of the first sample
	uneven                                                        bool
}

// scan counts without building, and stops at the first count beyond its limit.
func scan(data []byte, l Limits) *Error {
	var c counts
	all := data
	for fields := 0; len(data) > 0; fields++ {
		f, rest, ok := next(data)
		if !ok {
			if fields == 0 || c.sampleTypes == 0 {
				return notProfile()
			}
			return cutShort()
		}
		data = rest
		if err := c.add(f, l); err != nil {
			return err
		}
	}
	if err := c.check(); err != nil {
		return err
	}
	if c.memory() > l.Memory {
		return refuse(TooLarge, "The profile takes more than %s of memory; %s.", size(l.Memory), unlabel)
	}
	if c.labels > 0 && labelText(all, c.strings) > l.Text {
		return refuse(TooLarge, "The labels of the profile take more than %s; %s.", size(int64(l.Text)), unlabel)
	}
	return nil
}

// check finds what CheckValid would refuse, before anything is allocated for it.
func (c *counts) check() *Error {
	switch {
	case c.sampleTypes == 0:
		return notProfile()
	case c.times > 1:
		return refuse(Broken, "The file is several profiles one after another; merge them with `go tool pprof -proto a.pb.gz b.pb.gz > merged.pb.gz`.")
	case c.samples > 0 && (c.uneven || c.valuesOfFirst != c.sampleTypes):
		return refuse(Broken, "The samples of the profile do not have one value for each of its %d sample types; record it again.", c.sampleTypes)
	}
	return nil
}

// add counts one field of the profile.
func (c *counts) add(f field, l Limits) *Error {
	if f.number < 1 || f.number > profileLast {
		if c.unknown++; c.unknown > l.Unknown {
			return refuse(Broken, "The profile is damaged or something else follows it (more than %d fields that no profile has); copy or record it again.", l.Unknown)
		}
		return nil
	}
	switch f.number {
	case profileComment:
		return count(&c.comments, f.varints(), l.Comments, "comments", made)
	case profileTime:
		c.times++
		return nil
	}
	if f.number > profileString {
		return nil
	}
	if f.wire != wireBytes {
		return cutShort()
	}
	switch f.number {
	case profileSampleType:
		return count(&c.sampleTypes, 1, l.SampleTypes, "sample types", made)
	case profileMapping:
		return count(&c.mappings, 1, l.Mappings, "mappings", made)
	case profileFunction:
		return count(&c.functions, 1, l.Functions, "functions", shorten)
	case profileSample:
		return c.addSample(f.data, l)
	case profileLocation:
		return c.addLocation(f.data, l)
	}
	if len(f.data) > l.StringBytes {
		return refuse(TooLarge, "The profile has a string of more than %s; strip the labels or names that are so long.", size(int64(l.StringBytes)))
	}
	return count(&c.strings, 1, l.Strings, "strings", shorten)
}

func (c *counts) addSample(data []byte, l Limits) *Error {
	values, labels, texts, numbers := 0, 0, 0, 0
	for len(data) > 0 {
		f, rest, ok := next(data)
		if !ok {
			return cutShort()
		}
		data = rest
		switch f.number {
		case sampleLocation:
			c.refs += f.varints()
		case sampleValue:
			values += f.varints()
		case sampleLabel:
			labels++
			if f.has(labelString) {
				texts = 1
			} else {
				numbers = 2 // with that of their units
			}
		}
	}
	if c.samples == 0 {
		c.valuesOfFirst = values
	}
	c.uneven = c.uneven || values != c.valuesOfFirst
	if labels > 0 {
		c.labelled++
	}
	c.values += values
	c.labels += labels
	c.maps += texts + numbers
	switch {
	case c.refs > l.Frames:
		return tooMany(l.Frames, "frames in its stacks", shorten)
	case c.values > l.Values:
		return tooMany(l.Values, "values in its samples", shorten)
	case c.labels > l.Labels:
		return tooMany(l.Labels, "labels", unlabel)
	case c.labelled > l.Labelled:
		return tooMany(l.Labelled, "samples with labels", unlabel)
	}
	return count(&c.samples, 1, l.Samples, "samples", shorten)
}

func (c *counts) addLocation(data []byte, l Limits) *Error {
	for len(data) > 0 {
		f, rest, ok := next(data)
		if !ok {
			return cutShort()
		}
		data = rest
		if f.number == locationLine {
			c.lines++
		}
	}
	if c.lines > l.Lines {
		return tooMany(l.Lines, "inlined frames", shorten)
	}
	return count(&c.locations, 1, l.Locations, "locations", shorten)
}

func count(have *int, n, limit int, what, mend string) *Error {
	*have += n
	if *have > limit {
		return tooMany(limit, what, mend)
	}
	return nil
}

// field is one field of a protobuf message.
type field struct {
	number uint64
	wire   uint64
	value  uint64 // of a wireVarint field
	data   []byte // of a wireBytes field
}

// fields are the fields of a message, as far as it hangs together.
func fields(data []byte) iter.Seq[field] {
	return func(yield func(field) bool) {
		for len(data) > 0 {
			f, rest, ok := next(data)
			if !ok || !yield(f) {
				return
			}
			data = rest
		}
	}
}

// next cuts the first field off data.
func next(data []byte) (f field, rest []byte, ok bool) {
	key, n := binary.Uvarint(data)
	if n <= 0 {
		return f, nil, false
	}
	f, data = field{number: key >> 3, wire: key & 7}, data[n:]
	skip := 0
	switch f.wire {
	case wireVarint:
		if f.value, skip = binary.Uvarint(data); skip <= 0 {
			return f, nil, false
		}
	case wireFixed64:
		skip = 8
	case wireFixed32:
		skip = 4
	case wireBytes:
		size, n := binary.Uvarint(data)
		if n <= 0 || size > uint64(len(data)-n) {
			return f, nil, false
		}
		f.data, skip = data[n:n+int(size)], n+int(size)
	default:
		return f, nil, false
	}
	if skip > len(data) {
		return f, nil, false
	}
	return f, data[skip:], true
}

// has reports whether a message has a number in this field.
func (f field) has(number uint64) bool {
	for inner := range fields(f.data) {
		if inner.number == number && inner.value != 0 {
			return true
		}
	}
	return false
}

// varints is how many numbers a repeated field holds: packed or one.
func (f field) varints() int {
	if f.wire != wireBytes {
		return 1
	}
	n := 0
	for _, b := range f.data {
		if b < varintContinues {
			n++
		}
	}
	return n
}
