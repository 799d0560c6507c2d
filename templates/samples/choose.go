package samples

import "github.com/sockscope/sockscope/templates"

// Choose is a case that was measured.
func Choose() templates.ChoosePage {
	v := chooseEmpty()
	v.Form.Rate.Value, v.Form.Hidden = "20000", []templates.Hidden{{Name: "comparison", Value: "C-12"}}
	abstract := templates.Series{Name: "unix-abstract", Series: 3}
	source := func(text, url string, code bool) []templates.ChooseSource {
		return []templates.ChooseSource{{Text: text, URL: url, Code: code}}
	}
	v.Answer = &templates.ChooseAnswer{
		Case:   []string{"two containers of a pod", "any user of the machine", "1 KiB messages", "20 000 requests/s", "kept connections"},
		Figure: "0.84", Caption: []string{"cores more over tcp4", "than over unix, ± 0.05 (95 % CI)"},
		Sentence: templates.Rich{{Text: "Take "}, {Text: "unix", Series: 1, Strong: true}, {Text: ": at 20 000 requests/s "}, {Text: "tcp4", Series: 2, Strong: true}, {Text: " costs "}, {Text: "0.84 ± 0.05 cores", Strong: true}, {Text: " more on this host, measured in "}, {Text: "C-12", URL: "/comparisons/C-12"}, {Text: "."}},
		Facts: []templates.Rich{
			{{Text: "Of the 2 CPUs of this host that is 42 %, client and server together."}},
			{{Text: "unix", Series: 1, Strong: true}, {Text: ": the containers have to share a volume (an emptyDir) that its file lies in."}},
		},
		Notices:  []templates.Notice{{Tone: templates.Soft, Text: "epyc-2 has changed since C-12 was measured: kernel. Measure it again to be sure."}},
		Measure:  []templates.ChooseMeasure{{Label: "unix, tcp4, unix-abstract · echo on a kept connection · 1 KiB · 10 rounds · about 2 min", URL: "/comparisons/new?sockets=unix&sockets=tcp4&workload=echo"}},
		CoreHead: "cores at 20 000 requests/s, client and server together",
		Sockets: []templates.ChooseSocket{
			{
				Series: unix, Chosen: true, State: templates.StateView{Tone: templates.Good, Label: "recommended"}, Reasons: []string{"The containers have to share a volume (an emptyDir) that its file lies in."},
				Latency: value("22.1 µs", "±2 %"), CPU: value("29.6 µs", "±2 %"), Cores: value("0.59 ± 0.01", ""), More: templates.Difference{Text: "the base", Tone: templates.Unclear},
			},
			{Series: abstract, State: templates.StateView{Tone: templates.Good, Label: "fits"}, None: "Not measured here in a case like this."},
			{
				Series: tcp, State: templates.StateView{Tone: templates.Good, Label: "fits"}, Reasons: []string{},
				Latency: value("41.3 µs", "±3 %"), CPU: value("71.6 µs", "±3 %"), Cores: value("1.43 ± 0.05", ""), More: templates.Difference{Text: "+0.84 ± 0.05", Tone: templates.Worse, Title: "more CPU than the base"},
			},
		},
		Out: []templates.ChooseOut{
			{Sockets: []string{"unixpacket", "unixgram"}, Reason: "It carries records, not a stream."},
			{Sockets: []string{"socketpair"}, Reason: "It has no name: both ends have to come from one process, and there is none in common."},
		},
		BarsHint: "CPU of client and server at 20 000 requests/s; the line is the 95 % interval of both together",
		Bars: []templates.ChooseBar{
			{Series: unix, Client: templates.ChoosePiece{Width: 0.21, Side: "client", Text: "0.31"}, Server: templates.ChoosePiece{Left: 0.21, Width: 0.19, Side: "server", Text: "0.28"}, Low: 0.39, High: 0.41, Total: "0.59 ± 0.01", Label: "unix: 0.59 ± 0.01 cores, of which client 0.31 and server 0.28"},
			{Series: tcp, Client: templates.ChoosePiece{Width: 0.5, Side: "client", Text: "0.74"}, Server: templates.ChoosePiece{Left: 0.5, Width: 0.46, Side: "server", Text: "0.69"}, Low: 0.93, High: 1, Total: "1.43 ± 0.05", Label: "tcp4: 1.43 ± 0.05 cores, of which client 0.74 and server 0.69"},
		},
		Conditions: []string{"It was measured in a closed loop at full speed.", "A/A noise of that CPU, unix against itself: 0.98 – 1.02."},
		Limits: []templates.ChooseLimit{
			{Topic: "When the backlog is full", Lines: []templates.ChooseLine{
				{Sockets: []templates.Series{unix, abstract}, Sentence: "connect(2) fails at once with EAGAIN.", Sources: source("/proc/sys/net/core/somaxconn = 4096", "/hosts", true)},
				{Sockets: []templates.Series{tcp}, Sentence: "The SYN is dropped and sent again after 1 s and after 3 s.", Sources: source("C-12 counted 0 listen overflows", "/comparisons/C-12", false)},
			}},
			{Topic: "Who may connect", Lines: []templates.ChooseLine{{Sockets: []templates.Series{tcp}, Sentence: "A port asks nobody for a name.", Sources: source("not tried here yet: try it", "/access", false)}}},
			{Topic: "To look inside", Lines: []templates.ChooseLine{{Sockets: []templates.Series{tcp}, Sentence: "tcpdump and Wireshark see every byte.", Sources: source("ss -tinp", "", true)}}},
		},
		Evidence: []templates.ChooseEvidence{{ID: "C-12", URL: "/comparisons/C-12", Title: "the whole comparison", Near: "near: the same size of messages", Facts: []templates.Fact{{Label: "Workload", Value: "echo on a kept connection"}, {Label: "Rounds", Value: "10 rounds, usual care"}}}},
	}
	return v
}

