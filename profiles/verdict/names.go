package verdict

import "github.com/sockscope/sockscope/profiles"

// CellName names a cell for people: "tcp4", "tcp4 with Nagle on". Sockets and
// variants that are not known keep their own names.
func CellName(c profiles.Cell) string {
	name := c.Socket
	if c.Variant != "" {
		name += " with " + variantWords(c.Variant)
	}
	if c.AA {
		name += " A/A"
	}
	return name
}

// variantWords names what a variant of package runner changes.
func variantWords(v string) string {
	switch v {
	case "nagle":
		return "Nagle on"
	case "linger0":
		return "SO_LINGER 0"
	case "resume":
		return "sessions resumed"
	case "flood":
		return "no credit"
	}
	return v
}
