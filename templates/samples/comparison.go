package samples

import "github.com/sockscope/sockscope/templates"

var meta = []string{
	"5 B messages", "1 connection", "10 interleaved rounds of 10 000 requests", "AMD EPYC, 2 CPUs", "Linux 6.18", "go1.26.0", "22 Nov 2026 07:31",
}

func comparison(id, state string, tone templates.Tone) templates.ComparisonPage {
	return templates.ComparisonPage{
		Chrome:  busy(chrome("unix vs tcp4", templates.SectionComparisons)),
		ID:      id,
		Heading: heading("dial, write, read, close"),
		Meta:    meta,
		State:   templates.StateView{Tone: tone, Label: state},
		Notices: []templates.Notice{},
	}
}

// Queued waits for another comparison.
func Queued() templates.ComparisonPage {
	v := comparison("C-44", "queued", templates.Busy)
	v.Chrome.Refresh, v.EventsURL = 3, "/api/v1/comparisons/C-44/events"
	v.Actions = templates.Actions{CancelURL: "/comparisons/C-44/cancel"}
	v.Live = &templates.Live{Now: "Queued: 1 comparison is before it", Left: "30 runs · starts in about 46 s", Total: 30, Rounds: cells(0, 10)}
	return v
}

// cells are the rounds, so many of them done and the next one going on.
func cells(done, rounds int) []templates.RoundCell {
	out := []templates.RoundCell{}
	for i := 1; i <= rounds; i++ {
		c := templates.RoundCell{Number: i, State: "todo", Title: "round " + figure(i) + ": not yet"}
		switch {
		case i <= done:
			c.State, c.Title = "done", "round "+figure(i)+": 3 of 3 runs"
		case i == done+1 && done > 0:
			c.State, c.Title = "now", "round "+figure(i)+": 1 of 3 runs"
		}
		out = append(out, c)
	}
	return out
}

// Running is in its fifth round.
func Running() templates.ComparisonPage {
	v := comparison("C-43", "running 43 %", templates.Busy)
	v.Chrome.Title, v.Chrome.Refresh, v.EventsURL = "43 % · unix vs tcp4", 3, "/api/v1/comparisons/C-43/events"
	v.Meta = []string{"started 34 s ago", "this host"}
	v.Actions = templates.Actions{CancelURL: "/comparisons/C-43/cancel"}
	chart := roundsChart(4)
	v.Live = &templates.Live{
		Now: "Round 5 of 10 · tcp4 · profiled pass", Left: "13 of 30 runs · about 46 s left", Done: 13, Total: 30, Rounds: cells(4, 10), Chart: &chart,
		SoFar: &templates.Measured{
			Title: "So far", Hint: "indicative: 4 rounds", Columns: []templates.Series{unix, tcp}, Against: []string{"tcp4 against unix"},
			Rows: []templates.MeasuredRow{
				metric("Latency p50", "83.1 µs", "", "174 µs", "", "+109 %", templates.Worse),
				metric("Client CPU per request", "33.9 µs", "", "81.1 µs", "", "+139 %", templates.Worse),
			},
			More: []templates.MeasuredRow{}, Noise: "A/A noise of p50, unix against unix: 0.94 – 1.08",
		},
	}
	return v
}

// Interrupted waits for its worker after the server was killed.
func Interrupted() templates.ComparisonPage {
	v := Running()
	v.State = templates.StateView{Tone: templates.Bad, Label: "interrupted"}
	v.Notices = []templates.Notice{{Tone: templates.Busy, Text: "The server was stopped at 07:33:20 during round 5. The 12 runs before it are kept; the missing ones are run now."}}
	return v
}

// Failed could not open a socket.
func Failed() templates.ComparisonPage {
	v := comparison("C-39", "failed", templates.Bad)
	v.Actions = templates.Actions{AgainURL: "/comparisons/new?again=C-39", DeleteURL: "/comparisons/C-39/delete"}
	v.Failure = &templates.Failure{
		Sentence: "The server of the run “unix, round 1” could not listen: the path has 131 bytes and a unix socket takes 107.",
		Mend:     "Start sockscope with a shorter TMPDIR, for example TMPDIR=/tmp.",
		Detail:   "listen unix /tmp/…/sock: bind: invalid argument\nexit status 3\n",
	}
	return v
}

// Canceled was stopped after four rounds.
func Canceled() templates.ComparisonPage {
	v := Done()
	v.ID, v.State = "C-38", templates.StateView{Tone: templates.Soft, Label: "canceled"}
	v.Answer.Buckets, v.Answer.Counted = nil, Counted()
	v.Notices = []templates.Notice{{Tone: templates.Soft, Text: "Canceled after 4 of 10 rounds; what follows is indicative."}}
	v.Answer.Lines, v.Answer.Flame = nil, nil
	v.Answer.Warnings = []string{"4 rounds give no interval: 6 are needed."}
	return v
}

