package state

import (
	"context"
	"strings"
	"time"

	"signpost/internal/state/database"
)

// within is a condition on a period: one of the three ranges of periodsOf, as $1 to $6.
const within = `(period >= $1 AND period <= $2 OR period >= $3 AND period <= $4 OR period >= $5 AND period <= $6)`

// periodsOf divides a time into periods of totals: days up to the end of a month,
// whole months, and days from the beginning of one. Each is a first and a last
// period; one that is empty has its last before its first.
func periodsOf(ctx context.Context, db database.Querier, from, to string) ([]any, error) {
	begin, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return nil, err
	}
	end, err := time.Parse(time.DateOnly, to)
	if err != nil {
		return nil, err
	}
	// Days on which nothing was counted do not matter, so that a month that is
	// not over yet is as good as whole.
	var first, last string
	err = db.QueryRowContext(ctx, `SELECT COALESCE(MIN(day), ''), COALESCE(MAX(day), '') FROM day_totals`).Scan(&first, &last)
	if err != nil {
		return nil, err
	}
	if first >= from {
		begin = monthOf(begin)
	}
	if last <= to {
		end = monthOf(end).AddDate(0, 1, -1)
	}
	return divide(begin, end), nil
}

func divide(begin, end time.Time) []any {
	out := []any{"1", "0", "1", "0", "1", "0"}
	set := func(i int, first, last string) { out[i], out[i+1] = first, last }
	headed, tailed := begin.Day() > 1, end.AddDate(0, 0, 1).Day() > 1
	first, last := monthOf(begin), monthOf(end)
	if first.Equal(last) && (headed || tailed) {
		set(0, day(begin), day(end))
		return out
	}
	if headed {
		set(0, day(begin), day(first.AddDate(0, 1, -1)))
		first = first.AddDate(0, 1, 0)
	}
	if tailed {
		set(4, day(last), day(end))
		last = last.AddDate(0, -1, 0)
	}
	if !first.After(last) {
		set(2, month(first), month(last))
	}
	return out
}

func monthOf(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }

// month is how a month of totals is written; it sorts behind all days.
func month(t time.Time) string { return "m" + t.Format("2006-01") }

func (r *Report) readArticles(ctx context.Context, db database.Querier, periods []any) error {
	rows, err := db.QueryContext(ctx, `SELECT article, CAST(SUM(sent) AS BIGINT) AS total, CAST(SUM(opened) AS BIGINT), CAST(SUM(opens) AS BIGINT),
			CAST(SUM(reply_helped) AS BIGINT), CAST(SUM(reply_unhelped) AS BIGINT), CAST(SUM(helped) AS BIGINT) AS good,
			CAST(SUM(unhelped) AS BIGINT) AS bad, CAST(SUM(reads) AS BIGINT) AS seen
		FROM article_totals WHERE `+within+` GROUP BY article HAVING SUM(sent) + SUM(helped) + SUM(unhelped) + SUM(reads) > 0
		ORDER BY total DESC, seen DESC, article LIMIT 2000`, periods...)
	return database.Collect(rows, err, &r.Articles, func(a *ArticleCount) []any {
		return []any{&a.Article, &a.Sent, &a.Opened, &a.Opens, &a.ReplyHelped, &a.ReplyUnhelped, &a.Helped, &a.Unhelped, &a.Reads}
	})
}

// readSearches adds the words up once for all three lists.
func (r *Report) readSearches(ctx context.Context, db database.Querier, periods []any) error {
	type row struct {
		list, positions int
		SearchCount
	}
	var found []row
	rows, err := db.QueryContext(ctx, `WITH counted AS MATERIALIZED (
			SELECT words, lang, CAST(SUM(times) AS BIGINT) AS n, MAX(results) AS most, CAST(SUM(clicks) AS BIGINT) AS chosen, CAST(SUM(positions) AS BIGINT) AS positions
			FROM search_totals WHERE `+within+` GROUP BY words, lang)
		SELECT * FROM (SELECT 1, c.* FROM counted c WHERE most = 0 ORDER BY n DESC, words, lang LIMIT 200) AS no_result
		UNION ALL SELECT * FROM (SELECT 2, c.* FROM counted c WHERE most > 0 AND chosen = 0 ORDER BY n DESC, words, lang LIMIT 200) AS no_click
		UNION ALL SELECT * FROM (SELECT 3, c.* FROM counted c ORDER BY n DESC, words, lang LIMIT 200) AS searches`, periods...)
	err = database.Collect(rows, err, &found, func(c *row) []any {
		return []any{&c.list, &c.Words, &c.Lang, &c.Times, &c.Results, &c.Clicks, &c.positions}
	})
	if err != nil {
		return err
	}
	for _, c := range found {
		if c.Clicks > 0 {
			c.Position = float64(c.positions) / float64(c.Clicks)
		}
		list := []*[]SearchCount{&r.NoResult, &r.NoClick, &r.Searches}[c.list-1]
		*list = append(*list, c.SearchCount)
	}
	return nil
}

