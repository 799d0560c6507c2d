package prune

import (
	"strings"

	"github.com/google/pprof/profile"
)

// Name is the name under which pprof reports a function, and the one that is matched
// once a profile is opened. It is fn.Name, except that pprof takes Go's type arguments
// for C++ and cuts what stands in parentheses or in angle brackets out of them: a
// function generic over func(int) is reported as if it were generic over func.
func Name(fn *profile.Function) string {
	if fn.Name != "" && fn.SystemName != fn.Name {
		return fn.Name
	}
	name := fn.SystemName
	if !looksLikeCPlusPlus(name) {
		return name
	}
	return cutNested(cutNested(name, '(', ')'), '<', '>')
}

// looksLikeCPlusPlus is pprof's guess, right or wrong. Most names are plain, and to
// look for one letter is many times quicker than for any of several.
func looksLikeCPlusPlus(name string) bool {
	brackets := strings.IndexByte(name, '<') >= 0 || strings.IndexByte(name, '>') >= 0 || strings.IndexByte(name, '[') >= 0 || strings.IndexByte(name, ']') >= 0
	if !brackets && !strings.Contains(name, "::") {
		return false
	}
	return !strings.Contains(name, ".<") && !strings.Contains(name, "]).")
}

// cutNested removes each outermost open…shut from name. It stops at a shut that
// nothing opened, and leaves alone an open that nothing shuts.
func cutNested(name string, open, shut byte) string {
	var kept strings.Builder
	nesting, from := 0, 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case open:
			if nesting == 0 {
				kept.WriteString(name[from:i])
				from = i
			}
			nesting++
		case shut:
			nesting--
			if nesting < 0 {
				return kept.String() + name[from:]
			}
			if nesting == 0 {
				from = i + 1
			}
		}
	}
	return kept.String() + name[from:]
}
