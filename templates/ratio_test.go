package templates_test

import (
	"math"
	"testing"

	"github.com/sockscope/sockscope/templates"
)

func TestRatioBar(t *testing.T) {
	t.Parallel()
	b := templates.NewRatioBar(2.1, 2.05, 2.14, templates.Worse)
	if !(b.One < b.Low && b.Low < b.At && b.At < b.High && b.High < 1) {
		t.Errorf("marks are out of order: %+v", b)
	}
	for _, r := range []float64{0, -1, math.NaN(), math.Inf(1), 1e9, 1e-9} {
		if b := templates.NewRatioBar(r, r, r, templates.Unclear); !(b.At >= 0 && b.At <= 1) {
			t.Errorf("the ratio %v is at %v, outside of the bar", r, b.At)
		}
	}
}
