package push_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/push"
)

// Names of files, and names in profiles, reach a terminal as text.
func TestTerminalIsToldNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const hostile = "a\u009b31m\u202e.go"
	if err := os.WriteFile(filepath.Join(dir, hostile), []byte("package a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &profile.Function{ID: 1, Name: "main.a", Filename: hostile}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f, Line: 1}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}, Function: []*profile.Function{f}, Location: []*profile.Location{l},
		Sample: []*profile.Sample{{Value: []int64{1}, Location: []*profile.Location{l}}},
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "x\x1b[2J.pprof")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := push.Command()
	c.SetArgs([]string{"--list-source", "--source-root", dir, file})
	c.SetOut(&out)
	c.SetErr(&out)
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1 source file") || strings.ContainsAny(out.String(), "\x1b\u009b\u202e") {
		t.Errorf("%q", out.String())
	}
}
