package listing_test

import (
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// No more of a name than its beginning is matched with the pattern of a profile.
func TestDropFramesOfLongNames(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;" + strings.Repeat("a", 8<<10) + "b;leaf 1")
	p.DropFrames = "a*"
	if top := listing.Top(p, 0); len(top) != 1 || top[0].Function != "main" {
		t.Errorf("%d functions are left of which the beginning is dropped", len(top))
	}
}
