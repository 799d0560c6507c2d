package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// codeLoop is the loop that a workload measures, as its source has it.
type codeLoop struct {
	file  string // "runner/workload/dial_echo.go"
	lines []string
}

// articleLoop is the loop of the article's experiment, read from the source that
// this binary was built with.
var articleLoop = sync.OnceValue(func() codeLoop { return loopOf(workload.Sources, runner.DialEcho.Function(profiles.Client)) })

// loopOf finds the first loop of a function. A source without it gives no lines.
func loopOf(sources fs.FS, function string) codeLoop {
	name := function[strings.LastIndexByte(function, '.')+1:]
	files, err := fs.Glob(sources, "*.go")
	if err != nil {
		return codeLoop{}
	}
	for _, file := range files {
		text, err := fs.ReadFile(sources, file)
		if err != nil {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		if first, last := loopLines(set, parsed, name); first > 0 {
			return codeLoop{path.Join("runner/workload", file), dedent(strings.Split(string(text), "\n")[first-1 : last])}
		}
	}
	return codeLoop{}
}

func loopLines(set *token.FileSet, file *ast.File, function string) (first, last int) {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != function || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				if first == 0 {
					first, last = set.Position(n.Pos()).Line, set.Position(n.End()).Line
				}
			}
			return first == 0
		})
	}
	return first, last
}

// dedent moves a block to the left margin and leaves out what only handles
// errors: the card shows what is measured, and the listing has every line.
func dedent(block []string) []string {
	depth := len(block[0]) - len(strings.TrimLeft(block[0], "\t"))
	var lines []string
	handling := -1
	for _, l := range block {
		l = l[min(depth, len(l)-len(strings.TrimLeft(l, "\t"))):]
		at := len(l) - len(strings.TrimLeft(l, "\t"))
		switch trimmed := strings.TrimSpace(l); {
		case handling >= 0:
			if at == handling && strings.HasPrefix(trimmed, "}") {
				handling = -1
			}
		case strings.HasPrefix(trimmed, "if err != nil {"):
			handling = at
		case trimmed == "" || strings.HasPrefix(trimmed, "//"):
		default:
			lines = append(lines, l)
		}
	}
	return lines
}

var called = regexp.MustCompile(`\.([A-Z]\w*)\(`)

// call is the call on a line of the loop's body that works with the socket: those
// can fail. "" for none.
func (l codeLoop) call(text string) string {
	if !strings.HasPrefix(text, "\t") || !strings.Contains(text, "err") {
		return ""
	}
	if m := called.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
