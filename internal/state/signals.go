package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"signpost/internal/durable"
	"signpost/internal/state/database"
)

// A Reading says how often an article was read.
type Reading struct {
	Article int `json:"article"`
	N       int `json:"n"`
}

// Signals are what pages learn from the state.
type Signals struct {
	Asked []AskedTerm `json:"asked"` // by article, language and term
	Reads []Reading   `json:"reads"` // of the last 30 days, most read first
	Stale bool        `json:"-"`     // from the copy in the data folder: the database is gone
}

// Signals reads what the next snapshot needs. With the database gone it
// returns the last copy, or nothing when there is none; it never fails.
func (p *Reports) Signals(ctx context.Context, now time.Time) Signals {
	out := Signals{Asked: []AskedTerm{}, Reads: []Reading{}}
	err := p.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT article, lang, term, n FROM asked ORDER BY article, lang, term`)
		if err := database.Collect(rows, err, &out.Asked, func(t *AskedTerm) []any { return []any{&t.Article, &t.Lang, &t.Term, &t.N} }); err != nil {
			return err
		}
		rows, err = db.QueryContext(ctx, `SELECT article, CAST(SUM(n) AS BIGINT) AS total FROM reads WHERE day >= $1
			GROUP BY article ORDER BY total DESC, article LIMIT 1000`, day(now.AddDate(0, 0, -30)))
		return database.Collect(rows, err, &out.Reads, func(r *Reading) []any { return []any{&r.Article, &r.N} })
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		if !errors.Is(err, ErrUnavailable) {
			p.log.Error("cannot read what was learnt", "error", err)
		}
		out = Signals{Asked: []AskedTerm{}, Reads: []Reading{}}
		if err := readJSON(p.path, &out); err != nil {
			p.log.Warn("no copy of what was learnt", "error", err)
		}
		out.Stale = true
		return out
	}
	if b, err := json.Marshal(out); err == nil && string(b) != string(p.last) {
		if err := durable.WriteFile(p.path, b, 0o600); err != nil {
			p.log.Error("cannot keep a copy of what was learnt", "error", err)
		} else {
			p.last = b
		}
	}
	return out
}

// ExportAsked writes the terms as JSON lines, one [AskedTerm] each.
func (p *Reports) ExportAsked(ctx context.Context, w io.Writer) error {
	enc := json.NewEncoder(w)
	return p.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		var all []AskedTerm
		rows, err := db.QueryContext(ctx, `SELECT article, lang, term, n FROM asked ORDER BY article, lang, term`)
		if err := database.Collect(rows, err, &all, func(t *AskedTerm) []any { return []any{&t.Article, &t.Lang, &t.Term, &t.N} }); err != nil {
			return err
		}
		for _, t := range all {
			if err := enc.Encode(t); err != nil {
				return fmt.Errorf("%w: %w", ErrInput, err)
			}
		}
		return nil
	})
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}