func (r *Report) readVotes(ctx context.Context, db database.Querier, periods []any) error {
	rows, err := db.QueryContext(ctx, `SELECT day, article, rev, lang, helpful, reason, comment, query FROM votes
		WHERE day >= $1 AND day <= $2 AND comment <> '' ORDER BY day DESC, id LIMIT 200`, r.From, r.To)
	err = database.Collect(rows, err, &r.Comments, func(o *ArticleOpinion) []any {
		return []any{&o.Day, &o.Article, &o.Revision, &o.Lang, &o.Helpful, &o.Reason, &o.Comment, &o.Query}
	})
	if err != nil {
		return err
	}
	rows, err = db.QueryContext(ctx, `SELECT article, helpful, reason, CAST(SUM(times) AS BIGINT) AS n FROM reason_totals WHERE `+within+`
		GROUP BY article, helpful, reason HAVING SUM(times) > 0 ORDER BY n DESC, article, reason, helpful LIMIT 500`, periods...)
	return database.Collect(rows, err, &r.Reasons, func(c *ReasonCount) []any { return []any{&c.Article, &c.Helpful, &c.Reason, &c.Times} })
}

func (r *Report) readAgents(ctx context.Context, db database.Querier, periods []any) error {
	rows, err := db.QueryContext(ctx, `SELECT agent, CAST(SUM(sent) AS BIGINT) AS n, CAST(SUM(opened) AS BIGINT), CAST(SUM(helped) AS BIGINT)
		FROM agent_totals WHERE `+within+` GROUP BY agent HAVING SUM(sent) > 0 ORDER BY n DESC, agent LIMIT 500`, periods...)
	return database.Collect(rows, err, &r.Agents, func(a *AgentCount) []any { return []any{&a.Agent, &a.Sent, &a.Opened, &a.Helped} })
}

// A total is some columns of a table of totals.
type total struct {
	table   string
	keys    string // beside the period; "" for the totals of days, which know no months
	columns []string
}

// expire takes what was counted before a day off the totals. The month that the
// day is in loses its first days, earlier ones everything.
func (t total) expire(ctx context.Context, db database.Querier, before time.Time) error {
	var sums, less, zero, some []string
	for _, c := range t.columns {
		sums = append(sums, "SUM("+c+") AS "+c)
		less = append(less, c+" = "+t.table+"."+c+" - gone."+c)
		zero = append(zero, c+" = 0")
		some = append(some, c+" <> 0")
	}
	if t.keys == "" {
		_, err := db.ExecContext(ctx, `UPDATE `+t.table+` SET `+strings.Join(zero, ", ")+` WHERE day < $1 AND (`+strings.Join(some, " OR ")+`)`, day(before))
		return err
	}
	same := ""
	for key := range strings.SplitSeq(t.keys, ", ") {
		same += ` AND ` + t.table + `.` + key + ` = gone.` + key
	}
	if _, err := db.ExecContext(ctx, `UPDATE `+t.table+` SET `+strings.Join(less, ", ")+`
		FROM (SELECT `+t.keys+`, `+strings.Join(sums, ", ")+` FROM `+t.table+` WHERE period >= $1 AND period < $2 GROUP BY `+t.keys+`) AS gone
		WHERE `+t.table+`.period = $3`+same, day(monthOf(before)), day(before), month(before)); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, `UPDATE `+t.table+` SET `+strings.Join(zero, ", ")+`
		WHERE (period < $1 OR period >= 'm' AND period < $2) AND (`+strings.Join(some, " OR ")+`)`, day(before), month(before))
	return err
}

// dropEmpty removes totals of which nothing is left. What still counts
// something is nowhere negative, so that a sum tells.
func dropEmpty(ctx context.Context, db database.Querier) error {
	for table, sum := range map[string]string{
		"day_totals":     "sent + opened + helped + unhelped + searches + reads",
		"article_totals": "sent + helped + unhelped + reads",
		"agent_totals":   "sent",
		"reason_totals":  "times",
		"search_totals":  "times",
	} {
		if _, err := db.ExecContext(ctx, `DELETE FROM `+table+` WHERE `+sum+` = 0`); err != nil {
			return err
		}
	}
	return nil
}
