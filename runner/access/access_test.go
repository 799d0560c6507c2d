package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner/access"
)

// command names the variable that makes this binary the command itself.
const command = "ACCESS_TEST_COMMAND"

func TestMain(m *testing.M) {
	access.Main()
	if format := os.Getenv(command); format != "" {
		c := access.Command()
		c.SilenceErrors, c.SilenceUsage = true, true
		c.SetArgs([]string{"--format", format})
		if err := c.ExecuteContext(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// rows are what was seen, as "socket, setting, who: connected".
func summary(rows []access.Row) []string {
	var all []string
	for _, r := range rows {
		did := map[bool]string{true: "connected", false: "refused"}[r.Connected]
		if r.Skipped != "" {
			did = "skipped"
		}
		all = append(all, fmt.Sprintf("%s, %s, %s: %s", r.Socket, r.Setting, r.Who, did))
	}
	return all
}

func asRoot() []string {
	return []string{
		"unix, file mode 0600, the same user: connected",
		"unix, file mode 0600, another user: refused",
		"unix, file mode 0600, root in another network namespace: connected",
		"unix, file mode 0755, which Go makes by default, the same user: connected",
		"unix, file mode 0755, which Go makes by default, another user: refused",
		"unix, file mode 0666, the same user: connected",
		"unix, file mode 0666, another user: connected",
		"unix, file mode 0000, the same user: connected",
		"unix, file mode 0000, another user: refused",
		"unix, file mode 0600 in a directory of mode 0700, the same user: connected",
		"unix, file mode 0600 in a directory of mode 0700, another user: refused",
		"unix, file mode 0777 in a directory of mode 0700, the same user: connected",
		"unix, file mode 0777 in a directory of mode 0700, another user: refused",
		"unixgram, file mode 0600, the same user: connected",
		"unixgram, file mode 0600, another user: refused",
		"unix-abstract, a name without a file, the same user: connected",
		"unix-abstract, a name without a file, another user: connected",
		"unix-abstract, a name without a file, root in another network namespace: refused",
		"tcp4, a port of 127.0.0.1, the same user: connected",
		"tcp4, a port of 127.0.0.1, another user: connected",
		"tcp4, a port of 127.0.0.1, root in another network namespace: refused",
		"socketpair, open in another process, the same user: refused",
		"socketpair, open in another process, another user: refused",
		"socketpair, handed to a child process, the same user: connected",
		"socketpair, handed to a child process, another user: connected",
	}
}

// asOrdinaryUser is what those see who cannot become another user.
func asOrdinaryUser() []string {
	var all []string
	for _, line := range asRoot() {
		what, did, _ := strings.Cut(line, ": ")
		switch {
		case !strings.HasSuffix(what, access.SameUser):
			did = "skipped"
		case strings.Contains(what, "0000"):
			did = "refused"
		}
		all = append(all, what+": "+did)
	}
	return all
}

func TestTry(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	open(t, base)
	rows, err := access.Try(t.Context(), access.Options{Base: base})
	if err != nil {
		t.Fatal(err)
	}
	want := asOrdinaryUser()
	if os.Geteuid() == 0 {
		want = asRoot()
	}
	if runtime.GOOS != "linux" {
		for i := range want {
			what, _, _ := strings.Cut(want[i], ": ")
			want[i] = what + ": skipped"
		}
	}
	if d := cmp.Diff(want, summary(rows)); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	checkWords(t, rows)
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// checkWords checks that each row says what happened, and who the kernel saw.
func checkWords(t *testing.T, rows []access.Row) {
	t.Helper()
	for _, r := range rows {
		if (r.Skipped == "") == (r.Sentence == "") || !strings.HasSuffix(r.Skipped+r.Sentence, ".") {
			t.Errorf("row without one sentence: %+v", r)
		}
		if !r.Connected {
			if r.Peer != "" || r.Skipped == "" && !strings.Contains(r.Sentence, "(E") {
				t.Errorf("refused without an errno, or with a peer: %+v", r)
			}
			continue
		}
		want := fmt.Sprintf("uid %d,", os.Geteuid())
		switch {
		case r.Socket == "tcp4":
			want = "none"
		case r.Who == access.AnotherUser && r.Socket != "socketpair":
			want = "uid 65534, gid 65534"
		}
		if !strings.Contains(r.Peer, want) {
			t.Errorf("peer %q, want %q in %+v", r.Peer, want, r)
		}
	}
}

// open lets every user reach dir.
func open(t *testing.T, dir string) {
	t.Helper()
	for d := dir; d != filepath.Clean(os.TempDir()) && d != filepath.Dir(d); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosedDirectoryIsNotTakenForAMode(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 || runtime.GOOS != "linux" {
		t.Skip("needs root on Linux")
	}
	rows, err := access.Try(t.Context(), access.Options{Base: closed(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Who == access.AnotherUser && !strings.Contains(r.Skipped, "TMPDIR") {
			t.Errorf("in a directory that is closed to others: %+v", r)
		}
	}
}

func closed(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("nothing is tried elsewhere")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	base := t.TempDir()
	if rows, err := access.Try(ctx, access.Options{Base: base}); err == nil {
		t.Errorf("canceled, and made %d rows", len(rows))
	}
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := access.Print(&b, []access.Row{
		{Socket: "unix", Setting: "file mode 0600", Who: access.SameUser, Connected: true, Sentence: "Connected.", Peer: "pid 1, uid 2, gid 3"},
		{Socket: "tcp4", Setting: "port", Who: access.AnotherUser, Skipped: "No root."},
	})
	const want = `SOCKET  SETTING         WHO            CONNECTS  THE SERVER SEES      WHAT HAPPENED
unix    file mode 0600  the same user  yes       pid 1, uid 2, gid 3  Connected.
tcp4    port            another user   ?                              Skipped: No root.
`
	if d := cmp.Diff(want, b.String()); d != "" || err != nil {
		t.Errorf("table (-want +got):\n%s%v", d, err)
	}
	c := access.Command()
	c.SetArgs([]string{"--format", "xml"})
	c.SetOut(io.Discard)
	c.SetErr(io.Discard)
	if err := c.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "text or json") {
		t.Errorf("--format xml: %v", err)
	}
}

// decode runs a copy of this binary as the command.
func decode(t *testing.T, cmd *exec.Cmd) []access.Row {
	t.Helper()
	cmd.Env = append(os.Environ(), command+"=json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows []access.Row
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}
