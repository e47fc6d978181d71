package state

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"signpost/internal/state/database"
)

// Reports are what the events add up to.
type Reports struct {
	db   *database.DB
	log  *slog.Logger
	path string // of the last signals in the data folder

	making singleflight.Group // reports by their days

	mu   sync.Mutex
	last []byte // what path holds
}

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

// Report counts from one day to another, both inclusive, in UTC. Those who ask
// for the same days at the same time share one answer.
func (p *Reports) Report(ctx context.Context, from, to time.Time) (Report, error) {
	from, to = written(from), written(to)
	if to.Before(from) {
		from, to = to, from
	}
	if to.Sub(from) > maxReportDays*24*time.Hour {
		from = to.AddDate(0, 0, -maxReportDays)
	}
	// Whoever asked first may go away: the others still want it.
	made := p.making.DoChan(day(from)+" "+day(to), func() (any, error) {
		return p.add(context.WithoutCancel(ctx), day(from), day(to))
	})
	select {
	case result := <-made:
		report, _ := result.Val.(Report)
		return report, result.Err
	case <-ctx.Done():
		return Report{}, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

func (p *Reports) add(ctx context.Context, from, to string) (Report, error) {
	r := Report{
		From: from, To: to, Days: []DayCount{}, Articles: []ArticleCount{}, NoResult: []SearchCount{}, NoClick: []SearchCount{},
		Searches: []SearchCount{}, Comments: []ArticleOpinion{}, Reasons: []ReasonCount{}, Agents: []AgentCount{},
	}
	err := p.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		periods, err := periodsOf(ctx, db, from, to)
		if err != nil {
			return err
		}
		if err := r.readDays(ctx, db); err != nil {
			return err
		}
		for _, part := range []func(context.Context, database.Querier, []any) error{r.readArticles, r.readSearches, r.readVotes, r.readAgents} {
			if err := part(ctx, db, periods); err != nil {
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
	rows, err := db.QueryContext(ctx, `SELECT day, sent, opened, helped, unhelped, searches, no_result, reads FROM day_totals WHERE day >= $1 AND day <= $2`, r.From, r.To)
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
