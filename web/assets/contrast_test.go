package assets_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// least is the contrast that WCAG 2.2 AA asks of text.
const least = 4.5

// shade is a colour in the light and in the dark theme.
type shade struct{ light, dark string }

var (
	intent = regexp.MustCompile(`--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)
	heat   = regexp.MustCompile(`([.\w -]+) \{ background: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\); \}`)
	fill   = regexp.MustCompile(`([.\w -]+) \{ fill: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\); \}`)
)

func shades(t *testing.T, name string, pattern *regexp.Regexp) map[string]shade {
	t.Helper()
	css, err := os.ReadFile("css/" + name)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]shade{}
	for _, m := range pattern.FindAllStringSubmatch(string(css), -1) {
		found[strings.TrimSpace(m[1])] = shade{m[2], m[3]}
	}
	return found
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", hex, err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func readable(t *testing.T, what string, ink, ground shade) {
	t.Helper()
	if c := contrast(t, ink.light, ground.light); c < least {
		t.Errorf("light: %s has a contrast of %.2f, want %v", what, c, least)
	}
	if c := contrast(t, ink.dark, ground.dark); c < least {
		t.Errorf("dark: %s has a contrast of %.2f, want %v", what, c, least)
	}
}

// Text in flame graphs and bars is readable on each of their fills.
func TestFillContrast(t *testing.T) {
	t.Parallel()
	tokens, fills := shades(t, "tokens.css", intent), shades(t, "palette.css", fill)
	ink, ok := shades(t, "palette.css", intent)["fill-ink"]
	if !ok {
		t.Fatal("palette.css does not say --fill-ink")
	}
	// 21 of a difference, 10 of packages and layers, the dimmed one, 8 series of 4, the rest
	if want := 21 + 10 + 1 + 8*4 + 1; len(fills) != want {
		t.Errorf("palette.css has %d fills, want %d: the pattern or the palette is incomplete", len(fills), want)
	}
	for name, ground := range fills {
		if name == ".Fill-dim" {
			readable(t, "--soft on "+name, tokens["soft"], ground)
			continue
		}
		readable(t, "--fill-ink on "+name, ink, ground)
	}
}

// Figures in the matrix are readable on each of its grounds.
func TestHeatContrast(t *testing.T) {
	t.Parallel()
	ink, grounds := shades(t, "palette.css", intent)["fill-ink"], shades(t, "matrix.css", heat)
	if want := 5 + 5; len(grounds) != want {
		t.Errorf("matrix.css has %d grounds, want %d: the pattern or the palette is incomplete", len(grounds), want)
	}
	for name, ground := range grounds {
		readable(t, "--fill-ink on "+name, ink, ground)
	}
}

// Marks of new and gone frames only take the ground away from the ink: they are
// drawn in the colour of the panel, which contrasts with it more than any fill.
func TestMarkContrast(t *testing.T) {
	t.Parallel()
	ink, panel := shades(t, "palette.css", intent)["fill-ink"], shades(t, "tokens.css", intent)["panel"]
	for name, ground := range shades(t, "palette.css", fill) {
		if contrast(t, ink.light, panel.light) < contrast(t, ink.light, ground.light) || contrast(t, ink.dark, panel.dark) < contrast(t, ink.dark, ground.dark) {
			t.Errorf("%s contrasts more with the ink than the panel does: marks on it would weaken the text", name)
		}
	}
}

// Coloured text is readable on every ground that it stands on.
func TestTextContrast(t *testing.T) {
	t.Parallel()
	tokens := shades(t, "tokens.css", intent)
	inks := []string{"ink", "soft", "accent", "good", "bad", "busy", "better", "worse"}
	for i := range 8 {
		inks = append(inks, "series-"+strconv.Itoa(i+1))
	}
	for _, ink := range inks {
		for _, ground := range []string{"page", "panel", "sunken", "hover"} {
			if tokens[ink].light == "" || tokens[ground].light == "" {
				t.Fatalf("tokens.css does not say --%s or --%s", ink, ground)
			}
			readable(t, "--"+ink+" on --"+ground, tokens[ink], tokens[ground])
		}
	}
	readable(t, "--ink on --busy-page", tokens["ink"], tokens["busy-page"])
	readable(t, "--ink on --bad-page", tokens["ink"], tokens["bad-page"])
	readable(t, "--soft on --busy-page", tokens["soft"], tokens["busy-page"])
	readable(t, "--bad on --panel", tokens["bad"], tokens["panel"])
	readable(t, "--on-primary on --primary", tokens["on-primary"], tokens["primary"])
	readable(t, "--on-primary on --primary-hover", tokens["on-primary"], tokens["primary-hover"])
}
