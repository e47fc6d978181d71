package agent

import (
	"context"
	"sync"
	"time"

	"signpost/internal/server/web"
	"signpost/internal/state"
)

// records are how the links to each article did lately. Pages show the last
// copy and never wait for the database.
type records struct {
	mu      sync.Mutex
	at      time.Time
	reading bool
	byID    map[int]state.ArticleCount
}

const (
	recordDays = 90
	recordsOld = time.Minute
)

// record returns how many replies linked to an article, how many of those links
// were opened, and how many readers said that it helped, in the last 90 days.
func (h *Handlers) record(r *web.Request, article int) (sent, opened, helped int) {
	m := &h.records
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.reading && (m.at.IsZero() || r.Now.Sub(m.at) > recordsOld) {
		m.reading = true
		go h.readRecords(r.Now)
	}
	c := m.byID[article]
	return c.Sent, c.Opened, c.Helped
}

func (h *Handlers) readRecords(now time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	report, err := h.state.Reports.Report(ctx, now.AddDate(0, 0, -recordDays), now)
	m := &h.records
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reading, m.at = false, now
	if err != nil {
		return // the last copy stays
	}
	m.byID = map[int]state.ArticleCount{}
	for _, c := range report.Articles {
		m.byID[c.Article] = c
	}
}
