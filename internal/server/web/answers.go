package web

import (
	"container/list"
	"errors"
	"sync"
)

// answerCache keeps the answers that were made from one snapshot, up to a
// number of bytes; beyond it, those not used for longest are dropped.
type answerCache struct {
	mu      sync.Mutex
	max     int
	used    int        // bytes
	order   *list.List // of *cached; the most recently used first
	entries map[string]*list.Element
}

type cached struct {
	key  string
	once sync.Once
	a    *answer
	err  error
}

func newAnswerCache(bytes int) *answerCache {
	return &answerCache{max: bytes, order: list.New(), entries: map[string]*list.Element{}}
}

var errUnfinished = errors.New("rendering failed")

// get returns the answer for key, making it at most once at a time. Errors are
// not kept.
func (c *answerCache) get(key string, make func() (*answer, error)) (*answer, error) {
	c.mu.Lock()
	el := c.entries[key]
	if el == nil {
		el = c.order.PushFront(&cached{key: key})
		c.entries[key] = el
	} else {
		c.order.MoveToFront(el)
	}
	e := el.Value.(*cached)
	c.mu.Unlock()
	e.once.Do(func() {
		e.err = errUnfinished // what the others see should make panic
		defer c.settle(el)
		e.a, e.err = make()
	})
	return e.a, e.err
}

// settle keeps an answer that was made, and forgets an error.
func (c *answerCache) settle(el *list.Element) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := el.Value.(*cached)
	if c.entries[e.key] != el {
		return
	}
	if e.err != nil {
		c.remove(el)
		return
	}
	c.used += e.a.size()
	for c.used > c.max {
		c.remove(c.order.Back())
	}
}

func (c *answerCache) remove(el *list.Element) {
	e := el.Value.(*cached)
	delete(c.entries, e.key)
	c.order.Remove(el)
	if e.a != nil && e.err == nil {
		c.used -= e.a.size()
	}
}
