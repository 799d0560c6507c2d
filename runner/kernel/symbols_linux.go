package kernel

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
)

// symbol is a function from its address on.
type symbol struct {
	address uint64
	name    string
}

// find names the function at an address; "" before the first.
func find(in []symbol, address uint64) string {
	i, found := slices.BinarySearchFunc(in, address, func(s symbol, a uint64) int {
		switch {
		case s.address < a:
			return -1
		case s.address > a:
			return 1
		}
		return 0
	})
	switch {
	case found:
		return in[i].name
	case i == 0:
		return ""
	}
	return in[i-1].name
}

// symbols are those of the kernel, read at the first need: some 120,000, which takes a
// tenth of a second.
type symbols struct {
	once sync.Once
	list []symbol
	err  error
}

// load returns the functions in the order of their addresses; none where addresses
// are hidden.
func (s *symbols) load() ([]symbol, error) {
	s.once.Do(func() {
		text, err := os.ReadFile("/proc/kallsyms")
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			s.err = fmt.Errorf("read the kernel's symbols: %w", err)
			return
		}
		s.list = parseKallsyms(string(text))
	})
	return s.list, s.err
}

// parseKallsyms reads lines such as "ffffffff81000000 T _stext\t[module]". It leaves
// out data, what is hidden (address 0) and the padding before functions.
func parseKallsyms(text string) []symbol {
	list := make([]symbol, 0, strings.Count(text, "\n")/2)
	for line := range strings.Lines(text) {
		if len(line) < 20 || !strings.ContainsRune("tTwW", rune(line[17])) {
			continue
		}
		address, ok := hex16(line[:16])
		name, _, _ := strings.Cut(strings.TrimSuffix(line[19:], "\n"), "\t")
		if !ok || address == 0 || strings.HasPrefix(name, "__pfx_") {
			continue
		}
		list = append(list, symbol{address, name})
	}
	slices.SortStableFunc(list, func(a, b symbol) int {
		switch {
		case a.address < b.address:
			return -1
		case a.address > b.address:
			return 1
		}
		return 0
	})
	return list
}

// hex16 reads an address. Note: strconv takes three times as long, of 200,000 lines.
func hex16(digits string) (v uint64, ok bool) {
	for i := range len(digits) {
		c := digits[i]
		switch {
		case '0' <= c && c <= '9':
			v = v<<4 | uint64(c-'0')
		case 'a' <= c && c <= 'f':
			v = v<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
