package listing_test

import (
	"fmt"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/source"
)

// client is a profile of two samples: main.ask, line 4, calls net.Dial, and
// line 5 calls conn.Write, which took so many milliseconds.
func client(dial, write int64) *profile.Profile {
	ask := &profile.Function{ID: 1, Name: "main.ask", SystemName: "main.ask", Filename: "ask.go", StartLine: 3}
	dialing := &profile.Function{ID: 2, Name: "net.Dial", SystemName: "net.Dial", Filename: "net/dial.go", StartLine: 420}
	writing := &profile.Function{ID: 3, Name: "net.(*conn).Write", SystemName: "net.(*conn).Write", Filename: "net/net.go", StartLine: 190}
	locations := []*profile.Location{
		{ID: 1, Line: []profile.Line{{Function: ask, Line: 4}}},
		{ID: 2, Line: []profile.Line{{Function: ask, Line: 5}}},
		{ID: 3, Line: []profile.Line{{Function: dialing, Line: 425}}},
		{ID: 4, Line: []profile.Line{{Function: writing, Line: 195}}},
	}
	const ms = 1_000_000
	return &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     10 * ms,
		Function:   []*profile.Function{ask, dialing, writing},
		Location:   locations,
		Sample: []*profile.Sample{ // stacks are innermost first
			{Location: []*profile.Location{locations[2], locations[0]}, Value: []int64{dial * ms}},
			{Location: []*profile.Location{locations[3], locations[1]}, Value: []int64{write * ms}},
		},
	}
}

func askGo() source.Bundle {
	return source.Of(map[string]string{"ask.go": strings.Join([]string{
		"package main", "", "func ask() {", "\tconn, _ := net.Dial(network, address)", "\tconn.Write(message)", "}",
	}, "\n")})
}

func ExampleBuild() {
	for _, r := range listing.Build(client(120, 30), 0, nil, askGo()) {
		fmt.Println(r.Function, r.File, r.Flat, r.Cum)
		if r.Function != "main.ask" {
			continue
		}
		for _, l := range r.Lines {
			fmt.Printf("%10d %10d %3d: %s\n", l.Flat, l.Cum, l.Line, strings.TrimSpace(l.Text))
		}
	}
	// Output:
	// main.ask ask.go 0 150000000
	//          0          0   3: func ask() {
	//          0  120000000   4: conn, _ := net.Dial(network, address)
	//          0   30000000   5: conn.Write(message)
	//          0          0   6: }
	// net.(*conn).Write net/net.go 30000000 30000000
	// net.Dial net/dial.go 120000000 120000000
}

func ExampleBreakdown() {
	for _, p := range listing.Breakdown(client(120, 30), 0, "main.ask", askGo()) {
		fmt.Println(p.Line, p.Label, p.Value, p.Count)
	}
	// Output:
	// 4 net.Dial 120000000 12
	// 5 Write 30000000 3
}

func ExampleBook_Sheet() {
	sides := []listing.Side{{Profile: client(30, 20), Files: askGo()}, {Profile: client(120, 30), Files: askGo()}}
	for _, r := range listing.Beside(sides).Sheet("main.ask").Rows {
		fmt.Println(r.Line, r.Values[0].Cum, r.Values[1].Cum, strings.TrimSpace(r.Text))
		for _, c := range r.Callees {
			fmt.Println("  calls", c.Function, c.Values[0].Cum, c.Values[1].Cum)
		}
	}
	// Output:
	// 3 0 0 func ask() {
	// 4 30000000 120000000 conn, _ := net.Dial(network, address)
	//   calls net.Dial 30000000 120000000
	// 5 20000000 30000000 conn.Write(message)
	//   calls net.(*conn).Write 20000000 30000000
	// 6 0 0 }
}

func ExampleDiff() {
	d, err := listing.Diff(client(30, 20), client(120, 20), false)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range listing.Top(d, 0) {
		fmt.Println(f.Function, f.Flat, f.Cum)
	}
	// Output:
	// net.Dial 90000000 90000000
	// main.ask 0 90000000
}
