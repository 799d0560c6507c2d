package assets_test

import (
	"strings"
	"testing"

	"github.com/sockscope/sockscope/web/assets"
)

func TestColoursOfTheStyleSheet(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"--panel", "--ink", "--soft", "--line", "--series-1", "--series-8", "--fill-ink", ".Fill-l10", ".Fill-same", ".Fill-m1", ".Fill-net", ".Fill-smaller", ".Fill-dim", ".Series--2 .Breakdown-shade1", ".Breakdown-rest"} {
		c := assets.ColourOf(name)
		if !strings.HasPrefix(c.Light, "#") || !strings.HasPrefix(c.Dark, "#") || c.Light == c.Dark {
			t.Errorf("%s is %v", name, c)
		}
	}
	if c := assets.ColourOf("--nothing"); c != (assets.Colour{}) {
		t.Errorf("what is not there is %v", c)
	}
	if n := len(assets.ColourNames()); n < 60 {
		t.Errorf("only %d colours", n)
	}
}
