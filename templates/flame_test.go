package templates_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/templates"
	"github.com/sockscope/sockscope/templates/samples"
)

// pageBudget is what a flame page of 2,000 boxes may weigh, gzipped.
const pageBudget = 150 << 10

// full is a flame page with a whole budget of boxes: hashes that do not
// compress, figures that differ, and names as long as Go's are.
func full(boxes int) templates.FlamePage {
	random := rand.New(rand.NewPCG(1, 2))
	v := samples.FlameDifference()
	names := make([]string, 0, len(v.Flame.Boxes))
	for _, b := range v.Flame.Boxes {
		names = append(names, b.Name)
	}
	v.Flame.Boxes, v.Flame.Depth = nil, 40
	for i := range boxes {
		base, other := random.Float64()*50, random.Float64()*90
		name := fmt.Sprintf("github.com/example/service%d/internal/%s", random.IntN(9), names[random.IntN(len(names))])
		v.Flame.Boxes = append(v.Flame.Boxes, templates.FlameBox{
			X: random.Float64() * .99, Width: random.Float64() * .01, Depth: i % 40,
			At: strconv.FormatUint(random.Uint64(), 16), Name: name,
			Facts: fmt.Sprintf("unix %.1f µs · tcp4 %.1f µs · %+.1f µs (%+.1f %%)\n%d and %d samples", base, other, other-base, 100*(other/base-1), random.IntN(9000), random.IntN(9000)),
			Fill:  templates.DiffFill((other-base)/max(base, other), false),
		})
	}
	return v
}

func TestFlamePageIsSmall(t *testing.T) {
	t.Parallel()
	page := render(t, templates.FlameFull(full(2000)))
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, 5)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(page); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("2,000 boxes: %d bytes, %d gzipped", len(page), b.Len())
	if b.Len() > pageBudget {
		t.Errorf("the page weighs %d bytes gzipped, at most %d are allowed", b.Len(), pageBudget)
	}
}

func BenchmarkFlamePage(b *testing.B) {
	v := full(2000)
	b.ReportAllocs()
	for b.Loop() {
		if err := templates.FlameFull(v).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// Boxes stay inside the picture, whatever the view says.
func TestGraphPlaces(t *testing.T) {
	t.Parallel()
	v := templates.Flame{Depth: 2, ZoomURL: "?at=", Boxes: []templates.FlameBox{
		{Width: 1, Name: "all samples", At: "1"},
		{X: .25, Width: .5, Depth: 1, Name: "net.Dial", At: "2", Gone: true, Fill: templates.FillLeast},
		{X: -1, Width: 7, Depth: 1, Name: "broken"},
	}}
	page := string(render(t, templates.Graph(v)))
	for _, want := range []string{
		`height="36"`, `href="?at=2"`, `<rect x="25%" y="18" width="50%"/>`, `class="Fill-l10"`, `fill="url(#flame-gone)"`,
		`<rect x="0%" y="18" width="100%"/>`, `<title>net.Dial</title>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the picture lacks %s:\n%s", want, page)
		}
	}
}

func TestDiffFill(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change float64
		noise  bool
		want   templates.Fill
	}{
		{0, false, 0}, {.01, false, 1}, {-.01, false, -1}, {.5, false, 5}, {-1, false, templates.FillLeast}, {9, false, templates.FillMost}, {.9, true, 0},
	} {
		if got := templates.DiffFill(c.change, c.noise); got != c.want {
			t.Errorf("DiffFill(%v, %v) = %d, want %d", c.change, c.noise, got, c.want)
		}
	}
}
