package web_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

// The description is written so that it can be read by lines: a path, a method, a
// component stands on a line of its own, at a depth of its own, and examples are
// JSON on one line.
var (
	describedPath   = regexp.MustCompile(`^  (/[^:]*):$`)
	describedMethod = regexp.MustCompile(`^    (get|post|put|patch|delete):$`)
	describedName   = regexp.MustCompile(`^    (\w+):`)
	describedRef    = regexp.MustCompile(`"#/components/(\w+)/(\w+)"`)
	describedJSON   = regexp.MustCompile(`^ +example: ([{\[].*)$`)
	routeParam      = regexp.MustCompile(`:(\w+)`)
)

func TestDescriptionHasEveryRoute(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.get("/api/v1/openapi.yaml").want(t, http.StatusOK)
	if a.Header.Get("Content-Type") != "application/yaml" || !strings.HasPrefix(a.body, "openapi: 3.1.") {
		t.Errorf("%s, %.40q", a.Header.Get("Content-Type"), a.body)
	}
	described, path := []string{}, ""
	for line := range strings.Lines(a.body) {
		line = strings.TrimSuffix(line, "\n")
		if line == "components:" {
			break
		}
		if m := describedPath.FindStringSubmatch(line); m != nil {
			path = m[1]
		} else if m := describedMethod.FindStringSubmatch(line); m != nil {
			described = append(described, strings.ToUpper(m[1])+" "+path)
		}
	}
	served := []string{}
	for _, r := range s.echo.Routes() {
		if strings.HasPrefix(r.Path, "/api/") && r.Method != http.MethodHead {
			served = append(served, r.Method+" "+routeParam.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	slices.Sort(described)
	slices.Sort(served)
	if len(served) < 15 || !slices.Equal(described, served) {
		t.Errorf("described:\n%s\nserved:\n%s", strings.Join(described, "\n"), strings.Join(served, "\n"))
	}
}

// components are the blocks of text below components, by "schemas/Cell".
func components(t *testing.T, text string) map[string]string {
	t.Helper()
	_, text, ok := strings.Cut(text, "\ncomponents:\n")
	if !ok {
		t.Fatal("the description has no components")
	}
	blocks, section, name := map[string]string{}, "", ""
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "   ") {
			section = strings.Trim(line, " :\n")
		} else if m := describedName.FindStringSubmatch(line); m != nil {
			name = section + "/" + m[1]
		}
		blocks[name] += line
	}
	return blocks
}

func TestDescriptionHangsTogether(t *testing.T) {
	t.Parallel()
	s := setup(t)
	text := s.get("/api/v1/openapi.yaml").body
	blocks := components(t, text)
	used := map[string]bool{}
	for _, m := range describedRef.FindAllStringSubmatch(text, -1) {
		used[m[1]+"/"+m[2]] = true
		if blocks[m[1]+"/"+m[2]] == "" {
			t.Errorf("%s is named and not there", m[0])
		}
	}
	for name := range blocks {
		if !used[name] && !strings.HasPrefix(name, "securitySchemes/") && name != "" {
			t.Errorf("%s is there and never named", name)
		}
	}
	examples := 0
	for line := range strings.Lines(text) {
		if strings.Contains(line, "\t") {
			t.Errorf("a tab in %q", line)
		}
		m := describedJSON.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		examples++
		var v map[string]any
		if err := json.Unmarshal([]byte(m[1]), &v); err != nil && !strings.HasPrefix(m[1], "[") {
			t.Errorf("the example %s is no JSON: %v", m[1], err)
		} else if strings.HasPrefix(m[1], "[") && !json.Valid([]byte(m[1])) {
			t.Errorf("the example %s is no JSON", m[1])
		}
		if v["sockets"] != nil {
			s.api("POST", "/comparisons", m[1]).want(t, http.StatusCreated)
		}
	}
	if examples < 8 {
		t.Errorf("only %d examples", examples)
	}
}

// described checks that every name of an object stands in the schema.
func described(t *testing.T, blocks map[string]string, schema string, v any) {
	t.Helper()
	block := blocks["schemas/"+schema]
	object, ok := v.(map[string]any)
	if !ok || len(object) == 0 || block == "" {
		t.Errorf("nothing to hold against %s: %v", schema, v)
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !regexp.MustCompile(`[ {]`+name+`: \{|^ +`+name+`:\n`).MatchString(block) && !strings.Contains(block, "        "+name+":\n") {
			t.Errorf("%s does not describe %q", schema, name)
		}
	}
}

func TestDescriptionHasWhatIsAnswered(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	blocks := components(t, s.get("/api/v1/openapi.yaml").body)
	p := s.merged(c, 0, profiles.Client)
	read := func(path string) (v any) {
		s.get("/api/v1"+path).json(t, &v)
		return v
	}
	at := func(v any, names ...any) any {
		for _, name := range names {
			switch name := name.(type) {
			case string:
				v = v.(map[string]any)[name]
			case int:
				v = v.([]any)[name]
			}
		}
		return v
	}
	doc, page := read("/comparisons/"+c.ID), read("/comparisons")
	cell := at(doc, "cells", 2)
	for schema, v := range map[string]any{
		"Page": page, "Row": at(page, "comparisons", 0), "Comparison": doc, "Spec": at(doc, "spec"), "Progress": at(doc, "progress"), "Cell": cell, "Metric": at(cell, "metrics", "latency_p50_ns"),
		"Ratio": at(cell, "ratio", "latency_p50_ns"), "CellProfile": at(cell, "profiles", 0), "Verdict": at(doc, "verdict"), "Headline": at(doc, "verdict", "headline"), "Profile": read("/profiles/" + p.ID), "Function": at(read("/profiles/"+p.ID+"/top"), 0),
		"Routine": at(read("/profiles/"+p.ID+"/lines?function=."), 0), "Line": at(read("/profiles/"+p.ID+"/lines?function=DialEcho"), 0, "lines", 0), "Problem": read("/profiles/P-999"),
	} {
		described(t, blocks, schema, v)
	}
}
