package shapes_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// made is a profile after a way through a file.
func made(t *testing.T, p *profile.Profile) *profile.Profile {
	t.Helper()
	data, err := shapes.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := guard.DecodeBytes(data, guard.Default())
	if err != nil {
		t.Fatalf("a file of %d B is refused: %v", len(data), err)
	}
	return decoded
}

func depths(tr *tree.Tree) (deepest int) {
	for i := range tr.Len() {
		deepest = max(deepest, tr.Depth(i))
	}
	return deepest
}

func used(p *profile.Profile) int {
	names := map[string]bool{}
	for _, s := range p.Sample {
		for _, l := range s.Location {
			for _, line := range l.Line {
				names[line.Function.Name] = true
			}
		}
	}
	return len(names)
}

func TestServiceHasTheShapeOfAService(t *testing.T) {
	t.Parallel()
	p := made(t, shapes.Service(1))
	tr := tree.Build(p, 1)
	if len(p.Sample) != 73_000 || used(p) != 2_400 || tr.Len()-1 != 20_000 || depths(tr) != 30 {
		t.Errorf("%d samples, %d functions, %d nodes, %d deep", len(p.Sample), used(p), tr.Len()-1, depths(tr))
	}
	frames := 0
	for _, s := range p.Sample {
		frames += len(s.Location)
	}
	t.Logf("%d locations a sample", frames/len(p.Sample))
	// A few paths are heavy and the tail is long.
	var leaves []int64
	for i := 1; i < tr.Len(); i++ {
		if tr.End(i) == i+1 {
			leaves = append(leaves, tr.Total(tree.Base, i))
		}
	}
	slices.Sort(leaves)
	var heavy, light int64
	for i, v := range leaves {
		if i >= len(leaves)-12 {
			heavy += v
		} else if i < len(leaves)*9/10 {
			light += v
		}
	}
	total := tr.Total(tree.Base, 0)
	if h, l := float64(heavy)/float64(total), float64(light)/float64(total); h < 0.4 || h > 0.9 || l < 0.05 {
		t.Errorf("the 12 heaviest paths take %.0f %% and nine tenths of the others %.0f %%", 100*h, 100*l)
	}
}

func TestFlatIsFlat(t *testing.T) {
	t.Parallel()
	p := made(t, shapes.Flat(1))
	tr := tree.Build(p, 1)
	if len(p.Sample) != 20_000 || used(p) != 23_000 || depths(tr) > 64 {
		t.Errorf("%d samples, %d functions, %d nodes, %d deep", len(p.Sample), used(p), tr.Len()-1, depths(tr))
	}
	if n := tr.Len() - 1; n < 424_000 || n > 426_000 {
		t.Errorf("%d nodes", n)
	}
	wide := 0
	for i := range tr.Len() {
		if tr.Total(tree.Base, i)*200 > tr.Total(tree.Base, 0) {
			wide++
		}
	}
	if wide > 1_000 {
		t.Errorf("%d nodes are wider than half a percent", wide)
	}
}

// The same seed makes the same bytes, another seed a profile of the same service.
func TestSeeds(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]func(uint64) *profile.Profile{"service": shapes.Service, "flat": shapes.Flat} {
		sum := func(seed uint64) [32]byte {
			data, err := shapes.Encode(shape(seed))
			if err != nil {
				t.Fatal(err)
			}
			return sha256.Sum256(data)
		}
		first := sum(1)
		if again := sum(1); again != first {
			t.Errorf("%s: the same seed makes two profiles", name)
		}
		if first == sum(2) {
			t.Errorf("%s: two seeds make one profile", name)
		}
	}
	a, b := shapes.Service(1), shapes.Service(2)
	u := tree.Union(a, b, 1, 1)
	if n := u.Len() - 1; n <= 20_000 || n > 24_000 {
		t.Errorf("the union of two seeds has %d nodes: they are not of one service", n)
	}
}

// The files hold the lines that the profile names: each function begins on its line.
func TestFilesHoldTheFunctions(t *testing.T) {
	t.Parallel()
	p := shapes.Service(1)
	files := shapes.Files(p)
	for _, f := range p.Function {
		lines := bytes.Split(files[f.Filename], []byte("\n"))
		receiver, name, _ := strings.Cut(f.Name[strings.Index(f.Name, "(*")+2:], ").")
		if int(f.StartLine) > len(lines) || !bytes.HasPrefix(lines[f.StartLine-1], []byte("func (s *"+receiver+") "+name+"(")) {
			t.Fatalf("%s does not begin on line %d of %s (%d lines)", f.Name, f.StartLine, f.Filename, len(lines))
		}
	}
	for _, l := range p.Location {
		for _, line := range l.Line {
			if line.Line <= line.Function.StartLine || line.Line >= line.Function.StartLine+40 {
				t.Fatalf("line %d is not of %s", line.Line, line.Function.Name)
			}
		}
	}
}
