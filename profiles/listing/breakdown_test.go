package listing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles/listing"
)

func TestBreakdown(t *testing.T) {
	t.Parallel()
	p := stacks(t,
		"main.main:5;main.f:11;net.Dial:20;main.f:12 4", // recursion: the outermost line has it
		"main.main:5;main.f:11;runtime.newobject:20 1",
		"main.main:5;main.f:12;net.(*conn).Write:40 2",
		"main.main:5;main.f:13+io.ReadFull:40;io.ReadAtLeast:41 3",
		"main.main:5;main.f:14;net.(*conn).Close:42 5",
		"main.main:5;main.f:15 1",
		"main.main:5;main.f:16;runtime.mallocgc:9 1",
		"main.main:5;main.f:17;main.other:9 1", "main.main:5;main.f:17;main.other:9 -1",
		"runtime.gcBgMarkWorker:9 6",
		"runtime.goexit:1;net/http.(*persistConn).readLoop:7;main.g:3 7",
		"runtime.goexit:1;example.com/a/b.C:7 3", "runtime.goexit:1;example.com/a/b.D[...]:7 1",
		" 2", // a sample without a stack
	)
	file := strings.Repeat("\n", 10) + strings.Join([]string{
		"\tconn, err := net.Dial(network, address) // main.other()",
		"\tif _, err := conn.Write(msg); err != nil {",
		"\tif _, err := io.ReadFull(conn, buf); err != nil {",
		"\treturn errors.Join(err, conn.Close())",
		"\tfor range n {",
		"\tp := &Packet{\"net.Listen(\"}",
	}, "\n")
	want := []listing.Part{
		{Label: "net.Dial", Line: 11, Value: 5, Count: 5},
		{Label: "Write", Line: 12, Value: 2, Count: 2},
		{Label: "ReadFull", Line: 13, Value: 3, Count: 3},
		{Label: "Close", Line: 14, Value: 5, Count: 5},
		{Label: "line 15", Line: 15, Value: 1, Count: 1},
		{Label: "mallocgc", Line: 16, Value: 1, Count: 1},
		{Label: "net/http", Value: 7, Count: 7},
		{Label: "b", Value: 4, Count: 4},
		{Label: listing.Outside, Value: 8, Count: 8},
	}
	got := listing.Breakdown(p, 0, "main.f", texts{"/src/main.go": file})
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	bare := listing.Breakdown(p, 0, "main.f", nil)
	want[0].Label = "Dial"
	if d := cmp.Diff(want, bare); d != "" {
		t.Errorf("without text (-want +got):\n%s", d)
	}
	none := []listing.Part{
		{Label: "main", Value: 17, Count: 17},
		{Label: "net/http", Value: 7, Count: 7},
		{Label: "b", Value: 4, Count: 4},
		{Label: listing.Outside, Value: 8, Count: 8},
	}
	none[0].Count += 2 // the pair that cancels out was sampled nevertheless
	if d := cmp.Diff(none, listing.Breakdown(p, 0, "main.none", nil)); d != "" {
		t.Errorf("a function that is not there (-want +got):\n%s", d)
	}
}

// What is not below the function is named by whose goroutine does it: a server's
// accept loop with all that it calls to take a connection and start who serves it,
// whatever package it stands in; the rest of the function's module; other packages.
func TestBreakdownOutside(t *testing.T) {
	t.Parallel()
	const m = "github.com/a/b/"
	loop := m + "child.serve:1;" + m + "workload.accept:65;"
	p := stacks(t,
		"sync.(*WaitGroup).Go.func1:1;"+m+"workload.accept.func1:9;"+m+"workload.ServeConn:20;io.ReadFull:1 9",
		loop+m+"socket.(*each).Accept:3;net.(*TCPListener).Accept:7;internal/poll.(*FD).Accept:8 5",
		loop+"sync.(*WaitGroup).Go:4;runtime.newproc:1 2",
		loop[:len(loop)-1]+" 1",
		loop+"fmt.Errorf:3 4", // of the loop's function, but not to take a connection
		"sync.(*WaitGroup).Go.func1:1;"+m+"workload.accept.func1:9;sync.(*WaitGroup).Done:1 3",
		"runtime.goexit:1;net/http.(*Server).Serve:7;net.(*UnixListener).Accept:1 6",
		"runtime.goexit:1;net/http.(*conn).serve:7 7",
		"runtime.goexit:1;example.com/x/y.C:7 8",
		"runtime.mcall:1;runtime.park_m:2 11",
	)
	want := []listing.Part{
		{Label: "ReadFull", Line: 20, Value: 9, Count: 9},
		{Label: listing.Accepting, Value: 14, Count: 14},
		{Label: "y", Value: 8, Count: 8},
		{Label: "net/http", Value: 7, Count: 7},
		{Label: listing.Rest, Value: 7, Count: 7},
		{Label: listing.Outside, Value: 11, Count: 11},
	}
	if d := cmp.Diff(want, listing.Breakdown(p, 0, m+"workload.ServeConn", nil)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The broker's timer in the children of a run is the rest of this program. In profiles
// of other programs the broker's package keeps its name.
func TestBreakdownBroker(t *testing.T) {
	t.Parallel()
	for module, label := range map[string]string{"github.com/sockscope/sockscope/": listing.Rest, "github.com/a/b/": "pse"} {
		p := stacks(t,
			module+"runner/workload.dialEcho:20;io.ReadFull:1 9",
			"github.com/nats-io/nats-server/v2/server/pse.periodic:53;os.ReadFile:9 2",
		)
		want := []listing.Part{{Label: "ReadFull", Line: 20, Value: 9, Count: 9}, {Label: label, Value: 2, Count: 2}}
		if d := cmp.Diff(want, listing.Breakdown(p, 0, module+"runner/workload.dialEcho", nil)); d != "" {
			t.Errorf("%s (-want +got):\n%s", module, d)
		}
	}
}

// Over the recorded profiles the parts sum to the total whatever the function.
func TestBreakdownSums(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "b"} {
		p := read(t, busy().profile(t, name))
		for _, f := range listing.Top(p, 1) {
			var sum, count int64
			for _, part := range listing.Breakdown(p, 1, f.Function, nil) {
				sum += part.Value
				count += part.Count
			}
			if sum != listing.Total(p, 1) || count != listing.Total(p, 0) {
				t.Errorf("%s: parts of %s sum to %d of %d samples, want %d of %d", name, f.Function, sum, count, listing.Total(p, 1), listing.Total(p, 0))
			}
		}
	}
}
