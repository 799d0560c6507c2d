package kernel

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// span is a mapped stretch of memory.
type span struct {
	from, to, offset uint64
	path             string
}

func (s span) has(address uint64) bool { return address >= s.from && address < s.to }

// image is where the code of a child lies. It runs this very binary, so that its
// functions are found here; bias turns its addresses into those of this process, 0
// unless the binary is position-independent.
type image struct {
	text, vdso span
	bias       uint64
}

func imageOf(pid int) (*image, error) {
	if err := sameBinary(pid); err != nil {
		return nil, err
	}
	its, err := mapped(pid)
	if err != nil {
		return nil, err
	}
	own, err := mapped(os.Getpid())
	if err != nil {
		return nil, err
	}
	its.bias = own.text.from - its.text.from
	return its, nil
}

func mapped(pid int) (*image, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, err
	}
	return parseMaps(string(text))
}

// parseMaps finds the first mapping of a file that can be executed, which is the
// program, and the kernel's vdso.
func parseMaps(text string) (*image, error) {
	im := &image{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 6 || len(f[1]) < 3 || f[1][2] != 'x' {
			continue
		}
		from, to, _ := strings.Cut(f[0], "-")
		s := span{path: strings.Join(f[5:], " ")}
		var errs [3]error
		s.from, errs[0] = strconv.ParseUint(from, 16, 64)
		s.to, errs[1] = strconv.ParseUint(to, 16, 64)
		s.offset, errs[2] = strconv.ParseUint(f[2], 16, 64)
		if err := errors.Join(errs[:]...); err != nil {
			return nil, fmt.Errorf("read the memory map: %w", err)
		}
		switch {
		case s.path == "[vdso]":
			im.vdso = s
		case im.text.to == 0 && strings.HasPrefix(s.path, "/"):
			im.text = s
		}
	}
	if im.text.to == 0 {
		return nil, errors.New("no program is in its memory map")
	}
	return im, nil
}

// vdsoSymbols are the functions of the vdso by their place in it. One kernel has one
// vdso: this process's is read.
var vdsoSymbols = sync.OnceValue(func() []symbol {
	own, err := mapped(os.Getpid())
	if err != nil || own.vdso.to == 0 {
		return nil
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		return nil
	}
	defer memory.Close()
	code := make([]byte, own.vdso.to-own.vdso.from)
	if _, err := memory.ReadAt(code, int64(own.vdso.from)); err != nil {
		return nil
	}
	file, err := elf.NewFile(bytes.NewReader(code))
	if err != nil {
		return nil
	}
	all, _ := file.DynamicSymbols() // without them its functions have no names
	list := make([]symbol, 0, len(all))
	for _, s := range all {
		list = append(list, symbol{s.Value, s.Name})
	}
	slices.SortFunc(list, func(a, b symbol) int { return int(int64(a.address) - int64(b.address)) })
	return list
})
