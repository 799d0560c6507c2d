package flame_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// draw writes boxes as text, one a line: place, name, sums and marks.
func draw(boxes []flame.Box) string {
	var b strings.Builder
	for _, box := range boxes {
		name := box.Name
		if box.Smaller > 0 {
			name = fmt.Sprintf("(%d smaller in %s, from %d)", box.Smaller, box.Name, box.From)
		}
		fmt.Fprintf(&b, "%s%s %.3f+%.3f %v/%v", strings.Repeat("  ", box.Depth), name, box.X, box.Width, box.Total, box.Self)
		if box.Change != 0 {
			fmt.Fprintf(&b, " %+.2f", box.Change)
		}
		for _, mark := range []struct {
			set  bool
			name string
		}{{box.New, "new"}, {box.Gone, "gone"}, {box.Noise, "noise"}, {box.Matched, "matched"}} {
			if mark.set {
				b.WriteString(" " + mark.name)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func expect(t *testing.T, got []flame.Box, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimLeft(want, "\n"), draw(got)); diff != "" {
		t.Errorf("boxes (-want +got):\n%s", diff)
	}
}

// service is a tree with something of everything: 100 samples.
func service() *profile.Profile {
	return treetest.Folded(`
		main;serve 10
		main;serve;read 30
		main;serve;write;copy 4
		main;serve;write 1
		main;serve;log 2
		main;serve;stat 3
		main;accept 50
	`)
}

func TestLayout(t *testing.T) {
	t.Parallel()
	v := flame.Layout(tree.Build(service(), 0), flame.Options{})
	expect(t, v.Boxes, `
all samples 0.000+1.000 [100 0]/[0 0]
  main 0.000+1.000 [100 0]/[0 0]
    accept 0.000+0.500 [50 0]/[50 0]
    serve 0.500+0.500 [50 0]/[10 0]
      log 0.500+0.020 [2 0]/[2 0]
      read 0.520+0.300 [30 0]/[30 0]
      stat 0.820+0.030 [3 0]/[3 0]
      write 0.850+0.050 [5 0]/[1 0]
        copy 0.850+0.040 [4 0]/[4 0]
`)
	if v.Depth != 5 || v.Hidden != 0 || v.Frames != 9 || len(v.Ancestors) != 0 || v.Missing {
		t.Errorf("View = %+v", v)
	}
	if b := v.Boxes[3]; !b.Inner || b.Count != [2]int64{50, 0} || b.Raw != [2]int64{50, 0} {
		t.Errorf("serve = %+v", b)
	}
	if v.Boxes[8].Inner {
		t.Error("copy calls nothing")
	}
}

func TestBudgetTakesTheWidest(t *testing.T) {
	t.Parallel()
	tr := tree.Build(service(), 0)
	v := flame.Layout(tr, flame.Options{Budget: 5})
	expect(t, v.Boxes, `
all samples 0.000+1.000 [100 0]/[0 0]
  main 0.000+1.000 [100 0]/[0 0]
    accept 0.000+0.500 [50 0]/[50 0]
    serve 0.500+0.500 [50 0]/[10 0]
      read 0.500+0.300 [30 0]/[30 0]
      (4 smaller in serve, from 1) 0.800+0.100 [10 0]/[10 0]
`)
	rest := v.Boxes[5]
	v = flame.Layout(tr, flame.Options{At: rest.Hash, From: rest.From, Budget: 3})
	expect(t, v.Boxes, `
(4 smaller in serve, from 1) 0.000+1.000 [10 0]/[0 0]
  write 0.000+0.500 [5 0]/[1 0]
    copy 0.000+0.400 [4 0]/[4 0]
  (2 smaller in serve, from 2) 0.500+0.500 [5 0]/[5 0]
`)
	if names := ancestors(v); names != "all samples/main/serve" {
		t.Errorf("ancestors of the rest of serve: %s", names)
	}
	v = flame.Layout(tr, flame.Options{MinWidth: 0.05})
	if last := v.Boxes[len(v.Boxes)-1]; last.Smaller != 2 || last.Name != "serve" || v.Hidden != 1 {
		t.Errorf("last box %+v, %d hidden; want 2 smaller in serve (log, stat) and copy hidden", last, v.Hidden)
	}
}

func TestBudgetTakesEqualsInOrder(t *testing.T) {
	t.Parallel()
	v := flame.Layout(tree.Build(treetest.Folded("a 1\nb;x 1\nc 1\nd 1"), 0), flame.Options{Budget: 4})
	expect(t, v.Boxes, `
all samples 0.000+1.000 [4 0]/[0 0]
  a 0.000+0.250 [1 0]/[1 0]
  b 0.250+0.250 [1 0]/[0 0]
    x 0.250+0.250 [1 0]/[1 0]
  (2 smaller in all samples, from 2) 0.500+0.500 [2 0]/[2 0]
`)
}

func ancestors(v flame.View) string {
	names := make([]string, len(v.Ancestors))
	for i, b := range v.Ancestors {
		names[i] = b.Name
	}
	return strings.Join(names, "/")
}

func TestZoom(t *testing.T) {
	t.Parallel()
	tr := tree.Build(service(), 0)
	write := flame.Layout(tr, flame.Options{}).Boxes[7]
	v := flame.Layout(tr, flame.Options{At: write.Hash})
	expect(t, v.Boxes, `
write 0.000+1.000 [5 0]/[1 0]
  copy 0.000+0.800 [4 0]/[4 0]
`)
	expect(t, v.Ancestors, `
all samples 0.000+1.000 [100 0]/[0 0]
  main 0.000+1.000 [100 0]/[0 0]
    serve 0.000+1.000 [50 0]/[10 0]
`)
	v = flame.Layout(tr, flame.Options{At: 12345, From: 1})
	if !v.Missing || v.Boxes[0].Name != tree.Root || len(v.Boxes) != 9 {
		t.Errorf("an unknown node: Missing %t, %d boxes from %q", v.Missing, len(v.Boxes), v.Boxes[0].Name)
	}
	v = flame.Layout(tr, flame.Options{From: 99})
	if len(v.Boxes) != 9 || len(v.Ancestors) != 0 {
		t.Errorf("past the last child: %d boxes, ancestors %s; want all", len(v.Boxes), ancestors(v))
	}
}

func TestDifference(t *testing.T) {
	t.Parallel()
	base := treetest.Folded("main;dial 40\nmain;read 400\nmain;old 100\nmain;tiny 2")
	other := treetest.Folded("main;dial 44\nmain;read 100\nmain;new 50\nmain;tiny 5")
	tr := tree.Union(base, other, 0, 0)
	v := flame.Layout(tr, flame.Options{Scale: flame.Scale{Base: 1. / 100, Other: 1. / 50}})
	expect(t, v.Boxes, `
all samples 0.000+1.000 [5.42 3.98]/[0 0] -0.27
  main 0.000+1.000 [5.42 3.98]/[0 0] -0.27
    dial 0.000+0.136 [0.4 0.88]/[0.4 0.88] +0.55
    new 0.136+0.106 [0 1]/[0 1] +1.00 new
    old 0.243+0.106 [1 0]/[1 0] -1.00 gone
    read 0.349+0.638 [4 2]/[4 2] -0.50
    tiny 0.987+0.013 [0.02 0.1]/[0.02 0.1] +0.80 noise
`)
	for width, gone := range map[flame.Width]string{flame.Base: "new", flame.Other: "old"} {
		for _, b := range flame.Layout(tr, flame.Options{Width: width}).Boxes {
			if b.Name == gone && b.Smaller == 0 {
				t.Errorf("width %s: %s has a box of width %v", width, gone, b.Width)
			}
		}
	}
}

func TestNoNumberIsOutOfReach(t *testing.T) {
	t.Parallel()
	huge := treetest.Folded("a;b 1\na;c 1\nd 1")
	for i, v := range []int64{math.MaxInt64, math.MinInt64, math.MaxInt64} {
		huge.Sample[i].Value = []int64{v, v}
	}
	empty := &profile.Profile{SampleType: huge.SampleType}
	for _, tr := range []*tree.Tree{
		tree.Build(huge, 0), tree.Build(empty, 0), tree.Union(huge, empty, 0, 0), tree.Union(empty, huge, 1, 1), tree.Union(empty, empty, 0, 0),
	} {
		for _, a := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64} {
			for _, b := range []float64{1, math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64} {
				for _, width := range []flame.Width{"", flame.Base, flame.Other, "rubbish"} {
					checkView(t, tr, flame.Options{Scale: flame.Scale{Base: a, Other: b}, Width: width, Search: regexp.MustCompile("b"), From: 0})
					checkView(t, tr, flame.Options{Scale: flame.Scale{Base: a, Other: b}, Width: width, From: 1, Budget: 1, MinWidth: a})
				}
			}
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;read;copy;read;copy 6\nmain;write;copy 3\nmain;idle 1")
	tr := tree.Build(p, 1)
	v := flame.Layout(tr, flame.Options{Search: regexp.MustCompile("^(read|copy)$"), Scale: flame.Scale{Base: 1. / treetest.Period}})
	if v.Matched != 0.9 || v.MatchedTotal[0] != 9 || v.MatchedNames != 2 {
		t.Errorf("Matched = %v, MatchedTotal = %v, MatchedNames = %d; want 0.9, 9, 2", v.Matched, v.MatchedTotal, v.MatchedNames)
	}
	for _, b := range v.Boxes {
		if want := b.Name == "read" || b.Name == "copy"; b.Matched != want {
			t.Errorf("%s: Matched = %t", b.Name, b.Matched)
		}
	}
	v = flame.Layout(tr, flame.Options{Search: regexp.MustCompile("copy"), Budget: 4})
	// all samples, main, read, copy; idle and write are in one smaller box of main.
	for _, b := range v.Boxes {
		if b.Smaller > 0 && b.Name == "main" && !b.Matched {
			t.Errorf("the smaller box with write;copy inside is not marked: %+v", b)
		}
	}
	v = flame.Layout(tr, flame.Options{Search: regexp.MustCompile("no such name")})
	if v.Matched != 0 || v.MatchedNames != 0 {
		t.Errorf("Matched = %v, MatchedNames = %d for nothing", v.Matched, v.MatchedNames)
	}
}

func ExampleLayout() {
	unix := treetest.Folded("main.main;net.Dial 20\nmain.main;net.(*conn).Read 30")
	tcp := treetest.Folded("main.main;net.Dial 90\nmain.main;net.(*conn).Read 40")
	t := tree.Union(unix, tcp, 0, 0)
	v := flame.Layout(t, flame.Options{Scale: flame.Scale{Base: 1. / 1000, Other: 1. / 1000}})
	for _, b := range v.Boxes {
		fmt.Printf("%d %-17s x %.2f width %.2f change %+.0f%% noise %t\n", b.Depth, b.Name, b.X, b.Width, 100*b.Change, b.Noise)
	}
	// Output:
	// 0 all samples       x 0.00 width 1.00 change +62% noise false
	// 1 main.main         x 0.00 width 1.00 change +62% noise false
	// 2 net.(*conn).Read  x 0.00 width 0.39 change +25% noise true
	// 2 net.Dial          x 0.39 width 0.61 change +78% noise false
}
