package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sockscope/sockscope/templates"
)

// lastWords stands between what a child did wrong and the end of its standard
// error, in the errors of package runner/child.
const lastWords = "; its last words: "

// mends are what to do, by what a failure says. The first that fits is told.
var mends = []struct{ says, mend string }{
	{"no space left", "The disk is full: make room where TMPDIR and the data directory are, then run it again."},
	{"too many open files", "The limit of open files is reached: raise it with ulimit -n, or ask for fewer connections, then run it again."},
	{"cannot allocate memory", "Memory ran out: ask for smaller messages or fewer connections, then run it again."},
	{"signal: killed", "Somebody or something killed the process from outside. When memory is short the kernel does: dmesg names the process then. Run it again with less beside it, or with smaller messages."},
	{"address already in use", "Another program has the address: run it again; a fresh one is chosen each time."},
	{"cannot assign requested address", "The local ports ran out: spread the dials over several addresses (the form’s “ports”), or ask for fewer requests."},
	{"permission denied", "The system forbids it: look at the limits of the container or the unit that sockscope runs in, then run it again."},
	{"no such host", "A name could not be resolved: give the address in numbers, or mend the resolver."},
}

// failureView splits what a failed comparison left into a sentence, what to do and
// the end of the process's standard error.
func failureView(failure string, measured bool) templates.Failure {
	f := templates.Failure{}
	f.Sentence, f.Detail, _ = strings.Cut(failure, lastWords)
	switch first, _ := utf8.DecodeRuneInString(f.Sentence); {
	case f.Sentence == "":
		f.Sentence = "It failed, and nothing says why; the server’s log may."
	case !unicode.IsUpper(first):
		f.Sentence = "It failed in " + f.Sentence + "."
	}
	f.Mend = "Run it again once the cause is mended."
	for _, m := range mends {
		if strings.Contains(strings.ToLower(failure), m.says) {
			f.Mend = m.mend
			break
		}
	}
	if measured {
		f.Mend += " What was measured before is below."
	} else {
		f.Mend += " Nothing was measured before."
	}
	return f
}
