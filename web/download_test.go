package web_test

import (
	"archive/zip"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

func TestHistogramLog(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 2, true, nil)
	a := s.get("/api/v1/comparisons/"+c.ID+".hdr").want(t, 200)
	if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", a.Header)
	}
	read := func(text string) (tags map[string]int) {
		tags = map[string]int{}
		r := hdrhistogram.NewHistogramLogReader(strings.NewReader(text))
		for {
			h, err := r.NextIntervalHistogram()
			if err != nil {
				t.Fatal(err)
			}
			if h == nil {
				return tags
			}
			if h.TotalCount() != int64(len(profiles.Quantiles)) {
				t.Errorf("an interval of %d values", h.TotalCount())
			}
			tags[h.Tag()]++
		}
	}
	tags := read(a.body)
	if len(tags) != profiles.Measured(c.Cells) || tags["tcp4-nagle.dial-echo.64.1.split"] != 2 {
		t.Errorf("the log's tags and rounds are %v", tags)
	}
	if one := read(s.get("/api/v1/comparisons/"+c.ID+".hdr?cell=2").want(t, 200).body); len(one) != 1 {
		t.Errorf("the log of one cell has %v", one)
	}
	s.get("/api/v1/comparisons/"+c.ID+".hdr?cell=999").want(t, 404)
	s.get("/api/v1/comparisons/C-999.hdr").want(t, 404)
}

// Files of several hosts do not overwrite each other, whatever the hosts' names.
func TestFilesOfSeveralHosts(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Rounds, spec.Hosts = 1, []string{"../../etc/cron.d", "a b", "a/b", "A_b", "plain-box.lan"}
	c := s.stored(spec, 1, true, nil)
	body := s.get("/comparisons/"+c.ID+"/profiles.zip").want(t, 200).body
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	safe := regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	seen := map[string]bool{}
	for _, f := range z.File {
		name := strings.ToLower(f.Name) // file systems may not tell the case
		if seen[name] || !safe.MatchString(name) || len(name) > 200 {
			t.Errorf("the entry %q is there twice, or is no name for a file", f.Name)
		}
		seen[name] = true
	}
	if want := len(c.Cells) * 2; len(seen) != want {
		t.Errorf("the archive has %d files, want %d", len(seen), want)
	}
	names := map[string]bool{}
	for i := range c.Cells {
		names[s.get(fmt.Sprintf("/api/v1/comparisons/%s.hdr?cell=%d", c.ID, i)).want(t, 200).Header.Get("Content-Disposition")] = true
	}
	if len(names) != len(c.Cells) {
		t.Errorf("%d histogram logs have %d names", len(c.Cells), len(names))
	}
	if !names["attachment; filename="+c.ID+".unix.dial-echo.5.1.split.plain-box.lan.hdr"] {
		t.Errorf("a plain name of a host is not in %v", names)
	}
}
