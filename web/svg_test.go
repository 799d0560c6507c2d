package web_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/tree"
)

// drawing reads an SVG document as strictly as XML asks, checks what is true of each,
// and returns its texts.
func drawing(t *testing.T, name, document string, width int) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	depth, elements := 0, 0
	known := []string{"svg", "title", "desc", "style", "rect", "text", "g", "path", "circle", "defs", "pattern"}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: no XML: %v", name, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			elements++
			if e.Name.Space != "http://www.w3.org/2000/svg" || !slices.Contains(known, e.Name.Local) {
				t.Errorf("%s: an element %v", name, e.Name)
			}
			for _, a := range e.Attr {
				checkLength(t, name, e.Name.Local, a, width)
			}
			if elements == 1 && !slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "width" && a.Value == strconv.Itoa(width) }) {
				t.Errorf("%s: its size is %v, want %d px", name, e.Attr, width)
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			texts = append(texts, string(e))
		}
	}
	if depth != 0 || elements < 5 {
		t.Errorf("%s: %d elements, %d open", name, elements, depth)
	}
	for _, wrong := range []string{"NaN", "Inf", "url(http", "@import", "href", "<script", "{;"} {
		if strings.Contains(document, wrong) && !strings.Contains(strings.Join(texts, " "), wrong) {
			t.Errorf("%s has %q", name, wrong)
		}
	}
	return texts
}

func checkLength(t *testing.T, name, element string, a xml.Attr, width int) {
	t.Helper()
	if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "href" {
		t.Errorf("%s: <%s %s=%q>", name, element, a.Name.Local, a.Value)
	}
	switch a.Name.Local {
	case "x", "cx", "width":
		v, err := strconv.ParseFloat(a.Value, 64)
		if err != nil || math.IsNaN(v) || v < 0 || v > float64(width) {
			t.Errorf("%s: <%s %s=%q> in a picture of %d px", name, element, a.Name.Local, a.Value, width)
		}
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	deep := s.doneDeep("down to the kernel", "unix", "tcp4")
	sweeps := s.stored(sweep(), 8, true, nil)
	p := s.upload(encode(t, client(t, "unix", 40)), "?title=before")
	q := s.upload(encode(t, client(t, "tcp4", 40)), "?title=after")
	for path, parts := range map[string][]string{
		"/comparisons/" + c.ID + "/flame.svg?x=1":                         {"unix vs tcp4 — dial, write, read, close · client", "net.(*Dialer).DialContext", "less", "new"},
		"/comparisons/" + c.ID + "/flame.svg?socket=tcp4&side=server":     {"poll.(*FD).Read"},
		"/comparisons/" + c.ID + "/flame.svg?search=Read":                 {"io.ReadFull"},
		"/comparisons/" + c.ID + "/charts/latency.svg?x=1":                {"Latency by percentile", "unix", "p99", "µs"},
		"/comparisons/" + c.ID + "/charts/rounds.svg?x=1":                 {"Rounds", "unix A/A"},
		"/comparisons/" + c.ID + "/charts/cpu-client.svg?x=1":             {"Where a request’s client CPU goes", "Dial 40", "110"},
		"/comparisons/" + c.ID + "/charts/cpu-server.svg?x=1":             {"server"},
		"/comparisons/" + c.ID + "/waterfall.svg?x=1":                     {"Where the difference comes from", "tcp4 against unix: ", "Dial", "line 14", "difference", "±"},
		"/comparisons/" + c.ID + "/waterfall.svg?sum=sides&mode=cores":    {"client and server", "server, line"},
		"/comparisons/" + c.ID + "/waterfall.svg?sum=sides&mode=share":    {"do not add up"},
		"/comparisons/" + deep.ID + "/charts/buckets.svg?x=1":             {"Where the request really goes", "softirq", "wake-up", "CPU of the client"},
		"/comparisons/" + deep.ID + "/charts/buckets.svg?side=server":     {"CPU of the server"},
		"/comparisons/" + sweeps.ID + "/charts/by-size.svg?x=1":           {"size"},
		"/comparisons/" + sweeps.ID + "/charts/ratio-by-size.svg?group=1": {"Ratio"},
		"/profiles/" + p + "/flame.svg?x=1":                               {"before", "Syscall6"},
		"/diff/flame.svg?base=" + p + "&other=" + q:                       {"after against before"},
		"/diff/waterfall.svg?base=" + p + "&other=" + q:                   {"after against before", "syscall.Syscall6"},
	} {
		for _, width := range []int{1200, 640} {
			at := path
			if width != 1200 {
				at += "&width=" + strconv.Itoa(width)
			}
			a := s.page(at).want(t, 200)
			if a.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "default-src 'none'") || !strings.HasSuffix(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || a.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
				t.Errorf("%s: %v", at, a.Header)
			}
			texts := strings.Join(drawing(t, at, a.body, width), "\n")
			for _, part := range parts {
				if width == 1200 && !strings.Contains(texts, part) {
					t.Errorf("%s has no %q: %.500q", at, part, texts)
				}
			}
			if len(a.body) > 1<<20 {
				t.Errorf("%s takes %d B", at, len(a.body))
			}
			keepFile(t, strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "-").Replace(strings.TrimPrefix(at, "/"))+".svg", a.body)
			again := s.do("GET", at, nil, header("If-None-Match", a.Header.Get("ETag"))).want(t, 304)
			if again.body != "" {
				t.Errorf("%s: 304 with %d B", at, len(again.body))
			}
		}
	}
	for path, status := range map[string]int{
		"/comparisons/" + c.ID + "/charts/latency": 404, "/comparisons/" + c.ID + "/charts/none.svg": 404, "/comparisons/" + c.ID + "/charts/by-size.svg": 404,
		"/comparisons/" + c.ID + "/charts/buckets.svg": 404, "/comparisons/" + c.ID + "/waterfall.svg?width=1": 400, "/diff/waterfall.svg?base=" + p: 400,
		"/comparisons/" + c.ID + "/flame.svg?width=10": 400, "/comparisons/" + c.ID + "/flame.svg?width=1e9": 400, "/comparisons/" + c.ID + "/charts/rounds.svg?width=x": 400,
		"/profiles/P-999/flame.svg": 404, "/comparisons/C-99/charts/rounds.svg": 404, "/diff/flame.svg": 400,
	} {
		s.page(path).want(t, status)
	}
}

