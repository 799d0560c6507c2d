package tree

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxName is the most bytes of a name that are kept, so that any name of a tree
// fits a link. Longer ones keep their difference by a hash of the whole.
const MaxName = 400

// mark stands between what is left of a name and its hash.
const mark, maxHash = "…", 16

// Clip is the name that a tree has for a function: the same, unless it is longer
// than MaxName.
func Clip(name string) string {
	if len(name) <= MaxName {
		return name
	}
	n := MaxName - len(mark) - maxHash
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n] + mark + strconv.FormatUint(nameHash(name), 16)
}

// Clipped reports whether Clip made a name: only who has the whole one can find the
// function by it.
func Clipped(name string) bool {
	at := strings.LastIndex(name, mark)
	return at > MaxName-len(mark)-maxHash-utf8.UTFMax && len(name)-at-len(mark) <= maxHash
}
