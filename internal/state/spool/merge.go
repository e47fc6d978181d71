package spool

import (
	"strings"
	"sync"
	"time"
)

const (
	mergeWindow = 30 * time.Second // between keystrokes
	clickWindow = 10 * time.Minute // between search and click
	maxVisitors = 20000
	maxTickets  = 4096
	maxArticles = 20 // of one ticket
)

// A Merger knows each visitor's last search and the last tickets. Nothing of
// it is ever written.
type Merger struct {
	mu       sync.Mutex
	visitors map[string]*lastSearch
	tickets  map[string][]int // articles that were sent
	order    []string         // of tickets, oldest first
}

type lastSearch struct {
	event Event
	at    time.Time
}

// Search returns the id under which a search is kept: the one of the visitor's
// last search when this one goes on typing it.
func (m *Merger) Search(visitor string, e Event, now time.Time) int64 {
	e.ID = NewID()
	if visitor == "" {
		return e.ID
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.visitors == nil {
		m.visitors = map[string]*lastSearch{}
	}
	last := m.visitors[visitor]
	if last != nil && now.Sub(last.at) < mergeWindow && last.event.Position == 0 && goesOn(last.event.Words, e.Words) {
		e.ID = last.event.ID
	} else if last == nil && len(m.visitors) >= maxVisitors {
		m.forget(now)
	}
	m.visitors[visitor] = &lastSearch{e, now}
	return e.ID
}

// forget drops visitors who can no longer click, or everyone.
func (m *Merger) forget(now time.Time) {
	for v, l := range m.visitors {
		if now.Sub(l.at) >= clickWindow {
			delete(m.visitors, v)
		}
	}
	if len(m.visitors) >= maxVisitors {
		clear(m.visitors)
	}
}

// Click returns the visitor's last search with what was chosen from it, if it
// is less than ten minutes old.
func (m *Merger) Click(visitor string, article, position int, now time.Time) (Event, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := m.visitors[visitor]
	if visitor == "" || last == nil || now.Sub(last.at) >= clickWindow || article < 0 || position < 1 {
		return Event{}, false
	}
	last.event.Article, last.event.Position = article, min(position, 1000)
	return last.event, true
}

// goesOn reports whether typing led from one query to the other: more or fewer
// characters at the end, or the last word corrected.
func goesOn(before, after string) bool {
	if strings.HasPrefix(before, after) || strings.HasPrefix(after, before) {
		return true
	}
	n := 0
	for n < min(len(before), len(after)) && before[n] == after[n] {
		n++
	}
	return n >= 3 && !strings.Contains(before[n:], " ") && !strings.Contains(after[n:], " ")
}

// Ticket reports whether the article is new for the ticket, and whether the
// ticket has been seen with another article.
func (m *Merger) Ticket(ticket string, article int) (first, again bool) {
	if ticket == "" {
		return true, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tickets == nil {
		m.tickets = map[string][]int{}
	}
	sent, known := m.tickets[ticket]
	for _, a := range sent {
		if a == article {
			return false, true
		}
	}
	if len(sent) >= maxArticles {
		return false, true
	}
	if !known {
		if len(m.order) >= maxTickets {
			delete(m.tickets, m.order[0])
			m.order = m.order[1:]
		}
		m.order = append(m.order, ticket)
	}
	m.tickets[ticket] = append(sent, article)
	return true, known
}
