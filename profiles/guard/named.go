package guard

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"unicode"
	"unicode/utf8"
)

func notProfile() *Error {
	return refuse(NotProfile, "The file is not a pprof profile; send what runtime/pprof, net/http/pprof or `go tool pprof -proto` wrote.")
}

func legacy() *Error {
	return refuse(Legacy, "The file is a profile in an old format; convert it with `go tool pprof -proto old > new.pb.gz` and send new.pb.gz.")
}

// named replaces a refusal by a better one when the first bytes tell what the
// file is. It is asked only about what could not be decoded.
func named(data []byte, err *Error) error {
	if err.Reason == TooLarge && !oldBinary(data) && !text(data) {
		return err
	}
	head := bytes.TrimLeft(data[:min(len(data), 4096)], " \t\r\n")
	for _, k := range []struct{ prefix, is, mend string }{
		{"go 1.", "a Go execution trace", "open it with `go tool trace`, or make a profile of it with `go tool trace -pprof=sched`"},
		{"PERFILE2", "a perf.data file", "convert it with perf_to_profile"},
		{"<", "a web page or XML", "send the profile that the page offers for download"},
		{"{", "JSON", "send what `go tool pprof -proto` wrote"},
		{"\x28\xb5\x2f\xfd", "compressed with zstd", "decompress it, or compress it with gzip"},
		{"PK\x03\x04", "a zip archive", "unpack it and send one profile"},
		{"\x7fELF", "an executable", "send the profile and not the program"},
	} {
		if bytes.HasPrefix(head, []byte(k.prefix)) {
			return refuse(NotProfile, "The file is %s and not a pprof profile; %s.", k.is, k.mend)
		}
	}
	switch {
	case stacksAsText.Match(head):
		return refuse(NotProfile, "The file is the stacks of goroutines as text, as debug=2 or a crash writes them, and not a pprof profile; fetch /debug/pprof/goroutine without debug=.")
	case oldText(head) || oldBinary(data):
		return legacy()
	case text(data):
		return refuse(NotProfile, "The file is text and not a pprof profile; send what runtime/pprof, net/http/pprof or `go tool pprof -proto` wrote.")
	}
	return err
}

// stacksAsText is how each goroutine of a dump begins: "goroutine 1 [running]:", or
// with more of it before the bracket.
var stacksAsText = regexp.MustCompile(`^goroutine [0-9]+ [^\n]*\[`)

// text reports whether the file begins with text: a profile has bytes from its
// beginning on that no text has.
func text(data []byte) bool {
	head := data[:min(len(data), 4096)]
	for cut := 0; cut < utf8.UTFMax-1 && len(head) < len(data) && !utf8.Valid(head); cut++ {
		head = head[:len(head)-1] // within a letter
	}
	return len(head) > 0 && utf8.Valid(head) && !bytes.ContainsFunc(head, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

// oldText reports whether the file begins as one of the text formats before
// profile.proto does: heap, contention, thread, goroutine, Java.
func oldText(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	for bytes.HasPrefix(line, []byte("#")) || bytes.HasPrefix(line, []byte("%")) || len(bytes.TrimSpace(line)) == 0 && len(head) > 0 {
		_, head, _ = bytes.Cut(head, []byte("\n"))
		line, _, _ = bytes.Cut(head, []byte("\n"))
	}
	if bytes.HasPrefix(line, []byte("--- ")) { // "--- contentionz 1 ---", "--- heapz 1 ---", "--- threadz 1 ---"
		return true
	}
	return bytes.Contains(line, []byte("heap profile: ")) || // "heap profile: 3: 96 [4: 128] @ heap/524288"
		bytes.Contains(line, []byte(" profile: total ")) // "goroutine profile: total 5"
}

// oldBinary reports whether the file begins as the CPU profile of gperftools
// does: five words 0, 3, 0, period, 0 (or with a version other than 0) in
// either width and byte order.
func oldBinary(data []byte) bool {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if len(data) >= 20 && order.Uint32(data) == 0 && order.Uint32(data[4:]) == 3 && order.Uint32(data[8:]) <= 1 {
			return true
		}
		if len(data) >= 40 && order.Uint64(data) == 0 && order.Uint64(data[8:]) == 3 && order.Uint64(data[16:]) <= 1 {
			return true
		}
	}
	return false
}
