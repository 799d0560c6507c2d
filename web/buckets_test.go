package web_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/buckets/bucketstest"
	"github.com/sockscope/sockscope/profiles/merge"
)

// kernelDeep is an echo sampled down into the kernel: over tcp4 the write does the
// receiver's work, over unix the read wakes the writer.
func kernelDeep(socket string) *profile.Profile {
	const (
		write = "runtime.goexit;main.echo;net.(*conn).Write;syscall.write | do_syscall_64;ksys_write;"
		read  = "runtime.goexit;main.echo;net.(*conn).Read;syscall.read | do_syscall_64;ksys_read;"
		wake  = "sock_def_readable;__wake_up_sync_key;try_to_wake_up"
	)
	const text = "user runtime.goexit;main.echo 60\nkernel runtime.mstart;runtime.sysmon | do_nanosleep;schedule 48\n" +
		"kernel runtime.mcall;runtime.findRunnable;runtime.netpoll | do_epoll_wait 120\n"
	if socket == "tcp4" {
		return bucketstest.Folded(text + "softirq " + write + "tcp_sendmsg;handle_softirqs;tcp_v4_rcv;" + wake + " 90\nsoftirq " + write + "tcp_sendmsg;handle_softirqs;tcp_v4_rcv 60\n" +
			"kernel " + write + "tcp_sendmsg 150\nkernel " + read + "tcp_recvmsg 80\nkernel " + read + "tcp_recvmsg;_copy_to_iter 12\n")
	}
	return bucketstest.Folded(text + "kernel " + write + "unix_stream_sendmsg;" + wake + " 30\nkernel " + write + "unix_stream_sendmsg 60\n" +
		"kernel " + read + "unix_stream_recvmsg;sock_wfree;unix_write_space;_raw_spin_unlock_irqrestore 50\nkernel " + read + "unix_stream_recvmsg 80\nkernel " + read + "_copy_to_iter 10\n")
}

