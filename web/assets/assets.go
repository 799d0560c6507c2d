// Package assets holds what pages load: the bundles of the style sheet and the
// script, the fonts and the icon, built from the sources beside it and embedded.
//
// Every file is served under a name with its content's hash in it, so that
// browsers may keep it for ever.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:generate go tool esbuild --bundle --minify css/app.css --outfile=dist/app.css --loader:.woff2=file --asset-names=[name]-[hash] --public-path=/assets/ --target=chrome123,firefox120,safari17.5 --log-level=warning
//go:generate go tool esbuild --bundle --minify --format=esm --target=es2022 src/app.ts --outfile=dist/app.js --log-level=warning
//go:generate go tool esbuild --bundle --minify --format=iife --target=es2022 src/single.ts --outfile=dist/single.js --log-level=warning

// Prefix is the path under which [Handler] is to be mounted.
const Prefix = "/assets/"

//go:embed dist
var files embed.FS

// file is an asset in memory.
type file struct {
	data []byte
	mime string
	// hashed is the name with the content's hash in it.
	hashed string
	// forever is set when the file's own name carries a hash already: the fonts,
	// which the style sheet names.
	forever bool
}

// all reads the embedded files once; by name and by hashed name.
var all = sync.OnceValue(func() map[string]file {
	m := map[string]file{}
	err := fs.WalkDir(files, "dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		base := path.Base(name)
		ext := path.Ext(base)
		sum := sha256.Sum256(data)
		f := file{data: data, mime: mimeOf(ext), forever: ext == ".woff2"}
		f.hashed = strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		m[base] = f
		g := f
		g.forever = true
		m[f.hashed] = g
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("read the embedded assets: %v", err))
	}
	return m
})

func mimeOf(ext string) string {
	if ext == ".woff2" {
		return "font/woff2" // not in every system's table
	}
	return mime.TypeByExtension(ext)
}

// URL is the address of an asset by its plain name, "app.css". An unknown name is
// a programmer's error and panics: the pages name three.
func URL(name string) string {
	f, ok := all()[name]
	if !ok {
		panic("no asset is named " + name)
	}
	return Prefix + f.hashed
}

// Bytes is the content of an asset by its plain name, for exports that must stand
// alone; nil for an unknown name.
func Bytes(name string) []byte { return all()[name].data }

// Handler serves the assets under [Prefix].
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := all()[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.mime)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		if f.forever {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		_, _ = w.Write(f.data) // the client went away: nobody is left to tell
	})
}
