// Command kinds writes a profile of each kind that Go's runtime has, from code that
// allocates, waits and locks in recursion, generics, closures and inlined calls.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

type node struct {
	left, right *node
	payload     []byte
}

// grow allocates in recursion, through two of its lines.
//
//go:noinline
func grow(depth, size int) *node {
	if depth == 0 {
		return nil
	}
	n := &node{payload: blank(size)}
	n.left = grow(depth-1, size)
	n.right = grow(depth-2+depth%2, size/2+1)
	return n
}

// blank is small enough to be inlined.
func blank(size int) []byte { return make([]byte, size) }

//go:noinline
func collect[T any](n int, make func(int) T) []T {
	var list []T
	for i := range n {
		list = append(list, make(i))
	}
	return list
}

type guarded[T any] struct {
	mu    sync.Mutex
	value T
}

// with holds the lock for a while.
//
//go:noinline
func (g *guarded[T]) with(change func(T) T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value = change(g.value)
	time.Sleep(50 * time.Microsecond)
}

// contend locks from several goroutines, by a closure and from recursion.
func contend(rounds int) int {
	g := &guarded[int]{}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for range rounds {
				g.with(func(v int) int { return v + worker })
			}
			descend(3, func() { g.with(func(v int) int { return v - 1 }) })
		})
	}
	all.Wait()
	return g.value
}

//go:noinline
func descend(depth int, run func()) {
	if depth > 0 {
		descend(depth-1, run)
	}
	run()
}

// exchange waits on channels.
func exchange(rounds int) (sum int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v * 2
		}
		close(pong)
	}()
	for i := range rounds {
		ping <- i
		sum += <-pong
	}
	close(ping)
	return sum
}

// park leaves goroutines waiting, some of them deep in recursion.
func park(n int, release <-chan struct{}) {
	var started sync.WaitGroup
	for i := range n {
		started.Add(1)
		go descend(i%5, func() {
			if i%5 == 0 || i%2 == 0 {
				return
			}
			started.Done()
			<-release
		})
		if i%5 == 0 || i%2 == 0 {
			started.Done()
		}
	}
	started.Wait()
}

//go:noinline
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func run() error {
	dir := flag.String("dir", ".", "where the profiles go")
	scale := flag.Int("scale", 1, "how much is done")
	flag.Parse()
	runtime.MemProfileRate = 512
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	cpu, err := os.Create(filepath.Join(*dir, "cpu.pprof"))
	if err != nil {
		return err
	}
	defer cpu.Close()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	kept := collect(20**scale, func(i int) *node { return grow(6, 64+i) })
	for i := range kept {
		if i%3 == 0 {
			kept[i] = nil
		}
	}
	sum := contend(30**scale) + exchange(200**scale)
	for range 4 * *scale {
		sum += fib(27)
	}
	pprof.StopCPUProfile()
	release := make(chan struct{})
	defer close(release)
	park(40**scale, release)
	runtime.GC()
	for _, kind := range []string{"heap", "allocs", "block", "mutex", "goroutine", "threadcreate"} {
		f, err := os.Create(filepath.Join(*dir, kind+".pprof"))
		if err != nil {
			return err
		}
		if err := pprof.Lookup(kind).WriteTo(f, 0); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	runtime.KeepAlive(kept)
	fmt.Println(sum)
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
