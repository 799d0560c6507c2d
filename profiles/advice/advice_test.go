package advice_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/advice"
)

// kinds are the sockets as a host has them.
func kinds() []advice.Socket {
	return []advice.Socket{
		{Name: "unix", Family: advice.File},
		{Name: "unix-abstract", Family: advice.Abstract},
		{Name: "unixpacket", Family: advice.File, Records: true, MaxRecord: 212_960},
		{Name: "unixgram", Family: advice.File, Records: true, MaxRecord: 212_960},
		{Name: "socketpair", Family: advice.Pair},
		{Name: "tcp4", Family: advice.IP, Ports: true},
		{Name: "tcp6", Family: advice.IP, Ports: true},
		{Name: "udp4", Family: advice.IP, Records: true, Lossy: true, MaxRecord: 65_507},
		{Name: "tls", Family: advice.IP, Ports: true, TLS: true},
		{Name: "vsock", Family: advice.Machine},
	}
}

// measured makes a comparison of sockets against unix whose CPU per request is that
// of the base times the factor, and its runs.
func measured(workload string, size, rounds int, factors map[string]float64, noise float64) (profiles.Comparison, []profiles.Run) {
	c := profiles.Comparison{ID: "C-12", State: profiles.Done, Base: "unix"}
	like := profiles.Cell{Workload: workload, Size: size, Concurrency: 1, Placement: "split"}
	add := func(socket string, aa bool) {
		cell := like
		cell.Socket, cell.AA = socket, aa
		c.Cells = append(c.Cells, cell)
	}
	add("unix", false)
	add("unix", true)
	for _, k := range kinds() {
		if _, ok := factors[k.Name]; ok && k.Name != "unix" {
			add(k.Name, false)
		}
	}
	c.Total = rounds * len(c.Cells)
	var runs []profiles.Run
	for round := 1; round <= rounds; round++ {
		for i, cell := range c.Cells {
			f := factors[cell.Socket]
			if f == 0 {
				f = 1
			}
			// Alternating, so that a factor of 1 is no difference.
			wobble := 1 + noise*float64((round*(i+3)*7)%11-5)/5
			cpu := 40_000 * f * wobble
			runs = append(runs, profiles.Run{Round: round, Cell: i, Counters: map[string]int64{"dial_retries": 2, "listen_overflows": 0}, Metrics: map[string]float64{
				profiles.LatencyP50: 2 * cpu, profiles.ClientCPU: cpu * 0.6, profiles.ServerCPU: cpu * 0.4, profiles.RequestsPerSecond: 1e9 / (2 * cpu),
			}})
		}
	}
	return c, runs
}

func evidence(t testing.TB, workload string, size, rounds int, factors map[string]float64, noise float64) advice.Evidence {
	t.Helper()
	c, runs := measured(workload, size, rounds, factors, noise)
	all := advice.SettingsOf(c, 0)
	if len(all) != 1 {
		t.Fatalf("%d settings, want 1", len(all))
	}
	e, ok := advice.EvidenceOf(c, runs, all[0])
	if !ok {
		t.Fatal("no evidence")
	}
	return e
}

func sidecar() advice.Case {
	return advice.Case{Who: advice.OneHost, Access: advice.AnyUser, Carries: advice.Bytes, Size: 1024, Rate: 20_000}
}

