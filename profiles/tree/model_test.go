package tree_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// values of one path or function: total and self, by side.
type values struct{ Total, Self, Count [2]int64 }

// pathOf is the path of names, root first, of one sample, in the plainest way.
func pathOf(s *profile.Sample) (path []string) {
	for i := len(s.Location) - 1; i >= 0; i-- {
		l := s.Location[i]
		for k := len(l.Line) - 1; k >= 0; k-- {
			path = append(path, l.Line[k].Function.Name)
		}
		if len(l.Line) == 0 {
			path = append(path, "0x1234 in app")
		}
	}
	return path
}

// model is the call tree and its functions as maps.
func model(profiles ...*profile.Profile) (paths, top map[string]values) {
	paths, top = map[string]values{"": {}}, map[string]values{}
	add := func(m map[string]values, key string, side int, total, self, count int64) {
		v := m[key]
		v.Total[side] += total
		v.Self[side] += self
		v.Count[side] += count
		m[key] = v
	}
	for side, p := range profiles {
		for _, s := range p.Sample {
			v, n := s.Value[1], max(s.Value[0], -s.Value[0])
			if v == 0 {
				continue
			}
			path := pathOf(s)
			for i := range len(path) + 1 {
				self := int64(0)
				if i == len(path) {
					self = v
				}
				add(paths, strings.Join(path[:i], ";"), side, v, self, n)
			}
			for _, name := range slices.Compact(slices.Sorted(slices.Values(path))) {
				add(top, name, side, v, 0, n)
			}
			if len(path) > 0 {
				add(top, path[len(path)-1], side, 0, v, 0)
			}
		}
	}
	maps.DeleteFunc(top, func(_ string, v values) bool { return v == values{} })
	return paths, top
}

// read turns a tree in the form of the model, and checks its structure.
func read(t *testing.T, got *tree.Tree) map[string]values {
	t.Helper()
	paths := map[string]values{}
	names := make([]string, got.Len())
	for i := range got.Len() {
		if i > 0 {
			p := got.Parent(i)
			if p < 0 || p >= i || i >= got.End(p) || got.End(i) > got.End(p) || got.Depth(i) != got.Depth(p)+1 {
				t.Fatalf("node %d [%d,%d) depth %d is not inside its parent %d [%d,%d) depth %d", i, i, got.End(i), got.Depth(i), p, p, got.End(p), got.Depth(p))
			}
			names[i] = strings.TrimPrefix(names[p]+";"+got.Name(i), ";")
		}
		for c, before := i+1, ""; c < got.End(i); c = got.End(c) {
			if got.Parent(c) != i || got.Name(c) <= before && c > i+1 {
				t.Fatalf("children of %q: %q after %q", names[i], got.Name(c), before)
			}
			before = got.Name(c)
		}
		if k, ok := got.Find(got.Hash(i)); !ok || k != i {
			t.Fatalf("Find(Hash(%d)) = %d, %t", i, k, ok)
		}
		var v values
		for s := range got.Sides() {
			side := tree.Side(s)
			v.Total[s], v.Self[s], v.Count[s] = got.Total(side, i), got.Self(side, i), got.Count(side, i)
		}
		paths[names[i]] = v
	}
	return paths
}

func check(t *testing.T, got *tree.Tree, profiles ...*profile.Profile) {
	t.Helper()
	paths, top := model(profiles...)
	if diff := cmp.Diff(paths, read(t, got)); diff != "" {
		t.Fatalf("nodes (-model +tree):\n%s", diff)
	}
	have := map[string]values{}
	for _, f := range got.Top() {
		have[f.Name] = values{f.Total, f.Self, f.Count}
	}
	if diff := cmp.Diff(top, have); diff != "" {
		t.Fatalf("functions (-model +tree):\n%s", diff)
	}
	for name, v := range top {
		if i := got.Sole(name); i > 0 {
			_, callees := got.Pivot(name)
			for s := range got.Sides() {
				if got.Name(i) != name || callees.Len()-1 != got.End(i)-i || callees.Total(tree.Side(s), 1) != got.Total(tree.Side(s), i) {
					t.Fatalf("%q stands once, at %d, but what it calls is not the subtree there", name, i)
				}
			}
		}
		for direction, turned := range pivots(got, name) {
			for s := range got.Sides() {
				if n := turned.Total(tree.Side(s), 0); n != v.Total[s] {
					t.Fatalf("%s of %q: total %d, want %d", direction, name, n, v.Total[s])
				}
			}
			if turned.Len() > 1 && (turned.Name(1) != name || turned.End(1) != turned.Len()) {
				t.Fatalf("%s of %q: the function does not stand alone under the root", direction, name)
			}
		}
	}
}

