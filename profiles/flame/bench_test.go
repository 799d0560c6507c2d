package flame_test

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// large are the encoded profiles that the benchmarks run over: one that is
// always there, and a real one.
func large(b *testing.B, run func(b *testing.B, encoded []byte)) {
	b.Run("made", func(b *testing.B) {
		var w bytes.Buffer
		if err := treetest.Large(1).Write(&w); err != nil {
			b.Fatal(err)
		}
		run(b, w.Bytes())
	})
	b.Run("corpus", func(b *testing.B) {
		data, err := os.ReadFile("../../../shared/corpus/google-pprof__internal_proftest_testdata_large.cpu")
		if err != nil {
			b.Skipf("the corpus is not here: %v", err)
		}
		run(b, data)
	})
}

func built(b *testing.B, encoded []byte) *tree.Tree {
	b.Helper()
	p, err := guard.DecodeBytes(encoded, guard.Default())
	if err != nil {
		b.Fatal(err)
	}
	return tree.Build(p, len(p.SampleType)-1)
}

// BenchmarkCold is what the first view of a profile takes: all of it, from the
// bytes of the file.
func BenchmarkCold(b *testing.B) {
	large(b, func(b *testing.B, encoded []byte) {
		for b.Loop() {
			flame.Layout(built(b, encoded), flame.Options{})
		}
	})
}

func BenchmarkLayoutWarm(b *testing.B) {
	large(b, func(b *testing.B, encoded []byte) {
		t := built(b, encoded)
		for b.Loop() {
			v := flame.Layout(t, flame.Options{})
			b.ReportMetric(float64(len(v.Boxes)), "boxes")
		}
	})
}

func BenchmarkLayoutUnion(b *testing.B) {
	large(b, func(b *testing.B, encoded []byte) {
		p, err := guard.DecodeBytes(encoded, guard.Default())
		if err != nil {
			b.Fatal(err)
		}
		t := tree.Union(p, p, 1, 1)
		for b.Loop() {
			flame.Layout(t, flame.Options{Scale: flame.Scale{Base: 0.001, Other: 0.002}})
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	large(b, func(b *testing.B, encoded []byte) {
		t := built(b, encoded)
		for name, pattern := range map[string]string{"literal": `Handler`, "fold": `(?i)read.*lock`, "either": `Sort|Hash`, "all": `.`} {
			re := regexp.MustCompile(pattern)
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					v := flame.Layout(t, flame.Options{Search: re})
					b.ReportMetric(v.Matched, "matched")
				}
			})
		}
	})
}
