package samples

import "github.com/sockscope/sockscope/templates"

// Hosts is the server's own host and one that works for it.
func Hosts() templates.HostsPage {
	return templates.HostsPage{
		Chrome: busy(chrome("Hosts", templates.SectionHosts)), AccessURL: "/access",
		Hosts: []templates.HostView{ownHost(), {
			ID: "host-2", Name: "arm-box", Since: "online since 22 Nov 2026 07:02 UTC", State: templates.StateView{Tone: templates.Busy, Label: "running"}, Running: link("C-42", "/comparisons/C-42"),
			Facts:  []templates.Fact{{Label: "CPU", Value: "Neoverse-N1"}, {Label: "CPUs", Value: "4 logical, 4 cores"}, {Label: "System", Value: "linux/arm64"}, {Label: "Kernel", Value: "6.12.9"}, {Label: "Go", Value: "go1.26.0"}},
			Checks: []templates.Check{{Name: "unix", OK: true}, {Name: "tcp4", OK: true}},
		}, {
			ID: "host-3", Name: "old-laptop", Since: "last seen 3 days ago", State: templates.StateView{Tone: templates.Soft, Label: "not online"},
		}},
		Differences: differences(),
		Join: []templates.Command{
			{Label: "Here: let workers in, at the ADDRESS of this machine that they reach. The start prints which file holds their token", Text: "sockscope serve --nats-listen ADDRESS:4222"},
			{Label: "There: copy that file over, then", Text: "sockscope worker --join nats://SERVER:4222 --token-file FILE --host \"$(hostname)\""},
		},
	}
}

func ownHost() templates.HostView {
	return templates.HostView{
		ID: "host-1", Name: "epyc-2", Since: "this server’s own, online since 22 Nov 2026 07:00 UTC", State: templates.StateView{Tone: templates.Good, Label: "ready"},
		Facts: []templates.Fact{
			{Label: "CPU", Value: "AMD EPYC 7B13"}, {Label: "CPUs", Value: "2 logical, 2 cores"}, {Label: "System", Value: "linux/amd64"}, {Label: "Kernel", Value: "6.18.2"}, {Label: "Governor", Value: "powersave"}, {Label: "Go", Value: "go1.26.0"}, {Label: "Machine", Value: "virtual"},
		},
		More: []templates.FactGroup{
			{Title: "Machine", Facts: []templates.Fact{{Label: "SMT", Value: "off"}, {Label: "Clock source", Value: "tsc"}, {Label: "Open files", Value: "1048576"}}},
			{Title: "Kernel settings", Facts: []templates.Fact{{Label: "net.core.somaxconn", Value: "4096"}, {Label: "net.ipv4.tcp_rmem", Value: "4096 131072 33554432"}}},
			{Title: "Mitigations", Facts: []templates.Fact{{Label: "spectre_v2", Value: "Mitigation: Retpolines; IBPB: conditional; STIBP: disabled; RSB filling"}}},
		},
		Checks: []templates.Check{
			{Name: "unix", OK: true},
			{Name: "unix-abstract", OK: true},
			{Name: "tcp4", OK: true},
			{Name: "tcp6", OK: true},
			{Name: "udp4", OK: true},
			{Name: "tls", OK: true},
			{Name: "vsock", Sentence: "The socket vsock cannot be used here: nobody answered at its loopback address.", Command: "sudo modprobe vsock_loopback"},
		},
		Warnings: []string{"The machine is virtual: neighbours may take its CPUs. The A/A cell of each comparison shows how much."},
		Advice:   []templates.Command{{Label: "The governor is powersave: the clock of the CPUs follows the load, and the first requests of a run are slow.", Text: "sudo cpupower frequency-set --governor performance"}},
		Notes:    []string{"This is a virtual machine: nothing in it can keep its neighbours quiet."},
	}
}

func differences() *templates.Differences {
	return &templates.Differences{
		Title: "How the hosts differ", Hint: "each is compared with its own base only", Columns: []string{"epyc-2", "arm-box", "old-laptop"},
		Rows: []templates.DifferenceRow{
			{Name: "Architecture", Values: []string{"amd64", "arm64", ""}, Matters: "System calls and atomics cost differently: no figure carries over."},
			{Name: "Kernel", Values: []string{"6.18.2", "6.12.9", ""}, Matters: "The network stack changes between releases."},
			{Name: "net.core.somaxconn", Values: []string{"4096", "128", ""}},
		},
	}
}

