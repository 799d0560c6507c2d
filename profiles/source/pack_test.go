package source_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles/source"
)

// What is packed is read back under the same limits, whatever it was made of.
func TestPack(t *testing.T) {
	t.Parallel()
	l := source.Limits{Wire: 4 << 10, Inflated: 16 << 10, Files: 10, File: 8 << 10, Path: 20}
	noise := make([]byte, 8<<10)
	random := rand.NewChaCha8([32]byte{1})
	if _, err := random.Read(noise); err != nil {
		t.Fatal(err)
	}
	files := func(first, n int, text string) source.Bundle {
		texts := map[string]string{}
		for i := range n {
			texts[fmt.Sprintf("f%02d.go", first+i)] = text
		}
		return source.Of(texts)
	}
	for _, c := range []struct {
		name       string
		a, b       source.Bundle
		kept, left int
	}{
		{"nothing", source.Bundle{}, source.Bundle{}, 0, 0},
		{"all", files(0, 5, "text"), files(3, 5, "other"), 8, 0},
		{"too many", files(0, 8, ""), files(6, 8, ""), 10, 4},
		{"too long", files(0, 2, strings.Repeat("x", 7<<10)), files(2, 2, strings.Repeat("y", 7<<10)), 2, 2},
		{"longer when encoded", files(0, 2, strings.Repeat("\u2028", 2<<10)), source.Bundle{}, 1, 1},
		{"hardly shrinks", files(0, 1, hex.EncodeToString(noise[:3<<10])), source.Of(map[string]string{"n.go": hex.EncodeToString(noise[3<<10 : 6<<10])}), 1, 1},
		{"does not shrink enough", source.Bundle{}, source.Of(map[string]string{"n.go": hex.EncodeToString(noise[:4<<10])}), 0, 1},
		{"a file too long", files(0, 1, strings.Repeat("x", 9<<10)), files(1, 1, "x"), 1, 1},
	} {
		data, left := source.Pack(l, c.a, c.b)
		back, err := source.Decode(data, l)
		if err != nil || back.Len() != c.kept || left != c.left {
			t.Errorf("%s: %d files, %d left out, %v; want %d, %d", c.name, back.Len(), left, err, c.kept, c.left)
		}
		for _, p := range back.Paths() {
			want, first := c.a.Text(p)
			if !first {
				want, _ = c.b.Text(p)
			}
			if got, _ := back.Text(p); got != want {
				t.Errorf("%s: %s has another text", c.name, p)
			}
		}
	}
}