var machine = advice.Host{
	Name: "testhost", CPUs: 2, Ports: 28_232, MaxPath: 107, HeldHere: 1e9, HeldAway: 60e9,
	Sysctls: map[string]string{"net.core.somaxconn": "4096", "net.ipv4.ip_local_port_range": "32768 60999", "net.ipv4.tcp_tw_reuse": "2"},
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	clear := map[string]float64{"unix": 1, "tcp4": 2, "tcp6": 2.1, "unix-abstract": 1}
	two := map[string]float64{"unix": 1, "tcp4": 2}
	for _, tt := range []struct {
		name   string
		change func(*advice.Case)
		e      []advice.Evidence
		claim  advice.Claim
		choose []string
		says   []string
	}{
		{"shown", nil, []advice.Evidence{evidence(t, "echo", 1024, 10, clear, 0.01)}, advice.Shown, []string{"unix"}, []string{"Take unix: at 20 000 requests/s tcp6 costs 0.88", "more on this host, measured in C-12."}},
		{"base is the dearer one", nil, []advice.Evidence{evidence(t, "echo", 1024, 10, map[string]float64{"tcp4": 0.5}, 0.01)}, advice.Shown, []string{"tcp4"}, []string{"Take tcp4: at 20 000 requests/s unix costs 0.4"}},
		{"no difference", nil, []advice.Evidence{evidence(t, "echo", 1024, 10, map[string]float64{"tcp4": 1}, 0.2)}, advice.NotShown, []string{"unix", "tcp4"}, []string{"No difference is shown between unix and tcp4 on this host, measured in C-12. At 20 000 requests/s one may still cost up to 0."}},
		{"no difference that matters", func(c *advice.Case) { c.Rate = 100 }, []advice.Evidence{evidence(t, "echo", 1024, 10, map[string]float64{"tcp4": 1}, 0.2)}, advice.NotShown, []string{"unix", "tcp4"}, []string{"Take the one you like: no difference is shown between unix and tcp4 on this host, measured in C-12. At 100 requests/s it would be less than 0.00"}},
		{"nothing measured", nil, nil, advice.Unmeasured, []string{"unix", "unix-abstract", "tcp4", "tcp6"}, []string{"nothing is said about what they cost"}},
		{"far", func(c *advice.Case) { c.Size = 1 << 20 }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Far, nil, []string{"too far away to answer: messages of 1 KiB instead of 1 MiB"}},
		{"few rounds", nil, []advice.Evidence{evidence(t, "echo", 1024, 4, two, 0.01)}, advice.Indicative, nil, []string{"fewer than 6 rounds"}},
		{"two hosts", func(c *advice.Case) { c.Who = advice.TwoHosts }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Elsewhere, []string{"tcp4", "tcp6"}, []string{"not the one that this host measures"}},
		{"pod", func(c *advice.Case) { c.Who = advice.Pod }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Shown, []string{"unix"}, []string{"Take unix"}},
		{"container", func(c *advice.Case) { c.Who = advice.ContainerAndHost }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Elsewhere, nil, []string{"choose by what stands below"}},
		{"one process", func(c *advice.Case) { c.Who = advice.OneProcess }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Only, []string{advice.NoSocket}, []string{"Use no socket"}},
		{"own user", func(c *advice.Case) { c.Access = advice.SameUser }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Only, []string{"unix"}, []string{"it alone does all of this by itself. At 20 000 requests/s tcp4 costs 0.801 ± 0.010", "cores more than unix"}},
		{"own user, unmeasured", func(c *advice.Case) { c.Access = advice.SameUser }, nil, advice.Only, []string{"unix"}, []string{"by itself."}},
		{"TLS", func(c *advice.Case) { c.TLS = true }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Only, []string{"tls"}, []string{"Take tls"}},
		{"network", func(c *advice.Case) { c.Access = advice.Network }, []advice.Evidence{evidence(t, "echo", 1024, 10, clear, 0.01)}, advice.Unmeasured, []string{"tcp4", "tcp6"}, []string{"tcp4 and tcp6 both do all of this"}},
		{"two hosts of one user", func(c *advice.Case) { c.Who, c.Access = advice.TwoHosts, advice.SameUser }, nil, advice.Elsewhere, []string{"tcp4", "tcp6"}, []string{"tcp4 and tcp6 both can do all of this, if a firewall, or the program itself, keeps the others out. Their way"}},
		{"records of two hosts", func(c *advice.Case) {
			c.Who, c.Access, c.Carries = advice.TwoHosts, advice.SameUser, advice.Records
		}, nil, advice.Elsewhere, []string{"tcp4", "tcp6", "udp4"}, []string{"can do all of this, if what the list says of each is seen to."}},
		{"nobody", func(c *advice.Case) {
			c.Access, c.Carries, c.Size = advice.Network, advice.Records, 1<<20
			c.TLS = true
		}, nil, advice.Only, []string{"tls"}, nil},
		{"half of it measured", func(c *advice.Case) { c.Dials = 1000 }, []advice.Evidence{evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Unmeasured, nil, nil},
		{"both measured", func(c *advice.Case) { c.Dials = 1000 }, []advice.Evidence{evidence(t, "dial-echo", 1024, 10, two, 0.01), evidence(t, "echo", 1024, 10, two, 0.01)}, advice.Shown, []string{"unix"}, []string{"tcp4 costs 0.80"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := sidecar()
			if tt.change != nil {
				tt.change(&c)
			}
			a := advice.Of(c, kinds(), tt.e, machine)
			if a.Claim != tt.claim || tt.choose != nil && !cmp.Equal(tt.choose, a.Choose) {
				t.Errorf("claim %q of %v, want %q of %v: %s", a.Claim, a.Choose, tt.claim, tt.choose, a.Sentence)
			}
			for _, want := range tt.says {
				if text := plain(a.Sentence.String()); !strings.Contains(text, want) {
					t.Errorf("it says %q, want %q", text, want)
				}
			}
			sound(t, a)
		})
	}
}

// plain writes the spaces of numbers as others.
func plain(s string) string { return strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(s) }

// sound holds for every answer.
func sound(t interface{ Errorf(string, ...any) }, a advice.Answer) {
	standing := map[string]advice.Standing{}
	for _, c := range a.Candidates {
		standing[c.Name] = c.Standing
		if c.Standing == advice.Out && len(c.Reasons) == 0 {
			t.Errorf("%s is out without a reason", c.Name)
		}
	}
	for _, name := range a.Choose {
		if text := a.Sentence.String(); standing[name] == advice.Limited && strings.Contains(text, " do all of this.") {
			t.Errorf("%s does it only if something is seen to, and it says %q", name, text)
		}
		if standing[name] == advice.Out || standing[name] == "" {
			t.Errorf("%s is chosen, and does not fit: %+v", name, a.Case)
		}
	}
	for _, k := range a.Costs {
		if standing[k.Socket] == advice.Out {
			t.Errorf("%s costs something, and does not fit", k.Socket)
		}
		for _, v := range []float64{k.Cores, k.Error, k.More, k.MoreLow, k.MoreHigh, k.Client, k.Server} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s costs %v", k.Socket, k)
			}
		}
	}
	texts := []string{a.Sentence.String()}
	for _, f := range a.Facts {
		texts = append(texts, f.String())
	}
	for _, l := range a.Limits(machine) {
		for _, line := range l.Lines {
			texts = append(texts, line.Sentence)
			if len(line.Sources) == 0 || len(line.Sockets) == 0 {
				t.Errorf("%s: %q has no source, or is of no socket", l.Topic, line.Sentence)
			}
		}
	}
	for _, s := range texts {
		if s == "" || !strings.HasSuffix(s, ".") || strings.Contains(s, "NaN") || strings.Contains(s, "Inf") || strings.Contains(s, "%!") || strings.Contains(s, "  ") || strings.Contains(s, "..") {
			t.Errorf("a bad sentence: %q", s)
		}
	}
}

