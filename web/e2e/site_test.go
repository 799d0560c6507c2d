package e2e

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// site is a server with something on every page: a comparison that is done, one
// that was canceled and one that failed, shares, uploads.
type site struct {
	*server
	done, canceled, failed result
	share, view, revoked   string // paths of a share of all, of one view, and of one that was revoked
	upload, hollow, odd    string // ids of a profile with samples, of one without, and of another kind
}

func furnish(t *testing.T) site {
	t.Helper()
	s := site{server: serve(t)}
	s.done = s.quick(map[string]any{"rounds": 6, "requests": 400})
	s.canceled = s.finished(s.long(), 20*time.Second, s.cancel)
	s.failed = s.finished(s.long(), 30*time.Second, s.killChildren)
	if s.failed.State != "failed" {
		t.Fatalf("with its children killed %s is %s", s.failed.ID, s.failed.State)
	}
	c := "/comparisons/" + s.done.ID
	s.share, _ = s.shared(c)
	s.view, _ = s.shared(c + "/flame?search=poll")
	var id string
	s.revoked, id = s.shared(c)
	if code := s.call(http.MethodDelete, "/api/v1/shares/"+id, nil, nil); code != http.StatusNoContent {
		t.Fatalf("revoke: %d", code)
	}
	res, err := http.Get(s.url + "/profiles/" + s.done.Cells[0].Profiles[0].ID + ".pprof")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	s.upload = s.uploaded("before", res.Body)
	var empty bytes.Buffer
	p := profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}, TimeNanos: 1, DurationNanos: 1e9, Period: 1e7}
	if err := p.Write(&empty); err != nil {
		t.Fatal(err)
	}
	s.hollow = s.uploaded("idle", &empty)
	s.odd = s.uploaded("odd", oddProfile(t))
	return s
}

// oddProfile is of memory, a difference, without names of functions and with labels.
func oddProfile(t *testing.T) io.Reader {
	t.Helper()
	m := &profile.Mapping{ID: 1, Start: 0x400000, Limit: 0x500000, File: "/usr/bin/stripped"}
	p := profile.Profile{
		SampleType: []*profile.ValueType{{Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}},
		PeriodType: &profile.ValueType{Type: "space", Unit: "bytes"}, Period: 512 << 10, Mapping: []*profile.Mapping{m},
	}
	for i := range uint64(6) {
		p.Location = append(p.Location, &profile.Location{ID: i + 1, Mapping: m, Address: 0x401000 + i})
		value := int64(i+1) << 20
		if i == 2 {
			value = -value
		}
		p.Sample = append(p.Sample, &profile.Sample{
			Location: []*profile.Location{p.Location[i], p.Location[0]}, Value: []int64{value >> 10, value}, NumLabel: map[string][]int64{"bytes": {int64(i) << 10}}, NumUnit: map[string][]string{"bytes": {"bytes"}},
		})
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return &b
}

// long starts a comparison that takes minutes.
func (s site) long() string {
	s.t.Helper()
	var created struct{ ID string }
	if code := s.call(http.MethodPost, "/api/v1/comparisons", map[string]any{"rounds": 50, "requests": 20000}, &created); code != http.StatusCreated {
		s.t.Fatalf("POST comparison: %d", code)
	}
	return created.ID
}

func (s site) cancel(id string) {
	if code := s.call(http.MethodPost, "/api/v1/comparisons/"+id+"/cancel", nil, nil); code != http.StatusAccepted && code != http.StatusConflict {
		s.t.Errorf("cancel %s: %d", id, code)
	}
}

// killChildren kills what the server started, so that what runs now fails.
func (s site) killChildren(string) {
	exes, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range exes {
		raw, _ := os.ReadFile(stat)
		_, after, _ := bytes.Cut(raw, []byte(") "))
		if fields := strings.Fields(string(after)); len(fields) > 1 && fields[1] == itoa(s.process.Process.Pid) {
			if child, err := os.FindProcess(atoi(filepath.Base(filepath.Dir(stat)))); err == nil {
				_ = child.Kill()
			}
		}
	}
}

// shared makes a share and returns its path and id.
func (s site) shared(path string) (string, string) {
	s.t.Helper()
	var made struct{ ID, URL string }
	if code := s.call(http.MethodPost, "/api/v1/shares", map[string]any{"path": path}, &made); code != http.StatusCreated {
		s.t.Fatalf("share %s: %d", path, code)
	}
	return strings.TrimPrefix(made.URL, s.url), made.ID
}

// uploaded is the id of a profile that was uploaded.
func (s site) uploaded(title string, body io.Reader) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/api/v1/profiles?title="+title+"&ops=1000", body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	up, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer up.Body.Close()
	if up.StatusCode != http.StatusCreated {
		why, _ := io.ReadAll(up.Body)
		s.t.Fatalf("upload %s: %s %s", title, up.Status, why)
	}
	return filepath.Base(up.Header.Get("Location"))
}

