package samples

import "github.com/sockscope/sockscope/templates"

func field(name, label, value, hint string, options ...templates.Option) templates.Field {
	return templates.Field{Name: name, Label: label, Value: value, Hint: hint, Options: options}
}

func choice(value, label string, selected bool) templates.Option {
	return templates.Option{Value: value, Label: label, Selected: selected}
}

func form() templates.NewForm {
	vsock := choice("vsock", "vsock", false)
	vsock.Note = "The socket vsock cannot be used here: nobody answered at its loopback address. Its cells are n/a."
	return templates.NewForm{
		Action: "/comparisons", CheckURL: "/comparisons/new",
		Title:    field("title", "Title", "", "optional"),
		Workload: field("workload", "Workload", "", "", choice("dial-echo", "dial, write, read, close", true), choice("echo", "echo on a kept connection", false)),
		Sockets: field("sockets", "Sockets", "", "", choice("unix", "unix", true), choice("unix-abstract", "unix-abstract", false), choice("unixpacket", "unixpacket", false), choice("unixgram", "unixgram", false),
			choice("socketpair", "socketpair", false), choice("tcp4", "tcp4", true), choice("tcp6", "tcp6", false), choice("udp4", "udp4", false), choice("udp6", "udp6", false), choice("tls", "tls", false), vsock),
		Base:        field("base", "Base", "", "the others are compared with it", choice("", "the first one chosen", true), choice("tcp4", "tcp4", false)),
		Sizes:       field("sizes", "Message size", "5", "bytes: 64, 4K, or 1..1MiB ×4"),
		Concurrency: field("concurrency", "Connections at once", "1", "one, several, or 1..256 ×4"),
		Placements:  field("placements", "Placement", "", "", choice("split", "split: each side its own CPUs", true), choice("same", "same: both on one CPU", false), choice("free", "free: as the scheduler likes", false)),
		Requests:    field("requests", "Requests per round", "10000", "of each cell"),
		Grade:       field("grade", "Rounds", "", "", choice("6", "6 quick, indicative", false), choice("10", "10 default", true), choice("20", "20 publishable", false)),
		Rounds:      field("rounds", "or", "", "a round runs every cell once, in fresh processes; 6 is the least that gives an interval"),
		Variants:    field("variants", "Variants", "", "each is a cell beside the plain one", choice("nagle", "Nagle on (TCP_NODELAY off)", false), choice("linger0", "SO_LINGER 0 (close with a reset)", false)),
		Rate:        field("rate", "Open loop", "0", "requests per second; 0 is a closed loop, which shows service time"),
		Budget:      field("budget", "Time budget", "", "10 min, 1 h; empty for none"),
		Ports:       field("ports", "Ports of TCP dials", "", "", choice("rotate", "rotate addresses when needed", true), choice("one", "one address, come what may", false)),
		Kernel:      field("kernel", "Kernel frames", "", "", choice("auto", "not in this version", true)),
		Plan:        templates.Plan{Text: "3 cells with the A/A cell · 30 runs · about 1 min 20 s", Notes: []string{}, Skipped: []templates.Skipped{}},
	}
}

func presets() []templates.Preset {
	return []templates.Preset{
		{Label: "The article", Note: "10 000 × dial, write, read, close", URL: "/comparisons/new?workload=dial-echo", Current: true},
		{Label: "Message sizes", Note: "1 B to 1 MiB, where they meet", URL: "/comparisons/new?sizes=1..1MiB"},
		{Label: "Every socket", Note: "all eleven, quick", URL: "/comparisons/new?sockets=unix"},
	}
}

// Form is the form of a new comparison.
func Form() templates.NewComparisonPage {
	return templates.NewComparisonPage{Chrome: chrome("New comparison", templates.SectionNew), Presets: presets(), Form: form()}
}

// FormWrong is the form given back.
func FormWrong() templates.NewComparisonPage {
	v := Form()
	v.Form.Rounds.Value, v.Form.Rounds.Error = "0", "0 rounds cannot be run; use 1 to 100 (6 give an interval, 10 are the default)."
	v.Form.Requests.Value, v.Form.Requests.Error = "1000000000", "1000000000 requests per round cannot be run; use 1 to 10000000."
	v.Form.Sockets.Error = `The socket "carrier-pigeon" is not known; use unix, tcp4.`
	v.Form.Rate.Value, v.Form.Rate.Error, v.Form.More = "many", `The rate "many" is not a whole number; write it in digits, such as 10.`, true
	v.Form.Plan = templates.Plan{Text: v.Form.Sockets.Error}
	return v
}

// FormChecked is the form with its plan: two hosts, cells that are left out and a
// time budget that is too short.
func FormChecked() templates.NewComparisonPage {
	v := Form()
	v.Form.Hosts = field("hosts", "Hosts", "", "several make the host a dimension: each runs all cells, with its own base", choice("epyc-2", "epyc-2", true), choice("arm-box", "arm-box", true))
	v.Form.Hosts.Options[1].Note = "is not online: its part would wait until its worker is back."
	v.Form.Budget.Value = "5 min"
	v.Form.Plan = templates.Plan{
		Checked: true, Text: "18 cells with the A/A cells, 4 more n/a · 180 runs · about 5 min on 2 hosts at once",
		Notes: []string{
			"In full it would take about 12 min: to keep the time budget of 5 min, passes are cut shorter. Shorter passes mean wider intervals; no round is left out.",
			"The host arm-box is not online: its part waits until its worker is back.",
			"epyc-2 and arm-box are not alike (architecture, CPU, kernel): each host is compared with its own base.",
		},
		Skipped: []templates.Skipped{
			{Cells: "socketpair on epyc-2, socketpair on arm-box", Reason: "A socketpair has no address to dial: both ends are made at once."},
			{Cells: "vsock on epyc-2, vsock on arm-box", Reason: "The socket vsock cannot be used here: nobody answered at its loopback address."},
		},
	}
	return v
}
