// Command busy burns CPU in every shape of frame that a listing must get right,
// and writes the profile of it: recursion through one and through several lines,
// mutual recursion, inlining, generics (also over function types), closures,
// methods, deferred calls, goroutines, and assembly.
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sort"
	"strings"
)

// fib recurses twice on one line.
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// walk recurses on two lines, so that one stack holds both.
func walk(depth int) int {
	if depth == 0 {
		return spin(5000)
	}
	n := walk(depth - 1)
	if depth%2 == 0 {
		n += walk(depth / 2)
	}
	return n + 1
}

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

// spin is small enough to be inlined nowhere and its helper everywhere.
//
//go:noinline
func spin(n int) int {
	s := 0
	for i := range n {
		s = mix(s, i)
	}
	return s
}

func mix(a, b int) int { return twist(a)*31 + b }

func twist(a int) int { return a ^ a<<7 ^ a>>3 }

type number interface{ ~int | ~float64 }

//go:noinline
func sum[T number](list []T) T {
	var s T
	for _, v := range list {
		s += v
	}
	return s
}

// apply is generic over a function type: pprof cuts its parentheses out.
//
//go:noinline
func apply[F func(int) int | func(float64) float64](f F, times int, run func(F)) {
	for range times {
		run(f)
	}
}

type stack[T any] struct{ items []T }

//go:noinline
func (s *stack[T]) push(v T) {
	s.items = append(s.items, v)
	if len(s.items) > 1000 {
		s.items = s.items[:0]
	}
}

//go:noinline
func (s *stack[T]) each(f func(T)) {
	for _, v := range s.items {
		f(v)
	}
}

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return float64(spin(20)) + s.side*s.side }

type circle struct{ radius float64 }

func (c *circle) area() float64 { return float64(spin(30)) + 3*c.radius*c.radius }

func deferred(n int) (s int) {
	defer func() {
		s += spin(n)
	}()
	return spin(n / 2)
}

func sorted(n int) int {
	list := make([]int, n)
	for i := range list {
		list[i] = i * 7919 % 1009
	}
	sort.Ints(list)
	slices.SortFunc(list, func(a, b int) int { return b - a })
	return list[0]
}

func hashed(block []byte) byte {
	h := sha256.Sum256(block)
	copied := bytes.Clone(block)
	return h[0] + byte(bytes.IndexByte(copied, 255))
}

func text(n int) int {
	words := strings.Fields(strings.Repeat("one two three ", n))
	counts := map[string]int{}
	for _, w := range words {
		counts[w]++
	}
	return counts["two"]
}

func background(rounds int, done chan<- int) {
	s := 0
	for range rounds {
		s += spin(20_000)
	}
	done <- s
}

func work(mode string, block []byte, floats []float64) int {
	s := walk(14)
	s += sorted(3000)
	if mode == "a" {
		s += fib(18)
		s += int(hashed(block))
	} else {
		s += text(300)
	}
	if even(3000) {
		s++
	}
	s += int(sum(floats))
	apply(func(n int) int { return spin(n) }, 20, func(f func(int) int) { s += f(100) })
	items := &stack[int]{}
	for i := range 20_000 {
		items.push(i)
	}
	items.each(func(n int) { s += mix(s, n) })
	for _, f := range []shape{square{2}, &circle{1}} {
		s += int(f.area())
	}
	return s + deferred(2000)
}

func main() {
	out := flag.String("o", "", "profile to write")
	mode := flag.String("mode", "a", "a or b")
	rounds := flag.Int("rounds", 500, "how much")
	flag.Parse()
	if err := run(*out, *mode, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out, mode string, rounds int) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	runtime.SetCPUProfileRate(500) // pprof then says that it cannot set its own 100
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	done := make(chan int)
	go background(rounds, done)
	s, block, floats := 0, make([]byte, 1<<16), make([]float64, 1<<15)
	for range rounds {
		s += work(mode, block, floats)
	}
	s += <-done
	pprof.StopCPUProfile()
	fmt.Println(s)
	return f.Close()
}
