package web

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/refine"
	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/profiles/tree"
)

// wide is a profile of one sample, with so many locations and functions in it.
func wide(functions int) *profile.Profile {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}}
	s := &profile.Sample{Value: []int64{1}}
	for i := range functions {
		f := &profile.Function{ID: uint64(i + 1), Name: fmt.Sprintf("f%d", i)}
		l := &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f}}}
		p.Function, p.Location, s.Location = append(p.Function, f), append(p.Location, l), append(s.Location, l)
	}
	p.Sample = append(p.Sample, s)
	return p
}

// A filter that leaves nothing holds a copy of all stacks all the same: whoever sees
// a page may type as many as they like.
func TestRefinementsAreCharged(t *testing.T) {
	t.Parallel()
	const functions, most = 10_000, 8 << 20
	e := &evidence{cache: newCache(most)}
	p := wide(functions)
	for i := range 100 {
		key := fmt.Sprintf("digest?ignore=%d", i)
		e.refined(opened{decoded: p, key: key}, refine.Refinement{Ignore: regexp.MustCompile("^f")})
	}
	if kept := int64(e.cache.order.Len()); kept == 0 || kept*functions*100 > most {
		t.Errorf("%d copies of %d locations are kept in %d bytes", kept, functions, most)
	}
}

// desk stores nothing.
type desk struct{ Desk }

func (desk) AddProfile(_ context.Context, p profiles.Profile, data, _ []byte) (profiles.Profile, error) {
	p.SHA256 = fmt.Sprint("digest of ", len(data))
	return p, nil
}

// equal is the upload of so many equal samples: a few KB that are megabytes once decoded.
func equal(t *testing.T, samples int) []byte {
	t.Helper()
	p := wide(1)
	for range samples - 1 {
		p.Sample = append(p.Sample, p.Sample[0])
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A profile is charged for what it takes once decoded, and of those that come together
// only the last is kept so.
func TestDecodedProfilesAreCharged(t *testing.T) {
	t.Parallel()
	const samples, least = 100_000, 100_000 * 128
	data := equal(t, samples)
	e := &evidence{archive: stored{blob: data}, cache: newCache(1 << 30)}
	if _, err := e.profile(t.Context(), profiles.Profile{}); err != nil || e.cache.cost < least {
		t.Errorf("%d samples of %d bytes cost %d, %v", samples, len(data), e.cache.cost, err)
	}
	s := &Server{Options: Options{Desk: desk{}, Now: time.Now}, evidence: &evidence{cache: newCache(1 << 30)}, decoding: make(chan struct{}, 2)}
	uploads := []upload{}
	for i := range 3 {
		uploads = append(uploads, upload{body: bytes.NewReader(equal(t, samples+i*50_000))})
	}
	rows, err := s.file(t.Context(), uploads)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		if _, kept := s.evidence.cache.lookup("profile " + row.SHA256); kept != (i == 2) {
			t.Errorf("that the upload %d is kept as it was decoded is %v", i, kept)
		}
	}
	if s.evidence.cache.cost < 2*least {
		t.Errorf("what is kept of an upload costs %d", s.evidence.cache.cost)
	}
}

// stored is an archive of one blob.
type stored struct {
	Archive
	blob []byte
}

func (s stored) Blob(context.Context, string) ([]byte, error) { return s.blob, nil }

// Sources that are small as they are sent may be large when they are split.
func TestSourcesAreCharged(t *testing.T) {
	t.Parallel()
	bundle := source.Of(map[string]string{"a.go": strings.Repeat("\n", 1<<20)})
	e := &evidence{archive: stored{blob: bundle.Encode()}, cache: newCache(1 << 30)}
	files, err := e.files(t.Context(), profiles.Profile{Sources: "digest"})
	if err != nil {
		t.Fatal(err)
	}
	if lines, _ := files.Lines("a.go"); len(lines) != 1<<20 || e.cache.cost < 16<<20 {
		t.Errorf("%d lines cost %d bytes", len(lines), e.cache.cost)
	}
}

// What somebody types is never taken for a part of what names a tree.
func TestKeysAreApart(t *testing.T) {
	t.Parallel()
	e := &evidence{cache: newCache(1 << 20)}
	one, two := tree.Build(wide(3), 0), tree.Build(wide(9), 0)
	e.matches("a 0 ", regexp.MustCompile("b 0 f"), one)
	if m := e.matches("a 0 b 0 ", regexp.MustCompile("f"), two); len(m) != len(two.Names()) {
		t.Errorf("a search has %d answers for %d names", len(m), len(two.Names()))
	}
	e.pivot(one, "a 0 ", "b 0 f5")
	if s := e.pivot(two, "a 0 b 0 ", "f5"); s.callees.Tree != two {
		t.Error("a function that is there has no callees: the answer is of another tree")
	}
	o := opened{decoded: wide(1), key: "a"}
	o.decoded.SampleType = []*profile.ValueType{{Type: "space", Unit: "count"}, {Type: "space", Unit: "bytes"}}
	e.parts(o, "selves", func() []listing.Part { return make([]listing.Part, 1) })
	o.sampleType = 1
	if parts := e.parts(o, "selves", func() []listing.Part { return make([]listing.Part, 2) }); len(parts) != 2 {
		t.Error("the parts of one sample type are given for those of another")
	}
}