// anyCase draws a case.
func anyCase(t *rapid.T) advice.Case {
	c := advice.Case{
		Who: rapid.SampledFrom(advice.Places[:]).Draw(t, "who"), Access: rapid.SampledFrom(advice.Accesses[:]).Draw(t, "access"),
		Carries: rapid.SampledFrom(advice.Transports[:]).Draw(t, "carries"), TLS: rapid.Bool().Draw(t, "tls"),
		Size: rapid.IntRange(1, 1<<21).Draw(t, "size"), Rate: float64(rapid.IntRange(1, 1_000_000).Draw(t, "rate")),
	}
	switch rapid.IntRange(0, 2).Draw(t, "dials") {
	case 1:
		c.Dials = c.Rate
	case 2:
		c.Dials = float64(rapid.IntRange(0, int(c.Rate)).Draw(t, "some"))
	}
	return c
}

// Whatever is asked and whatever was measured: nothing that does not fit is chosen,
// and a difference is called only where the figures of a part are clear.
func TestNoClaimBeyondTheEvidence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		var all []advice.Evidence
		for _, p := range c.Parts() {
			factors := map[string]float64{}
			for _, k := range kinds() {
				if rapid.Bool().Draw(t, k.Name) {
					factors[k.Name] = rapid.Float64Range(0.5, 2).Draw(t, "factor of "+k.Name)
				}
			}
			comparison, runs := measured(p.Workload, rapid.SampledFrom([]int{1, 64, 1024, 65536}).Draw(t, "measured size"), rapid.IntRange(1, 9).Draw(t, "rounds"), factors, rapid.Float64Range(0, 0.6).Draw(t, "noise"))
			e, ok := advice.EvidenceOf(comparison, runs, advice.SettingsOf(comparison, 0)[0])
			if !ok {
				t.Fatal("no evidence")
			}
			all = append(all, e)
		}
		a := advice.Of(c, kinds(), all, machine)
		sound(t, a)
		clear := false
		for _, e := range all {
			for _, f := range e.Took {
				clear = clear || f.CPUClear || f.LatencyClear
				if f.CPUClear && (!f.CPURatio.ClearOfOne() || !f.CPURatio.Beyond(e.AA)) {
					t.Errorf("the CPU of %s is clear with %v beside A/A %v", f.Socket, f.CPURatio, e.AA)
				}
			}
		}
		text := plain(a.Sentence.String())
		if h, ok := a.Headline(); strings.Contains(text, " costs "+plain(h.String())+" cores") != (ok && h.Shown) {
			t.Errorf("%q with %+v", text, h)
		}
		if strings.Contains(text, "less time") && !slices.ContainsFunc(all, func(e advice.Evidence) bool {
			return slices.ContainsFunc(e.Took, func(f advice.Figures) bool { return f.LatencyClear })
		}) {
			t.Errorf("%q without a clear latency", text)
		}
		if (a.Claim == advice.Shown || a.Claim == advice.Mixed) && !clear {
			t.Errorf("%q without a clear difference", a.Sentence)
		}
		for _, k := range a.Costs {
			if k.Shown && (k.MoreLow <= 0 && k.MoreHigh >= 0 || !k.Known) {
				t.Errorf("a difference is shown within its error: %+v", k)
			}
			if a.Case.Elsewhere(candidate(a, k.Socket)) != "" {
				t.Errorf("%s has a cost, and its way was not measured", k.Socket)
			}
		}
	})
}

