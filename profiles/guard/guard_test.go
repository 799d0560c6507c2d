package guard_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// memory is the most that refusing may allocate: what the file inflates to,
// once more for growing, and little else.
const memory = 192 << 20

func TestHostile(t *testing.T) { // not parallel: it measures allocations
	want := map[guard.Reason]string{
		guard.TooLarge: `gzip bomb; valid, then zeros; empty locations; empty functions; empty mappings; empty strings; empty types;
			empty labels; labels of many samples; samples with labels; empty lines; comments; values; frames; frames by inlining; a huge string; empty samples;
			empty samples, no type; a name of many functions; a file of many locations; a binary of many locations; a key of many labels;
			a long pattern; a long pattern of what stays; a pattern that compiles large; a slow pattern; a slow pattern of what stays;
			a slow pattern, system names; a slow pattern, cut names`,
		guard.Broken: `many gzip streams; not all of gzip; gzip, then rubbish; gzip of rubbish; dangling location; dangling function;
			dangling string; negative string; location 0; function twice; two profiles; first string not empty; no string; uneven samples;
			sample cut short; location cut short; cut short; a sample that is no message; long varint; group; fixed64 cut short; fixed32 cut short;
			valid, then some zeros; unknown fields`,
		guard.NotProfile: `gzip in gzip; empty; empty gzip; no type; only scalars; rubbish; web page; JSON; trace; zip; zstd; perf.data; program;
			stacks as text; stacks of a crash; text; a long text; text like many comments`,
		guard.Legacy: `old heap; old growth; old goroutine; old threadcreate; old contention; old mutex; old threadz; old java;
			old cpu, 64 bits; old cpu, 32 bits; old cpu, big-endian`,
	}
	reasons := map[string]guard.Reason{}
	for reason, names := range want {
		for name := range strings.SplitSeq(names, ";") {
			reasons[strings.TrimSpace(name)] = reason
		}
	}
	inputs := damaged(t)
	maps.Copy(inputs, bombs(t))
	maps.Copy(inputs, taxing(t))
	if len(inputs) != len(reasons) {
		t.Errorf("%d inputs, %d expectations", len(inputs), len(reasons))
	}
	for name, data := range inputs {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p, wire, err := guard.Decode(bytes.NewReader(data), guard.Limits{})
			runtime.ReadMemStats(&after)
			var e *guard.Error
			if !errors.As(err, &e) {
				t.Fatalf("Decode = %v, want a *guard.Error", err)
			}
			if p != nil || wire != nil {
				t.Error("a refused profile is returned")
			}
			if e.Reason != reasons[name] {
				t.Errorf("Reason = %q (%s), want %q", e.Reason, e.Sentence, reasons[name])
			}
			if !strings.HasSuffix(e.Sentence, ".") || strings.Contains(e.Sentence, "0x") || strings.ContainsAny(e.Sentence, "\n\x00") || len(e.Sentence) > 250 {
				t.Errorf("not a sentence for people: %q", e.Sentence)
			}
			if e.Reason == guard.Legacy && !strings.Contains(e.Sentence, "go tool pprof -proto old > new.pb.gz") {
				t.Errorf("no way out: %q", e.Sentence)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > memory {
				t.Errorf("allocated %d MiB", n>>20)
			}
			t.Logf("%d bytes, %d MiB allocated: %s: %s", len(data), (after.TotalAlloc-before.TotalAlloc)>>20, e.Reason, e.Sentence)
		})
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"small":                 small(),
		"gzip":                  zipped(t, small()),
		"two gzip streams":      join(zipped(t, small()[:10]), zipped(t, small()[10:])),
		"no samples":            join(message(1), message(6)),
		"a few unknown fields":  join(small(), bytes.Repeat(number(99, 1), 10)),
		"no location":           join(small(), message(2, packed(2, 1, 1))),
		"not packed":            join(small(), message(2, number(1, 1), number(1, 1), number(2, 3))),
		"a million frames deep": zipped(t, join(small(), message(2, packed(1, 1_000_000, 1), packed(2, 1, 1)))),
		"50,000 inlined frames": zipped(t, inlined(10, 50_000)),
		"20,000 labels":         zipped(t, join(small(), message(2, packed(2, 1, 1), bytes.Repeat(message(3, number(1, 3), number(3, 4)), 20_000)))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, wire, err := guard.Decode(bytes.NewReader(data), guard.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(wire, data) {
				t.Error("the bytes returned are not those read")
			}
			want, err := profile.ParseData(data)
			if err != nil {
				t.Fatal(err)
			}
			if name != "a million frames deep" && p.String() != want.String() {
				t.Error("not what google/pprof decodes")
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	var w bytes.Buffer
	p := treetest.Folded("main;a 1\nmain;b 2\nmain;b;c 2")
	p.Comments = []string{"one", "two"}
	p.Sample[0].Label = map[string][]string{"k": {"v", "w"}}
	p.Sample[1].Label = map[string][]string{"k": {"v"}}
	if err := p.WriteUncompressed(&w); err != nil {
		t.Fatal(err)
	}
	n, names, text := int64(w.Len()), 0, 0
	for _, f := range p.Function {
		names += len(f.Name) + len(f.SystemName) + len(f.Filename)
	}
	text = names + len(p.Location)*len(p.Mapping[0].File) // a location for each function
	// Each limit is tried with the exact size of the profile and one less.
	for name, limit := range map[string]func(less int) guard.Limits{
		"wire":         func(less int) guard.Limits { return guard.Limits{Wire: n - int64(less)} },
		"inflated":     func(less int) guard.Limits { return guard.Limits{Inflated: n - int64(less)} },
		"samples":      func(less int) guard.Limits { return guard.Limits{Samples: 3 - less} },
		"locations":    func(less int) guard.Limits { return guard.Limits{Locations: 4 - less} },
		"functions":    func(less int) guard.Limits { return guard.Limits{Functions: 4 - less} },
		"sample types": func(less int) guard.Limits { return guard.Limits{SampleTypes: 2 - less} },
		"comments":     func(less int) guard.Limits { return guard.Limits{Comments: 2 - less} },
		"frames":       func(less int) guard.Limits { return guard.Limits{Frames: 7 - less} },
		"values":       func(less int) guard.Limits { return guard.Limits{Values: 6 - less} },
		"lines":        func(less int) guard.Limits { return guard.Limits{Lines: 4 - less} },
		"labels":       func(less int) guard.Limits { return guard.Limits{Labels: 3 - less} },
		"labelled":     func(less int) guard.Limits { return guard.Limits{Labelled: 2 - less} },
		"names":        func(less int) guard.Limits { return guard.Limits{Names: names - less} },
		"text":         func(less int) guard.Limits { return guard.Limits{Text: text - less} },
		"string":       func(less int) guard.Limits { return guard.Limits{StringBytes: len("/usr/bin/app") - less} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := guard.DecodeBytes(w.Bytes(), limit(0)); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			_, err := guard.DecodeBytes(w.Bytes(), limit(1))
			var e *guard.Error
			if !errors.As(err, &e) || e.Reason != guard.TooLarge {
				t.Errorf("beyond the limit: %v, want TooLarge", err)
			}
		})
	}
}

// Samples without values are cheap to send and, once decoded, 128 bytes each.
func TestUnevenSamplesAreNotDecoded(t *testing.T) {
	data := join(small(), bytes.Repeat([]byte{0x12, 0}, 900_000))
	n := testing.AllocsPerRun(1, func() {
		if _, err := guard.DecodeBytes(data, guard.Limits{}); err == nil {
			t.Error("samples without values are accepted")
		}
	})
	if n > 100 {
		t.Errorf("%v allocations", n)
	}
}

func TestDecodeReportsTheReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	_, _, err := guard.Decode(iotest.ErrReader(broken), guard.Limits{})
	var e *guard.Error
	if !errors.Is(err, broken) || errors.As(err, &e) {
		t.Errorf("Decode = %v, want the reader's error and no refusal", err)
	}
}

// FuzzDecode checks that what is accepted is valid and within the limits, and
// that what is refused is refused for a reason.
func FuzzDecode(f *testing.F) {
	for _, data := range damaged(f) {
		f.Add(data)
	}
	for _, data := range taxing(f) {
		f.Add(data)
	}
	f.Add(small())
	var w bytes.Buffer
	if err := treetest.Folded("main;a 1\nmain;b 2").WriteUncompressed(&w); err != nil {
		f.Fatal(err)
	}
	f.Add(w.Bytes())
	limits := guard.Limits{Wire: 1 << 14, Inflated: 1 << 16, Samples: 1000, Frames: 10_000, Values: 1000, Labels: 100}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := guard.DecodeBytes(data, limits)
		if err != nil {
			var e *guard.Error
			if !errors.As(err, &e) || e.Sentence == "" || p != nil {
				t.Fatalf("DecodeBytes = %v, %v", p, err)
			}
			return
		}
		if err := p.CheckValid(); err != nil {
			t.Fatal(err)
		}
		if _, err := profile.ParseData(data); err != nil {
			t.Fatalf("accepted, though google/pprof refuses it: %v", err)
		}
		frames := 0
		for _, s := range p.Sample {
			for _, l := range s.Location {
				frames += max(1, len(l.Line))
			}
		}
		if len(p.Sample) > 1000 || frames > 10_000 {
			t.Fatalf("%d samples, %d frames", len(p.Sample), frames)
		}
	})
}

// What is refused is called what it is.
func TestNamed(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		goroutines: "the stacks of goroutines as text, as debug=2 or a crash writes them, and not a pprof profile; fetch /debug/pprof/goroutine without debug=.",
		goMod:      "The file is text and not a pprof profile; send what runtime/pprof,",
	} {
		if _, err := guard.DecodeBytes([]byte(data), guard.Limits{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("DecodeBytes(%.20q…) = %v, want %q", data, err, want)
		}
	}
}

func ExampleDecode() {
	_, _, err := guard.Decode(strings.NewReader("goroutine profile: total 5\n"), guard.Default())
	var e *guard.Error
	if errors.As(err, &e) {
		fmt.Println(e.Reason)
		fmt.Println(e.Sentence)
	}
	// Output:
	// legacy
	// The file is a profile in an old format; convert it with `go tool pprof -proto old > new.pb.gz` and send new.pb.gz.
}
