package templates

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// TestFits: whatever the width of the bar, one text of a part is shown at most, it has
// room, and a figure is there whole or not at all.
func TestFits(t *testing.T) {
	texts := []string{"runtime 9.6", "runtime", "run…"}
	for _, share := range []float64{0.04, 0.1, 0.33, 1} {
		list := fits(share, texts...)
		for bar := 6.0; bar < 90; bar += 0.5 {
			shown := []string{}
			for _, f := range list {
				from, until := 0.0, math.Inf(1)
				for _, class := range strings.Fields(f.class) {
					var n int
					if _, err := fmt.Sscanf(class, "Fit-from%d", &n); err == nil {
						from = fitFirst * math.Pow(fitStep, float64(n))
					}
					if _, err := fmt.Sscanf(class, "Fit-until%d", &n); err == nil {
						until = fitFirst * math.Pow(fitStep, float64(n))
					}
				}
				if bar >= from && bar < until {
					shown = append(shown, f.text)
				}
			}
			if len(shown) > 1 {
				t.Errorf("share %g of %g rem: %q at once, want one at most", share, bar, shown)
			}
			for _, s := range shown {
				if need := letters(s) + fitPadding; bar >= fitFirst && need > bar*share {
					t.Errorf("share %g of %g rem: %q needs %g", share, bar, s, need)
				}
			}
		}
	}
	for _, share := range []float64{0, -1, math.NaN()} {
		if got := fits(share, texts...); len(got) > 0 {
			t.Errorf("a part of share %g has %d texts, want none", share, len(got))
		}
	}
}

// TestFitStyle: each width that a class names is one that the style sheet asks for.
func TestFitStyle(t *testing.T) {
	css, err := os.ReadFile("../web/assets/css/chart.css")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < fitSteps; n++ {
		rem := math.Ceil(100*fitFirst*math.Pow(fitStep, float64(n))) / 100
		want := fmt.Sprintf("@container bar (min-width: %grem) { .Fit-from%d { display: inline; } .Fit-until%d { display: none; } }", rem, n, n)
		if !strings.Contains(string(css), want) {
			t.Errorf("chart.css has no %q", want)
		}
	}
}
