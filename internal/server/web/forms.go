package web

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"
)

// Limits of the background compression.
const (
	maxForms    = 32 << 20         // bytes of compressed forms that are kept
	bestAfter   = 5                // requests before a body is worth the best level
	bestAge     = 10 * time.Second // and how long it must have been asked for
	restFactor  = 9                // rest for each second of work: one part in ten of one processor
	maxWaiting  = 2000             // bodies that wait for their best level
	formCharges = 200              // bytes that a form costs beside its data
)

// forms keeps the compressed forms of bodies, by the hash of the body, so that
// a page whose bytes survive a change of the content is not compressed again.
// A new body is compressed at a fast level while its reader waits; the best
// level is made in the background, one body at a time, with a rest after each.
type forms struct {
	max   int
	now   func() time.Time
	after func(time.Duration, func()) // runs a function later, in a goroutine of its own

	mu      sync.Mutex
	used    int       // bytes
	order   list.List // of *form; the most recently used first
	byBody  map[formKey]*list.Element
	waiting []improvement
	working bool      // an improvement runs or is scheduled
	rested  time.Time // when the next improvement may run
}

type formKey struct {
	body   [sha256.Size]byte
	coding coding
}

// A form is a body in one coding.
type form struct {
	key   formKey
	once  sync.Once // of the first level
	ready bool
	final bool // there is nothing better, or it waits for it
	data  []byte
	level int
	asked int
	since time.Time
}

func (f *form) size() int { return len(f.data) + formCharges }

// An improvement is a form that waits for its best level.
type improvement struct {
	of   *list.Element
	body []byte
}

func newForms(max int, now func() time.Time, after func(time.Duration, func())) *forms {
	return &forms{max: max, now: now, after: after, byBody: map[formKey]*list.Element{}}
}

// encode implements encoder: it returns the best form of a's body that there
// is, and makes one when there is none; nil when compressing does not pay.
func (s *forms) encode(a *answer, c coding) (data []byte, level int) {
	key := formKey{a.sum, c}
	s.mu.Lock()
	el := s.byBody[key]
	if el == nil {
		el = s.order.PushFront(&form{key: key, since: s.now()})
		s.byBody[key] = el
	} else {
		s.order.MoveToFront(el)
	}
	f := el.Value.(*form)
	f.asked++
	if f.ready {
		defer s.mu.Unlock()
		s.consider(el, a.body)
		return f.data, f.level
	}
	s.mu.Unlock()
	f.once.Do(func() { s.makeFirst(el, a) })
	s.mu.Lock()
	defer s.mu.Unlock()
	return f.data, f.level
}

// makeFirst gives a form its first data. A form whose making panicked is forgotten.
func (s *forms) makeFirst(el *list.Element, a *answer) {
	f := el.Value.(*form)
	level := a.firstLevel(f.key.coding)
	made := false
	defer func() {
		if !made {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.remove(el)
		}
	}()
	data := compress(f.key.coding, level, a.body)
	made = true
	s.mu.Lock()
	defer s.mu.Unlock()
	f.data, f.level, f.ready, f.final = data, level, true, data == nil || a.fixed
	if s.byBody[f.key] == el {
		s.used += f.size()
		s.evict()
	}
}

// consider queues a form that is asked for often enough for its best level.
func (s *forms) consider(el *list.Element, body []byte) {
	f := el.Value.(*form)
	if f.final || f.asked < bestAfter || len(s.waiting) >= maxWaiting {
		return
	}
	now := s.now()
	if now.Sub(f.since) < bestAge {
		return
	}
	f.final = true
	s.waiting = append(s.waiting, improvement{el, body})
	if !s.working {
		s.working = true
		s.after(max(s.rested.Sub(now), 0), s.improve)
	}
}

// improve makes the best level of one form and schedules the next.
func (s *forms) improve() {
	s.mu.Lock()
	next := s.waiting[0]
	s.waiting = s.waiting[1:]
	f := next.of.Value.(*form)
	wanted := s.byBody[f.key] == next.of
	s.mu.Unlock()
	begin := s.now()
	var data []byte
	level := bestLevel(f.key.coding, len(next.body))
	if wanted {
		data = compress(f.key.coding, level, next.body)
	}
	end := s.now()

	s.mu.Lock()
	defer s.mu.Unlock()
	if data != nil && len(data) < len(f.data) && s.byBody[f.key] == next.of {
		s.used += len(data) - len(f.data)
		f.data, f.level = data, level
	}
	rest := restFactor * end.Sub(begin)
	s.rested = end.Add(rest)
	if s.working = len(s.waiting) > 0; s.working {
		s.after(rest, s.improve)
	} else {
		s.waiting = nil
	}
}

// evict drops what was not used for longest until the rest fits.
func (s *forms) evict() {
	for s.used > s.max && s.order.Len() > 0 {
		s.remove(s.order.Back())
	}
}

func (s *forms) remove(el *list.Element) {
	f := el.Value.(*form)
	if s.byBody[f.key] != el {
		return
	}
	delete(s.byBody, f.key)
	s.order.Remove(el)
	if f.ready {
		s.used -= f.size()
	}
}
