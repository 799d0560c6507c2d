package web

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/sockscope/sockscope/profiles/refine"
)

// look is what of profiles a link looks at.
type look struct {
	refine.Refinement
	key string // differs where the refinement does; "" for whole profiles
}

// lookFields are the patterns of a look, in page order.
var lookFields = [...]string{"focus", "ignore", "hide", "show_from"}

// lookOf reads the patterns of a query. What does not compile looks at everything
// and gives a sentence under its name.
func lookOf(q url.Values) (l look, wrong map[string]string) {
	wrong = map[string]string{}
	key := url.Values{}
	patterns := [len(lookFields)]*regexp.Regexp{}
	for i, name := range lookFields {
		re, why := compile(q.Get(name))
		switch {
		case why != "":
			wrong[name] = why
		case re != nil:
			patterns[i] = re
			key.Set(name, q.Get(name))
		}
	}
	l.Focus, l.Ignore, l.Hide, l.ShowFrom = patterns[0], patterns[1], patterns[2], patterns[3]
	if label := q.Get("label"); label != "" {
		name, value, ok := strings.Cut(label, "=")
		if ok && name != "" {
			l.Key, l.Value = name, value
			key.Set("label", label)
		} else {
			wrong["label"] = "A label is chosen as key=value, such as bytes=4096."
		}
	}
	if len(key) > 0 {
		l.key = "?" + key.Encode()
	}
	return l, wrong
}
