package templates_test

import (
	"bytes"
	"testing"

	"github.com/sockscope/sockscope/templates"
	"github.com/sockscope/sockscope/templates/samples"
)

// Only of cells that were compared it is said that no difference is shown.
func TestMatrixSpeaksOfWhatWasCompared(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cell templates.MatrixCell
		says bool
	}{
		"alike":        {templates.MatrixCell{Text: "1.01×", Compared: true}, true},
		"different":    {templates.MatrixCell{Text: "2.01×", Compared: true, Clear: true}, false},
		"no base":      {templates.MatrixCell{Text: "84.2 µs"}, false},
		"not yet":      {templates.MatrixCell{Text: "…"}, false},
		"base":         {templates.MatrixCell{Text: "84.2 µs", Plain: true}, false},
		"not measured": {templates.MatrixCell{NA: "It has no address."}, false},
	} {
		v := samples.Done()
		said := []byte("no difference shown</span>")
		before := bytes.Count(render(t, templates.Comparison(v)), said)
		v.Answer.Matrix = &templates.Matrix{Title: "t", Rows: []templates.MatrixRow{{Label: "5 B", Cells: []templates.MatrixCell{tt.cell}}}}
		if got := bytes.Count(render(t, templates.Comparison(v)), said) > before; got != tt.says {
			t.Errorf("%s: %v, want %v", name, got, tt.says)
		}
	}
}
