package source

import (
	"encoding/json"
	"fmt"
)

// envelope is more than the encoding of a Bundle has beside its files.
const envelope = 64

// Pack encodes one Bundle of all, which Decode takes back under the limits, and says how
// many files were left out for it. The first text of a path wins; files of
// earlier Bundles come first.
//
// Note: files that each were decoded under the same limits may be too many together, and
// even those of one Bundle may be larger when they are encoded again: U+2028 is three bytes
// in JSON or six.
func Pack(l Limits, bundles ...Bundle) (data []byte, left int) {
	kept, list := Bundle{files: map[string]*file{}}, []string{}
	room := l.Inflated - envelope
	for p, f := range each(bundles) {
		switch n := encodedSize(p, f); {
		case kept.files[p] != nil:
		case n > room || len(list) == l.Files || len(p) > l.Path || int64(len(f.text)) > l.File:
			left++
		default:
			kept.files[p], list, room = f, append(list, p), room-n
		}
	}
	data = kept.Encode()
	for int64(len(data)) > l.Wire { // text that hardly shrinks
		most := min(len(list)-1, int(float64(len(list))*0.9*float64(l.Wire)/float64(len(data))))
		for _, p := range list[most:] {
			delete(kept.files, p)
			left++
		}
		list, data = list[:most], kept.Encode()
	}
	return data, left
}

// each gives the files of the Bundles one after the other, each by path.
func each(bundles []Bundle) func(yield func(string, *file) bool) {
	return func(yield func(string, *file) bool) {
		for _, b := range bundles {
			for _, p := range b.Paths() {
				if !yield(p, b.files[p]) {
					return
				}
			}
		}
	}
}

// encodedSize is how many bytes Encode makes of a file, before they are compressed.
func encodedSize(name string, f *file) int64 {
	var n counter
	j := json.NewEncoder(&n)
	j.SetEscapeHTML(false)
	if err := j.Encode(encodedFile{Path: name, SHA256: f.sum, Text: f.text}); err != nil { // strings into a count
		panic(fmt.Sprintf("measure source file: %v", err))
	}
	return int64(n) // its line end stands for the comma
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
