package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

// A failed comparison says what failed, what to do, and the end of the process's
// standard error, line by line.
func TestFailedComparison(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.running("", 1)
	failure := "round 1 of unix: the client process (at \"run\"): ended without a reply (signal: killed); its last words: goroutine 1 [running]:\nmain.main() <b>"
	s.end(c, profiles.Failed, failure)
	page := s.page("/comparisons/"+c.ID).want(t, http.StatusOK).body
	says(t, page, "It failed in round 1 of unix", "(signal: killed).", "dmesg", "goroutine 1 [running]")
	if !strings.Contains(page, "goroutine 1 [running]:\nmain.main() &lt;b&gt;") {
		t.Error("the end of standard error is not there as it was written")
	}
	saysNot(t, page, "its last words")
}
