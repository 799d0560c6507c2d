package tree_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// A name of a listing turns the tree around what the listing counts under it: the cum
// of all its frames, each sample once.
func TestPivotAroundRowsOfTop(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;x;y;x 3\nmain;x;std::vector<int>::at(int) 2\nmain;y;std::vector<long>::at(long) 4\nx 1\n<module>;y 6")
	for _, l := range p.Location {
		switch l.Line[0].Function.Name {
		case "x":
			l.Line = nil
		case "y":
			l.Line, l.Mapping = nil, nil
		}
	}
	check := func(p *profile.Profile) {
		t.Helper()
		whole := tree.Build(p, 0)
		costs := map[string]int64{}
		for _, f := range listing.Top(p, 0) {
			costs[f.Function] += f.Cum
		}
		for name, cum := range costs {
			callers, callees := whole.Pivot(name)
			for _, half := range []*tree.Tree{callers, callees} {
				if half.Len() < 2 || half.Name(1) != name || half.End(1) != half.Len() || half.Total(tree.Base, 1) != cum {
					t.Errorf("around %s stand %d frames of %d, want cum %d", name, half.Len(), half.Total(tree.Base, 0), cum)
				}
			}
			if i := whole.Sole(name); i > 0 && whole.Name(i) != name {
				t.Errorf("%s stands alone at %s", name, whole.Name(i))
			}
		}
	}
	check(p)
	listing.Open(p)
	check(p)
}

func TestNamelessFrames(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;x 3\nmain;<lambda> 2")
	p.Location[0].Line = nil // x: leaves come first
	whole := tree.Build(p, 0)
	for i := range whole.Len() {
		want := strings.HasPrefix(whole.Name(i), "0x") || whole.Name(i) == "<lambda>"
		if whole.Nameless(i) != want {
			t.Errorf("%s is without a name: %t", whole.Name(i), !want)
		}
	}
	if callers, _ := whole.Pivot("[app]"); !callers.Nameless(1) {
		t.Error("a binary has a function's name")
	}
	if slices.Contains(whole.Names(), "[app]") {
		t.Error("the binary is among the functions of a tree")
	}
}

// A name that is cut is as short as a link takes, stays as it is, and differs where
// the whole does.
func TestClip(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 2 * tree.MaxName {
		name := strings.Repeat("ü", n/2) + strings.Repeat("x", n%2)
		short := tree.Clip(name)
		if len(short) > tree.MaxName || tree.Clip(short) != short || seen[short] || tree.Clipped(short) != (short != name) {
			t.Errorf("%d bytes are cut to %q", len(name), short)
		}
		seen[short] = true
	}
}

// A profile without symbols has every address in its tree, and one row a binary in
// its listing.
func TestPivotAroundBinaryOfCorpus(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../shared/corpus/parca-dev-parca__pkg_symbolizer_testdata_stripped_cpu.stripped.pprof")
	if err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	p, err := guard.DecodeBytes(data, guard.Default())
	if err != nil {
		t.Fatal(err)
	}
	whole := tree.Build(p, 0)
	for _, f := range listing.Top(p, 0) {
		if callers, _ := whole.Pivot(f.Function); callers.Total(tree.Base, 0) != f.Cum {
			t.Errorf("around %s there is %d, want %d", f.Function, callers.Total(tree.Base, 0), f.Cum)
		}
	}
}
