package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/source"
)

// uploadsOf reads what a request uploads: a multipart form with the fields
// "profile" (one or several), "title", "ops" and "sources", or the raw bytes of one
// profile with title and ops in the query. base names a profile to compare with.
func uploadsOf(c echo.Context) (list []upload, base string, err error) {
	r := c.Request()
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, "", sentence(http.StatusUnsupportedMediaType, "The upload is encoded as %q: send the .pprof file as it is, it is compressed already.", clip(e))
	}
	base = c.QueryParam("base")
	u := upload{body: r.Body, title: c.QueryParam("title"), ops: c.QueryParam("ops")}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return []upload{u}, base, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, base, sentence(http.StatusBadRequest, "The form cannot be read: send the profile as the field \"profile\".")
	}
	f := uploadForm{title: u.title, ops: u.ops, base: base}
	err = f.read(parts)
	return f.uploads(), f.base, err
}

// uploadForm is what came with a form. The files are held in memory, no more of
// each than guard takes.
type uploadForm struct {
	files            []fileOf
	title, ops, base string
	sources          []byte
}

type fileOf struct {
	name string
	data []byte
}

// uploads are the profiles of the form. A title is that of a single one; several
// are called by their files.
func (f *uploadForm) uploads() []upload {
	if len(f.files) == 0 { // what was typed beside it is kept
		return []upload{{title: f.title, ops: f.ops}}
	}
	list := []upload{}
	for _, file := range f.files {
		u := upload{body: bytes.NewReader(file.data), title: file.name, ops: f.ops, sources: f.sources}
		if f.title != "" && len(f.files) == 1 {
			u.title = f.title
		}
		list = append(list, u)
	}
	return list
}

// read takes the fields in whatever order they come.
func (f *uploadForm) read(parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && len(f.files) > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return sentence(http.StatusUnprocessableEntity, "No file came with the form: choose a .pprof file.")
		}
		if err != nil {
			return brokeOff(err)
		}
		if err := f.field(part); err != nil {
			return err
		}
	}
}

func (f *uploadForm) field(part *multipart.Part) error {
	most := int64(4096)
	switch part.FormName() {
	case "profile":
		most = guard.Default().Wire + 1
	case "sources":
		most = source.DefaultLimits().Wire + 1
	}
	value, err := io.ReadAll(io.LimitReader(part, most))
	if err != nil {
		return brokeOff(err)
	}
	switch part.FormName() {
	case "profile":
		if part.FileName() == "" && len(value) == 0 {
			return nil // no file was chosen
		}
		if len(f.files) == maxUploads {
			return sentence(http.StatusUnprocessableEntity, "At most %d profiles are taken at once: send the others after them.", maxUploads)
		}
		f.files = append(f.files, fileOf{plainName(part.FileName()), value})
	case "sources":
		f.sources = value
	case "title":
		if t := strings.TrimSpace(string(value)); t != "" {
			f.title = t
		}
	case "ops":
		f.ops = string(value)
	case "base":
		f.base = string(value)
	}
	return nil
}

// brokeOff says why a form was not read to its end.
func brokeOff(err error) error {
	var he *echo.HTTPError
	if errors.As(err, &he) {
		return err // it is larger than all that is taken
	}
	return sentence(http.StatusBadRequest, "The form broke off: send it again.")
}

// plainName is a file's name as a title: data, never a path.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > maxTitle {
		return string(r[:maxTitle])
	}
	return name
}
