package web

import (
	"container/list"
	"sync"

	"golang.org/x/sync/singleflight"
)

// cache keeps what was computed from immutable evidence (decoded profiles, trees)
// up to a total cost, dropping what was not asked for longest. Two requests for
// the same missing key compute it once. Values are shared: nobody changes them.
type cache struct {
	most   int64 // total cost, roughly bytes
	flight singleflight.Group

	mu    sync.Mutex
	cost  int64
	order *list.List // of *entry, most recently used first
	byKey map[string]*list.Element
}

type entry struct {
	key   string
	value any
	cost  int64
}

func newCache(most int64) *cache {
	return &cache{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) lookup(key string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).value, true
}

// keep stores the value; one that costs more than half of the whole is not kept, so
// that a giant does not throw everything else out.
func (c *cache) keep(key string, value any, cost int64) {
	cost += int64(len(key)) // what is typed stands in keys, even of what is empty
	if cost > c.most/2 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, value, cost})
	c.cost += cost
	for c.cost > c.most {
		last := c.order.Back()
		e := last.Value.(*entry)
		c.order.Remove(last)
		delete(c.byKey, e.key)
		c.cost -= e.cost
	}
}

// cached returns the value under key, computing it with make when it is not there.
// make also says what the value costs to keep.
func cached[T any](c *cache, key string, make func() (T, int64, error)) (T, error) {
	if v, ok := c.lookup(key); ok {
		return v.(T), nil
	}
	v, err, _ := c.flight.Do(key, func() (any, error) {
		v, cost, err := make()
		if err == nil {
			c.keep(key, v, cost)
		}
		return v, err
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return v.(T), nil
}
