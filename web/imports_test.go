package web_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/sockscope/sockscope/"

// rule forbids the packages under from (a folder of the module, or a package path
// outside it) to the packages under to. Tests may import more: they are not read.
type rule struct {
	from   string
	except string // a folder under from that may
	to     []string
	reason string
}

var rules = []rule{
	{
		from: "profiles", to: []string{module + "runner", module + "web", module + "templates"},
		reason: "evidence outlives the way it was made and shown, so it must not know either",
	},
	{
		from: "templates", to: []string{module + "web", module + "runner", module + "profiles/store"},
		reason: "a page places what it is given; it fetches and decides nothing",
	},
	{
		from: "runner", to: []string{module + "web", module + "templates", module + "profiles/store"},
		reason: "a benchmark host has no database and no pages",
	},
	{
		from: "web", to: []string{module + "runner/queue", module + "profiles/store"},
		reason: "web declares the small interfaces that it needs, so that it is tested and changed alone",
	},
	{
		from: "web", to: []string{"database/sql"},
		reason: "SQL stands in profiles/store only",
	},
	{
		from: "runner", to: []string{"database/sql", "modernc.org/sqlite"},
		reason: "SQL stands in profiles/store only",
	},
	{
		from: "profiles", except: "profiles/store", to: []string{"database/sql", "modernc.org/sqlite", "log", "log/slog", "context"},
		reason: "the packages under profiles are pure, values in and values out: no database, logger or context",
	},
	{
		from: "", to: []string{"github.com/google/pprof/driver", "github.com/google/pprof/internal/driver"},
		reason: "pprof's driver opens whatever file a profile names and keeps its options in globals",
	},
	{
		from: "", to: []string{"testing", "github.com/chromedp/chromedp", "pgregory.net/rapid"},
		reason: "what only tests need must not reach the binary",
	},
}

func under(path, folder string) bool {
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("go list does not run here: %v", err)
	}
	packages := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; packages++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		own := strings.TrimPrefix(p.ImportPath, module)
		if strings.HasSuffix(own, "test") {
			continue // a package that serves tests
		}
		for _, r := range rules {
			if !under(own, r.from) || r.except != "" && under(own, r.except) {
				continue
			}
			for _, imported := range p.Imports {
				for _, to := range r.to {
					if under(imported, to) {
						t.Errorf("%s imports %s: %s", own, imported, r.reason)
					}
				}
			}
		}
	}
	if packages < 10 {
		t.Errorf("go list shows %d packages: is the test run from its folder?", packages)
	}
}
