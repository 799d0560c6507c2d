package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
)

func TestPreflight(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	for _, u := range Preflight("") {
		if !u.OK || u.Reason != "" {
			t.Errorf("%s: %+v", u.Socket, u)
		}
	}
	long := filepath.Join(base, strings.Repeat("long", 25))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, u := range Preflight(long) {
		if u.OK != (u.Socket != runner.Unix) {
			t.Errorf("%s below a directory with a long name: %+v", u.Socket, u)
		}
		if !u.OK && !strings.Contains(u.Reason, "fit into a unix address") {
			t.Errorf("reason %q", u.Reason)
		}
	}
	if left, err := os.ReadDir(long); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	ports := func(reuse string) map[string]string {
		return map[string]string{"proc/sys/net/ipv4/ip_local_port_range": "32768 60999\n", "proc/sys/net/ipv4/tcp_tw_reuse": reuse + "\n"}
	}
	spec := runner.Article()
	many := spec
	many.Requests = 20_000
	few := spec
	few.Rounds = 1
	wide := spec
	wide.Concurrency = []int{1, 600}
	kept := many
	kept.Workload = runner.Echo
	for _, c := range []struct {
		name  string
		spec  runner.Spec
		reuse string
		want  []string // words of each sentence
	}{
		{"the article", spec, "2", nil},
		{"many dials", many, "2", nil},
		{"many dials without reuse", many, "0", []string{"28232"}},
		{"few dials without reuse", few, "0", nil},
		{"no dials without reuse", kept, "0", nil},
		{"more connections than files", wide, "2", []string{"ulimit -n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := check(c.spec, files(ports(c.reuse)), 1024, true)
			if len(got) != len(c.want) {
				t.Fatalf("sentences %q, want %d", got, len(c.want))
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("sentence %q lacks %q", got[i], want)
				}
			}
		})
	}
	if got := Check(spec, ""); got != nil {
		t.Errorf("the article cannot run here: %q", got)
	}
}

func TestDialsPerSecond(t *testing.T) {
	t.Parallel()
	const ports = "32768 60999\n"
	for _, c := range []struct {
		reuse, delay string
		want         float64
	}{{"2", "", 14116}, {"2", "1000", 14116}, {"2", "500", 28232}, {"0", "1000", 14116. / 60}} {
		got := dialsPerSecond(files(map[string]string{
			"proc/sys/net/ipv4/ip_local_port_range": ports, "proc/sys/net/ipv4/tcp_tw_reuse": c.reuse, "proc/sys/net/ipv4/tcp_tw_reuse_delay": c.delay,
		}))
		if got != c.want {
			t.Errorf("reuse %s, delay %s: %g dials a second, want %g", c.reuse, c.delay, got, c.want)
		}
	}
	if got := dialsPerSecond(files(nil)); got != 0 {
		t.Errorf("%g dials a second where nothing is known", got)
	}
}
