package state

import (
	"context"
	"time"
)

// A Report says what happened from one day to another.
type Report struct {
	From     string           `json:"from"` // days, both inclusive
	To       string           `json:"to"`
	Days     []DayCount       `json:"days"`      // every day of the time, oldest first
	Articles []ArticleCount   `json:"articles"`  // most sent first
	NoResult []SearchCount    `json:"no_result"` // searches that found empty
	NoClick  []SearchCount    `json:"no_click"`  // searches that found something that nobody chose
	Searches []SearchCount    `json:"searches"`  // the most frequent ones
	Comments []ArticleOpinion `json:"comments"`  // newest first, at most 200
	Reasons  []ReasonCount    `json:"reasons"`
	Agents   []AgentCount     `json:"agents"`
	Gaps     []Gap            `json:"gaps"` // open ones
}

// A DayCount is one day of a report.
type DayCount struct {
	Day      string `json:"day"`
	Sent     int    `json:"sent"`
	Opened   int    `json:"opened"` // openings of reply links
	Helped   int    `json:"helped"`
	Unhelped int    `json:"unhelped"`
	Searches int    `json:"searches"`
	NoResult int    `json:"no_result"`
	Reads    int    `json:"reads"`
}

// An ArticleCount follows an article's links: sent, opened, helped.
type ArticleCount struct {
	Article       int `json:"article"`
	Sent          int `json:"sent"`           // reply links
	Opened        int `json:"opened"`         // reply links that were opened at least once
	Opens         int `json:"opens"`          // openings altogether
	ReplyHelped   int `json:"reply_helped"`   // replies whose reader said that the article helped
	ReplyUnhelped int `json:"reply_unhelped"` // replies whose reader said that it did not
	Helped        int `json:"helped"`         // all votes
	Unhelped      int `json:"unhelped"`
	Reads         int `json:"reads"`
}

// A SearchCount is a search by its words.
type SearchCount struct {
	Words    string  `json:"words"`
	Lang     string  `json:"lang"`
	Times    int     `json:"times"`
	Results  int     `json:"results"`  // the most that were found
	Clicks   int     `json:"clicks"`   // times a result was chosen
	Position float64 `json:"position"` // mean of what was chosen, 1 = first; 0 without clicks
}

// An ArticleOpinion is a vote with a comment.
type ArticleOpinion struct {
	Day      string `json:"day"`
	Article  int    `json:"article"`
	Revision string `json:"revision"`
	Lang     string `json:"lang"`
	Helpful  bool   `json:"helpful"`
	Reason   string `json:"reason"`
	Comment  string `json:"comment"`
	Query    string `json:"query"`
}

// A ReasonCount says how often a reason was given for an article.
type ReasonCount struct {
	Article int    `json:"article"`
	Helpful bool   `json:"helpful"`
	Reason  string `json:"reason"`
	Times   int    `json:"times"`
}

// An AgentCount says how many links an agent sent, and how they did.
type AgentCount struct {
	Agent  string `json:"agent"`
	Sent   int    `json:"sent"`
	Opened int    `json:"opened"`
	Helped int    `json:"helped"`
}

// maxReportDays bounds a report to somewhat more than two years.
const maxReportDays = 800

