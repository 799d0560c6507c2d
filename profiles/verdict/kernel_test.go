package verdict_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/buckets"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// amount is so many µs per request of 60,000, sampled each ms.
func amount(us float64) buckets.Amount {
	samples := int64(us * 60)
	return buckets.Amount{Value: samples * 1_000_000, Samples: samples}
}

func call(name string, us float64, entry string, below float64) buckets.Call {
	c := buckets.Call{Name: name, Amount: amount(us)}
	if entry != "" {
		c.Entries = []buckets.Entry{{Name: entry, Amount: amount(below)}}
	}
	return c
}

// ping is an echo over unix and over tcp4: what kernel-deep profiles of it showed.
func ping(side profiles.Side) []verdict.Deep {
	return []verdict.Deep{
		{Cell: 0, Side: side, Ops: 60_000, Total: amount(12.5), Calls: []buckets.Call{call("Write", 2.9, "sock_def_readable", .6), call("Read", 4.7, "unix_write_space", 1.15)}},
		{Cell: 2, Side: side, Ops: 60_000, Total: amount(15.4), Calls: []buckets.Call{call("Write", 8.2, "tcp_v4_rcv", 3.6), call("Read", 2.7, "tcp_v4_rcv", .05)}},
	}
}

func kernelFactsOf(deep []verdict.Deep) []string {
	c := plan(10, "unix", "tcp4")
	s := stats.Summarize(c, runs(c, 10, 84_000, 84_100, 177_000))
	without := verdict.Of(c, s, article()).Facts
	all := verdict.Of(c, s, article(), deep...).Facts
	return all[len(without):]
}

func TestKernelFacts(t *testing.T) {
	t.Parallel()
	want := []string{
		"Over tcp4, Write is dearer mostly because the receiving half of TCP runs inside it (tcp_v4_rcv: 3.60 ±0.49 of 8.18 ±0.73 µs of client CPU per request, by 216 samples of the kernel).",
		"Over unix, Read is dearer mostly because it also wakes the writer (unix_write_space: 1.15 ±0.28 of 4.70 ±0.56 µs of client CPU per request, by 69 samples of the kernel).",
	}
	if diff := cmp.Diff(want, kernelFactsOf(ping(profiles.Client))); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	onServer := kernelFactsOf(ping(profiles.Server))
	if len(onServer) != 1 || !strings.HasPrefix(onServer[0], "On the server, over tcp4, Write is dearer") || !strings.Contains(onServer[0], "of server CPU") {
		t.Errorf("of the server: %q", onServer)
	}
}

// What the samples do not carry is not said.
func TestKernelFactsNeedSamples(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]verdict.Deep){
		"few samples": func(d []verdict.Deep) {
			for i := range d {
				d[i].Ops /= 20
				for _, c := range d[i].Calls {
					c.Entries[0].Samples, c.Entries[0].Value = c.Entries[0].Samples/20, c.Entries[0].Value/20
				}
			}
		},
		"no operations":       func(d []verdict.Deep) { d[0].Ops = 0 },
		"as much on the base": func(d []verdict.Deep) { d[0].Calls = d[1].Calls },
		"a small part of it": func(d []verdict.Deep) {
			for i := range d {
				for k := range d[i].Calls {
					d[i].Calls[k].Amount = amount(60)
				}
			}
		},
	} {
		d := ping(profiles.Client)
		change(d)
		if got := kernelFactsOf(d); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Where the call differs by more than twice what the entry point explains, or by
// nothing that is shown, it is not called the cause.
func TestKernelFactsAreNoCauseOfAll(t *testing.T) {
	t.Parallel()
	d := ping(profiles.Client)
	d[1].Calls[0].Amount = amount(20)
	if got := kernelFactsOf(d)[0]; !strings.Contains(got, "Write costs what it does partly because the receiving half of TCP") {
		t.Error(got)
	}
	d = ping(profiles.Client)
	d[0].Calls[0].Amount = amount(8.1)
	if got := kernelFactsOf(d)[0]; !strings.Contains(got, "Write costs what it does partly because") {
		t.Error(got)
	}
}

func TestKernelFactsNeverFail(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var deep []verdict.Deep
		odd := func(name string) buckets.Amount {
			return buckets.Amount{Value: rapid.Int64Range(-1e9, 1e12).Draw(t, name), Samples: rapid.Int64Range(-5, 1e5).Draw(t, name+" samples")}
		}
		for cell := range 3 {
			d := verdict.Deep{Cell: cell, Side: profiles.Client, Ops: rapid.Int64Range(-1, 10).Draw(t, "ops"), Total: odd("total")}
			for _, name := range []string{"Write", "Read"} {
				d.Calls = append(d.Calls, buckets.Call{Name: name, Amount: odd(name), Entries: []buckets.Entry{{Name: "tcp_v4_rcv", Amount: odd("entry")}}})
			}
			deep = append(deep, d)
		}
		if all := strings.Join(kernelFactsOf(deep), " "); strings.Contains(all, "NaN") || strings.Contains(all, "Inf") || strings.Contains(all, "n/a") {
			t.Fatal(all)
		}
	})
}