// A picture of a frame of which a filter leaves nothing says so.
func TestPictureOfNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	pair := "?base=" + s.upload(encode(t, dialer(10)), "") + "&other=" + s.upload(encode(t, dialer(100)), "")
	at := "&at=" + strconv.FormatUint(tree.Place([]string{"main.main", "net.Dial"}), 36)
	for query, says := range map[string]string{
		"&only=new": "No frame is new", at + "&only=new": "No frame below net.Dial is new", at + "&only=gone": "No frame below net.Dial is gone",
		at + "&only=new&graphs=pair": "No frame below net.Dial is new", at: "zoomed to net.Dial",
	} {
		path := "/diff/flame.svg" + pair + query
		if texts := strings.Join(drawing(t, path, s.page(path).want(t, 200).body, 1200), "\n"); !strings.Contains(texts, says) {
			t.Errorf("%s does not say %q: %.500q", query, says, texts)
		}
	}
}

// The pages lead to their pictures.
func TestPanelsOfferTheirPictures(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.doneDeep("down to the kernel", "unix", "tcp4")
	home, _ := s.share("/comparisons/" + c.ID)
	for page, base := range map[string]string{"/comparisons/" + c.ID: "/comparisons/" + c.ID, home: home} {
		body := s.page(page).want(t, 200).body
		for _, below := range []string{"/flame.svg", "/charts/latency.svg", "/charts/rounds.svg", "/charts/cpu-client.svg", "/charts/cpu-server.svg", "/charts/buckets.svg", "/waterfall.svg"} {
			if !strings.Contains(body, `href="`+base+below) {
				t.Errorf("%s does not lead to %s", page, below)
				continue
			}
			a := s.page(base+below).want(t, 200)
			if shared := base == home; shared != (a.Header.Get("Cross-Origin-Resource-Policy") == "cross-origin") {
				t.Errorf("%s%s: other sites may show it: %v", base, below, a.Header)
			}
		}
	}
	chosen := regexp.MustCompile(`href="(/comparisons/[^"]*/waterfall\.svg[^"]*)"`).FindStringSubmatch(s.page("/comparisons/" + c.ID + "?function=Write&mode=cores").body)
	if chosen == nil || !strings.Contains(chosen[1], "mode=cores") || strings.Contains(chosen[1], "function") {
		t.Errorf("with a function in the lines the picture of the waterfall, which shows all, is at %q", chosen)
	}
	p := s.merged(c, 0, profiles.Client)
	if !strings.Contains(s.page("/profiles/"+p.ID).body, "/profiles/"+p.ID+"/flame.svg") || !strings.Contains(s.page("/diff?base="+p.ID+"&other="+p.ID).body, "/diff/flame.svg?base=") {
		t.Error("the page of a profile or of two does not lead to its picture")
	}
	s.page(home+"/profiles/"+p.ID+"/flame.svg").want(t, 200)
	pair := "?base=" + p.ID + "&other=" + s.merged(c, 1, profiles.Client).ID
	within := s.page(home+"/diff"+pair+"&tab=waterfall").want(t, 200).body
	for _, below := range []string{"/diff/flame.svg", "/diff/waterfall.svg", "/diff.html"} {
		if below != "/diff/flame.svg" && !strings.Contains(within, `href="`+home+below) {
			t.Errorf("two profiles of a shared comparison do not lead to %s", below)
		}
		s.page(home+below+pair).want(t, 200)
	}
	other := s.upload(encode(t, client(t, "unix", 4)), "")
	s.page(home+"/profiles/"+other+"/flame.svg").want(t, 404)
}

