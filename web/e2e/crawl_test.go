package e2e

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	crawled    = 600 // pages at most
	ofOneShape = 3   // pages of one path and the same parameters, whatever their values
)

var (
	hrefs   = regexp.MustCompile(`<a [^>]*?href="([^"]*)"`)
	ids     = regexp.MustCompile(` id="([^"]*)"`)
	digits  = regexp.MustCompile(`[A-Z]-[0-9]+`)
	getForm = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	action  = regexp.MustCompile(`action="([^"]*)"`)
	inputs  = regexp.MustCompile(`<input([^>]*)>`)
	options = regexp.MustCompile(`(?s)<select[^>]*name="([^"]*)"[^>]*>\s*<option value="([^"]*)"`)
	named   = regexp.MustCompile(`name="([^"]*)"`)
	valued  = regexp.MustCompile(`value="([^"]*)"`)
)

// crawler follows links and GET forms as a browser without script does.
type crawler struct {
	t      *testing.T
	s      site
	client *http.Client
	todo   []string
	known  map[string]string // addresses with the page that leads there
	shapes map[string]int
	ids    map[string][]string // of the pages that were read
	jumps  map[string]string   // addresses with a fragment, and the page that leads there
}

// crawl: from the front page everything opens by links and forms, no link leads
// nowhere, and what a link jumps to is on its page.
func crawl(t *testing.T, _ *tab, s site) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &crawler{t: t, s: s, client: &http.Client{Jar: jar}, known: map[string]string{}, shapes: map[string]int{}, ids: map[string][]string{}, jumps: map[string]string{}}
	c.add("/?token="+token, "")
	for _, path := range s.paths() {
		if path != s.revoked && path != "/comparisons/C-999" {
			c.add(path, "the list of pages")
		}
	}
	for n := 0; len(c.todo) > 0 && n < crawled; n++ {
		path := c.todo[0]
		c.todo = c.todo[1:]
		c.visit(path)
	}
	for jump, from := range c.jumps {
		page, id, _ := strings.Cut(jump, "#")
		if found, read := c.ids[page]; read && !slices.Contains(found, id) {
			t.Errorf("%s leads to %s, which has no #%s", from, page, id)
		}
	}
	t.Logf("%d pages of %d shapes were read", len(c.ids), len(c.shapes))
	if len(c.ids) < 150 {
		t.Errorf("only %d pages were reached", len(c.ids))
	}
}

// add notes an address of this server, unless enough of its shape are known.
func (c *crawler) add(path, from string) {
	path, fragment, jump := strings.Cut(path, "#")
	saved := strings.Contains(path, ".html") || strings.Contains(from, ".html") // its fragments are its script's; saved_test.go tries them
	if jump && fragment != "" && !saved {
		c.jumps[path+"#"+fragment] = from
	}
	u, err := url.Parse(path)
	if err != nil {
		c.t.Errorf("%s leads to %q, which is no address", from, path)
		return
	}
	if _, known := c.known[path]; known || u.Host != "" || strings.HasSuffix(path, "at=") { // a zoom address gets its value by script
		return
	}
	keys := []string{}
	for key := range u.Query() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	shape := digits.ReplaceAllString(u.Path, "X") + "?" + strings.Join(keys, "&")
	if c.shapes[shape]++; c.shapes[shape] > ofOneShape {
		return
	}
	c.known[path] = from
	c.todo = append(c.todo, path)
}

func (c *crawler) visit(path string) {
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.s.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	res, err := c.client.Do(req)
	if err != nil {
		c.t.Errorf("%s leads to %s: %v", c.known[path], path, err)
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	unlike := res.StatusCode == http.StatusUnprocessableEntity && bytes.Contains(body, []byte(`id="unlike-title"`)) // leads on to others
	if err != nil || res.StatusCode != http.StatusOK && !unlike {
		c.t.Errorf("%s leads to %s: %s %v", c.known[path], path, res.Status, err)
		return
	}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return
	}
	page := string(body)
	c.ids[path] = []string{}
	for _, m := range ids.FindAllStringSubmatch(page, -1) {
		c.ids[path] = append(c.ids[path], html.UnescapeString(m[1]))
	}
	links := hrefs.FindAllStringSubmatch(page, -1)
	for _, m := range links {
		c.follow(path, html.UnescapeString(m[1]))
	}
	for _, m := range getForm.FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[1], `method="get"`) {
			c.follow(path, filled(m[1], m[2]))
		}
	}
	if !strings.HasPrefix(path, "/login") && !strings.Contains(path, ".html") && len(links) < 3 {
		c.t.Errorf("%s has only %d links", path, len(links))
	}
}

// follow resolves a link of a page.
func (c *crawler) follow(from, to string) {
	base, err := url.Parse(from)
	if err != nil {
		c.t.Fatal(err)
	}
	u, err := base.Parse(to)
	if err != nil || to == "" {
		c.t.Errorf("%s has a link to %q", from, to)
		return
	}
	c.add(u.String(), from)
}

// filled is the address that a GET form leads to when nothing is typed into it.
func filled(attributes, fields string) string {
	values := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(fields, -1) {
		name, value := named.FindStringSubmatch(m[1]), valued.FindStringSubmatch(m[1])
		switch {
		case name == nil, strings.Contains(m[1], `type="checkbox"`) && !strings.Contains(m[1], " checked"), strings.Contains(m[1], `type="radio"`) && !strings.Contains(m[1], " checked"):
		case value == nil:
			values.Add(name[1], "")
		default:
			values.Add(html.UnescapeString(name[1]), html.UnescapeString(value[1]))
		}
	}
	for _, m := range options.FindAllStringSubmatch(fields, -1) {
		values.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	to := ""
	if m := action.FindStringSubmatch(attributes); m != nil {
		to = html.UnescapeString(m[1])
	}
	to, fragment, _ := strings.Cut(to, "#")
	return to + "?" + values.Encode() + "#" + fragment
}
