package tree_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree"
)

// TestCorpus compares functions of real profiles with what is known of them:
// totals, and the five greatest by flat, recursion counted once.
func TestCorpus(t *testing.T) {
	t.Parallel()
	const dir = "../../../shared/corpus"
	manifest, err := os.Open(filepath.Join(dir, "manifest.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the corpus is not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	n := 0
	for lines := bufio.NewScanner(manifest); lines.Scan(); n++ {
		var m struct {
			File           string   `json:"file"`
			SampleTypes    []string `json:"sample_types"`
			Totals         []int64  `json:"totals"`
			TopSampleIndex string   `json:"top_sample_index"`
			Top            []struct {
				Name      string
				Flat, Cum int64
			} `json:"top5_by_flat"`
		}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		t.Run(m.File, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, m.File))
			if err != nil {
				t.Fatal(err)
			}
			p, err := guard.DecodeBytes(data, guard.Default())
			if err != nil {
				t.Fatal(err)
			}
			top := 0
			for i, want := range m.Totals {
				if got := tree.Build(p, i).Total(tree.Base, 0); got != want {
					t.Errorf("total of %s = %d, want %d", m.SampleTypes[i], got, want)
				}
				if name, _, _ := strings.Cut(m.SampleTypes[i], "/"); name == m.TopSampleIndex {
					top = i
				}
			}
			if n := tree.Build(p, top).Len(); strings.HasSuffix(m.File, "large.cpu") && n != 425_052 {
				t.Errorf("%d nodes, want 425,052", n)
			}
			by := map[string]tree.Function{}
			for _, f := range tree.Build(p, top).Top() {
				name, _, _ := strings.Cut(f.Name, " in ") // the manifest has addresses alone
				by[name] = f
			}
			for _, want := range m.Top {
				if got := by[want.Name]; got.Self[0] != want.Flat || got.Total[0] != want.Cum {
					t.Errorf("%q: flat %d, cum %d; want %d, %d", want.Name, got.Self[0], got.Total[0], want.Flat, want.Cum)
				}
			}
		})
	}
	if n == 0 {
		t.Error("the manifest is empty")
	}
}
