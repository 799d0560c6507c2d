package push

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
)

// pushed is a profile on its way to the server.
type pushed struct {
	name    string // as the person named it
	title   string
	ops     int64 // 0 for unknown
	data    []byte
	decoded *profile.Profile
	sources []byte // nil for none
}

// open reads and decodes the files. What is wrong with one is told by its name.
func (o *flags) open(files []string, stdin io.Reader) ([]pushed, error) {
	list := []pushed{}
	for i, name := range files {
		p := pushed{name: name, title: titleOf(name)}
		if name == "-" {
			p.name, p.title = "stdin", "stdin"
		}
		if i < len(o.titles) && o.titles[i] != "" {
			p.title = o.titles[i]
		}
		if len(o.ops) > 0 {
			p.ops = o.ops[min(i, len(o.ops)-1)]
		}
		var err error
		if p.data, err = read(name, stdin); err != nil {
			return nil, err
		}
		if p.decoded, err = guard.DecodeBytes(p.data, guard.Default()); err != nil {
			return nil, fmt.Errorf("%s: %s", plain(p.name), sentenceOf(err))
		}
		list = append(list, p)
	}
	return list, nil
}

// read gives the bytes of a file, no more of them than a server takes.
func read(name string, stdin io.Reader) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("there is no file %s: name a .pprof file, or - for stdin", plain(name))
		case err != nil:
			return nil, fmt.Errorf("open the profile: %w", err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, fmt.Errorf("%s is a directory: name the .pprof files in it", plain(name))
		}
		stdin = f
	}
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(stdin, guard.Default().Wire+1)); err != nil {
		return nil, fmt.Errorf("read the profile %s: %w", plain(name), err)
	}
	return b.Bytes(), nil
}

// sentenceOf is a refusal as a part of a sentence of this command.
func sentenceOf(err error) string {
	s := strings.TrimSuffix(err.Error(), ".")
	if first, rest, ok := strings.Cut(s, " "); ok && first == "The" {
		return "the " + rest
	}
	return s
}

// plain is a name without what a terminal would obey.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, name)
}

// titleOf is a file's name as a title, no longer than a server takes.
func titleOf(file string) string {
	const most = 200
	r := []rune(plain(filepath.Base(file)))
	return string(r[:min(len(r), most)])
}
