//go:build linux

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

// TestKill9 kills the server at random moments with comparisons running, queued,
// just posted and just canceled. Afterwards nothing that was acknowledged is
// lost, nothing is half-written, and no process, socket or temporary file is
// left. Every second restart is given time to go on with the queue, and must within
// 10 s; the other lives may end while they start. SOCKSCOPE_KILLS sets how many kills.
func TestKill9(t *testing.T) {
	kills := 20
	if n, err := strconv.Atoi(os.Getenv("SOCKSCOPE_KILLS")); err == nil && n > 0 {
		kills = n
	}
	const seed = 20261122
	k := &killer{t: t, random: rand.New(rand.NewPCG(seed, 0)), acknowledged: map[string]bool{}, canceled: map[string]bool{}}
	k.prepare()
	for i := range kills {
		s := k.start()
		if i%2 == 1 {
			k.goesOn(s)
		}
		k.live(s, time.Duration(k.random.IntN(2500))*time.Millisecond)
		s.kill()
		k.noChildren(fmt.Sprintf("kill %d", i+1))
		k.orphans = k.sockets()
	}
	s := k.start()
	k.goesOn(s)
	k.drain(s)
	s.terminate()
	k.noChildren("the end")
	k.noFiles()
	k.checkStore()
	slices.Sort(k.resumed)
	if len(k.resumed) == 0 {
		t.Fatal("no restart went on with the queue")
	}
	median, worst := k.resumed[len(k.resumed)/2], k.resumed[len(k.resumed)-1]
	t.Logf("seed %d: %d kills, %d comparisons acknowledged, %d canceled; after a restart the queue went on within %s (median), %s (worst of %d); children gone within %s of a kill",
		seed, kills, len(k.acknowledged), len(k.canceled), median, worst, len(k.resumed), k.childrenGone)
	// The promise is 2 s; a single life on a machine that is busy with something else
	// may take longer, up to what goesOn waits.
	if median > 2*time.Second {
		t.Errorf("the queue went on within %s (median of %d), want 2s", median, len(k.resumed))
	}
}

// killer is the outside: it remembers what the server has acknowledged.
type killer struct {
	t            *testing.T
	random       *rand.Rand
	data         string
	tmp          string          // TMPDIR of the server: all that it may leave anywhere else
	acknowledged map[string]bool // ids of 201
	canceled     map[string]bool // ids of 202 to a cancel
	orphans      []string        // socket directories that a kill has left
	resumed      []time.Duration // of the lives that found one unfinished: from exec until one runs
	childrenGone time.Duration   // the longest, after a kill
}

func (k *killer) prepare() {
	dir, err := os.MkdirTemp("", "kill") // short: a socket's path has 107 bytes
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { os.RemoveAll(dir) })
	k.data, k.tmp = filepath.Join(dir, "data"), filepath.Join(dir, "tmp")
	if err := os.Mkdir(k.tmp, 0o700); err != nil {
		k.t.Fatal(err)
	}
}

// life is one life of the process.
type life struct {
	t     *testing.T
	cmd   *exec.Cmd
	began time.Time
	url   chan string // gets the address when it is ready; closed when it never will be
	base  string
}

func (k *killer) start() *life {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), binary, "serve", "--listen", "127.0.0.1:0", "--data", k.data)
	cmd.Env = append(os.Environ(), "SOCKSCOPE_TOKEN="+token, "TMPDIR="+k.tmp, "XDG_RUNTIME_DIR=")
	cmd.Stderr = k.t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	s := &life{t: k.t, cmd: cmd, began: time.Now(), url: make(chan string, 1)}
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	go func() {
		defer close(s.url)
		lines := bufio.NewScanner(out)
		if lines.Scan() {
			if u, ok := strings.CutPrefix(lines.Text(), "sockscope: "); ok {
				base, _, _ := strings.Cut(u, "/?token=")
				s.url <- base
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	return s
}

func (s *life) kill() {
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	for range s.url { // until its stdout is read to the end
	}
	_ = s.cmd.Wait()
}

func (s *life) terminate() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	for range s.url {
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("after SIGTERM: %v, want exit 0", err)
	}
}

// ready waits for the server's address; it is false when the end comes first.
func (k *killer) ready(s *life, end <-chan time.Time) bool {
	k.t.Helper()
	if s.base != "" {
		return true
	}
	select {
	case s.base = <-s.url:
	case <-end:
		return false // killed while it starts
	}
	if s.base == "" {
		k.t.Fatal("the server ended instead of getting ready")
	}
	k.noOrphans()
	return true
}

// live lets the server live for so long, and uses it meanwhile.
func (k *killer) live(s *life, long time.Duration) {
	end := time.After(long)
	if !k.ready(s, end) {
		return
	}
	posted := make(chan struct{})
	go func() { // the kill comes in the middle of requests, too
		defer close(posted)
		k.use(s)
	}()
	<-end
	if err := s.cmd.Process.Kill(); err != nil {
		k.t.Error(err)
	}
	<-posted
}

// use keeps a few comparisons queued and cancels one now and then, until the
// server is gone.
func (k *killer) use(s *life) {
	for {
		list, ok := k.list(s)
		if !ok {
			return
		}
		waiting := 0
		for _, state := range list {
			if !state.Final() {
				waiting++
			}
		}
		if waiting < 3 {
			if !k.post(s) {
				return
			}
			continue
		}
		if k.random.IntN(200) == 0 { // about one in three lives
			k.cancelOne(s, list)
		}
		time.Sleep(time.Duration(k.random.IntN(50)) * time.Millisecond)
	}
}

func (k *killer) post(s *life) bool {
	var made struct {
		ID string `json:"id"`
	}
	if !k.call(s, http.MethodPost, "/api/v1/comparisons", `{"sockets":["unix"],"workload":"echo","placements":["free"],"rounds":1,"requests":20}`, http.StatusCreated, &made) {
		return false
	}
	k.acknowledged[made.ID] = true
	return true
}

func (k *killer) cancelOne(s *life, list map[string]profiles.State) {
	for id, state := range list {
		if !state.Final() {
			if k.call(s, http.MethodPost, "/api/v1/comparisons/"+id+"/cancel", "", http.StatusAccepted, nil) {
				k.canceled[id] = true
			}
			return
		}
	}
}

// list returns the state of the newest comparisons.
func (k *killer) list(s *life) (map[string]profiles.State, bool) {
	var page struct {
		Comparisons []struct {
			ID    string         `json:"id"`
			State profiles.State `json:"state"`
		} `json:"comparisons"`
	}
	ok := k.call(s, http.MethodGet, "/api/v1/comparisons", "", http.StatusOK, &page)
	list := map[string]profiles.State{}
	for _, c := range page.Comparisons {
		list[c.ID] = c.State
	}
	return list, ok
}

// call makes a request; it is false when the server did not answer as wanted.
func (k *killer) call(s *life, method, path, body string, want int, into any) bool {
	req, err := http.NewRequestWithContext(k.t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		k.t.Error(err)
		return false
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return false // acknowledged is what has arrived whole
	}
	if resp.StatusCode != want {
		if resp.StatusCode >= 500 {
			k.t.Errorf("%s %s: %s: %s", method, path, resp.Status, answer)
		}
		return false
	}
	return into == nil || json.Unmarshal(answer, into) == nil
}
