package shapes

import (
	"fmt"
	"strings"

	"github.com/google/pprof/profile"
)

const (
	functionLines = 40 // of each function, the empty line behind it counted
	perFile       = 25 // functions of a file
	perPackage    = 50
	headLines     = 8 // of a file, above its first function
)

// Folder is where the files of the profiles say that they are.
const Folder = "/home/build/shop"

var (
	areas = [...]string{"cart", "catalog", "search", "payment", "price", "stock", "mail", "image", "session", "rpc", "codec", "store"}
	parts = [...]string{"handler", "client", "index", "cache", "encode", "decode", "rank", "batch"}
	types = [...]string{"Service", "Reader", "Writer", "Table", "Buffer"}
	verbs = [...]string{"Serve", "Read", "Write", "Lookup", "Merge", "Sort", "Hash", "Copy", "Scan", "Flush"}
)

// function is the i-th function of every profile made here.
func function(i int) *profile.Function {
	inPackage, number := i%perPackage, i/perPackage
	area, part := areas[number%len(areas)], parts[number/len(areas)%len(parts)]
	if more := number / (len(areas) * len(parts)); more > 0 {
		part += fmt.Sprint(more)
	}
	verb := verbs[inPackage%len(verbs)] + string(rune('A'+inPackage/len(verbs)))
	name := fmt.Sprintf("example.com/shop/internal/%s/%s.(*%s).%s", area, part, types[inPackage%len(types)], verb)
	return &profile.Function{
		ID: uint64(i + 1), Name: name, SystemName: name,
		Filename:  fmt.Sprintf("%s/internal/%s/%s/%s%d.go", Folder, area, part, part, inPackage/perFile),
		StartLine: int64(headLines + 1 + inPackage%perFile*functionLines),
	}
}

// Files is the text of the files that a profile made here names, by path.
func Files(p *profile.Profile) map[string][]byte {
	of := map[string]bool{}
	for _, f := range p.Function {
		of[f.Filename] = true
	}
	files := make(map[string][]byte, len(of))
	for path := range of {
		files[path] = file(path)
	}
	return files
}

// file is the text of one file: it has all functions of its place, used or not.
func file(path string) []byte {
	steps := strings.Split(path, "/")
	name := steps[len(steps)-2]
	second := strings.HasSuffix(path, "1.go")
	var b strings.Builder
	fmt.Fprintf(&b, "// Package %s is made by program.\npackage %[1]s\n\nimport (\n\t\"context\"\n\t\"errors\"\n)\n\n", name)
	for n := range perFile {
		if second {
			n += perFile
		}
		verb := verbs[n%len(verbs)] + string(rune('A'+n/len(verbs)))
		fmt.Fprintf(&b, "func (s *%s) %s(ctx context.Context, keys []string, limit int) (int, error) {\n", types[n%len(types)], verb)
		for i := range functionLines - 3 {
			b.WriteString(statement(n, i))
		}
		b.WriteString("}\n\n")
	}
	return []byte(b.String())
}

// statement is a line of a function's body.
func statement(n, i int) string {
	switch i % 6 {
	case 0:
		return fmt.Sprintf("\tfor at, key := range keys[:min(limit, %d)] {\n", 8<<(n%5))
	case 1:
		return fmt.Sprintf("\t\tfound, err := s.table%d.%s(ctx, key, at)\n", i%3, strings.ToLower(verbs[(n+i)%len(verbs)]))
	case 2:
		return "\t\tif err != nil && !errors.Is(err, context.Canceled) {\n"
	case 3:
		return "\t\t\treturn 0, fmt.Errorf(\"look up %q: %w\", key, err)\n"
	case 4:
		return "\t\t}\n"
	}
	return fmt.Sprintf("\t\ts.total%d += s.weigh(found, key[at%%len(key):], %d) }\n", n%4, i)
}