func pivots(t *tree.Tree, name string) map[string]*tree.Tree {
	callers, callees := t.Pivot(name)
	return map[string]*tree.Tree{"callers": callers, "callees": callees}
}

func TestAgainstModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		rng := rand.New(rand.NewPCG(seed, 2))
		a, b := treetest.Random(rng, seed%3 == 0), treetest.Random(rng, seed%5 == 0)
		one, both := tree.Build(a, 1), tree.Union(a, b, 1, 1)
		check(t, one, a)
		check(t, both, a, b)
		for i := range one.Len() {
			k, ok := both.Find(one.Hash(i))
			if !ok || both.Name(k) != one.Name(i) || both.Depth(k) != one.Depth(i) || both.Total(tree.Base, k) != one.Total(tree.Base, i) {
				t.Fatalf("seed %d: node %d %q of the base is not the same in the union", seed, i, one.Name(i))
			}
		}
	}
}

func FuzzAgainstModel(f *testing.F) {
	f.Add(uint64(1), false)
	f.Add(uint64(2), true)
	f.Fuzz(func(t *testing.T, seed uint64, negative bool) {
		rng := rand.New(rand.NewPCG(seed, 3))
		a, b := treetest.Random(rng, negative), treetest.Random(rng, false)
		check(t, tree.Union(a, b, 1, 1), a, b)
	})
}

func TestPivotCallers(t *testing.T) {
	t.Parallel()
	p := treetest.Folded(`
		main;read 1
		main;serve;read;copy;read 2
		main;serve;read;wait 4
		main;other 8
		init;serve;read 16
	`)
	callers, callees := tree.Build(p, 0).Pivot("read")
	expect(t, callers, `
all samples 23/0
  read 23/0
    main 1/1
    serve 22/0
      init 16/16
      main 6/6
`)
	expect(t, callees, `
all samples 23/0
  read 23/17
    copy 2/0
      read 2/2
    wait 4/4
`)
	if i := tree.Build(p, 0).Sole("read"); i != 0 {
		t.Errorf("read stands thrice, and alone at %d", i)
	}
	if tr := tree.Build(p, 0); tr.Name(tr.Sole("init")) != "init" {
		t.Error("init stands once")
	}
	callers, callees = tree.Build(p, 0).Pivot("no such function")
	expect(t, callers, "all samples 0/0\n")
	expect(t, callees, "all samples 0/0\n")
}

func TestOrder(t *testing.T) {
	t.Parallel()
	base := treetest.Folded("a 1\nb 5\nc 3\nd 3")
	other := treetest.Folded("a 9\nb 1\nd 0\ne 2")
	u := tree.Union(base, other, 0, 0)
	for _, c := range []struct {
		base, other float64
		want        string
	}{
		{1, 0, "bcdae"},
		{0, 1, "aebcd"},
		{1, 1, "abcde"},
		{1, 0.1, "bcdae"},
		{10, 1, "bcdae"}, // more orders than are kept
		{1, 0, "bcdae"},
	} {
		o, got := u.Order(c.base, c.other), ""
		for i := o.First(0); i >= 0; i = o.Next(i) {
			got += u.Name(i)
		}
		if got != c.want {
			t.Errorf("Order(%v, %v) = %s, want %s", c.base, c.other, got, c.want)
		}
	}
}
