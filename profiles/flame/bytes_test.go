package flame_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// FuzzViews takes two files the whole way: whatever guard accepts can be drawn.
func FuzzViews(f *testing.F) {
	encode := func(folded string) []byte {
		var w bytes.Buffer
		if err := treetest.Folded(folded).WriteUncompressed(&w); err != nil {
			f.Fatal(err)
		}
		return w.Bytes()
	}
	f.Add(encode("main;a 1\nmain;b 2"), encode("main;a 3\nmain;c;a 2"), uint8(0), uint8(1), uint8(2))
	f.Add(encode("f;f;f 1\nf 9223372036854775807"), encode(""), uint8(1), uint8(0), uint8(0))
	limits := guard.Limits{Wire: 1 << 16, Inflated: 1 << 18, Frames: 5_000, Samples: 500, Locations: 500, Lines: 500}
	f.Fuzz(func(t *testing.T, base, other []byte, sampleType, budget, from uint8) {
		a, err := guard.DecodeBytes(base, limits)
		if err != nil {
			return
		}
		b, err := guard.DecodeBytes(other, limits)
		if err != nil {
			return
		}
		tr := tree.Union(a, b, int(sampleType), int(sampleType)/2)
		o := flame.Options{Budget: int(budget), From: int(from), Search: regexp.MustCompile("a|^$")}
		checkView(t, tr, o)
		o.At = tr.Hash(tr.Len() / 2)
		checkView(t, tr, o)
		callers, callees := tr.Pivot(tr.Name(tr.Len() - 1))
		checkView(t, callers, o)
		checkView(t, callees, flame.Options{Width: flame.Other, Scale: flame.Scale{Base: 0.1}})
	})
}
