package guard_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

func BenchmarkDecode(b *testing.B) {
	run := func(b *testing.B, encoded []byte) {
		b.SetBytes(int64(len(encoded)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := guard.DecodeBytes(encoded, guard.Default()); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("made", func(b *testing.B) {
		var w bytes.Buffer
		if err := treetest.Large(1).Write(&w); err != nil {
			b.Fatal(err)
		}
		run(b, w.Bytes())
	})
	b.Run("corpus", func(b *testing.B) {
		data, err := os.ReadFile(corpus + "google-pprof__internal_proftest_testdata_large.cpu")
		if err != nil {
			b.Skipf("the corpus is not here: %v", err)
		}
		run(b, data)
	})
}
