package help

import (
	"context"
	"sync"
	"time"

	"signpost/internal/state"
)

// Lessons are what readers and agents taught the site, in the form that the
// next snapshot takes: its methods are [site.Config]'s Asked and Popular.
type Lessons struct {
	store *state.Store
	now   func() time.Time

	mu      sync.Mutex
	at      time.Time
	asked   map[int]map[string]int
	popular []int
}

const (
	lessonsLast = 5 * time.Second // snapshots that follow one another share a reading
	lessonsTime = 3 * time.Second // an incident must not wait longer for the database
)

// NewLessons returns the lessons of a state.
func NewLessons(store *state.Store, now func() time.Time) *Lessons {
	return &Lessons{store: store, now: now}
}

// Asked returns, by article id, the terms of tickets that were answered with it.
func (l *Lessons) Asked() map[int]map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read()
	return l.asked
}

// Popular returns the ids of the most read articles.
func (l *Lessons) Popular() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read()
	return l.popular
}

func (l *Lessons) read() {
	now := l.now()
	if !l.at.IsZero() && now.Sub(l.at) < lessonsLast {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lessonsTime)
	defer cancel()
	signals := l.store.Reports.Signals(ctx, now)
	l.at, l.asked, l.popular = now, map[int]map[string]int{}, nil
	for _, t := range signals.Asked {
		if l.asked[t.Article] == nil {
			l.asked[t.Article] = map[string]int{}
		}
		l.asked[t.Article][t.Term] += t.N
	}
	for _, r := range signals.Reads {
		l.popular = append(l.popular, r.Article)
	}
}