func candidate(a advice.Answer, name string) advice.Socket {
	return a.Candidates[slices.IndexFunc(a.Candidates, func(c advice.Candidate) bool { return c.Name == name })].Socket
}

// Twice the requests cost twice as much, and are known as well.
func TestCostsGrowWithTheRate(t *testing.T) {
	t.Parallel()
	factors := map[string]float64{"tcp4": 1.7, "tcp6": 1.1, "unix-abstract": 1}
	all := []advice.Evidence{evidence(t, "dial-echo", 1024, 8, factors, 0.05), evidence(t, "echo", 1024, 8, factors, 0.05)}
	rapid.Check(t, func(t *rapid.T) {
		c := sidecar()
		c.Rate = float64(rapid.IntRange(2, 1_000_000).Draw(t, "rate"))
		c.Dials = float64(rapid.IntRange(1, int(c.Rate)-1).Draw(t, "dials"))
		by := rapid.Float64Range(0.01, 1000).Draw(t, "by")
		more := c
		more.Rate, more.Dials = by*c.Rate, by*c.Dials
		a, b := advice.Of(c, kinds(), all, machine), advice.Of(more, kinds(), all, machine)
		if len(a.Costs) != 4 || len(b.Costs) != 4 {
			t.Fatalf("%d and %d costs, want 4", len(a.Costs), len(b.Costs))
		}
		for i, k := range a.Costs {
			l := b.Costs[i]
			for _, pair := range [][2]float64{{k.Cores, l.Cores}, {k.Error, l.Error}, {k.More, l.More}, {k.MoreLow, l.MoreLow}, {k.MoreHigh, l.MoreHigh}, {k.Client, l.Client}, {k.Server, l.Server}} {
				if math.Abs(pair[0]*by-pair[1]) > 1e-6*(math.Abs(pair[1])+1e-12) {
					t.Fatalf("%s: %v times %v is %v, want %v", k.Socket, pair[0], by, pair[1], pair[0]*by)
				}
			}
		}
	})
}

