package web

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

func TestCacheDropsTheLeastRecentlyUsed(t *testing.T) {
	t.Parallel()
	c := newCache(105) // five, each with the byte of its key
	made := map[string]int{}
	get := func(key string) {
		t.Helper()
		v, err := cached(c, key, func() (string, int64, error) { made[key]++; return "v" + key, 20, nil })
		if err != nil || v != "v"+key {
			t.Fatalf("cached(%s) = %q, %v", key, v, err)
		}
	}
	for i := range 5 {
		get(fmt.Sprint(i))
	}
	get("0") // now 1 is the oldest
	get("5")
	get("0")
	get("1")
	if made["0"] != 1 || made["1"] != 2 {
		t.Errorf("0 was made %d times and 1 %d times, want 1 and 2", made["0"], made["1"])
	}
	if c.cost > c.most {
		t.Errorf("cost %d is over %d", c.cost, c.most)
	}
}

func TestCacheKeepsNoErrorsAndNoGiants(t *testing.T) {
	t.Parallel()
	c := newCache(100)
	boom := errors.New("boom")
	if _, err := cached(c, "k", func() (int, int64, error) { return 0, 1, boom }); !errors.Is(err, boom) {
		t.Fatalf("err = %v", err)
	}
	if v, err := cached(c, "k", func() (int, int64, error) { return 7, 99, nil }); v != 7 || err != nil {
		t.Fatalf("after an error: %d, %v", v, err)
	}
	if _, ok := c.lookup("k"); ok {
		t.Error("a value that costs nearly everything was kept")
	}
}

func TestCacheComputesOnceForManyReaders(t *testing.T) {
	t.Parallel()
	c := newCache(100)
	var made atomic.Int32
	release := make(chan struct{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if v, err := cached(c, "k", func() (int, int64, error) { made.Add(1); <-release; return 1, 1, nil }); v != 1 || err != nil {
				t.Errorf("cached = %d, %v", v, err)
			}
		})
	}
	close(release)
	wg.Wait()
	if made.Load() > 8 || made.Load() < 1 {
		t.Errorf("made %d times", made.Load())
	}
	before := made.Load()
	if _, err := cached(c, "k", func() (int, int64, error) { made.Add(1); return 1, 1, nil }); err != nil || made.Load() != before {
		t.Errorf("made again though it is kept: %d, %v", made.Load(), err)
	}
}
