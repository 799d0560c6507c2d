package samples

import "github.com/sockscope/sockscope/templates"

// Buckets is an echo over both sockets, down to the kernel.
func Buckets() *templates.Buckets {
	const longest = 15.4
	v := &templates.Buckets{
		Title: "Where the request really goes", Hint: "CPU of the client per request, sampled down into the kernel in the profiled pass",
		Switches: []templates.Switch{{Label: "Side", Links: []templates.Link{current("client", "/comparisons/C-42#buckets"), link("server", "/comparisons/C-42?side=server#buckets")}}},
		Bars:     []templates.BreakdownBar{{Series: unix, Total: "12.50 µs"}, {Series: tcp, Total: "15.40 µs"}},
		Columns:  []templates.Series{unix, tcp}, Against: []string{"tcp4 against unix"},
		Notes: []templates.Rich{{
			{Text: "System CPU per request, sampled in the profiled pass and counted by getrusage in the timing pass: "},
			{Text: "unix", Series: 1},
			{Text: " 9.60 ±0.45 of 10.42 µs; "},
			{Text: "tcp4", Series: 2},
			{Text: " 12.71 ±0.52 of 15.83 µs, 20 % missing. Read the rows as shares of what was sampled."},
		}},
		Note: "±: sampling error at 95 %. Grey, ≈: no difference beyond sampling noise. The last digits are rounded so that they add up.",
	}
	for _, r := range []struct {
		label, explain string
		widths         [2]float64
		texts          [5]string // value and error of each, and the difference
		tone           templates.Tone
		shade          int
		of             bool
	}{
		{"Go code", "User mode of the goroutines.", [2]float64{1.6, 1.6}, [5]string{"1.60 µs", "±10 %", "1.60 µs", "±9 %", "≈"}, templates.Unclear, 4, false},
		{"socket send and receive", "System calls that write and read, but for what the other rows hold.", [2]float64{2.3, 3.9}, [5]string{"2.30 µs", "±8 %", "3.90 µs", "±6 %", "+1.6 µs"}, templates.Worse, 3, false},
		{"wake-up", "The kernel makes whoever waits for the socket ready to run.", [2]float64{2.3, 0}, [5]string{"2.30 µs", "±8 %", "·", "", "−2.3 µs"}, templates.Better, 1, false},
		{"softirq", "Work that the kernel puts off: over loopback the receiving half of TCP.", [2]float64{0, 4.4}, [5]string{"·", "", "4.40 µs", "±5 %", "+4.4 µs"}, templates.Worse, 2, false},
		{"of it wake-ups", "", [2]float64{}, [5]string{"·", "", "2.31 µs", "±8 %", "+2.31 µs"}, templates.Worse, 0, true},
		{"context switch", "The CPU leaves this thread for another.", [2]float64{1.2, .5}, [5]string{"1.20 µs", "±11 %", "0.50 µs", "±18 %", "−0.7 µs"}, templates.Better, 3, false},
		{"scheduler and netpoller", "Go looks for work and asks the kernel which sockets are ready.", [2]float64{3.9, 3.7}, [5]string{"3.90 µs", "±6 %", "3.70 µs", "±6 %", "≈"}, templates.Unclear, 0, false},
		{"sysmon", "Go’s watchdog thread, which no Go profile shows.", [2]float64{1.2, 1.3}, [5]string{"1.20 µs", "±11 %", "1.30 µs", "±11 %", "≈"}, templates.Unclear, 0, false},
	} {
		v.Rows = append(v.Rows, bucketRow(r.label, r.explain, r.texts, r.tone, r.of))
		for i, w := range r.widths {
			if w > 0 {
				v.Bars[i].Parts = append(v.Bars[i].Parts, templates.BreakdownPart{Label: r.label, Value: r.texts[2*i], Width: w / longest, Rest: r.shade == 0, Shade: r.shade})
			}
		}
	}
	v.Total = bucketRow("sum", "", [5]string{"12.50 µs", "±3.5 %", "15.40 µs", "±3.2 %", "+2.9 µs"}, templates.Worse, false)
	return v
}

func bucketRow(label, explain string, texts [5]string, tone templates.Tone, of bool) templates.BucketRow {
	return templates.BucketRow{
		Label: label, Explain: explain, Of: of,
		Values: []templates.Value{{Text: texts[0], Error: texts[1], Title: texts[0] + " per request"}, {Text: texts[2], Error: texts[3], Title: texts[2] + " per request"}},
		Diffs:  []templates.Difference{{Text: texts[4], Tone: tone}},
	}
}

// ManyBuckets has more columns than there is room for differences beside them.
func ManyBuckets() *templates.Buckets {
	v := Buckets()
	v.Within = true
	for n, name := range []string{"unix-abstract", "tcp6"} {
		v.Columns = append(v.Columns, templates.Series{Name: name, Series: n + 3})
		v.Against = append(v.Against, name+" against unix")
		bar := v.Bars[n]
		bar.Series = v.Columns[n+2]
		v.Bars = append(v.Bars, bar)
	}
	for i := range v.Rows {
		v.Rows[i].Values, v.Rows[i].Diffs = append(v.Rows[i].Values, v.Rows[i].Values...), append(v.Rows[i].Diffs, v.Rows[i].Diffs[0], v.Rows[i].Diffs[0])
	}
	v.Total.Values, v.Total.Diffs = append(v.Total.Values, v.Total.Values...), append(v.Total.Diffs, v.Total.Diffs[0], v.Total.Diffs[0])
	return v
}

// Counted stands in for the buckets where the kernel is not sampled.
func Counted() *templates.Counted {
	v := &templates.Counted{
		Measured: Measured(), Switches: Buckets().Switches,
		Missing: []string{"What the kernel does in a system call is not seen here. No kernel-deep profiles: perf_event_paranoid=2 hides the kernel from this user. What helps: “sudo setcap cap_perfmon,cap_syslog=ep $(command -v sockscope)”."},
	}
	v.Title, v.Hint, v.More, v.Noise = "Where the request goes, as the system counts it", "of the client, median of 10 rounds ± 95 % CI", nil, ""
	v.Rows = []templates.MeasuredRow{
		metric("Client user CPU per request", "9.3 µs", "±6 %", "13.1 µs", "±5 %", "+40.9 %", templates.Worse),
		metric("Client system CPU per request", "24.1 µs", "±2 %", "66.0 µs", "±2 %", "+173.9 %", templates.Worse),
		metric("Client context switches per request", "2.1", "±5 %", "2.2", "±6 %", "no difference shown", templates.Unclear),
		metric("Client read calls per request", "2.00", "±0.1 %", "1.94", "±2 %", "−0.0523", templates.Better),
		metric("Client write calls per request", "1", "", "1", "", "no difference shown", templates.Unclear),
	}
	return v
}
