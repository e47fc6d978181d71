package site

import (
	"context"
	"sync"
	"time"

	"signpost/internal/state"
)

// Signals are what readers and agents taught the site, in the form that the
// next snapshot takes: the methods are [Config]'s Asked and Popular.
type Signals struct {
	store *state.Store
	now   func() time.Time

	mu      sync.Mutex
	at      time.Time
	asked   map[int]map[string]int
	popular []int
}

const (
	signalsLast = 5 * time.Second // snapshots that follow one another share a reading
	signalsTime = 3 * time.Second // an incident must not wait longer for the database
)

// NewSignals returns the signals of a state.
func NewSignals(store *state.Store, now func() time.Time) *Signals {
	return &Signals{store: store, now: now}
}

// Asked returns, by article id, the terms of tickets that were answered with it.
func (g *Signals) Asked() map[int]map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.read()
	return g.asked
}

// Popular returns the ids of the most read articles.
func (g *Signals) Popular() []int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.read()
	return g.popular
}

func (g *Signals) read() {
	now := g.now()
	if !g.at.IsZero() && now.Sub(g.at) < signalsLast {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), signalsTime)
	defer cancel()
	signals := g.store.Reports.Signals(ctx, now)
	g.at, g.asked, g.popular = now, map[int]map[string]int{}, nil
	for _, t := range signals.Asked {
		if g.asked[t.Article] == nil {
			g.asked[t.Article] = map[string]int{}
		}
		g.asked[t.Article][t.Term] += t.N
	}
	for _, r := range signals.Reads {
		g.popular = append(g.popular, r.Article)
	}
}