func value(text, err string) templates.Value { return templates.Value{Text: text, Error: err} }

// chooseEmpty is the form without an answer.
func chooseEmpty() templates.ChoosePage {
	return templates.ChoosePage{
		Chrome:  chrome("Which to choose", templates.SectionChoose),
		Presets: []templates.Preset{{Label: "Sidecar proxy", Note: "the same pod at 20 000 requests/s", URL: "/choose?who=pod&rate=20000", Current: true}, {Label: "Database on another host", Note: "TLS, 2 000 queries/s", URL: "/choose?who=hosts"}},
		Form: templates.ChooseForm{
			Action: "/choose", Hidden: []templates.Hidden{},
			Who:     field("who", "Who talks to whom", "", "", choice("pod", "two containers of a pod", true), choice("hosts", "two hosts", false)),
			Access:  field("access", "Who may connect", "", "", choice("local", "any user of the machine", true)),
			Carries: field("carries", "What it carries", "", "", choice("stream", "a stream of bytes, as for HTTP", true)),
			TLS:     field("tls", "TLS", "", "", choice("no", "not needed", true)),
			Size:    field("size", "Message size", "1 KiB", "the usual one: 512, 4 KiB"),
			Rate:    field("rate", "Requests per second", "1000", "of all connections together"),
			Dials:   field("dials", "Connections per second", "0", "0 where they are kept"),
			Host:    field("host", "Host", "", "the figures are those of this one", choice("epyc-2", "epyc-2", true), choice("arm-box", "arm-box", false)),
		},
	}
}

// ChooseWrong is a case that cannot be read.
func ChooseWrong() templates.ChoosePage {
	v := chooseEmpty()
	v.Form.Dials.Value, v.Form.Dials.Error = "2000", "There are more connections than requests; give at most 1 000, which is a connection for each request."
	v.Form.Error = "There is no host \"elsewhere\"; use epyc-2."
	return v
}

// ChooseUnmeasured is a case that nothing answers yet.
func ChooseUnmeasured() templates.ChoosePage {
	v := Choose()
	a := v.Answer
	a.Figure, a.Caption = "?", []string{"not measured here yet"}
	a.Sentence = templates.Rich{{Text: "unix", Series: 1, Strong: true}, {Text: " and "}, {Text: "tcp4", Series: 2, Strong: true}, {Text: " both do all of this. This host has not measured them in a case like this one, so nothing is said about what they cost."}}
	a.Measure[0].Primary = true
	a.Facts, a.Notices, a.Bars, a.Conditions, a.Evidence, a.CoreHead = []templates.Rich{}, nil, nil, nil, nil, ""
	for i := range a.Sockets {
		a.Sockets[i] = templates.ChooseSocket{Series: a.Sockets[i].Series, State: templates.StateView{Tone: templates.Good, Label: "fits"}, None: "Not measured here in a case like this."}
	}
	return v
}