// doneDeep files a finished comparison of which the sockets that of names have
// kernel-deep profiles too.
func (s *site) doneDeep(title string, of ...string) profiles.Comparison {
	s.t.Helper()
	c := s.running(title, 8)
	ending := profiles.Ending{State: profiles.Done}
	for cell := range c.Cells {
		for side, p := range s.sides(c, cell) {
			kinds := map[profiles.Kind]*profile.Profile{profiles.Go: p}
			if strings.Contains(strings.Join(of, " "), c.Cells[cell].Socket) {
				kinds[profiles.Kernel] = kernelDeep(c.Cells[cell].Socket)
			}
			for kind, p := range kinds {
				e, err := merge.Rounds(c, merge.Key{Cell: cell, Side: side, Kind: kind}, []merge.Part{{Profile: p, Ops: 40_000, Duration: 2 * time.Second}})
				if err != nil {
					s.t.Fatal(err)
				}
				ending.Merged = append(ending.Merged, e)
			}
		}
	}
	if err := s.store.Finish(s.t.Context(), c.ID, "", c.Attempt, ending); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// bucketsOf is the panel of a page, and the rows of its table as text.
func bucketsOf(page string) (panel string, rows map[string]string) {
	_, panel, _ = strings.Cut(page, `data-region="buckets"`)
	panel, _, _ = strings.Cut(panel, "</section>")
	rows = map[string]string{}
	for _, row := range regexp.MustCompile(`(?s)<tr[^>]*>(.*?)</tr>`).FindAllStringSubmatch(panel, -1) {
		head, rest, _ := strings.Cut(row[1], "</th>")
		rows[words(head)] = words(rest)
	}
	return panel, rows
}

func TestWhereTheRequestReallyGoes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.doneDeep("down to the kernel", "unix", "tcp4")
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	panel, rows := bucketsOf(page)
	for row, want := range map[string]string{
		"Go code":                 "1.50 µs ±26 % 1.51 µs ±26 % ≈",
		"softirq":                 "· 3.76 µs ±16 % +3.76 µs",
		"of it wake-ups":          "· 2.26 µs ±21 % +2.26 µs",
		"wake-up":                 "2.01 µs ±23 % · −2.01 µs",
		"socket send and receive": "3.51 µs ±17 % 5.77 µs ±13 % +2.26 µs",
		"copy":                    "0.25 µs ±68 % 0.30 µs ±62 % ≈",
		"scheduler and netpoller": "3.01 µs ±18 % 3.01 µs ±18 % ≈",
		"sysmon":                  "1.20 µs ±29 % 1.20 µs ±29 % ≈",
		"sum":                     "11.48 µs ±9.3 % 15.55 µs ±8 % +4.07 µs",
	} {
		if got := rows[row]; got != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
	for _, none := range []string{"socket setup and teardown", "garbage collector", "no stack"} {
		if _, there := rows[none]; there {
			t.Errorf("there is a row %q of nothing", none)
		}
	}
	says(t, panel, "tcp4 against unix", "What the rows hold")
	if !strings.Contains(panel, `href="/comparisons/`+c.ID+`?side=server#buckets"`) {
		t.Error("no link leads to the server")
	}
	if n := strings.Count(panel, `class="Breakdown-bar"`); n != 2 {
		t.Errorf("%d bars, want 2", n)
	}
	facts := words(page)
	for _, want := range []string{
		"tcp4 , Write is dearer mostly because the receiving half of TCP runs inside it (tcp_v4_rcv: 3.76 ±0.62 of 7.52 ±0.86 µs of client CPU per request, by 150 samples of the kernel).",
		"unix , Read is dearer mostly because it also wakes the writer (unix_write_space: 1.25 ±0.36 of 3.51 ±0.59 µs of client CPU per request, by 50 samples of the kernel).",
	} {
		if !strings.Contains(facts, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if _, server := bucketsOf(s.page("/comparisons/"+c.ID+"?side=server").want(t, 200).body); server["sum"] == "" {
		t.Error("the server has no table")
	}
}

var change = regexp.MustCompile(`^(?:([\d.]+) µs ±\S+ %|·) (?:([\d.]+) µs ±\S+ %|·) ([+−])([\d.]+) µs$`)

// The bars add up to the total, and so do the figures as they are shown: down, and
// across to the differences.
func TestBucketsAddUpOnThePage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, rows := bucketsOf(s.page("/comparisons/"+s.doneDeep("sums", "unix", "tcp4").ID).want(t, 200).body)
	sum, changes := 0.0, 0
	for name, row := range rows {
		var v float64
		if name != "sum" && name != "work" {
			_, _ = fmt.Sscanf(row, "%f µs", &v)
		}
		sum += v
		if m := change.FindStringSubmatch(row); m != nil {
			changes++
			base, _ := strconv.ParseFloat(m[1], 64) // 0 for no sample
			other, _ := strconv.ParseFloat(m[2], 64)
			if got, want := m[3]+m[4], strings.Replace(fmt.Sprintf("%+.2f", other-base), "-", "−", 1); got != want {
				t.Errorf("%s: %q, want a difference of %s", name, row, want)
			}
		}
	}
	if changes < 4 {
		t.Errorf("only %d rows differ: %v", changes, rows)
	}
	if got := fmt.Sprintf("%.2f µs", sum); !strings.HasPrefix(rows["sum"], got) {
		t.Errorf("the rows are %s together, and the sum is %s", got, rows["sum"])
	}
}

// System time that was not sampled is said: these runs count 30 µs of it.
func TestMissingSystemTime(t *testing.T) {
	t.Parallel()
	s := setup(t)
	panel, _ := bucketsOf(s.page("/comparisons/"+s.doneDeep("missing", "unix", "tcp4").ID).want(t, 200).body)
	if got := words(panel); !regexp.MustCompile(`unix [\d.]+ ±[\d.]+ of 3\d\.\d+ µs, 6\d % missing; tcp4 [\d.]+ ±[\d.]+ of 6\d\.\d+ µs, 7\d % missing\. Read the rows as shares`).MatchString(got) {
		t.Error(got)
	}
}

// Without kernel-deep profiles the page tells what the system counts, and what is missing.
func TestCountedWithoutKernelProfiles(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.done("none").ID
	for side, other := range map[string]string{"client": "server", "server": "client"} {
		page := s.page("/comparisons/"+id+"?side="+side).want(t, 200).body
		panel, rows := bucketsOf(page)
		label := strings.ToUpper(side[:1]) + side[1:]
		for _, row := range []string{"user CPU", "system CPU", "context switches", "read calls", "write calls"} {
			row = label + " " + row + " per request"
			if !regexp.MustCompile(`^[\d. ]+.*± ?\d.*[\d. ]+.*± ?\d.*\+\d`).MatchString(rows[row]) {
				t.Errorf("%s: %q", row, rows[row])
			}
		}
		if got := words(panel); !strings.Contains(got, "not seen here. This user may not. What helps: “sudo sysctl”.") || strings.Contains(strings.ToLower(got), other+" user cpu") {
			t.Error(got)
		}
		if strings.Contains(page, "Down to the kernel") || strings.Contains(page, "Go + kernel") {
			t.Error("the page offers kernel-deep profiles that are not there")
		}
	}
}

// With the kernel-deep profiles of one socket there is nothing to lay beside them.
func TestKernelProfilesOfOneCell(t *testing.T) {
	t.Parallel()
	s := setup(t)
	panel, rows := bucketsOf(s.page("/comparisons/"+s.doneDeep("one", "tcp4").ID).want(t, 200).body)
	if strings.Contains(panel, "against") || rows["softirq"] != "3.76 µs ±16 %" {
		t.Errorf("of one socket: %v", rows)
	}
}
