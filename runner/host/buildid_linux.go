package host

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// buildID reads the note that the Go linker leaves in a binary, stripped or not:
// "action/content", of which the content half names the code. "" if there is none.
func buildID() string {
	f, err := elf.Open("/proc/self/exe")
	if err != nil {
		return ""
	}
	defer f.Close()
	section := f.Section(".note.go.buildid")
	if section == nil {
		return ""
	}
	note, err := section.Data()
	if err != nil {
		return ""
	}
	return goNote(note, f.ByteOrder)
}

// goNote reads an ELF note: the lengths of name and description, a type, then
// both, of which the name "Go" is padded to four bytes.
func goNote(note []byte, order binary.ByteOrder) string {
	const header, name = 12, "Go\x00\x00"
	if len(note) < header+len(name) || !bytes.HasPrefix(note[header:], []byte(name)) {
		return ""
	}
	id := note[header+len(name):]
	if n := order.Uint32(note[4:]); uint64(n) <= uint64(len(id)) {
		id = id[:n]
	}
	parts := strings.Split(string(id), "/")
	return parts[len(parts)-1]
}
