package listing_test

import (
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// Opened, a profile has the names that are reported and none of the frames that it
// asks to drop; a second time changes nothing.
func TestOpenAsPprof(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;std::vector<int>::push_back(int&&);__restore 4\n<module>;f 2")
	p.DropFrames = "__restore"
	listing.Open(p)
	for range 2 {
		names := []string{}
		for _, f := range listing.Top(p, 0) {
			names = append(names, f.Function)
		}
		if got := strings.Join(names, " "); got != "std::vector::push_back f [app] main" {
			t.Errorf("the functions are %s", got)
		}
		listing.Open(p)
	}
}

// What a sample ends in says whether it was spent in a function with a name.
func TestNameless(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;a 3\nmain;b 5\nmain 2")
	for _, l := range p.Location {
		if l.Line[0].Function.Name == "b" {
			l.Line = nil
		}
	}
	p.Sample[0].Value[0] = -3
	p.Sample = append(p.Sample, &profile.Sample{Value: []int64{4, 0}}) // without a stack
	if value, all := listing.Nameless(p, 0); value != 5 || all != 14 {
		t.Errorf("%d of %d, want 5 of 14", value, all)
	}
	if value, all := listing.Nameless(p, 7); value != 0 || all != 0 {
		t.Errorf("a sample type that is not there holds %d of %d", value, all)
	}
}
