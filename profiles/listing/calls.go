package listing

import (
	"path"
	"regexp"
	"strings"
)

// callPattern finds "name(" and "qualifier.name(" in a line of Go.
var callPattern = regexp.MustCompile(`(?:([\pL_][\pL\pN_]*)(?:\[[^\]]*\])?\.)?([\pL_][\pL\pN_]*)(?:\[[^\]]*\])?\(`)

// inCode matches string and character literals and the comment that ends a line.
var inCode = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'(?:[^'\\\\]|\\\\.)*'|//.*")

// noCall reports whether a word before a parenthesis is a keyword, a conversion
// or a builtin that names no work.
func noCall(word string) bool {
	switch word {
	case "func", "if", "for", "switch", "return", "select", "case",
		"len", "cap", "min", "max", "int", "int64", "uint64", "float64", "string", "byte", "panic":
		return true
	}
	return false
}

// callLabel names the call in a line of Go: the one of several that the callees
// say costs most. A function of a package keeps the package's name ("net.Dial"),
// except that of io, whose functions say it all ("ReadFull"); a method goes
// without its receiver ("Write"). "" when the line calls nothing.
func callLabel(text string, callees map[string]int64) string {
	label, cost := "", int64(-1)
	for _, m := range callPattern.FindAllStringSubmatch(inCode.ReplaceAllString(text, " "), -1) {
		qualifier, name := m[1], m[2]
		if noCall(name) {
			continue
		}
		v, pkg := spentIn(qualifier, name, callees)
		l := name
		if pkg && qualifier != "io" {
			l = qualifier + "." + name
		}
		if v > cost || v == cost && len(l) > len(label) {
			label, cost = l, v
		}
	}
	return label
}

// spentIn sums the callees that a call may mean, and says whether they are
// functions of the package that the qualifier names.
func spentIn(qualifier, name string, callees map[string]int64) (value int64, pkg bool) {
	for function, v := range callees {
		if baseOf(function) != name {
			continue
		}
		value += magnitude(v)
		p := Package(function)
		if rest, _, _ := strings.Cut(function[len(p):], "["); qualifier != "" && rest == "."+name && path.Base(p) == qualifier {
			pkg = true
		}
	}
	return value, pkg
}
