package listing_test

import (
	"math"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// large is the profile of a very large program: 23,038 functions, 20,430 samples.
func large(b *testing.B) *profile.Profile {
	b.Helper()
	manifest(b)
	return read(b, filepath.Join(corpusDir, "google-pprof__internal_proftest_testdata_large.cpu"))
}

// service is the profile of the Go compiler: 3,114 functions, 8,565 samples.
func service(b *testing.B) *profile.Profile {
	b.Helper()
	manifest(b)
	return read(b, filepath.Join(corpusDir, "golang-go__src_cmd_compile_default.pgo"))
}

func BenchmarkListAll(b *testing.B) {
	p, all := large(b), regexp.MustCompile(".")
	b.ReportAllocs()
	for b.Loop() {
		if n := len(listing.Build(p, 1, all, nil)); n != 23_038 {
			b.Fatal(n)
		}
	}
}

func BenchmarkListOne(b *testing.B) {
	for _, c := range []struct {
		name string
		p    *profile.Profile
	}{{"large", large(b)}, {"service", service(b)}} {
		b.Run(c.name, func(b *testing.B) {
			name := listing.Top(c.p, 1)[0].Function
			one := regexp.MustCompile("^" + regexp.QuoteMeta(name) + "$")
			b.ReportAllocs()
			for b.Loop() {
				if n := len(listing.Build(c.p, 1, one, nil)); n != 1 {
					b.Fatal(n)
				}
			}
		})
	}
}

func BenchmarkTop(b *testing.B) {
	p := large(b)
	b.ReportAllocs()
	for b.Loop() {
		if n := len(listing.Top(p, 1)); n != 23_038 {
			b.Fatal(n)
		}
	}
}

func BenchmarkDiff(b *testing.B) {
	p := service(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := listing.Diff(p, p, true); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAlign(b *testing.B) {
	p := service(b)
	sides := []listing.Side{{Profile: p, SampleType: 1}, {Profile: p, SampleType: 1}}
	name := listing.Top(p, 1)[0].Function
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if len(listing.Beside(sides).Sheet(name).Rows) == 0 {
				b.Fatal("no row")
			}
		}
	})
	b.Run("20 of all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if sheets, _ := listing.Beside(sides).Most(nil, 20); len(sheets) != 20 {
				b.Fatal(len(sheets))
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if sheets, _ := listing.Beside(sides).Most(nil, math.MaxInt); len(sheets) < 3000 {
				b.Fatal("too few")
			}
		}
	})
}

func BenchmarkBreakdown(b *testing.B) {
	p := service(b)
	b.ReportAllocs()
	for b.Loop() {
		if len(listing.Breakdown(p, 1, "cmd/compile/internal/gc.Main", nil)) == 0 {
			b.Fatal("no part")
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	for _, c := range []struct {
		name string
		p    *profile.Profile
	}{{"large", large(b)}, {"service", service(b)}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				listing.NewIndex(c.p, 1)
			}
		})
	}
}

// BenchmarkBook is what one page asks for once the index is there.
func BenchmarkBook(b *testing.B) {
	for _, c := range []struct {
		name string
		p    *profile.Profile
	}{{"large", large(b)}, {"service", service(b)}} {
		side := listing.Side{Profile: c.p, SampleType: 1, Index: listing.NewIndex(c.p, 1)}
		name := listing.Top(c.p, 1)[0].Function
		b.Run(c.name+"/one", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(listing.Beside([]listing.Side{side, side}).Sheet(name).Rows) == 0 {
					b.Fatal("no row")
				}
			}
		})
		b.Run(c.name+"/12 of all", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if sheets, _ := listing.Beside([]listing.Side{side, side}).Most(nil, 12); len(sheets) != 12 {
					b.Fatal(len(sheets))
				}
			}
		})
	}
}
