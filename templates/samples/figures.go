package samples

import (
	"strconv"

	"github.com/sockscope/sockscope/templates"
)

func figure(n int) string { return strconv.Itoa(n) }

func metric(label, base, baseError, other, otherError, diff string, tone templates.Tone) templates.MeasuredRow {
	return templates.MeasuredRow{
		Label: label,
		Values: []templates.Value{
			{Text: base, Error: baseError, Title: base + ", 10 rounds"}, {Text: other, Error: otherError, Title: other + ", 10 rounds"},
		},
		Diffs: []templates.Difference{{Text: diff, Tone: tone, Title: "95 % CI, Wilcoxon p < 0.002"}},
	}
}

// Measured is the table of metrics of the answer.
func Measured() templates.Measured {
	return templates.Measured{
		Title: "Measured", Hint: "median of 10 rounds ± 95 % CI", Columns: []templates.Series{unix, tcp}, Against: []string{"tcp4 against unix"},
		Rows: []templates.MeasuredRow{
			metric("Requests per second", "11 857", "±1 %", "5 650", "±2 %", "−52.3 %", templates.Worse),
			metric("Latency p50", "81.2 µs", "±1 %", "171.0 µs", "±1 %", "+110.6 %", templates.Worse),
			metric("Latency p99", "142 µs", "±6 %", "288 µs", "±4 %", "+102.8 %", templates.Worse),
			metric("Client CPU per request", "33.5 µs", "±2 %", "81.8 µs", "±2 %", "+144.2 %", templates.Worse),
			metric("Server CPU per request", "38.1 µs", "±3 %", "59.4 µs", "±2 %", "+55.9 %", templates.Worse),
			metric("Client allocations per request", "14", "", "28", "", "+14", templates.Worse),
			metric("Client context switches per request", "2.1", "±5 %", "2.2", "±6 %", "no difference shown", templates.Unclear),
		},
		More: []templates.MeasuredRow{
			metric("Latency p90", "96.4 µs", "±2 %", "201 µs", "±2 %", "+108.5 %", templates.Worse),
			metric("Latency p99.9", "412 µs", "±14 %", "655 µs", "±11 %", "+59.0 %", templates.Worse),
			metric("Client system CPU per request", "24.1 µs", "±2 %", "66.0 µs", "±2 %", "+173.9 %", templates.Worse),
		},
		Noise: "A/A noise of p50, unix against unix: 0.98 – 1.03",
	}
}

// Breakdowns are the client's and the server's bars.
func Breakdowns() []templates.Breakdown {
	part := func(label, value string, width float64) templates.BreakdownPart {
		return templates.BreakdownPart{Label: label, Value: value + " µs", Width: width / 81.8, URL: "/comparisons/C-42/lines?side=client&function=dialEcho"}
	}
	rest := func(value string, width float64) templates.BreakdownPart {
		return templates.BreakdownPart{Label: "runtime", Value: value + " µs", Width: width / 81.8, Rest: true, Title: "what no line of the workload accounts for: " + value + " µs"}
	}
	return []templates.Breakdown{
		{Title: "Where a request’s client CPU goes", Hint: "by line of the workload, same scale", Bars: []templates.BreakdownBar{
			{Series: unix, Total: "33.5 µs", Parts: []templates.BreakdownPart{part("net.Dial", "11.8", 11.8), part("Write", "2.0", 2), part("ReadFull", "7.3", 7.3), part("Close", "6.8", 6.8), rest("5.6", 5.6)}},
			{Series: tcp, Total: "81.8 µs", Parts: []templates.BreakdownPart{part("net.Dial", "44.7", 44.7), part("Write", "10.7", 10.7), part("ReadFull", "5.7", 5.7), part("Close", "14.7", 14.7), rest("6.0", 6)}},
		}},
		{Title: "Where a request’s server CPU goes", Hint: "same scale", Bars: []templates.BreakdownBar{
			{Series: unix, Total: "38.1 µs", Parts: []templates.BreakdownPart{part("Accept", "14.2", 14.2), part("ReadFull", "6.1", 6.1), part("Write", "3.3", 3.3), part("Close", "8.0", 8), rest("6.5", 6.5)}},
			{Series: tcp, Total: "59.4 µs", Parts: []templates.BreakdownPart{part("Accept", "19.8", 19.8), part("ReadFull", "8.4", 8.4), part("Write", "12.9", 12.9), part("Close", "11.1", 11.1), rest("7.2", 7.2)}},
		}},
	}
}

// Many compares three sockets at two sizes.
func Many() templates.ComparisonPage {
	v := Done()
	abstract := templates.Series{Name: "unix-abstract", Series: 3}
	v.ID, v.Heading = "C-45", templates.Rich{{Text: "unix", Series: 1}, {Text: " vs "}, {Text: "tcp4", Series: 2}, {Text: " vs "}, {Text: "unix-abstract", Series: 3}, {Text: " — echo on a kept connection"}}
	v.Answer.Verdict.Headlines = append(v.Answer.Verdict.Headlines, templates.Headline{Figure: "≈", Caption: "95 % CI 0.97 – 1.04", Series: abstract})
	v.Answer.Measured, v.Answer.Buckets = []templates.Measured{}, ManyBuckets()
	for _, size := range []string{"5 B", "64 KiB"} {
		m := Measured()
		m.Title, m.Columns, m.Against = size+" messages", append(m.Columns, abstract), append(m.Against, "unix-abstract against unix")
		m.Rows = m.Rows[:4]
		for i := range m.Rows {
			m.Rows[i].Values = append(m.Rows[i].Values, m.Rows[i].Values[0])
			m.Rows[i].Diffs = append(m.Rows[i].Diffs, templates.Difference{Text: "no difference shown", Tone: templates.Unclear})
		}
		m.More, m.Noise = []templates.MeasuredRow{}, ""
		v.Answer.Measured = append(v.Answer.Measured, m)
	}
	return v
}

// Rounds is every run of three rounds.
func Rounds() templates.RoundsPage {
	chart := roundsChart(10)
	v := templates.RoundsPage{
		Chrome: chrome("Rounds of C-42", templates.SectionComparisons), ID: "C-42", URL: "/comparisons/C-42", Heading: heading("every round"),
		Hint: "30 runs in 10 rounds; each round in a fresh random order", Metrics: []string{"requests/s", "p50", "p99", "client CPU", "server CPU"}, Chart: &chart,
	}
	for r := 1; r <= 3; r++ {
		round := templates.RoundRuns{Number: r}
		for i, s := range []templates.Series{tcp, unix, aa} {
			run := templates.RunRow{
				Order: i + 1, Cell: s, Values: []string{"11 857", "81.2 µs", "142 µs", "33.5 µs", "38.1 µs"}, Started: "07:31:1" + figure(i), Elapsed: "2.6 s", Effect: "1.03×",
				Counters: []templates.Fact{}, Warnings: []string{},
				Profiles: []templates.Link{{Label: "client", URL: "/profiles/P-" + figure(20+i), Title: "121 samples"}, {Label: "server", URL: "/profiles/P-" + figure(30+i), Title: "133 samples"}},
			}
			if s.Hollow && r == 2 {
				run.Counters = []templates.Fact{{Label: "dial retries", Value: "12", Title: "connect gave EAGAIN: the backlog was full"}}
				run.Warnings = []string{"Other processes used 14 % of these CPUs meanwhile."}
			}
			round.Runs = append(round.Runs, run)
		}
		v.Rounds = append(v.Rounds, round)
	}
	return v
}