// Done is the answer.
func Done() templates.ComparisonPage {
	v := comparison("C-42", "", "")
	v.Chrome = chrome("2.1× unix vs tcp4", templates.SectionComparisons)
	v.Actions = actions("/comparisons/C-42")
	l, f := Lines(), Difference()
	l.FullURL, f.FullURL = "/comparisons/C-42/lines?side=client", "/comparisons/C-42/flame?side=client"
	v.Answer = &templates.Answer{
		Verdict: templates.Verdict{
			Headlines: []templates.Headline{{Figure: "2.1×", Caption: "95 % CI 2.05 – 2.14 · p < 0.001", Series: tcp}},
			Sentence:  templates.Rich{{Text: "A request over "}, {Text: "unix", Series: 1, Strong: true}, {Text: " takes "}, {Text: "84 µs", Strong: true}, {Text: "; over "}, {Text: "tcp4", Series: 2, Strong: true}, {Text: " it takes "}, {Text: "177 µs", Strong: true}, {Text: "."}},
			Facts: []templates.Rich{
				{{Text: "net.Dial", Strong: true}, {Text: " (line 32) is 70 % of the difference in CPU: 44.7 against 11.8 µs of client CPU."}},
				{{Text: "conn.Write", Strong: true}, {Text: " (line 36) costs 5.3× as much over tcp4: the receive path runs inside the sender’s call."}},
				{{Text: "io.ReadFull", Strong: true}, {Text: " (line 39) is "}, {Text: "not", Strong: true}, {Text: " cheaper over unix here: 7.3 against 5.7 µs."}},
			},
		},
		Measured:   []templates.Measured{Measured()},
		Charts:     []templates.Chart{latencyChart(), roundsChart(10)},
		Breakdowns: Breakdowns(), Buckets: Buckets(), Waterfall: Waterfall(),
		Lines: &l,
		Flame: &f,
		Commands: []templates.Command{
			{Label: "The same comparison without the dashboard", Text: "sockscope compare --sockets unix,tcp4 --workload dial-echo --rounds 10 --requests 10000 --sizes 5 --placement split"},
			{Label: "The client’s profile over tcp4 in pprof", Text: "go tool pprof http://127.0.0.1:7070/profiles/P-12.pprof"},
		},
		Warnings: []string{},
	}
	return v
}

func actions(path string) templates.Actions {
	return templates.Actions{
		AgainURL: "/comparisons/new?again=C-42", ShareURL: "/shares?path=" + path, SharePath: path, SharesAPI: "/api/v1/shares",
		RoundsURL: path + "/rounds", BesideURL: path + "/beside", DeleteURL: path + "/delete",
		Downloads: []templates.DownloadGroup{
			{Label: "Profiles, all rounds merged", Links: []templates.Link{
				{Label: "unix · client", Title: "1 204 samples", URL: "/profiles/P-9.pprof"},
				{Label: "unix · server", Title: "1 377 samples", URL: "/profiles/P-10.pprof"},
				{Label: "tcp4 · client", Title: "2 871 samples", URL: "/profiles/P-12.pprof"},
				{Label: "tcp4 · server", Title: "2 093 samples", URL: "/profiles/P-13.pprof"},
				{Label: "all of them, one archive", Title: "60 files", URL: path + "/profiles.zip"},
			}},
			{Label: "Results", Links: []templates.Link{
				{Label: "JSON", URL: path + ".json"}, {Label: "CSV", URL: path + ".csv"}, {Label: "Go benchmark", Title: "for benchstat", URL: path + ".bench"},
			}},
		},
	}
}

// NoDifference shows none.
func NoDifference() templates.ComparisonPage {
	v := Done()
	v.Answer.Verdict = templates.Verdict{
		Headlines: []templates.Headline{{Figure: "≈", Caption: "95 % CI 0.95 – 1.11 · p = 0.62"}},
		Sentence:  templates.Rich{{Text: "No difference shown", Strong: true}, {Text: ": a request takes 84 µs over "}, {Text: "unix", Series: 1, Strong: true}, {Text: " and 86 µs over "}, {Text: "tcp4", Series: 2, Strong: true}, {Text: ", which is within the noise of unix against itself."}},
		Facts:     []templates.Rich{},
	}
	v.Answer.Measured[0].Rows = []templates.MeasuredRow{metric("Latency p50", "84.0 µs", "±5 %", "86.4 µs", "±6 %", "no difference shown", templates.Unclear)}
	v.Answer.Lines, v.Answer.Flame, v.Answer.Breakdowns, v.Answer.Buckets, v.Answer.Waterfall = nil, nil, nil, nil, nil
	v.Answer.Warnings = []string{"The A/A cell differs by 0.88 – 1.17: other work ran on these CPUs. Close it, or use placement split."}
	return v
}

// Shared is the answer seen through a share link.
func Shared() templates.ComparisonPage {
	v := Done()
	v.Chrome.MayStart, v.Chrome.Status, v.Chrome.Section = false, templates.Status{}, ""
	v.Chrome.Shared = &templates.SharedBanner{Expires: "until 29 Nov 2026 07:31 UTC", HomeURL: "/s/4Q7fZ"}
	a := actions("/s/4Q7fZ")
	v.Actions = templates.Actions{Downloads: a.Downloads, RoundsURL: a.RoundsURL}
	return v
}
