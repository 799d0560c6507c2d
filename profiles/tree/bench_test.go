package tree_test

import (
	"os"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// large are the profiles that the benchmarks run over: one that is always
// there, and a real one.
func large(b *testing.B, run func(b *testing.B, p *profile.Profile)) {
	b.Run("made", func(b *testing.B) { run(b, treetest.Large(1)) })
	b.Run("corpus", func(b *testing.B) {
		data, err := os.ReadFile("../../../shared/corpus/google-pprof__internal_proftest_testdata_large.cpu")
		if err != nil {
			b.Skipf("the corpus is not here: %v", err)
		}
		p, err := guard.DecodeBytes(data, guard.Default())
		if err != nil {
			b.Fatal(err)
		}
		run(b, p)
	})
}

func BenchmarkBuild(b *testing.B) {
	large(b, func(b *testing.B, p *profile.Profile) {
		b.ReportAllocs()
		for b.Loop() {
			b.ReportMetric(float64(tree.Build(p, 1).Len()), "nodes")
		}
	})
}

func BenchmarkUnion(b *testing.B) {
	large(b, func(b *testing.B, p *profile.Profile) {
		b.ReportAllocs()
		for b.Loop() {
			tree.Union(p, p, 1, 1)
		}
	})
}

func BenchmarkOrder(b *testing.B) {
	large(b, func(b *testing.B, p *profile.Profile) {
		t := tree.Union(p, p, 1, 1)
		factor := 1.0
		for b.Loop() {
			t.Order(1, factor)
			factor += 0.001
		}
	})
}

func BenchmarkPivot(b *testing.B) {
	large(b, func(b *testing.B, p *profile.Profile) {
		t := tree.Build(p, 1)
		b.Run("leaf", func(b *testing.B) {
			name := t.Top()[0].Name
			for b.Loop() {
				t.Pivot(name)
			}
		})
		b.Run("widest", func(b *testing.B) {
			name := t.Name(t.Order(1, 0).First(0))
			for b.Loop() {
				t.Pivot(name)
			}
		})
	})
}

func BenchmarkTop(b *testing.B) {
	large(b, func(b *testing.B, p *profile.Profile) {
		t := tree.Build(p, 1)
		for b.Loop() {
			t.Top()
		}
	})
}
