package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func zipped(t testing.TB, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func good(t testing.TB) []byte {
	t.Helper()
	return encode(t, treetest.Folded("main;work;read 3\nmain;work;write 2\nmain;idle 1"))
}

// hostile are uploads that are refused, with the status and what the sentence says.
func hostile(t testing.TB) map[string]struct {
	data   []byte
	status int
	says   string
} {
	t.Helper()
	fine := good(t)
	repeated := func(tag ...byte) []byte { return zipped(t, bytes.NewReader(bytes.Repeat(tag, 4<<20))) }
	return map[string]struct {
		data   []byte
		status int
		says   string
	}{
		"nothing":             {nil, 415, "profile"},
		"gzip bomb":           {zipped(t, io.LimitReader(zeros{}, 128<<20)), 413, ""},
		"bomb of samples":     {repeated(0x12, 0), 413, ""},
		"bomb of strings":     {repeated(0x32, 0), 413, ""},
		"as large as allowed": {bytes.Repeat([]byte("x"), 32<<20), 415, ""},
		"beyond the limit":    {bytes.Repeat([]byte("x"), 32<<20+1), 413, ""},
		"garbage":             {bytes.Repeat([]byte{0xde, 0xad, 0xbe, 0xef}, 1000), 415, ""},
		"web page":            {[]byte("<!doctype html><script>alert(1)</script>"), 415, ""},
		"legacy heap text":    {[]byte("heap profile:      3:       96 [     4:      128] @ heap/524288\n1: 2 [3: 4] @ 0x1 0x2\n"), 415, "go tool pprof -proto"},
		"legacy goroutines":   {zipped(t, strings.NewReader("goroutine profile: total 5\n1 @ 0x1 0x2\n")), 415, "go tool pprof -proto"},
		"cut short":           {fine[:len(fine)-20], 422, ""},
		"one byte":            {fine[:1], 415, ""},
		"rubbish behind":      {append(bytes.Clone(fine), "rubbish"...), 422, ""},
		"ELF":                 {append([]byte("\x7fELF"), make([]byte, 100)...), 415, ""},
		"only gzip's head":    {[]byte{0x1f, 0x8b}, 422, ""},
		"gzip of a gzip":      {zipped(t, bytes.NewReader(fine)), 0, ""},
		"gzip of nothing":     {zipped(t, bytes.NewReader(nil)), 0, ""},
		"text that says JSON": {[]byte(`{"nodes":[]}`), 415, ""},
	}
}

func TestHostileUploads(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	before := s.state()
	for name, tt := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			a := s.do("POST", "/api/v1/profiles?title=x", bytes.NewReader(tt.data), bearer)
			if a.StatusCode != tt.status && tt.status != 0 || a.StatusCode < 400 || a.StatusCode >= 500 {
				t.Errorf("status %d, want %d: %s", a.StatusCode, tt.status, a.body)
			}
			if p := a.problem(t); !strings.Contains(p.Detail, tt.says) {
				t.Errorf("the sentence is %q, want one that says %q", p.Detail, tt.says)
			}
			page := s.form(t, []field{{"profile", "x.pprof", tt.data}, {"title", "", []byte("kept title")}, {"ops", "", []byte("12 000")}})
			if page.StatusCode != a.StatusCode || !strings.Contains(page.body, `value="kept title"`) || !strings.Contains(page.body, `value="12 000"`) {
				t.Errorf("by the form: %d; the typed values are lost", page.StatusCode)
			}
		})
	}
	s.unchanged(before)
	if log := s.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "panic") {
		t.Error("an upload is logged as our own error:", log)
	}
}

// field is a part of a form; one with a file name is a file.
type field struct {
	name, file string
	data       []byte
}

func (s *site) form(t testing.TB, fields []field) answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		part, err := w.CreateFormField(f.name)
		if f.file != "" {
			part, err = w.CreateFormFile(f.name, f.file)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return s.do("POST", "/profiles", &b, browser, cookie(s, startToken), header("Content-Type", w.FormDataContentType()))
}

