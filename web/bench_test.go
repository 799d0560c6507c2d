package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sockscope/sockscope/profiles/tree/treetest"
	"github.com/sockscope/sockscope/web"
	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// giants are the profiles whose flame page has a bound: one in the shape of a big
// service's, and the largest and the fullest of the real ones where they are.
func giants(b *testing.B) map[string]func(*testing.B) []byte {
	b.Helper()
	return map[string]func(*testing.B) []byte{
		"synthetic": func(b *testing.B) []byte { return encode(b, treetest.Large(1)) },
		"large.cpu": func(b *testing.B) []byte { return corpus(b, "google-pprof__internal_proftest_testdata_large.cpu") },
		"compiler":  func(b *testing.B) []byte { return corpus(b, "golang-go__src_cmd_compile_default.pgo") }, // many boxes of some width
	}
}

// BenchmarkFlamePage asks for the flame graph of a giant over HTTP: warm, with the
// tree in the cache, and cold, from the bytes in the database. The bytes are those
// on the wire, gzipped.
func BenchmarkFlamePage(b *testing.B) {
	for name, data := range giants(b) {
		for _, cold := range []bool{false, true} {
			temperature := map[bool]string{false: "warm", true: "cold"}[cold]
			b.Run(name+"/"+temperature, func(b *testing.B) {
				s := setup(b)
				id := s.upload(data(b), "?title=giant")
				fetch := func(from string) int { return s.fetch(b, from+"/profiles/"+id) }
				size := fetch(s.url)
				b.ReportAllocs()
				for b.Loop() {
					if !cold {
						size = fetch(s.url)
						continue
					}
					b.StopTimer()
					fresh := httptest.NewUnstartedServer(nil) // with an empty cache
					fresh.Config = web.NewServer(web.New(s.made))
					fresh.Start()
					b.StartTimer()
					size = fetch(fresh.URL)
					b.StopTimer()
					fresh.Close()
					b.StartTimer()
				}
				b.ReportMetric(float64(size), "gz-bytes")
			})
		}
	}
}

// fetch reads a page as a browser does and returns its size on the wire.
func (s *site) fetch(b *testing.B, address string, set ...func(*http.Request)) int {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Encoding", "gzip") // set here, the client does not unpack
	for _, f := range set {
		f(r)
	}
	resp, err := s.http.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Encoding") != "gzip" || !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		b.Fatalf("%s: %d, %v, %v", address, resp.StatusCode, resp.Header, err)
	}
	return len(raw)
}

// BenchmarkMoves asks for what a zoom, a search, a pivot and a change of the mode ask
// for: the flame graph of a service's profile alone, with the tree in the cache.
func BenchmarkMoves(b *testing.B) {
	s := setup(b)
	data, err := shapes.Encode(shapes.Service(1))
	if err != nil {
		b.Fatal(err)
	}
	page := s.url + "/profiles/" + s.upload(data, "?title=service")
	for name, query := range map[string]string{"root": "", "search": "?search=Read", "mode": "?mode=share", "pivot": "?pivot=runtime.mallocgc"} {
		b.Run(name, func(b *testing.B) {
			size := s.fetch(b, page+query, header("Sockscope-Region", "flame"))
			b.ReportAllocs()
			for b.Loop() {
				s.fetch(b, page+query, header("Sockscope-Region", "flame"))
			}
			b.ReportMetric(float64(size), "gz-bytes")
		})
	}
}

// BenchmarkPages asks for pages whose evidence is in the cache: a comparison's and
// the other views of a giant.
func BenchmarkPages(b *testing.B) {
	s := setup(b)
	c := s.done("")
	id, other := s.upload(encode(b, treetest.Large(1)), "?ops=1000"), s.upload(encode(b, treetest.Large(2)), "?ops=1000")
	for name, path := range map[string]string{
		"comparison": "/comparisons/" + c.ID, "list": "/comparisons", "start": "/", "rounds": "/comparisons/" + c.ID + "/rounds",
		"giant/top": "/profiles/" + id + "?tab=top", "giant/lines": "/profiles/" + id + "?tab=lines", "giant/search": "/profiles/" + id + "?search=method1.*7", "giant/sandwich": "/profiles/" + id + "?pivot=runtime.goexit",
		"giant/diff": "/diff?base=" + id + "&other=" + other, "giant/diff/top": "/diff?tab=top&base=" + id + "&other=" + other,
	} {
		b.Run(name, func(b *testing.B) {
			size := s.fetch(b, s.url+path)
			for b.Loop() {
				size = s.fetch(b, s.url+path)
			}
			b.ReportMetric(float64(size), "gz-bytes")
		})
	}
}
