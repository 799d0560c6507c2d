package e2e

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// unseen are the routes that no browser test opens as a page, each with the reason.
var unseen = map[string]string{
	"/healthz":                      "text for who watches the server",
	"/robots.txt":                   "text for robots",
	"/comparisons/beside":           "redirects to the comparison of two",
	"/comparisons/:id/profiles.zip": "a file",
	"/s/:token/profiles.zip":        "a file",
	"/s/:token/events":              "a stream",
	"/s/:token/:profile":            "a file",
	"/diff.html":                    "one file, opened from the disk in saved_test.go",
	"/s/:token/page.html":           "one file, opened from the disk in saved_test.go",
	"/s/:token/diff.html":           "one file, opened from the disk in saved_test.go",

	"/comparisons/:id/flame.svg":            "a picture",
	"/comparisons/:id/waterfall.svg":        "a picture",
	"/comparisons/:id/charts/:chart":        "a picture",
	"/diff/flame.svg":                       "a picture",
	"/diff/waterfall.svg":                   "a picture",
	"/profiles/:id/flame.svg":               "a picture",
	"/s/:token/flame.svg":                   "a picture",
	"/s/:token/waterfall.svg":               "a picture",
	"/s/:token/diff/flame.svg":              "a picture",
	"/s/:token/diff/waterfall.svg":          "a picture",
	"/s/:token/picture.png":                 "a picture",
	"/s/:token/charts/:chart":               "a picture",
	"/s/:token/profiles/:profile/flame.svg": "a picture",
	"/s/:token/embed/:part":                 "a panel for frames of other sites: its markup is tested in the package web",
	"/s/:token/diff":                        "of a share of two profiles: drop_test.go makes one",
}

// Every route that answers GET is in the list of pages that TestSite looks at, or is
// no page.
func TestEveryRouteIsSeen(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../routes.go")
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]measuredCell, 3)
	for i := range cells {
		cells[i].Profiles = []struct{ ID, Side, Kind string }{{ID: "P-1"}}
	}
	s := site{done: result{ID: "C-1", Cells: cells}, share: "/s/TOKEN", view: "/s/VIEW", revoked: "/s/GONE", upload: "P-2", hollow: "P-3", odd: "P-4"}
	s.canceled.ID, s.failed.ID = "C-2", "C-3"
	routes := regexp.MustCompile(`(?m)^\s*(always|open|read|write|share)\.GET\("([^"]*)"`).FindAllSubmatch(source, -1)
	if len(routes) < 25 {
		t.Fatalf("routes.go has only %d routes: it is written in another way than this test reads", len(routes))
	}
	param := regexp.MustCompile(`:[a-z]+`)
	for _, m := range routes {
		route := string(m[2])
		if string(m[1]) == "share" {
			route = "/s/:token" + route
		}
		if strings.HasPrefix(route, "/api/") || unseen[route] != "" {
			continue
		}
		pattern := regexp.MustCompile("^" + param.ReplaceAllString(strings.NewReplacer(".", `\.`, "*", ".*").Replace(route), "[^/]+") + "$")
		seen := false
		for _, path := range s.paths() {
			path, _, _ = strings.Cut(path, "?")
			seen = seen || pattern.MatchString(path)
		}
		if !seen {
			t.Errorf("no test looks at %s: add a page to paths in site_test.go, or a reason to unseen", route)
		}
	}
}
