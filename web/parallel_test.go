package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/web"
)

// Every address is read many times at once while comparisons run, end and go: with
// -race this finds what is shared and should not be.
func TestPagesInParallel(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	running := s.running("runs", 2)
	q := s.upload(encode(t, client(t, "tcp4", 7)), "?ops=35000")
	paths := []string{
		"/comparisons/" + running.ID, "/comparisons/" + running.ID + "/rounds", "/diff?base=" + p.ID + "&other=" + q, "/diff?base=" + p.ID + "&other=" + q + "&tab=top", "/diff?base=" + p.ID + "&other=" + q + "&tab=lines",
		"/profiles/" + q + "?tab=top", "/profiles/" + q + "?tab=lines&function=.", "/profiles/" + q + "?pivot=net.(*conn).Write", "/comparisons/" + c.ID + "/flame?side=server&mode=share&search=Read", "/comparisons/" + c.ID + "/lines?side=server&socket=tcp4",
	}
	for _, at := range s.places(c, p, token) {
		if at.method == http.MethodGet {
			paths = append(paths, at.path)
		}
	}
	var wg sync.WaitGroup
	for range 3 {
		for _, path := range paths {
			wg.Go(func() {
				if a := s.do("GET", path, nil, browser, bearer); a.StatusCode != http.StatusOK {
					t.Errorf("%s: %d %.200s", path, a.StatusCode, a.body)
				}
			})
		}
	}
	wg.Go(func() { s.end(running, profiles.Done, "") })
	for range 3 {
		wg.Go(func() {
			gone := s.queued("goes")
			s.api("POST", "/comparisons/"+gone.ID+"/cancel", "").want(t, http.StatusAccepted)
			s.api("DELETE", "/comparisons/"+gone.ID, "").want(t, http.StatusNoContent)
		})
	}
	wg.Wait()
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Error("our own errors:", log)
	}
}

// patient is an archive that sees whether the reading of a blob is canceled.
type patient struct {
	web.Archive
	entered  chan struct{}
	canceled atomic.Bool
}

func (p *patient) Blob(ctx context.Context, sha string) ([]byte, error) {
	select {
	case p.entered <- struct{}{}:
		select {
		case <-ctx.Done():
			p.canceled.Store(true)
			return nil, ctx.Err()
		case <-time.After(300 * time.Millisecond): // for the server to see that its reader has gone
		}
	default:
	}
	return p.Archive.Blob(ctx, sha)
}

// What is computed once for all who ask does not end with the first of them.
func TestReaderThatGoesCancelsNothing(t *testing.T) {
	t.Parallel()
	archive := &patient{entered: make(chan struct{})}
	s := setup(t, func(o *web.Options) { archive.Archive, o.Archive = o.Archive, archive })
	id := s.merged(s.done(""), 0, profiles.Client).ID // not of an upload: what that was decoded to is kept
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/profiles/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if resp, err := s.http.Do(r); err == nil {
			resp.Body.Close()
			t.Error("the first reader got an answer though it went")
		}
	}()
	select {
	case <-archive.entered:
	case <-gone:
		t.Fatal("the profile was not read from the archive")
	}
	leave()
	<-gone
	s.page("/profiles/"+id).want(t, http.StatusOK)
	if archive.canceled.Load() {
		t.Error("the reading that others wait for was canceled with the first reader")
	}
}
