package origin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/origin"
)

func of(files ...string) *profile.Profile {
	p := &profile.Profile{}
	for _, f := range files {
		p.Function = append(p.Function, &profile.Function{Filename: f})
	}
	return p
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		files              []string
		version, arch, sys string
	}{
		{nil, "", "", ""},
		{[]string{"/usr/local/go/src/runtime/asm_amd64.s"}, "", "amd64", ""},
		{[]string{"runtime/sys_linux_arm64.s", "runtime/proc.go"}, "", "arm64", "linux"},
		{[]string{"/root/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.1.linux-amd64/src/runtime/proc.go"}, "go1.26.1", "", ""},
		{[]string{"/opt/hostedtoolcache/go/1.22.1/x64/src/runtime/proc.go"}, "go1.22.1", "", ""},
		{[]string{"/usr/lib/go-1.22/src/runtime/proc.go"}, "go1.22", "", ""},
		{[]string{"/home/x/sdk/go1.27rc1/src/runtime/proc.go"}, "go1.27rc1", "", ""},
		{[]string{"/opt/homebrew/Cellar/go/1.21.0/libexec/src/runtime/sys_darwin_arm64.go"}, "go1.21.0", "arm64", "darwin"},
		{[]string{`C:\Program Files\Go\src\runtime\sys_windows_amd64.s`}, "", "amd64", "windows"},
		{[]string{"internal/runtime/syscall/asm_linux_amd64.s"}, "", "amd64", "linux"},
		{[]string{"/sdk/go1.22.1/src/runtime/proc.go", "/sdk/go1.23.1/src/runtime/proc.go", "runtime/asm_amd64.s", "runtime/asm_arm64.s"}, "", "", ""},
		{[]string{"/home/x/go1.22.1/app/main.go", "/app/queue_linux_amd64.go", "/app/runtime_arm64.go"}, "", "", ""},
		{[]string{"runtime/netpoll_epoll.go", "runtime/mem_notarch.go"}, "", "", ""},
	} {
		o := origin.Read(of(c.files...))
		if o.Go != c.version || o.Arch != c.arch || o.OS != c.sys {
			t.Errorf("%q: %q %q %q, want %q %q %q", c.files, o.Go, o.Arch, o.OS, c.version, c.arch, c.sys)
		}
	}
	p := of()
	p.TimeNanos = 1e9
	p.Mapping = []*profile.Mapping{{File: "/srv/bin/app", BuildID: "abc"}, {File: "/lib/x86_64-linux-gnu/libc.so.6"}}
	p.Comments = []string{" made by hand ", "", strings.Repeat("x", 1000)}
	want := origin.Origin{Arch: "amd64", Binary: "app", BuildID: "abc", Taken: time.Unix(1, 0).UTC(), Comments: []string{"made by hand", strings.Repeat("x", 200) + "…"}}
	if d := cmp.Diff(want, origin.Read(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Real profiles of many producers: what is said of them is of a closed set.
func TestCorpus(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("../../../shared/corpus/*__*")
	if len(files) == 0 {
		t.Skip("no corpus of real profiles beside the repository")
	}
	known := 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := guard.DecodeBytes(data, guard.Default())
		if err != nil {
			continue
		}
		o := origin.Read(p)
		t.Logf("%s: %+v", filepath.Base(f), o)
		if o.Arch != "" {
			known++
		}
		if o.Go != "" && !strings.HasPrefix(o.Go, "go1.") {
			t.Errorf("%s: Go %q", f, o.Go)
		}
	}
	if known < 5 {
		t.Errorf("the architecture of %d profiles is known: is nothing read?", known)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("/opt/hostedtoolcache/go/1.22.1/x64/src/runtime/proc.go", "/lib/x86_64-linux-gnu/libc.so.6", "made")
	f.Add(`C:\Go\src\runtime\sys_windows_amd64.s`, "[vdso]", "\xff\x00")
	f.Fuzz(func(t *testing.T, file, mapping, comment string) {
		p := of(file, file+"_amd64.s")
		p.Mapping, p.Comments = []*profile.Mapping{{File: mapping, BuildID: comment}}, []string{comment}
		o := origin.Read(p)
		if o.Go != "" && !strings.Contains(file, strings.TrimPrefix(o.Go, "go")) {
			t.Errorf("%q is said of %q", o.Go, file)
		}
		for _, s := range append(o.Comments, o.Binary, o.BuildID, o.Go, o.Arch, o.OS) {
			if len([]rune(s)) > 201 {
				t.Errorf("%d characters are kept", len([]rune(s)))
			}
		}
	})
}

// What takes long to read is not read: paths that no system opens, and more of them
// than any runtime has files.
func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	const known, file = "/sdk/go1.22.1/src/runtime/proc.go", "/go1.99/src/runtime/x.go"
	long := of(known, strings.Repeat("/go1.2", 1000)+file)
	long.Mapping = []*profile.Mapping{{File: "/app"}, {File: strings.Repeat("/d", 3000) + "/x86_64-linux-gnu/libc.so.6"}}
	if o := origin.Read(long); o.Go != "go1.22.1" || o.Arch != "" {
		t.Errorf("a long path is read: %+v", o)
	}
	many := of()
	for i := range 20_000 {
		many.Function = append(many.Function, &profile.Function{Filename: fmt.Sprint("/", i, strings.Repeat("/go1.2", 600), "/src/runtime/x.go")})
	}
	many.Function = append(many.Function, &profile.Function{Filename: file})
	if o := origin.Read(many); o.Go != "go1.2" {
		t.Errorf("all of 70 MB of paths are read: Go %q", o.Go)
	}
}
