package export

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// benchHost is a host with the facts of its fingerprint as file keys.
type benchHost struct {
	name string // of the cells; "" in a comparison on one host
	keys map[string]string
}

func (r *Report) benchHosts() []benchHost {
	if len(r.Comparison.Parts) < 2 {
		return []benchHost{{keys: benchFacts(r.Comparison.Host, r.Comparison.Fingerprint)}}
	}
	var hosts []benchHost
	for _, p := range r.Comparison.Parts {
		hosts = append(hosts, benchHost{name: p.Host, keys: benchFacts(p.Host, p.Fingerprint)})
	}
	return hosts
}

func benchFacts(host string, fingerprint json.RawMessage) map[string]string {
	keys := map[string]string{"host": host}
	facts := map[string]any{}
	if json.Unmarshal(fingerprint, &facts) != nil {
		return keys
	}
	for name, fact := range facts {
		switch v := fact.(type) {
		case string:
			keys[benchKey(name)] = v
		case float64:
			keys[benchKey(name)] = number(v)
		case bool:
			keys[benchKey(name)] = strconv.FormatBool(v)
		}
	}
	return keys
}

// write writes the keys of a host. A key that only another host has is deleted,
// since keys stand until they are written again.
func (h benchHost) write(out io.Writer, all []benchHost) {
	names := map[string]bool{}
	for _, o := range all {
		for name := range o.keys {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if oneLine(h.keys[name]) == "" && len(all) > 1 {
			fmt.Fprintf(out, "%s:\n", name)
		}
		writeKey(out, name, h.keys[name])
	}
	fmt.Fprintln(out)
}

// benchKey makes a file key: a lower-case letter first, no space, capital or
// colon. Host facts get a prefix, so that none shadows a key of ours.
func benchKey(name string) string {
	return "host-" + strings.Map(func(c rune) rune {
		switch c = unicode.ToLower(c); {
		case unicode.IsSpace(c), c == ':', c == '_', unicode.IsUpper(c):
			return '-'
		}
		return c
	}, name)
}

// procs tells GOMAXPROCS of a host, 0 for unknown: with several hosts it is that of
// the host's own part.
func (r *Report) procs() func(host string) int {
	if len(r.Comparison.Parts) < 2 {
		return func(string) int { return r.Procs }
	}
	byHost := map[string]int{}
	for _, p := range r.Comparison.Parts {
		var facts struct {
			CPUs int `json:"cpus"`
		}
		if json.Unmarshal(p.Fingerprint, &facts) == nil {
			byHost[p.Host] = facts.CPUs
		}
	}
	return func(host string) int { return byHost[host] }
}
