package templates

import (
	"math"
	"strconv"
	"strings"
)

// Labels of bars on a page: the share that a part has of its bar is known, the width
// of the bar is not. So a part has several texts, the longest first, and each says
// from which width of the bar on, and up to which, it stands there. The style sheet
// shows one of them or none (container queries, chart.css): a label is never cut
// within a figure, whatever the window, and no script is needed.
const (
	fitPadding = 0.875 // rem left and right of a text
	fitFirst   = 8.0   // rem, the narrowest bar that is told apart
	fitStep    = 1.07  // from one width to the next
	fitSteps   = 34    // the widest is 8 · 1.07^33 = 75 rem
)

// fitted is a text of a part with the widths of the bar for which it is.
type fitted struct {
	text  string
	class string
}

// fits gives the texts of a part, the longest first, the widths of its bar.
func fits(share float64, texts ...string) []fitted {
	out, until := []fitted{}, fitSteps
	if !(share > 0) {
		return out
	}
	for _, t := range texts {
		from := step((letters(t) + fitPadding) / share)
		if t == "" || from >= until {
			continue
		}
		f := fitted{t, "Fit"}
		if from > 0 {
			f.class += " Fit-from" + strconv.Itoa(from)
		} else {
			f.class += " Fit-always"
		}
		if until < fitSteps {
			f.class += " Fit-until" + strconv.Itoa(until)
		}
		out, until = append(out, f), from
	}
	return out
}

// step is the first width that is at least so many rem.
func step(rem float64) int {
	if !(rem > fitFirst) {
		return 0
	}
	n := math.Ceil(math.Log(rem/fitFirst) / math.Log(fitStep))
	if !(n < fitSteps) {
		return fitSteps
	}
	return int(n)
}

// letters is how wide a text is in rem, in the letters of a label: rather too wide
// than too narrow.
func letters(text string) float64 {
	em := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("ijlI|.,:;'· ", r):
			em += 0.32
		case strings.ContainsRune("frt()-/", r):
			em += 0.42
		case strings.ContainsRune("mwMW…%", r):
			em += 0.98
		case r > 0x7f, r >= 'A' && r <= 'Z':
			em += 0.8
		default:
			em += 0.66
		}
	}
	return em * 0.75
}