// Whatever a profile names its functions, a picture is XML and holds text only.
func TestHostilePictures(t *testing.T) {
	t.Parallel()
	s := setup(t)
	names := append(slices.Clone(attacks), "a\x00b\x1bc\u0085d", "\xff\xfe\xc3", "\ufffe\uffff", "]]>", "<style></style>", "</style>")
	made := func(from, to int, more int64) []byte {
		r := newRecorder()
		for i, n := range names[from:to] {
			r.add(int64(5+i)+more, frame{"main.main", "a.go", 1, 1}, frame{n, n + ".go", 3, 1})
		}
		r.p.SampleType = []*profile.ValueType{{Type: "x", Unit: "count"}, {Type: attacks[0], Unit: attacks[1]}}
		return encode(t, r.p)
	}
	p := s.upload(made(0, len(names), 0), "?title="+url.QueryEscape(attacks[0]))
	c := s.running(attacks[4], 1)
	s.end(c, profiles.Done, "")
	for _, path := range []string{"/profiles/" + p + "/flame.svg", "/diff/flame.svg?base=" + p + "&other=" + p, "/comparisons/" + c.ID + "/flame.svg?search=" + url.QueryEscape(attacks[1]), "/comparisons/" + c.ID + "/charts/rounds.svg"} {
		drawing(t, path, s.page(path).want(t, 200).body, 1200)
	}
	const rows = 10 // all of them are drawn
	written := 0
	for from := 0; from < len(names); from += rows {
		to := min(from+rows, len(names))
		base, other := s.upload(made(from, to, 0), ""), s.upload(made(from, to, 500), "?title="+url.QueryEscape(attacks[1]))
		path := "/diff/waterfall.svg?mode=raw&base=" + base + "&other=" + other
		texts := drawing(t, path, s.page(path).want(t, 200).body, 1200)
		for _, n := range names[from:to] {
			if slices.Contains(texts, n) {
				written++
			}
		}
	}
	if written < 8 { // others are cut, cleaned, or no names of functions
		t.Errorf("%d of %d names are written as they are", written, len(names))
	}
}