func TestUploadByForm(t *testing.T) {
	t.Parallel()
	s := setup(t)
	file, title, ops := field{"profile", "cpu.pprof", good(t)}, field{"title", "", []byte("before")}, field{"ops", "", []byte("10 000")}
	for name, fields := range map[string][]field{
		"file first": {file, title, ops}, "file last": {title, ops, file}, "file between": {ops, file, title}, "unknown fields": {{"x", "", []byte("y")}, title, {"profiles", "z", []byte("no")}, file, ops},
	} {
		a := s.form(t, fields).want(t, http.StatusSeeOther)
		p, err := s.store.Profile(t.Context(), strings.TrimPrefix(a.Header.Get("Location"), "/profiles/"))
		if err != nil || p.Title != "before" || p.Ops != 10000 || p.Comparison != "" {
			t.Errorf("%s: stored %+v, %v", name, p, err)
		}
	}
	for file, title := range map[string]string{"cpu.pprof": "cpu.pprof", "../../etc/passwd": "passwd", "<script>.pprof": "<script>.pprof", "a\r\nSet-Cookie: x.pprof": "", strings.Repeat("n", 400): strings.Repeat("n", 200)} {
		a := s.form(t, []field{{"profile", file, good(t)}, {"title", "", nil}, {"ops", "", nil}}).want(t, http.StatusSeeOther)
		p, err := s.store.Profile(t.Context(), strings.TrimPrefix(a.Header.Get("Location"), "/profiles/"))
		if err != nil || p.Title != title && title != "" || strings.ContainsAny(p.Title, "\r\n") || p.Ops != 0 {
			t.Errorf("file %q: stored %+v, %v", file, p, err)
		}
		if d := s.get(a.Header.Get("Location") + ".pprof").Header.Get("Content-Disposition"); d != "attachment; filename="+p.ID+".pprof" {
			t.Errorf("file %q is sent as %q", file, d)
		}
	}
	before := s.state()
	for name, fields := range map[string][]field{
		"no file": {title, ops}, "empty file field": {{"profile", "", nil}, title, ops}, "long title": {file, {"title", "", []byte(strings.Repeat("x", 5000))}, ops},
		"title of two lines": {file, {"title", "", []byte("a\nb")}, ops}, "title of no text": {file, {"title", "", []byte("\xff\xfe")}, ops},
		"ops of words": {file, title, {"ops", "", []byte("many")}}, "0 ops": {file, title, {"ops", "", []byte("0")}}, "negative ops": {file, title, {"ops", "", []byte("-5")}}, "huge ops": {file, title, {"ops", "", []byte("99999999999999999999")}},
		"nothing": {},
	} {
		a := s.form(t, fields)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%s: %d, and no alert", name, a.StatusCode)
		}
	}
	for _, body := range []string{"", "--x", "--x\r\nContent-Disposition: form-data; name=\"profile\"; filename=\"a\"\r\n\r\nhalf"} {
		if a := s.do("POST", "/profiles", strings.NewReader(body), browser, bearer, header("Content-Type", "multipart/form-data; boundary=x")); a.StatusCode != http.StatusBadRequest && a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("the broken form %q: %d", body, a.StatusCode)
		}
	}
	s.do("POST", "/profiles", strings.NewReader("x"), browser, bearer, header("Content-Type", "multipart/form-data")).want(t, http.StatusBadRequest)
	s.unchanged(before)
}

func TestUploadByAPI(t *testing.T) {
	t.Parallel()
	s := setup(t)
	data := good(t)
	for _, h := range []with{header("Content-Type", "application/octet-stream"), header("Content-Type", "application/x-www-form-urlencoded"), header("Content-Type", ""), header("Content-Encoding", "identity")} {
		a := s.do("POST", "/api/v1/profiles?title=caf%C3%A9+1&ops=10+000", bytes.NewReader(data), bearer, h).want(t, http.StatusCreated)
		var made map[string]string
		a.json(t, &made)
		id := made["id"]
		if len(made) != 3 || made["title"] != "café 1" || made["url"] != s.url+"/profiles/"+id || a.Header.Get("Location") != "/api/v1/profiles/"+id {
			t.Errorf("answer %v, Location %q", made, a.Header.Get("Location"))
		}
		var facts map[string]any
		s.get("/api/v1/profiles/"+id).want(t, 200).json(t, &facts)
		if facts["title"] != "café 1" || facts["ops"] != 10000.0 || facts["samples"] != 6.0 || facts["comparison"] != "" || fmt.Sprint(facts["sample_types"]) != "[samples/count cpu/nanoseconds]" {
			t.Errorf("facts %v", facts)
		}
		if got := s.get("/profiles/" + id + ".pprof"); got.body != string(data) {
			t.Error("the download is not what was uploaded")
		}
		s.api("DELETE", "/profiles/"+id, "").want(t, http.StatusNoContent)
		s.get("/profiles/"+id).want(t, http.StatusNotFound)
	}
	before := s.state()
	for _, h := range []with{header("Content-Encoding", "gzip"), header("Content-Encoding", "br"), header("Content-Encoding", "zstd, gzip")} {
		s.do("POST", "/api/v1/profiles", bytes.NewReader(data), bearer, h).want(t, http.StatusUnsupportedMediaType).problem(t)
	}
	for _, q := range []string{"ops=0", "ops=x", "ops=-1", "ops=1e4", "ops=99999999999999999999", "title=" + strings.Repeat("x", 201), "title=%00", "title=a%0Ab", "title=%ff", "title=" + url.QueryEscape("a\u2028b\u0085c")} {
		s.do("POST", "/api/v1/profiles?"+q, bytes.NewReader(data), bearer).want(t, http.StatusUnprocessableEntity).problem(t)
	}
	s.unchanged(before)
}

// A body that says nothing of its length is bounded all the same.
func TestEndlessUpload(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before := s.state()
	for _, path := range []string{"/api/v1/profiles", "/profiles"} {
		r, err := http.NewRequest("POST", s.url+path, io.NopCloser(io.LimitReader(zeros{}, 200<<20)))
		if err != nil {
			t.Fatal(err)
		}
		bearer(r)
		resp, err := s.http.Do(r)
		if err != nil {
			continue // the server closed the connection while the body was being sent
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge && resp.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	s.unchanged(before)
}

func TestDownload(t *testing.T) {
	t.Parallel()
	s := setup(t)
	data := good(t)
	id := s.upload(data, "")
	a := s.do("GET", "/profiles/"+id+".pprof", nil, header("Accept-Encoding", "gzip")).want(t, 200)
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Content-Disposition": "attachment; filename=" + id + ".pprof",
		"Content-Length": fmt.Sprint(len(data)), "Content-Encoding": "",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if a.body != string(data) {
		t.Error("the bytes are not the original ones")
	}
	if b := s.do("GET", "/profiles/"+id+".pprof", nil, header("If-None-Match", a.Header.Get("ETag"))); b.StatusCode != http.StatusNotModified || b.body != "" {
		t.Errorf("asked again: %d", b.StatusCode)
	}
}