// paths of every page and state, by what they show.
func (s site) paths() map[string]string {
	c, p := "/comparisons/"+s.done.ID, "/profiles/"+s.done.Cells[0].Profiles[0].ID
	diff := "/diff?base=" + s.upload + "&other=" + s.done.Cells[2].Profiles[0].ID
	return map[string]string{
		"start": "/", "list": "/comparisons", "list of failed": "/comparisons?state=failed", "hosts": "/hosts", "access": "/access", "glossary": "/glossary", "login": "/login",
		"form": "/comparisons/new", "form again": "/comparisons/new?again=" + s.done.ID, "form wrong": "/comparisons/new?check=1&rounds=many&rate=x&sizes=64..1",
		"form checked": "/comparisons/new?check=1&sockets=unix&sockets=vsock&sockets=socketpair&budget=1+min&rate=100",
		"choose":       "/choose?access=local&size=5&rate=2000&dials=2000&comparison=" + s.done.ID, "choose wrong": "/choose?rate=x&dials=-1&who=nobody", "choose two hosts": "/choose?who=hosts&access=network&tls=yes",
		"choose records": "/choose?who=pod&carries=records&access=local&rate=20000", "choose one process": "/choose?who=process",
		"waterfall": c + "/waterfall", "waterfall, server side": c + "/waterfall?side=server", "shared waterfall": s.share + "/waterfall", "top": c + "/top", "shared top": s.share + "/top",
		"beside": c + "/beside?other=" + s.canceled.ID, "beside whom": c + "/beside",
		"answer": c, "answer, server side": c + "?side=server", "canceled": "/comparisons/" + s.canceled.ID, "failed": "/comparisons/" + s.failed.ID,
		"lines": c + "/lines", "lines of functions": c + "/lines?function=Write", "lines opened": c + "/lines?open=github.com/sockscope/sockscope/runner/workload.DialEcho:14%3E!", "lines by difference": c + "/lines?order=difference",
		"lines of cells": c + "/lines?cell=tcp4&cell=unix", "lines of none": c + "/lines?function=nothing.like.it", "rounds": c + "/rounds",
		"flame": c + "/flame", "flame of one": c + "/flame?socket=tcp4", "flame search": c + "/flame?search=poll", "flame search wrong": c + "/flame?search=%28", "sandwich": c + "/flame?pivot=syscall.Write",
		"profiles": "/profiles", "profile": p, "profile top": p + "?tab=top", "profile lines": p + "?tab=lines", "upload": "/profiles/" + s.upload,
		"hollow": "/profiles/" + s.hollow, "hollow top": "/profiles/" + s.hollow + "?tab=top", "hollow lines": "/profiles/" + s.hollow + "?tab=lines",
		"diff": diff, "diff top": diff + "&tab=top", "diff lines": diff + "&tab=lines", "diff of none": "/diff?base=" + s.upload + "&other=" + s.hollow,
		"odd": "/profiles/" + s.odd, "odd top": "/profiles/" + s.odd + "?tab=top", "odd lines": "/profiles/" + s.odd + "?tab=lines",
		"diff of odd": "/diff?base=" + s.odd + "&other=" + s.odd, "diff of two kinds": "/diff?base=" + s.upload + "&other=" + s.odd,
		"choose the base": "/diff", "choose the other": "/diff?base=" + s.upload + "&counts=any", "profiles found": "/profiles?q=odd", "no profile found": "/profiles?q=none-of-them",
		"shares": "/shares?path=" + c, "nothing here": "/comparisons/C-999",
		"shared": s.share, "shared flame": s.share + "/flame", "shared lines": s.share + "/lines", "shared rounds": s.share + "/rounds", "shared glossary": s.share + "/glossary",
		"shared profile": s.share + p, "shared view": s.view, "shared whole": s.view + "/page", "revoked": s.revoked,
	}
}
