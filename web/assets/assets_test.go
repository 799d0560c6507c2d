package assets_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/web/assets"
)

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	assets.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
	return w.Result()
}

func TestHandler(t *testing.T) {
	t.Parallel()
	font := regexp.MustCompile(`"/assets/(inter-[A-Z0-9]+\.woff2)"`).FindSubmatch(assets.Bytes("app.css"))
	if font == nil {
		t.Fatal("the style sheet names no font below /assets/")
	}
	const forever, ask = "public, max-age=31536000, immutable", "no-cache"
	for _, c := range []struct{ name, url, mime, cache string }{
		{"style sheet", assets.URL("app.css"), "text/css", forever},
		{"script", assets.URL("app.js"), "text/javascript", forever},
		{"icon", assets.URL("icon.svg"), "image/svg+xml", forever},
		{"font", assets.Prefix + string(font[1]), "font/woff2", forever},
		{"plain name", assets.Prefix + "app.css", "text/css", ask},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := get(t, c.url)
			if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), c.mime) || r.Header.Get("Cache-Control") != c.cache {
				t.Errorf("GET %s: %d, %q, %q; want 200, %q, %q", c.url, r.StatusCode, r.Header.Get("Content-Type"), r.Header.Get("Cache-Control"), c.mime, c.cache)
			}
		})
	}
	for _, url := range []string{"/assets/", "/assets/none.css", "/assets/../assets.go", "/assets/app.000000000000.css"} {
		if r := get(t, url); r.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", url, r.StatusCode)
		}
	}
}

// The bundles load nothing from elsewhere and turn no text into markup or code.
func TestBundlesAreSafe(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"app.css", "app.js"} {
		body := string(assets.Bytes(name))
		if len(body) < 1000 {
			t.Errorf("%s has %d bytes: it was not built", name, len(body))
		}
		for _, wrong := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "https://", "@import"} {
			if strings.Contains(body, wrong) {
				t.Errorf("%s contains %s", name, wrong)
			}
		}
		// the one address of a name space is no request
		if rest := strings.ReplaceAll(body, "http://www.w3.org/2000/svg", ""); strings.Contains(rest, "http://") {
			t.Errorf("%s names another host", name)
		}
	}
}

// What is committed is what the sources give.
func TestBundlesAreBuilt(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the bundler")
	}
	source, err := os.ReadFile("assets.go")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^//go:generate (go tool esbuild .*)$`).FindAllSubmatch(source, -1)
	if len(commands) != 3 {
		t.Fatalf("%d bundles are generated, want the style sheet, the script and that of a saved page", len(commands))
	}
	dir := t.TempDir()
	for _, c := range commands {
		words := strings.Fields(strings.ReplaceAll(string(c[1]), "=dist/", "="+dir+"/"))
		if out, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c[1], err, out)
		}
	}
	built, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(built) != 7 {
		t.Fatalf("%d files were built, want the style sheet, two scripts and four files of fonts", len(built))
	}
	for _, b := range built {
		want, err := os.ReadFile(b)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, assets.Bytes(filepath.Base(b))) {
			t.Errorf("dist/%s is not what the sources give; run go generate ./web/assets", filepath.Base(b))
		}
	}
}
