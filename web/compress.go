package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed sends texts gzipped to who takes them so. Profiles and archives are
// compressed already, and events are sent piece by piece.
func compressed(h http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(6), gzhttp.EnableZstd(false), gzhttp.ContentTypes([]string{
		"text/html", "text/css", "text/javascript", "text/plain", "text/csv", "text/markdown",
		"application/json", "application/problem+json", "application/yaml", "image/svg+xml",
	}))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap(h)
}
