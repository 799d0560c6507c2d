package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
	"golang.org/x/net/html"
	"golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/profiles/guard"
)

// What a view of any profile that is taken may cost.
const (
	viewBytes = 5 << 20
	viewTime  = 2 * time.Second // of one CPU
)

// FuzzAnyProfileRenders: a profile that guard takes is shown by every view, whatever
// it holds, in bounded time and bytes, without markup of its own and with figures
// that are figures.
func FuzzAnyProfileRenders(f *testing.F) {
	large(f)
	for _, data := range hostileProfiles(f) {
		f.Add(inflated(f, data))
	}
	for _, data := range corpusProfiles(f) {
		f.Add(inflated(f, data))
	}
	s := setup(f)
	other := s.upload(encode(f, dialer(100)), "?title=other&ops=1000")
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := guard.DecodeBytes(data, guard.Default())
		if err != nil {
			t.Skip("guard refuses it")
		}
		v := viewer{t: t, handler: s.echo, p: p, words: saysFigures(p), every: 1}
		if fuzzing := flag.Lookup("test.fuzz"); fuzzing != nil && fuzzing.Value.String() != "" {
			v.every, v.turn = 8, len(data) // an input that takes 10 s counts as hung: some views of each
		}
		v.all(data, other)
	})
}

// inflated is a profile without its gzip: what changes a byte of that changes nothing of
// the profile, it breaks it.
func inflated(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return data // it has none
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// viewer asks for views of one profile.
type viewer struct {
	t       *testing.T
	handler http.Handler
	p       *profile.Profile
	words   bool // the profile itself says NaN or Inf somewhere

	every, turn int // of so many views one is looked at, and which
}

// saysFigures reports whether a text of the profile looks like a figure that is none.
func saysFigures(p *profile.Profile) bool { return noFigure.MatchString(p.String()) }

var noFigure = regexp.MustCompile(`(?i)nan|inf`)

func (v viewer) do(method, path string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Host = "127.0.0.1:7070"
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Authorization", "Bearer "+startToken)
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	return w
}

// all uploads the profile and looks at every view of it, beside another.
func (v *viewer) all(data []byte, other string) {
	began := cpuTime()
	w := v.do(http.MethodPost, "/api/v1/profiles?title=any", data)
	if took := cpuTime() - began; took > viewTime {
		v.t.Errorf("the upload of %d bytes: %v", len(data), took)
	}
	var made struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
		v.t.Fatalf("the upload is answered with %d %.300s", w.Code, w.Body)
	}
	defer v.do(http.MethodDelete, "/api/v1/profiles/"+made.ID, nil)
	one, diff := "/profiles/"+made.ID, "/diff?base="
	for _, q := range v.queries("") {
		v.look(one + "?" + q)
	}
	v.look(one + ".html?")
	v.look(one + "/flame.svg?")
	for _, pair := range [][2]string{{made.ID, other}, {other, made.ID}, {made.ID, made.ID}} {
		for _, q := range v.queries("base_ops=3&other_ops=7&") {
			v.look(diff + pair[0] + "&other=" + pair[1] + "&" + q)
		}
		for _, picture := range []string{"flame", "waterfall"} {
			v.look("/diff/" + picture + ".svg?base=" + pair[0] + "&other=" + pair[1])
		}
	}
	for _, q := range []string{"tab=waterfall", "graphs=pair", "graphs=pair&orient=flame&mode=share", "graphs=base", "graphs=other", "delta=self", "only=changed", "only=new", "only=gone", "colour=layer"} {
		v.look(diff + other + "&other=" + made.ID + "&" + q)
	}
}

// queries are the views that a profile and a difference have alike.
func (v viewer) queries(ops string) []string {
	name := ""
	if len(v.p.Function) > 0 {
		name = url.QueryEscape(v.p.Function[len(v.p.Function)-1].Name)
	}
	if len(name) > 1<<11 {
		name = name[:1<<11]
		name = strings.TrimRight(name[:strings.LastIndexByte("%"+name, '%')], "%")
	}
	all := []string{"", "orient=flame", "tab=top", "tab=lines", "tab=lines&function=.", "tab=lines&function=.&order=difference", "search=.", "pivot=" + name, "focus=.", "ignore=a", "colour=package", "at=5"}
	for _, mode := range []string{"per-op", "share", "cores", "raw"} {
		all = append(all, ops+"mode="+mode, ops+"tab=top&mode="+mode, ops+"tab=lines&mode="+mode)
	}
	for i, st := range v.p.SampleType {
		if i < 3 && len(st.Type) < 1000 {
			all = append(all, "sample_type="+url.QueryEscape(st.Type))
		}
	}
	return all
}

// look asks for one view. A refusal is a view too: a sentence, no fault.
func (v *viewer) look(path string) {
	v.t.Helper()
	if v.turn++; v.turn%v.every != 0 {
		return
	}
	began := cpuTime()
	w := v.do(http.MethodGet, path, nil)
	took := cpuTime() - began
	body := w.Body.String()
	if len(path) > 300 {
		path = path[:300]
	}
	switch {
	case w.Code >= 500 || w.Code < 200 || w.Code == http.StatusBadRequest:
		v.t.Errorf("%s: %d", path, w.Code)
	case len(body) > viewBytes:
		v.t.Errorf("%s: %d bytes", path, len(body))
	case took > viewTime:
		v.t.Errorf("%s: %v", path, took)
	}
	if strings.Contains(path, ".html?") {
		return // a saved page has its style and script in it
	}
	if strings.Contains(path, ".svg?") && w.Code == http.StatusOK {
		drawing(v.t, path, body, usualPicture)
	} else {
		markup(v.t, path, body, map[string]bool{})
	}
	v.figures(path, body)
}

// usualPicture is how wide a picture is that is asked for without a width.
const usualPicture = 1200

// lengths are attributes that cannot be negative.
var lengths = map[string]bool{"width": true, "height": true, "r": true, "rx": true, "ry": true}

// figures checks every length and every text of a page.
func (v viewer) figures(path, page string) {
	v.t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		v.t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && !v.words && notFigure.MatchString(n.Data) {
			v.t.Errorf("%s: says %.200q", path, n.Data)
		}
		svg := n.Type == html.ElementNode && n.Namespace == "svg"
		for _, a := range n.Attr {
			if svg && (a.Key == "d" || a.Key == "points" || a.Key == "transform" || a.Key == "x" || a.Key == "y" || lengths[a.Key]) && noFigure.MatchString(a.Val) {
				v.t.Errorf("%s: <%s %s=%.100q>", path, n.Data, a.Key, a.Val)
			}
			if svg && lengths[a.Key] {
				if x, err := strconv.ParseFloat(strings.TrimSuffix(a.Val, "%"), 64); err != nil || x < 0 {
					v.t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

var notFigure = regexp.MustCompile(`\bNaN\b|[-+ ]Inf\b|\bInfinity\b`)

// cpuTime is what this thread has worked: it does not count what others do.
func cpuTime() time.Duration {
	runtime.LockOSThread()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &u); err != nil {
		panic(fmt.Sprintf("getrusage: %v", err))
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
