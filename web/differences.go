package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/origin"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// making is what is known of how a profile was made: what it tells itself, and for
// a profile of a comparison what its host told.
type making struct {
	origin.Origin
	host, cpu, kernel string
}

// makingOf reads what is known of a side.
func (s *Server) makingOf(ctx context.Context, o side) (making, error) {
	read, err := cached(s.evidence.cache, "origin "+o.row.SHA256, func() (origin.Origin, int64, error) {
		const bytes = 1 << 10
		whole, err := s.evidence.profile(ctx, o.row) // of all of it, whatever is looked at
		if err != nil {
			return origin.Origin{}, 0, err
		}
		return origin.Read(whole), bytes, nil
	})
	if err != nil {
		return making{}, err
	}
	m := making{Origin: read}
	if o.row.Comparison == "" {
		return m, nil
	}
	cmp, err := s.Archive.Comparison(ctx, o.row.Comparison)
	if err != nil {
		return m, err
	}
	raw, ran := cmp.Fingerprint, ""
	if o.row.Cell >= 0 && o.row.Cell < len(cmp.Cells) {
		ran = cmp.Cells[o.row.Cell].Host
	}
	for _, part := range cmp.Parts {
		if part.Host == ran && len(part.Fingerprint) > 0 {
			raw = part.Fingerprint
		}
	}
	f, ok := readFingerprint(raw)
	if !ok {
		return m, nil
	}
	m.host, m.cpu, m.kernel = f.Hostname, f.CPU, f.Kernel
	m.Go, m.Arch, m.OS = first(f.Go, m.Go), first(f.Arch, m.Arch), first(f.OS, m.OS)
	return m, nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// differences are sentences on what else differs between the two profiles of a
// panel, so that nobody takes it for the effect that they look for. What is not
// known of one of them is not spoken of.
func (s *Server) differences(ctx context.Context, p panel) ([]string, error) {
	a, b := p.sides[0], p.sides[1]
	x, err := s.makingOf(ctx, a)
	if err != nil {
		return nil, err
	}
	y, err := s.makingOf(ctx, b)
	if err != nil {
		return nil, err
	}
	w := []string{}
	if a.row.SHA256 == b.row.SHA256 {
		w = append(w, "Both are the same profile, so every difference is zero.")
	}
	w = append(w, differentMaking(x, y, a.row.ID, b.row.ID)...)
	w = append(w, s.differentNames(ctx, a, b)...)
	return append(w, differentSampling(p, a, b)...), nil
}

// differentMaking compares programs and machines.
func differentMaking(x, y making, base, other string) []string {
	w := []string{}
	differ := func(a, b, format string) {
		if a != "" && b != "" && a != b {
			w = append(w, fmt.Sprintf(format, base, clip(a), other, clip(b)))
		}
	}
	differ(x.Arch, y.Arch, "Architecture: %s is of %s and %s of %s. They ran other machine code on other machines.")
	differ(x.OS, y.OS, "Operating system: %s is of %s and %s of %s. Their system calls are not the same.")
	if !sameVersion(x.Go, y.Go) {
		differ(x.Go, y.Go, "Go version: %s was built with %s and %s with %s. Part of the difference may be the compiler's, the runtime's and the standard library's, whose lines have moved.")
	}
	switch {
	case x.Binary != y.Binary:
		differ(x.Binary, y.Binary, "Program: %s is of %s and %s of %s.")
	case x.BuildID != "" && y.BuildID != "" && x.BuildID != y.BuildID:
		w = append(w, fmt.Sprintf("Build: %s and %s are of two builds of %s. A line may stand under another number in the other.", base, other, first(clip(x.Binary), "the program")))
	}
	differ(x.host, y.host, "Host: %s was taken on %s and %s on %s. Absolute times of two hosts tell of the hosts too.")
	differ(x.cpu, y.cpu, "CPU: %s was taken on a %s and %s on a %s.")
	if x.host == y.host {
		differ(x.kernel, y.kernel, "Kernel: %s was taken under %s and %s under %s.")
	}
	return w
}

// sameVersion reports whether two versions may be one: "go1.22" is what is known of
// some "go1.22.3".
func sameVersion(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// more reports whether two amounts that are known differ by more than the part.
func more(a, b int64, part float64) bool {
	return a > 0 && b > 0 && float64(max(a, b)) > float64(min(a, b))*(1+part)
}

// differentSampling compares what was counted, for how long, over how much work.
func differentSampling(p panel, a, b side) []string {
	w := []string{}
	if x, y := typeOf(a), typeOf(b); x != y {
		w = append(w, fmt.Sprintf("Sample type: %s counts %s and %s counts %s. Here both are in one unit.", a.row.ID, clip(x), b.row.ID, clip(y)))
	}
	if x, y := kindOf(a), kindOf(b); x != y {
		w = append(w, fmt.Sprintf("Kind: %s is a profile of %s and %s of %s. What both count, %s, need not mean the same in both.", a.row.ID, clip(x), b.row.ID, clip(y), clip(spaced(typeNameOf(a)))))
	}
	if x, y := periodOf(a), periodOf(b); x != "" && y != "" && x != y {
		w = append(w, fmt.Sprintf("Sampling: %s took a sample every %s and %s every %s. Their sampling errors differ.", a.row.ID, x, b.row.ID, y))
	}
	if x, y := a.row.Duration, b.row.Duration; more(int64(x), int64(y), 0.1) && !p.stock() {
		w = append(w, fmt.Sprintf("Duration: %s lasted %s and %s lasted %s. What is recorded grows with time: compare per %s, as shares or in cores, not raw.",
			a.row.ID, quantity.Lasting(x), b.row.ID, quantity.Lasting(y), p.operation))
	}
	if x, y := a.exposure.ops, b.exposure.ops; more(x, y, 0.01) {
		w = append(w, fmt.Sprintf("Operations: %s ran %s and %s ran %s. Compare per %s, not raw.", a.row.ID, quantity.Count(x), b.row.ID, quantity.Count(y), p.operation))
	}
	if x, y := a.row.Side, b.row.Side; x != y && x != "" && y != "" {
		w = append(w, fmt.Sprintf("Side: %s is of a %s and %s of a %s.", a.row.ID, x, b.row.ID, y))
	}
	if x, y := a.row.Kind, b.row.Kind; x != y && (x == profiles.Kernel || y == profiles.Kernel) {
		w = append(w, fmt.Sprintf("Depth: one of %s and %s shows the kernel's functions, and the other does not.", a.row.ID, b.row.ID))
	}
	return w
}

func typeOf(o side) string { return typeNames(o.decoded)[o.sampleType] }

func typeNameOf(o side) string {
	return first(o.decoded.SampleType[o.sampleType].Type, "something without a name")
}

// kindOf is what a profile was made to count: what a sample was taken of, else its
// default sample type. Wall clock and CPU time have samples in common, and nothing
// else.
func kindOf(o side) string {
	if pt := o.decoded.PeriodType; pt != nil && pt.Type != "" {
		return spaced(pt.Type)
	}
	i, err := sampleType(o.decoded, "")
	if err != nil {
		return ""
	}
	return spaced(o.decoded.SampleType[i].Type)
}

// spaced is the name of a sample type in words.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }

// periodOf is how often a sample was taken, with its unit; "" for unknown.
func periodOf(o side) string {
	pt := o.decoded.PeriodType
	if o.decoded.Period <= 0 || pt == nil || o.decoded.Period == 1 && pt.Unit == "count" { // all, or nobody knows
		return ""
	}
	f := figure{Mode: Raw, kind: pt.Type, unit: pt.Unit}
	text := f.text(float64(o.decoded.Period))
	if pt.Unit == "" || pt.Unit == "count" {
		text += " " + pt.Type
	}
	return clip(text)
}
