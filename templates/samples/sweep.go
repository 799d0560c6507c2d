package samples

import (
	"math"
	"strconv"

	"github.com/sockscope/sockscope/templates"
)

var (
	sweepSizes  = []string{"64 B", "1 KiB", "16 KiB", "64 KiB", "1 MiB"}
	seqpacket   = templates.Series{Name: "unixpacket", Series: 3}
	nagle       = templates.Series{Name: "tcp4 nagle", Series: 4, Title: "Nagle on (TCP_NODELAY off)"}
	sweepSeries = []templates.Series{unix, tcp, seqpacket, nagle}
	// sweepRatios are those of tcp4, unixpacket and tcp4 with Nagle, by size.
	sweepRatios = [][]float64{{1.72, .98, 1.81}, {1.64, .97, 1.77}, {1.31, .93, 1.38}, {1.02, .81, 1.09}, {.88, 0, .91}}
)

// Sweep is four sockets over five sizes.
func Sweep() templates.ComparisonPage {
	v := Done()
	v.ID, v.Heading = "C-51", templates.Rich{{Text: "unix", Series: 1}, {Text: " vs "}, {Text: "tcp4", Series: 2}, {Text: " vs "}, {Text: "unixpacket", Series: 3}, {Text: " — echo on a kept connection"}}
	v.Answer.Verdict.Grade, v.Answer.Verdict.GradeTitle = "usual care: 10 rounds", "20 are worth publishing"
	v.Answer.Verdict.Facts = append(v.Answer.Verdict.Facts, templates.Rich{{Text: "From 64 KiB on "}, {Text: "tcp4", Series: 2}, {Text: " and "}, {Text: "unix", Series: 1}, {Text: " are alike."}})
	m := sweepMatrix()
	v.Answer.Matrix = &m
	v.Answer.Curves = []templates.Chart{sweepCurve(false), sweepCurve(true)}
	v.Answer.Configuration = &templates.Configuration{Title: "64 KiB", AgainURL: "/comparisons/new?sizes=65536", Switches: []templates.Switch{{Label: "Message size", Links: []templates.Link{
		link("64 B", "/comparisons/C-51#configuration"), link("1 KiB", "/comparisons/C-51?group=1#configuration"), link("16 KiB", "/comparisons/C-51?group=2#configuration"), current("64 KiB", "/comparisons/C-51?group=3#configuration"), link("1 MiB", "/comparisons/C-51?group=4#configuration"),
	}}}}
	v.Answer.Beside = &templates.Measured{Title: "Beside the requests", Hint: "summed over 10 rounds", Columns: []templates.Series{unix, tcp}, Rows: []templates.MeasuredRow{
		{Label: "Noisy runs", Values: []templates.Value{{Text: "0 of 10"}, {Text: "1 of 10"}}},
	}}
	v.Answer.Absent = []templates.NotMeasured{{Cells: []templates.Series{seqpacket}, Reason: "A message of 1048576 B does not fit: one record of unixpacket holds at most 212960 B."}}
	chooser := sweepChooser()
	v.Answer.Lines.Chooser = &chooser
	return v
}

