package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// shape is the names and kinds of a JSON value: {"id":"text","cells":[{…}]}.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, x := range v {
			m[k] = shape(x)
		}
		return m
	case []any:
		if len(v) == 0 {
			return []any{}
		}
		return []any{shape(v[0])}
	case string:
		return "text"
	case float64:
		return "number"
	case bool:
		return "bool"
	}
	return "null"
}

// has checks that got has at least the names of want, with their kinds.
func has(t *testing.T, at string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is %v, want an object", at, got)
			return
		}
		for k, x := range w {
			if v, there := g[k]; there {
				has(t, at+"."+k, x, v)
			} else {
				t.Errorf("%s has no %q, only %v", at, k, slices.Sorted(maps.Keys(g)))
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) > 0 && len(g) == 0 {
			t.Errorf("%s is %v, want a list", at, got)
		} else if len(w) > 0 {
			has(t, at+"[0]", w[0], g[0])
		}
	default:
		if got != want {
			t.Errorf("%s is %v, want %v", at, got, want)
		}
	}
}

func contract(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

const specShape = `{"workload":"text","sockets":["text"],"base":"text","sizes":["number"],"concurrency":["number"],"placements":["text"],"rounds":"number","requests":"number","kernel":"text","title":"text","host":"text"}`

func TestComparisonsOfTheAPI(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.api("POST", "/comparisons", `{"sockets":["tcp","unix"],"sizes":[5,64],"rounds":6,"requests":500,"title":"by API"}`).want(t, http.StatusCreated)
	var made map[string]string
	a.json(t, &made)
	if want := map[string]string{"id": "C-1", "url": s.url + "/comparisons/C-1", "state": "queued"}; !maps.Equal(made, want) || a.Header.Get("Location") != "/api/v1/comparisons/C-1" {
		t.Errorf("made %v, Location %q", made, a.Header.Get("Location"))
	}
	var queued map[string]any
	s.get(a.Header.Get("Location")).want(t, 200).json(t, &queued)
	spec := queued["spec"].(map[string]any)
	if queued["state"] != "queued" || queued["title"] != "by API" || fmt.Sprintf("%v %v %v %v", spec["sockets"], spec["base"], spec["workload"], spec["kernel"]) != "[tcp4 unix] tcp4 dial-echo auto" || queued["progress"].(map[string]any)["total"] != 36.0 {
		t.Errorf("queued: %v", queued)
	}
	has(t, "queued", contract(t, `{"cells":[{"socket":"text","metrics":{},"ratio":{},"counters":{},"profiles":[],"warnings":[]}],"verdict":{"text":"text","facts":[]}}`), shape(queued))
	c := s.api("POST", "/comparisons/C-1/cancel", "").want(t, http.StatusAccepted)
	if c.body != `{"id":"C-1","state":"canceled"}`+"\n" {
		t.Errorf("canceled: %s", c.body)
	}
	d := s.api("DELETE", "/comparisons/C-1", "").want(t, http.StatusNoContent)
	if d.body != "" || len(s.queue.deleted) != 1 {
		t.Errorf("deleted: %q, told %v", d.body, s.queue.deleted)
	}
	s.get("/api/v1/comparisons/C-1").want(t, http.StatusNotFound).problem(t)
	s.page("/comparisons/C-1").want(t, http.StatusNotFound)
}

func TestAnswerOfTheAPI(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("the answer")
	var doc map[string]any
	a := s.get("/api/v1/comparisons/"+c.ID).want(t, 200)
	a.json(t, &doc)
	metric := `{"median":"number","low":"number","high":"number","rounds":["number"]}`
	has(t, "comparison", contract(t, `{"id":"text","title":"text","state":"text","spec":`+specShape+`,"host":"text","progress":{"done":"number","total":"number"},
		"cells":[{"socket":"text","size":"number","concurrency":"number","placement":"text","aa":"bool","metrics":{"requests_per_second":`+metric+`,"latency_mean_ns":`+metric+`,"latency_p50_ns":`+metric+`,"latency_p90_ns":`+metric+`,
			"latency_p99_ns":`+metric+`,"latency_p999_ns":`+metric+`,"client_cpu_user_ns_per_op":`+metric+`,"client_cpu_sys_ns_per_op":`+metric+`,"server_cpu_user_ns_per_op":`+metric+`,"server_cpu_sys_ns_per_op":`+metric+`,
			"client_ctx_switches_per_op":`+metric+`,"client_allocs_per_op":`+metric+`},"ratio":{},"counters":{"dial_retries":"number"},"profiles":[{"id":"text","side":"text","kind":"text","samples":"number","ops":"number"}],"warnings":[]}],
		"verdict":{"text":"text","facts":["text"]}}`), shape(doc))
	cells := doc["cells"].([]any)
	if len(cells) != 3 || doc["state"] != "done" {
		t.Fatalf("%d cells, state %v", len(cells), doc["state"])
	}
	tcp := cells[2].(map[string]any)
	has(t, "ratio", contract(t, `{"estimate":"number","low":"number","high":"number","p":"number"}`), shape(tcp["ratio"].(map[string]any)["latency_p50_ns"]))
	if r := tcp["ratio"].(map[string]any)["latency_p50_ns"].(map[string]any); r["estimate"].(float64) < 1.9 || r["estimate"].(float64) > 2.3 || r["low"].(float64) > r["estimate"].(float64) {
		t.Errorf("the ratio of runs that differ by 2.1 is %v", r)
	}
	if n := len(tcp["metrics"].(map[string]any)["latency_p50_ns"].(map[string]any)["rounds"].([]any)); n != 8 {
		t.Errorf("%d rounds", n)
	}
	if strings.Contains(a.body, "NaN") || strings.Contains(a.body, "null,null") {
		t.Error("figures that are none")
	}
	var list struct{ Comparisons []map[string]any }
	s.get("/api/v1/comparisons").want(t, 200).json(t, &list)
	has(t, "list", contract(t, `{"id":"text","title":"text","state":"text","spec":`+specShape+`,"host":"text","progress":{"done":"number","total":"number"}}`), shape(list.Comparisons[0]))
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for i := range 103 {
		s.queued(fmt.Sprint("number ", i+1))
	}
	seen, pages := []string{}, 0
	for next := "/api/v1/comparisons"; next != ""; pages++ {
		a := s.get(next).want(t, 200)
		var page struct {
			Comparisons []struct{ ID string }
			Next        string
		}
		a.json(t, &page)
		for _, c := range page.Comparisons {
			seen = append(seen, c.ID)
		}
		if link := a.Header.Get("Link"); (link == "") != (page.Next == "") || link != "" && link != "<"+page.Next+`>; rel="next"` {
			t.Errorf("Link %q beside next %q", link, page.Next)
		}
		if pages > 10 {
			t.Fatal("the list does not end")
		}
		next = page.Next
	}
	if len(seen) != 103 || seen[0] != "C-103" || seen[102] != "C-1" || pages != 3 {
		t.Errorf("%d comparisons on %d pages, from %s to %s", len(seen), pages, seen[0], seen[len(seen)-1])
	}
	first := s.page("/comparisons").want(t, 200)
	if !strings.Contains(first.body, "/comparisons?before=C-79") || !strings.Contains(first.body, "number 103") || strings.Contains(first.body, "number 78<") {
		t.Error("the first page of the list is not of the newest 25")
	}
	if older := s.page("/comparisons?before=C-79").want(t, 200); !strings.Contains(older.body, "number 78") || strings.Contains(older.body, "number 79<") {
		t.Error("the second page of the list does not go on where the first ended")
	}
}

func TestExports(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done(`=cmd|' /C calc'!A0`)
	for suffix, tt := range map[string]struct{ contentType, has string }{
		".json":  {"application/json", `"id":"` + c.ID + `"`},
		".csv":   {"text/csv; charset=utf-8", "latency_p50_ns"},
		".bench": {"text/plain; charset=utf-8", "Benchmark"},
		".md":    {"text/markdown; charset=utf-8", "|"},
		".txt":   {"text/plain; charset=utf-8", "tcp4"},
	} {
		a := s.get("/api/v1/comparisons/"+c.ID+suffix).want(t, 200)
		if a.Header.Get("Content-Type") != tt.contentType || a.Header.Get("Content-Disposition") != "attachment; filename="+c.ID+suffix || a.Header.Get("Content-Security-Policy") != "sandbox" {
			t.Errorf("%s: %v", suffix, a.Header)
		}
		if !strings.Contains(a.body, tt.has) {
			t.Errorf("%s has no %q: %.300s", suffix, tt.has, a.body)
		}
		if suffix == ".csv" {
			rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
			if err != nil || len(rows) < 24 {
				t.Errorf("csv: %d rows, %v", len(rows), err)
			}
			for _, row := range rows {
				for _, cell := range row {
					if strings.HasPrefix(cell, "=") {
						t.Errorf("csv: the cell %q is a formula", cell)
					}
				}
			}
		}
	}
	if a, b := s.get("/api/v1/comparisons/"+c.ID), s.get("/api/v1/comparisons/"+c.ID+".json"); a.body != b.body {
		t.Error("the download differs from the document")
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if a := s.get("/healthz").want(t, 200); a.body != "ok\n" {
		t.Errorf("healthy: %q", a.body)
	}
	if a := s.get("/robots.txt").want(t, 200); !strings.Contains(a.body, "Disallow: /\n") {
		t.Errorf("robots.txt: %q", a.body)
	}
}
