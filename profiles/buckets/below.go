package buckets

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/ksym"
)

// Below adds up the stacks in which a function of the kernel stands below a Go
// function: tcp_v4_rcv below net.(*conn).Write. An empty name stands for any: with
// both empty it is the whole profile.
func Below(p *profile.Profile, sampleType int, goFunction, kernelFunction string) Amount {
	r := newReader(p, sampleType)
	if r == nil {
		return Amount{}
	}
	var below sum
	wanted := ksym.Name(kernelFunction)
	for _, s := range p.Sample {
		above, found := goFunction == "", kernelFunction == ""
		for _, f := range r.stack(s) {
			switch {
			case f.trait&kernelFrame == 0:
				above = above || f.name == goFunction
			case above && f.name == wanted:
				found = true
			}
		}
		if above && found {
			below.add(s.Value[sampleType], r.counter.Of(s))
		}
	}
	return r.amount(below)
}

// entryPoints are functions of the kernel at which another's work begins, or that tell
// what a socket pays for.
var entryPoints = set("tcp_v4_rcv tcp_v6_rcv udp_rcv udpv6_rcv unix_write_space sock_def_readable")

// Entry is what stands below one of the kernel's entry points.
type Entry struct {
	Name string
	Amount
}

// Call is what one kind of Go's calls on sockets costs, with all below it.
type Call struct {
	Name string // "Dial", "Accept", "Write", "Read", "Close"
	Amount
	Entries []Entry // the dearest first
}

// Calls splits a profile by the call on a socket that a stack goes through first: the
// handshake of a Dial with TLS is the Dial's. They come in the order of a connection's
// life, but for those that do not occur. Entry points stand within each other and share
// samples: they do not add up.
func Calls(p *profile.Profile, sampleType int) []Call {
	r := newReader(p, sampleType)
	if r == nil {
		return []Call{}
	}
	totals, entries := map[string]*sum{}, map[string]map[string]*sum{}
	for _, s := range p.Sample {
		stack := r.stack(s)
		call := callOf(stack)
		if call == "" {
			continue
		}
		if totals[call] == nil {
			totals[call], entries[call] = &sum{}, map[string]*sum{}
		}
		value, weight := s.Value[sampleType], r.counter.Of(s)
		totals[call].add(value, weight)
		for _, name := range entered(stack) {
			if entries[call][name] == nil {
				entries[call][name] = &sum{}
			}
			entries[call][name].add(value, weight)
		}
	}
	list := []Call{}
	for _, name := range callNames {
		if totals[name] == nil {
			continue
		}
		c := Call{Name: name, Amount: r.amount(*totals[name]), Entries: []Entry{}}
		for entry, sum := range entries[name] {
			c.Entries = append(c.Entries, Entry{entry, r.amount(*sum)})
		}
		slices.SortFunc(c.Entries, func(a, b Entry) int { return cmp.Or(cmp.Compare(b.Value, a.Value), strings.Compare(a.Name, b.Name)) })
		list = append(list, c)
	}
	return list
}

// entered are the entry points in a stack, each once.
func entered(stack []frame) []string {
	var names []string
	for _, f := range stack {
		if f.trait&kernelFrame != 0 && entryPoints[f.name] && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	return names
}

var callNames = [...]string{"Dial", "Accept", "Write", "Read", "Close"}

// callOf is the call on a socket nearest to the root; "" for none.
func callOf(stack []frame) string {
	for _, f := range stack {
		if f.trait&kernelFrame != 0 {
			return ""
		}
		if pkg, method, ok := cutCall(f.name); ok {
			for _, name := range callNames {
				if strings.HasPrefix(method, name) && (pkg != "net" || method == name || name == "Dial") {
					return name
				}
			}
		}
	}
	return ""
}

// cutCall cuts the name of a function or method of the packages that programs reach
// sockets through.
func cutCall(name string) (pkg, method string, ok bool) {
	pkg, method, ok = strings.Cut(name, ".")
	switch {
	case !ok:
		return "", "", false
	case pkg == "internal/poll":
		method, ok = strings.CutPrefix(method, "(*FD).")
		return pkg, method, ok
	case pkg == "net" || pkg == "crypto/tls":
		if _, m, isMethod := strings.Cut(method, ")."); isMethod {
			method = m
		}
		return pkg, method, !strings.Contains(method, ".")
	}
	return "", "", false
}