func sweepMatrix() templates.Matrix {
	v := templates.Matrix{
		Title: "Latency p50, against unix", Hint: "ratio to unix with its 95 % interval; unix itself in the first column", Head: "message size", Columns: sweepSeries,
		Metrics: []templates.Link{
			link("Requests per second", "/comparisons/C-51?metric=requests_per_second#matrix"), current("Latency p50", "/comparisons/C-51#matrix"),
			link("Latency p99", "/comparisons/C-51?metric=latency_p99_ns#matrix"), link("Client CPU per request", "/comparisons/C-51?metric=client_cpu_ns_per_op#matrix"),
			link("Server CPU per request", "/comparisons/C-51?metric=server_cpu_ns_per_op#matrix"), link("Client allocations per request", "/comparisons/C-51?metric=client_allocs_per_op#matrix"),
		},
		Note: "blue: less than unix · orange: more than unix · grey: no difference shown", Family: "p-values are adjusted for 14 ratios (Holm)",
	}
	figures := []string{"18.2 µs", "18.9 µs", "25.1 µs", "48.0 µs", "412 µs"}
	for i, size := range sweepSizes {
		row := templates.MatrixRow{Label: size, URL: "/comparisons/C-51?group=" + figure(i) + "#configuration", Current: i == 3, Cells: []templates.MatrixCell{{Text: figures[i], Plain: true, Title: "unix, " + size + ": " + figures[i]}}}
		for _, r := range sweepRatios[i] {
			c := templates.MatrixCell{Text: strconv.FormatFloat(r, 'f', 2, 64) + "×", Interval: strconv.FormatFloat(r*.96, 'f', 2, 64) + " – " + strconv.FormatFloat(r*1.04, 'f', 2, 64), Compared: true, Clear: math.Abs(r-1) > .06, Strength: math.Log(r) / math.Log(4)}
			if r == 0 {
				c = templates.MatrixCell{NA: "A message of 1048576 B does not fit: one record of unixpacket holds at most 212960 B."}
			}
			row.Cells = append(row.Cells, c)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// sweepCurve is a curve for each socket, of ratios or of latencies.
func sweepCurve(ratio bool) templates.Chart {
	c := templates.Chart{Title: "Latency p50 by message size", Hint: "median over the rounds, 95 % interval", Label: "Latency p50 by message size, a curve for each socket", XTitle: "message size", Keys: sweepSeries}
	c.YTicks = []templates.Tick{{At: 0, Label: "10 µs"}, {At: .33, Label: "50 µs"}, {At: .66, Label: "200 µs"}, {At: 1, Label: "1 ms"}}
	t := &templates.ChartTable{Head: "message size"}
	base := []float64{.13, .14, .2, .34, .81}
	from := 0
	if ratio {
		c.Title, c.Hint, c.Label, c.Keys, from = "Ratio to unix by message size", "with its 95 % interval", "Ratio to unix by message size", sweepSeries[1:], 1
		c.YTicks = []templates.Tick{{At: 0, Label: "0.50×"}, {At: .5, Label: "1.00×"}, {At: 1, Label: "2.00×"}}
		c.Levels = []templates.ChartLevel{{Y: .5, Label: "unix"}}
		c.Rules = []templates.ChartRule{{X: .75, Label: "tcp4 is alike from 64 KiB on", Series: tcp}}
		c.Note = templates.Rich{{Text: "tcp4 is alike from 64 KiB on"}}
	}
	t.Columns = c.Keys
	for i, size := range sweepSizes {
		c.XTicks = append(c.XTicks, templates.Tick{At: float64(i) / 4, Label: size})
		t.Rows = append(t.Rows, templates.ChartRow{Label: size})
		for n, s := range sweepSeries[from:] {
			k := 1.0
			if n+from > 0 {
				k = sweepRatios[i][n+from-1]
			}
			if k == 0 {
				t.Rows[i].Figures = append(t.Rows[i].Figures, "n/a")
				continue
			}
			y := base[i] + math.Log10(k)/2
			if ratio {
				y = .5 + math.Log2(k)/2
			}
			t.Rows[i].Figures = append(t.Rows[i].Figures, strconv.FormatFloat(k, 'f', 2, 64)+"×")
			if i == 0 {
				c.Lines = append(c.Lines, templates.ChartLine{Series: s})
			}
			c.Lines[n].Places = append(c.Lines[n].Places, templates.Place{X: float64(i) / 4, Y: y})
			c.Points = append(c.Points, templates.ChartPoint{X: float64(i) / 4, Y: y, Series: s, Title: s.Name + ", " + size})
			c.Bars = append(c.Bars, templates.ChartBar{X: float64(i) / 4, Low: y - .03, High: y + .03, Series: s})
		}
	}
	c.Table = t
	return c
}

func sweepChooser() templates.Chooser {
	v := templates.Chooser{Action: "/comparisons/C-51", Anchor: "lines", Name: "lines", Base: templates.Choice{Name: "base", Label: "Base"}, Other: templates.Choice{Name: "other", Label: "Other"}}
	for i, size := range sweepSizes {
		g := templates.ChoiceGroup{Label: size}
		for _, s := range sweepSeries {
			g.Options = append(g.Options, templates.ChoiceOption{Value: s.Name + "@" + figure(i), Label: s.Name, Detail: size})
		}
		v.Base.Groups, v.Other.Groups = append(v.Base.Groups, g), append(v.Other.Groups, g)
	}
	return v
}

// TwoHosts runs on two hosts, of which one is offline.
func TwoHosts() templates.ComparisonPage {
	v := Running()
	v.ID = "C-52"
	v.Hosts = []templates.HostPart{
		{Host: "epyc-1", URL: "/hosts", State: templates.StateView{Tone: templates.Busy, Label: "running 43 %"}, Done: 13, Total: 30, Left: "13 of 30 runs", Fingerprint: []string{"AMD EPYC 9R14, 4 CPUs", "Linux 6.18", "go1.26.0"}},
		{
			Host: "graviton-2", URL: "/hosts", State: templates.StateView{Tone: templates.Busy, Label: "queued"}, Total: 30, Left: "0 of 30 runs", Now: "Waiting for host graviton-2, which is offline (last seen 3 min ago).", Fingerprint: []string{"Neoverse-V1, 8 CPUs", "Linux 6.12", "go1.26.0"},
			Differences: []templates.HostDifference{{Name: "CPU", First: "AMD EPYC 9R14", This: "Neoverse-V1", Matters: "Other processors take other times."}},
		},
		{Host: "old-box", URL: "/hosts", State: templates.StateView{Tone: templates.Bad, Label: "failed"}, Done: 2, Total: 30, Left: "2 of 30 runs", Failure: "The server of the run “unix, round 1” could not listen: permission denied.", Fingerprint: []string{}},
	}
	return v
}