// written is the nearest day that has four digits for its year.
func written(t time.Time) time.Time {
	switch y := t.UTC().Year(); {
	case y < 1:
		return time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	case y > 9999:
		return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return t
}

// Report counts from one day to another, both inclusive, in UTC.
func (p *Reports) Report(ctx context.Context, from, to time.Time) (Report, error) {
	from, to = written(from), written(to)
	if to.Before(from) {
		from, to = to, from
	}
	if to.Sub(from) > maxReportDays*24*time.Hour {
		from = to.AddDate(0, 0, -maxReportDays)
	}
	r := Report{
		From: day(from), To: day(to), Days: []DayCount{}, Articles: []ArticleCount{}, NoResult: []SearchCount{}, NoClick: []SearchCount{},
		Searches: []SearchCount{}, Comments: []ArticleOpinion{}, Reasons: []ReasonCount{}, Agents: []AgentCount{},
	}
	err := p.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		for _, part := range []func(context.Context, database.Querier) error{r.readDays, r.readArticles, r.readSearches, r.readVotes, r.readAgents} {
			if err := part(ctx, db); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	r.Gaps, err = p.Gaps(ctx, false)
	return r, err
}

func (r *Report) readDays(ctx context.Context, db database.Querier) error {
	var found []DayCount
	rows, err := db.QueryContext(ctx, `SELECT day, CAST(SUM(sent) AS BIGINT), CAST(SUM(opened) AS BIGINT), CAST(SUM(helped) AS BIGINT),
			CAST(SUM(unhelped) AS BIGINT), CAST(SUM(searches) AS BIGINT), CAST(SUM(empty) AS BIGINT), CAST(SUM(visits) AS BIGINT) FROM (
		SELECT day, 1 AS sent, 0 AS opened, 0 AS helped, 0 AS unhelped, 0 AS searches, 0 AS empty, 0 AS visits FROM replies WHERE day >= $1 AND day <= $2
		UNION ALL SELECT day, 0, n, 0, 0, 0, 0, 0 FROM opens WHERE day >= $1 AND day <= $2
		UNION ALL SELECT day, 0, 0, helpful, 1 - helpful, 0, 0, 0 FROM votes WHERE day >= $1 AND day <= $2
		UNION ALL SELECT day, 0, 0, 0, 0, 1, CASE WHEN results = 0 THEN 1 ELSE 0 END, 0 FROM searches WHERE day >= $1 AND day <= $2
		UNION ALL SELECT day, 0, 0, 0, 0, 0, 0, n FROM reads WHERE day >= $1 AND day <= $2) AS parts GROUP BY day ORDER BY day`, r.From, r.To)
	err = database.Collect(rows, err, &found, func(d *DayCount) []any {
		return []any{&d.Day, &d.Sent, &d.Opened, &d.Helped, &d.Unhelped, &d.Searches, &d.NoResult, &d.Reads}
	})
	if err != nil {
		return err
	}
	counts := map[string]DayCount{}
	for _, d := range found {
		counts[d.Day] = d
	}
	first, err := time.Parse(time.DateOnly, r.From)
	if err != nil {
		return err
	}
	last, err := time.Parse(time.DateOnly, r.To)
	if err != nil {
		return err
	}
	// By the time, not by its text: the day after 9999-12-31 sorts before it.
	for t := first; !t.After(last); t = t.AddDate(0, 0, 1) {
		d := counts[day(t)]
		d.Day = day(t)
		r.Days = append(r.Days, d)
	}
	return nil
}

// readArticles credits opens and votes to the replies sent in this time,
// whenever they happened, and counts all votes and reads of this time.
func (r *Report) readArticles(ctx context.Context, db database.Querier) error {
	rows, err := db.QueryContext(ctx, `SELECT article, CAST(SUM(sent) AS BIGINT) AS total, CAST(SUM(opened) AS BIGINT), CAST(SUM(opens) AS BIGINT),
			CAST(SUM(good) AS BIGINT), CAST(SUM(bad) AS BIGINT), CAST(SUM(helped) AS BIGINT), CAST(SUM(unhelped) AS BIGINT), CAST(SUM(visits) AS BIGINT) AS seen FROM (
		SELECT article, 1 AS sent, 0 AS opened, 0 AS opens, 0 AS good, 0 AS bad, 0 AS helped, 0 AS unhelped, 0 AS visits FROM replies WHERE day >= $1 AND day <= $2
		UNION ALL SELECT r.article, 0, 1, SUM(o.n), 0, 0, 0, 0, 0 FROM replies r JOIN opens o ON o.nonce = r.nonce WHERE r.day >= $1 AND r.day <= $2 GROUP BY r.nonce, r.article
		UNION ALL SELECT r.article, 0, 0, 0, MAX(v.helpful), 1 - MAX(v.helpful), 0, 0, 0 FROM replies r JOIN votes v ON v.reply = r.nonce WHERE r.day >= $1 AND r.day <= $2 GROUP BY r.nonce, r.article
		UNION ALL SELECT article, 0, 0, 0, 0, 0, helpful, 1 - helpful, 0 FROM votes WHERE day >= $1 AND day <= $2
		UNION ALL SELECT article, 0, 0, 0, 0, 0, 0, 0, n FROM reads WHERE day >= $1 AND day <= $2) AS parts
		GROUP BY article ORDER BY total DESC, seen DESC, article LIMIT 2000`, r.From, r.To)
	return database.Collect(rows, err, &r.Articles, func(a *ArticleCount) []any {
		return []any{&a.Article, &a.Sent, &a.Opened, &a.Opens, &a.ReplyHelped, &a.ReplyUnhelped, &a.Helped, &a.Unhelped, &a.Reads}
	})
}

func (r *Report) readSearches(ctx context.Context, db database.Querier) error {
	for _, part := range []struct {
		having string
		out    *[]SearchCount
	}{
		{`HAVING MAX(results) = 0`, &r.NoResult},
		{`HAVING MAX(results) > 0 AND MAX(pos) = 0`, &r.NoClick},
		{``, &r.Searches},
	} {
		rows, err := db.QueryContext(ctx, `SELECT words, lang, COUNT(*) AS times, MAX(results), CAST(SUM(CASE WHEN pos > 0 THEN 1 ELSE 0 END) AS BIGINT),
			CAST(COALESCE(SUM(pos), 0) AS BIGINT) FROM searches WHERE day >= $1 AND day <= $2 GROUP BY words, lang `+part.having+` ORDER BY times DESC, words, lang LIMIT 200`, r.From, r.To)
		var sums []int
		err = database.Collect(rows, err, part.out, func(c *SearchCount) []any {
			sums = append(sums, 0)
			return []any{&c.Words, &c.Lang, &c.Times, &c.Results, &c.Clicks, &sums[len(sums)-1]}
		})
		if err != nil {
			return err
		}
		for i := range *part.out {
			if c := &(*part.out)[i]; c.Clicks > 0 {
				c.Position = float64(sums[i]) / float64(c.Clicks)
			}
		}
	}
	return nil
}

func (r *Report) readVotes(ctx context.Context, db database.Querier) error {
	rows, err := db.QueryContext(ctx, `SELECT day, article, rev, lang, helpful, reason, comment, query FROM votes
		WHERE day >= $1 AND day <= $2 AND comment <> '' ORDER BY day DESC, id LIMIT 200`, r.From, r.To)
	err = database.Collect(rows, err, &r.Comments, func(o *ArticleOpinion) []any {
		return []any{&o.Day, &o.Article, &o.Revision, &o.Lang, &o.Helpful, &o.Reason, &o.Comment, &o.Query}
	})
	if err != nil {
		return err
	}
	rows, err = db.QueryContext(ctx, `SELECT article, helpful, reason, COUNT(*) AS times FROM votes WHERE day >= $1 AND day <= $2 AND reason <> ''
		GROUP BY article, helpful, reason ORDER BY times DESC, article, reason, helpful LIMIT 500`, r.From, r.To)
	return database.Collect(rows, err, &r.Reasons, func(c *ReasonCount) []any { return []any{&c.Article, &c.Helpful, &c.Reason, &c.Times} })
}

func (r *Report) readAgents(ctx context.Context, db database.Querier) error {
	rows, err := db.QueryContext(ctx, `SELECT agent, COUNT(*) AS sent,
		CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM opens o WHERE o.nonce = r.nonce) THEN 1 ELSE 0 END) AS BIGINT),
		CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM votes v WHERE v.reply = r.nonce AND v.helpful = 1) THEN 1 ELSE 0 END) AS BIGINT)
		FROM replies r WHERE day >= $1 AND day <= $2 GROUP BY agent ORDER BY sent DESC, agent LIMIT 500`, r.From, r.To)
	return database.Collect(rows, err, &r.Agents, func(a *AgentCount) []any { return []any{&a.Agent, &a.Sent, &a.Opened, &a.Helped} })
}