// Access is the experiment after it was tried by who is not root.
func Access() templates.AccessPage {
	connected, refused := templates.StateView{Tone: templates.Busy, Label: "connected"}, templates.StateView{Tone: templates.Good, Label: "refused"}
	return templates.AccessPage{
		Chrome: chrome("What the socket lets in", templates.SectionHosts), Action: "/access", When: "tried 4 min ago on epyc-2",
		Lead: []templates.Rich{
			{{Text: "A unix socket is a file.", Strong: true}, {Text: " Who may connect is who may write to that file and may enter every directory above it."}},
			{{Text: "A TCP port on loopback has neither.", Strong: true}, {Text: " Every user of the same network namespace can connect."}},
		},
		Rows: []templates.AccessRow{
			{Socket: "unix", Setting: "file mode 0600", Who: "the same user", State: connected, Sentence: "It connected.", Peer: "pid 4711, uid 1000, gid 1000"},
			{Socket: "unix", Setting: "file mode 0600", Who: "another user", State: refused, Sentence: "connect(2) said permission denied (EACCES): the file may be written by its owner only."},
			{Socket: "unix-abstract", Setting: "no mode", Who: "another user", State: connected, Sentence: "It connected: an abstract name has no mode.", Peer: "pid 4713, uid 65534, gid 65534"},
			{Socket: "tcp4", Setting: "127.0.0.1", Who: "another user", State: connected, Sentence: "It connected: nothing asks for the user."},
			{Socket: "unix", Setting: "file mode 0755", Who: "another user", State: templates.StateView{Tone: templates.Soft, Label: "not tried"}, Sentence: "Becoming another user needs root."},
		},
		Command: templates.Command{Label: "The same from a shell; as root it tries other users too", Text: "sudo sockscope access"},
	}
}

// AccessUntried is the page before anybody tried, for who may not.
func AccessUntried() templates.AccessPage {
	v := Access()
	v.Rows, v.When, v.Chrome.MayStart = []templates.AccessRow{}, "", false
	return v
}

// Beside is two comparisons of different machines.
func Beside() templates.BesidePage {
	v := BesideChoice()
	v.B = templates.BesideSide{ID: "C-7", URL: "/comparisons/C-7", Heading: templates.Rich{{Text: "unix vs tcp4 — dial, write, read, close"}}, Facts: []string{"done", "arm-box", "10 rounds", "21 Nov 2026 07:31 UTC"}}
	v.Warnings = []string{"They were asked for different numbers of requests: 10 000 in A, 5 000 in B."}
	v.Differences = differences()
	v.Differences.Title, v.Differences.Hint, v.Differences.Columns = "How the machines differ", "any of it may be the reason for a ratio below", []string{"A, C-42", "B, C-7"}
	for i := range v.Differences.Rows {
		v.Differences.Rows[i].Values = v.Differences.Rows[i].Values[:2]
	}
	v.Hint = "median over the rounds with its 95 % interval"
	v.Metric, v.Metrics = "Latency p50", templates.Switch{Label: "Metric", Links: []templates.Link{current("Latency p50", "/comparisons/C-42/beside?metric=latency_p50_ns&other=C-7"), link("Client CPU per request", "/comparisons/C-42/beside?metric=client_cpu_ns_per_op&other=C-7")}}
	v.Rows = []templates.BesideRow{
		{Cell: "unix, 5 B, 1 connection, split", A: "40.2 µs", SpanA: "39.8 – 40.9", B: "51.0 µs", SpanB: "50.1 – 52.2", Ratio: "1.27", Exact: "51 000 ÷ 40 200 = 1.269"},
		{Cell: "tcp4, 5 B, 1 connection, split", A: "84.1 µs", SpanA: "82.2 – 85.7", B: "97.5 µs", SpanB: "95.0 – 99.9", Ratio: "1.16", Exact: "97 500 ÷ 84 100 = 1.159"},
	}
	v.Left = []string{"Only C-42 has tls, 5 B, 1 connection, split."}
	return v
}

// BesideChoice asks which comparison to lay beside.
func BesideChoice() templates.BesidePage {
	return templates.BesidePage{
		Chrome: chrome("Side by side", templates.SectionComparisons), ID: "C-42", URL: "/comparisons/C-42", Action: "/comparisons/C-42/beside",
		A:      templates.BesideSide{ID: "C-42", URL: "/comparisons/C-42", Heading: heading("dial, write, read, close"), Facts: []string{"done", "epyc-2", "10 rounds", "22 Nov 2026 07:31 UTC"}},
		Choose: field("other", "Comparison", "", "", choice("C-7", "C-7: unix vs tcp4 — dial, write, read, close, arm-box, yesterday", true)),
	}
}
