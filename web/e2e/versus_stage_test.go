package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// stageOf holds one profile for both: as a file with its sources for pprof, and in a
// data directory of this server, to which it was sent with its sources.
type stageOf struct {
	t       *testing.T
	file    string
	sources string
	data    string
	page    string // of the newest upload of the profile on this server
}

func stage(t *testing.T, name string, p *profile.Profile) *stageOf {
	t.Helper()
	dir := t.TempDir()
	s := &stageOf{t: t, file: filepath.Join(dir, name+".pprof"), sources: filepath.Join(dir, "shop"), data: filepath.Join(dir, "data")}
	raw, err := shapes.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.file, raw)
	for path, text := range shapes.Files(p) {
		write(t, filepath.Join(s.sources, strings.TrimPrefix(path, shapes.Folder)), text)
	}
	server := serveIn(t, s.data, dir)
	defer server.stop()
	s.push(server)
	return s
}

// push sends the profile with its sources, as a person does, and returns how many
// milliseconds that took.
func (s *stageOf) push(server *server) float64 {
	s.t.Helper()
	push := exec.CommandContext(s.t.Context(), binary, "push", s.file, "--server", server.url, "--with-source", "--source-root", s.sources)
	push.Env = append(os.Environ(), "SOCKSCOPE_TOKEN="+token)
	began := time.Now()
	out, err := push.CombinedOutput()
	if err != nil {
		s.t.Fatalf("push: %v\n%s", err, out)
	}
	took := time.Since(began)
	s.page = regexp.MustCompile(`/profiles/P-[0-9]+`).FindString(string(out))
	if s.page == "" {
		s.t.Fatalf("push printed %s", out)
	}
	return float64(took.Milliseconds())
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// views are what is opened of both, in this order: the same in meaning.
var views = [...]struct {
	name          string
	ours, theirs  string
	times, weighs float64 // how many times less time and bytes are asked for; 0 for nothing
}{
	{"flame graph", "", "/ui/flamegraph", 10, 100},
	{"lines, as the menu opens them", "?tab=lines", "/ui/source", 8, 8},
	// Not alike: pprof lists every function, this product the costliest twelve with
	// how many others there are.
	{"lines of all functions like Read", "?tab=lines&function=Read", "/ui/source?f=Read", 0, 0},
	{"lines of one function", "?tab=lines&function=" + one, "/ui/source?f=" + one, 0, 0},
}

// one finds one function, in both.
const one = `internal%2Fcart%2Fclient%5C.%5C%28%5C%2AReader%5C%29%5C.ReadA%24`

// ours is one round of this product: a fresh process on the data that is there, and
// another to which the profile is sent.
func (s *stageOf) ours(b *tab, m measured) {
	server := serveIn(s.t, s.data, filepath.Dir(s.file))
	b.visit(server.url + "/healthz")
	m.note(nothing, b.visit(server.url+"/healthz").drawn)
	m.note(restarted, b.visit(server.url+s.page).drawn)
	server.stop()
	server = serveIn(s.t, s.data, filepath.Dir(s.file))
	m.note(started, s.push(server))
	b.visit(server.url + "/healthz")
	for _, v := range views {
		m.visits(b, v.name, server.url+s.page+v.ours)
	}
	server.stop()
}

// theirs is one round of pprof.
func (s *stageOf) theirs(b *tab, m measured) {
	address, took, stop := s.pprof()
	m.note(started, took)
	for _, v := range views {
		m.visits(b, v.name, address+v.theirs)
	}
	stop()
}

// pprof starts go tool pprof -http and waits until it answers.
func (s *stageOf) pprof() (address string, took float64, stop func()) {
	s.t.Helper()
	where, err := exec.Command("go", "tool", "-n", "pprof").Output()
	if err != nil {
		s.t.Fatalf("find go tool pprof: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	host := l.Addr().String()
	_ = l.Close()
	cmd := exec.Command(strings.TrimSpace(string(where)), "-http="+host, "-no_browser", "-source_path="+s.sources, s.file)
	cmd.Dir = filepath.Dir(s.file)
	cmd.Env = append(os.Environ(), "PPROF_TMPDIR="+filepath.Dir(s.file), "HOME="+filepath.Dir(s.file))
	began := time.Now()
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	s.t.Cleanup(stop)
	for {
		if c, err := net.Dial("tcp", host); err == nil {
			_ = c.Close()
			return "http://" + host, float64(time.Since(began).Milliseconds()), stop
		}
		if time.Since(began) > time.Minute {
			s.t.Fatal("go tool pprof -http does not listen")
		}
		pause(s.t.Context(), 5*time.Millisecond)
	}
}

// visited is what a visit of a page took: milliseconds and bytes.
type visited struct{ drawn, sent, gzipped float64 }

// visit opens a page with an empty cache and waits until what it shows is painted.
func (b *tab) visit(address string) visited {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"))
	command(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	b.mu.Lock()
	b.sent = 0
	b.mu.Unlock()
	b.do(chromedp.Navigate(address))
	b.until("stopwatch.drawn !== null")
	v := visited{drawn: eval[float64](b, "stopwatch.drawn")}
	b.until("document.readyState === 'complete' && document.fonts.status === 'loaded'")
	b.mu.Lock()
	v.sent = b.sent
	b.mu.Unlock()
	v.gzipped = gzippedPage(b.t, address)
	return v
}

// gzippedPage is the size of a page as it is sent gzipped, or gzipped here when its
// server does not.
func gzippedPage(t *testing.T, address string) float64 {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Accept", "text/html")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", address, res.StatusCode, err)
	}
	if res.Header.Get("Content-Encoding") == "gzip" {
		return float64(len(body))
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body)
	_ = w.Close()
	return float64(b.Len())
}