// The cost is what the arithmetic on the runs says.
func TestCost(t *testing.T) {
	t.Parallel()
	e := evidence(t, "echo", 1024, 9, map[string]float64{"tcp4": 2}, 0)
	a := advice.Of(sidecar(), kinds(), []advice.Evidence{e}, machine)
	want := []advice.Cost{
		{Socket: "unix", Cores: 0.8, Client: 0.48, Server: 0.32, Known: true, Base: true},
		{Socket: "tcp4", Cores: 1.6, Client: 0.96, Server: 0.64, More: 0.8, MoreLow: 0.8, MoreHigh: 0.8, Known: true, Shown: true},
	}
	if d := cmp.Diff(want, a.Costs, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })); d != "" {
		t.Errorf("costs (-want +got):\n%s", d)
	}
}

func TestCores(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cores, err float64
		want       string
	}{
		{0.84, 0.052, "0.84 ± 0.05"},
		{0.84, 0.0049, "0.840 ± 0.005"},
		{0.0021, 0.0003, "0.0021 ± 0.0003"},
		{12.34, 0.9, "12.3 ± 0.9"},
		{120, 30, "120 ± 30"},
		{-0.4, 0.1, "−0.40 ± 0.10"},
		{0, 0, "0.00 ± 0.00"},
	} {
		if got := advice.Cores(tt.cores, tt.err); got != tt.want {
			t.Errorf("Cores(%v, %v) = %q, want %q", tt.cores, tt.err, got, tt.want)
		}
	}
}

func TestTimeWait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		who   advice.Who
		dials float64
		want  string
	}{
		{advice.OneHost, 0, "Your connections are kept"},
		{advice.OneHost, 2000, "At 2 000 connections/s the 28 232 local ports towards one address would be used up after 14 s. On loopback this kernel uses a port again after 1 s: about 2 000 are held."},
		{advice.OneHost, 20_000, "would be used up after 1 s. On loopback this kernel uses a port again after 1 s: about 20 000 are held, more than half, and each dial takes longer to find one."},
		{advice.OneHost, 40_000, "even so they are used up after 706 ms."},
		{advice.TwoHosts, 2000, "would be used up after 14 s."},
		{advice.TwoHosts, 100, "are enough: 6 000 are held."},
	} {
		c := sidecar()
		c.Who, c.Access, c.Dials, c.Rate = tt.who, advice.Network, tt.dials, max(c.Rate, tt.dials)
		a := advice.Of(c, kinds(), nil, machine)
		text := ""
		for _, l := range a.Limits(machine) {
			if l.Topic == "Ports and TIME_WAIT" {
				text = plain(l.Lines[0].Sentence)
			}
		}
		if !strings.Contains(text, tt.want) || tt.who == advice.TwoHosts && strings.Contains(text, "again after") {
			t.Errorf("%s, %v dials/s: %q, want %q", tt.who, tt.dials, text, tt.want)
		}
	}
}

func ExampleJudge() {
	c := advice.Case{Who: advice.Pod, Access: advice.AnyUser, Carries: advice.Bytes, Size: 1024, Rate: 1000}
	for _, k := range advice.Judge(c, []advice.Socket{{Name: "unix", Family: advice.File}, {Name: "socketpair", Family: advice.Pair}, {Name: "tcp4", Family: advice.IP}}) {
		fmt.Println(k.Name, k.Standing, k.Reasons)
	}
	// Output:
	// unix fits [The containers have to share a volume (an emptyDir) that its file lies in.]
	// tcp4 fits []
	// socketpair does not fit [It has no name: both ends have to come from one process, and there is none in common.]
}
