package samples_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/sockscope/sockscope/templates/samples"
)

// TestGallery writes every sample as a file into the directory that
// SOCKSCOPE_GALLERY names, to be looked at in a browser; serve the assets of
// web/assets/dist beside it under /assets/.
func TestGallery(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("SOCKSCOPE_GALLERY")
	if dir == "" {
		t.Skip("SOCKSCOPE_GALLERY names no directory to write to")
	}
	for _, s := range samples.All() {
		var b bytes.Buffer
		if err := s.Page.Render(t.Context(), &b); err != nil {
			t.Fatalf("render %s: %v", s.Name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.Name+".html"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
