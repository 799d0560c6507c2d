package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/refine"
	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/profiles/tree"
)

// evidence reads what pages are computed from and keeps what is dear to compute.
// Blobs never change, so what is derived from one is kept under its digest. Who asks
// first computes for all who wait, so a reader that goes away does not cancel it.
type evidence struct {
	archive Archive
	cache   *cache
}

// profile decodes a stored profile, and opens it as pprof does. The result is shared:
// do not change it.
func (e *evidence) profile(ctx context.Context, p profiles.Profile) (*profile.Profile, error) {
	ctx = context.WithoutCancel(ctx)
	return cached(e.cache, "profile "+p.SHA256, func() (*profile.Profile, int64, error) {
		data, err := e.archive.Blob(ctx, p.SHA256)
		if err != nil {
			return nil, 0, fmt.Errorf("read profile %s: %w", p.ID, err)
		}
		decoded, err := guard.DecodeBytes(data, guard.Stored())
		if err != nil {
			return nil, 0, fmt.Errorf("decode profile %s: %w", p.ID, err)
		}
		listing.Open(decoded)
		return decoded, guard.Memory(decoded), nil
	})
}

// sums of a whole profile: its total as pprof counts it, which is that of the
// magnitudes, the sum of its values, and how many samples it has.
type sums struct{ total, net, samples int64 }

func (e *evidence) sums(row profiles.Profile, p *profile.Profile, sampleType int) sums {
	const bytes = 24
	s, _ := cached(e.cache, fmt.Sprintf("sums %s %d", row.SHA256, sampleType), func() (sums, int64, error) {
		net, n := listing.Sum(p, sampleType)
		return sums{listing.Total(p, sampleType), net, n}, bytes, nil
	}) // never an error
	return s
}

// expect keeps what was decoded of an upload, with its tree: who uploads a profile
// looks at it next. It changes decoded.
func (e *evidence) expect(p profiles.Profile, decoded *profile.Profile) {
	listing.Open(decoded)
	e.cache.keep("profile "+p.SHA256, decoded, guard.Memory(decoded))
	if index, err := sampleType(decoded, ""); err == nil {
		e.tree(opened{row: p, decoded: decoded, key: p.SHA256, sampleType: index})
	}
}

// refined is what is looked at of a decoded profile. The result is shared too.
func (e *evidence) refined(o opened, r refine.Refinement) *profile.Profile {
	if r.Whole() {
		return o.decoded
	}
	left, _ := cached(e.cache, "refined "+o.key, func() (*profile.Profile, int64, error) {
		return r.Apply(o.decoded), copyBytes(o.decoded), nil
	}) // never an error
	return left
}

// tree is the merged call tree of one profile.
func (e *evidence) tree(o opened) *tree.Tree {
	t, _ := cached(e.cache, fmt.Sprintf("tree %s %d", o.key, o.sampleType), func() (*tree.Tree, int64, error) {
		t := tree.Build(o.decoded, o.sampleType)
		return t, t.Size(), nil
	}) // never an error
	return t
}

// union is the tree of two profiles.
func (e *evidence) union(base, other opened) *tree.Tree {
	key := fmt.Sprintf("union %s %d %s %d", base.key, base.sampleType, other.key, other.sampleType)
	t, _ := cached(e.cache, key, func() (*tree.Tree, int64, error) {
		t := tree.Union(base.decoded, other.decoded, base.sampleType, other.sampleType)
		return t, t.Size(), nil
	}) // never an error
	return t
}

// top are the functions of a profile by their cost.
func (e *evidence) top(o opened) []listing.Function {
	const rowBytes = 64
	rows, _ := cached(e.cache, fmt.Sprintf("top %s %d", o.key, o.sampleType), func() ([]listing.Function, int64, error) {
		rows := listing.Top(o.decoded, o.sampleType)
		return rows, int64(len(rows)) * rowBytes, nil
	}) // never an error
	return rows
}

// index is a profile made ready for listings.
func (e *evidence) index(o opened) *listing.Index {
	x, _ := cached(e.cache, fmt.Sprintf("index %s %d", o.key, o.sampleType), func() (*listing.Index, int64, error) {
		x := listing.NewIndex(o.decoded, o.sampleType)
		return x, x.Size(), nil
	}) // never an error
	return x
}

// noFiles is the source bundle of a profile that came without one.
type noFiles struct{}

func (noFiles) Lines(string) ([]string, bool) { return nil, false }

// lateFiles reads source text when the first line of it is asked for: most views
// show none, and a large bundle takes as long to open as its profile.
type lateFiles struct{ open func() listing.Files }

func (l lateFiles) Lines(path string) ([]string, bool) { return l.open().Lines(path) }

// files is the source text that was captured with a profile.
func (e *evidence) files(ctx context.Context, p profiles.Profile) (listing.Files, error) {
	if p.Sources == "" {
		return noFiles{}, nil
	}
	ctx = context.WithoutCancel(ctx)
	return cached(e.cache, "sources "+p.Sources, func() (listing.Files, int64, error) {
		data, err := e.archive.Blob(ctx, p.Sources)
		if err != nil {
			return nil, 0, fmt.Errorf("read the sources of profile %s: %w", p.ID, err)
		}
		b, err := source.Decode(data, source.DefaultLimits())
		if err != nil {
			return nil, 0, fmt.Errorf("decode the sources of profile %s: %w", p.ID, err)
		}
		return b, textBytes(b), nil
	})
}

// sampleType finds the sample type that a link names, "cpu" or "cpu/nanoseconds";
// "" is pprof's choice: the profile's default, else the last.
func sampleType(p *profile.Profile, name string) (int, error) {
	if len(p.SampleType) == 0 {
		return 0, sentence(422, "This profile has no sample type, so there is nothing to show.")
	}
	wanted := name
	if name == "" {
		wanted = p.DefaultSampleType
	}
	for i, st := range p.SampleType {
		if st.Type == wanted || st.Type+"/"+st.Unit == wanted {
			return i, nil
		}
	}
	if name != "" {
		return 0, sentence(404, "This profile has no sample type %q; it has %s.", clip(name), strings.Join(typeNames(p), ", "))
	}
	return len(p.SampleType) - 1, nil
}

func typeNames(p *profile.Profile) []string {
	names := make([]string, len(p.SampleType))
	for i, st := range p.SampleType {
		names[i] = st.Type + "/" + st.Unit
	}
	return names
}
