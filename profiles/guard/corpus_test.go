package guard_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
)

// corpus is where real profiles are, outside of the project.
const corpus = "../../../shared/corpus/"

func TestCorpus(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(corpus)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the corpus is not here: %v", err)
	}
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if ext := filepath.Ext(f.Name()); ext == ".md" || ext == ".jsonl" {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(corpus, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			p, err := guard.DecodeBytes(data, guard.Default())
			if err != nil {
				t.Fatal(err)
			}
			want, err := profile.ParseData(data)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Sample) != len(want.Sample) || len(p.Location) != len(want.Location) {
				t.Errorf("%d samples, %d locations; want %d, %d", len(p.Sample), len(p.Location), len(want.Sample), len(want.Location))
			}
		})
	}
}
