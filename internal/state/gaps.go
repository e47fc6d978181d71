package state

import (
	"context"
	"fmt"
	"strings"
	"time"

	"signpost/internal/state/database"
	"signpost/internal/state/spool"
)

// A Gap is a question that no article answers.
type Gap struct {
	ID      int64    `json:"id"`
	Day     string   `json:"day"`
	Agent   string   `json:"agent"`
	Lang    string   `json:"lang"`
	Note    string   `json:"note"`  // what the agent says is missing; at most 300 characters
	Terms   []string `json:"terms"` // words of the ticket that the site's own texts use; never others
	Closed  string   `json:"closed"`
	Article int      `json:"article"` // that closed it, or 0
}

const gapColumns = `id, day, agent, lang, note, terms, closed, article`

func (g *Gap) fields() []any {
	return []any{&g.ID, &g.Day, &g.Agent, &g.Lang, &g.Note, (*database.Words)(&g.Terms), &g.Closed, &g.Article}
}

// AddGap keeps a gap and returns it with id and day. The caller gives only
// terms that occur in the site's own texts.
func (ev *Events) AddGap(ctx context.Context, g Gap, now time.Time) (Gap, error) {
	g.ID, g.Day, g.Closed, g.Article = spool.NewID(), day(now), "", 0
	g.Agent, g.Lang, g.Note = clip(plain(g.Agent), 200), clip(plain(g.Lang), 12), ev.kept(g.Note, 300)
	g.Terms = cleanTerms(g.Terms)
	g.Terms = append([]string{}, g.Terms[:min(len(g.Terms), 30)]...)
	if g.Note == "" && len(g.Terms) == 0 {
		return Gap{}, fmt.Errorf("%w: say what is missing", ErrInput)
	}
	err := ev.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		_, err := db.ExecContext(ctx, `INSERT INTO gaps (`+gapColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			g.ID, g.Day, g.Agent, g.Lang, g.Note, strings.Join(g.Terms, " "), g.Closed, g.Article)
		return err
	})
	return g, err
}

// Gaps returns gaps, newest first: the open ones, or all.
func (p *Reports) Gaps(ctx context.Context, all bool) ([]Gap, error) {
	out := []Gap{}
	err := p.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT `+gapColumns+` FROM gaps WHERE closed = '' OR $1 = 1 ORDER BY day DESC, id LIMIT 1000`, database.Number(all))
		return database.Collect(rows, err, &out, (*Gap).fields)
	})
	return out, err
}

// CloseGap closes a gap with the article that fills it, or 0.
func (ev *Events) CloseGap(ctx context.Context, id int64, article int, now time.Time) error {
	return ev.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return database.Affected(ctx, db, ErrNotFound, `UPDATE gaps SET closed = $1, article = $2 WHERE id = $3 AND closed = ''`, day(now), article, id)
	})
}
