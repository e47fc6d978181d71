package state

import (
	"context"
	"time"

	"signpost/internal/state/database"
)

// A Retention says for how many days things are kept; 0 keeps them for ever.
type Retention struct {
	Votes    int
	Searches int
	Replies  int // and their opens
	Reads    int
	Gaps     int // closed ones
	Audit    int // what agents and tokens did
}

// DefaultRetention is what a site gets that sets nothing: two years of votes,
// reads and the audit log, a year of replies, a quarter of searches.
var DefaultRetention = Retention{Votes: 730, Searches: 90, Replies: 365, Reads: 730, Gaps: 365, Audit: 730}

// Expire removes what is older than it may be, also hashes of terms after 90
// days, and sessions and tokens that have expired.
func (s *Store) Expire(ctx context.Context, keep Retention, now time.Time) error {
	cut := func(days int) time.Time { return now.UTC().AddDate(0, 0, -days) }
	err := s.db.Write(ctx, applyTime, func(ctx context.Context, db database.Querier) error {
		if err := s.Events.inTurn(ctx, db); err != nil {
			return err
		}
		for _, kind := range expiring(keep) {
			if kind.days <= 0 {
				continue
			}
			for _, query := range kind.rows {
				if _, err := db.ExecContext(ctx, query, day(cut(kind.days))); err != nil {
					return err
				}
			}
			for _, t := range kind.totals {
				if err := t.expire(ctx, db, cut(kind.days)); err != nil {
					return err
				}
			}
		}
		if keep.Audit > 0 {
			if _, err := db.ExecContext(ctx, `DELETE FROM audit WHERE at < $1`, cut(keep.Audit).Unix()); err != nil {
				return err
			}
		}
		return dropEmpty(ctx, db)
	})
	if err != nil {
		return err
	}
	return s.Accounts.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		for _, table := range []string{"sessions", "tokens"} {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+table+` WHERE expires > 0 AND expires < $1`, now.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}

// An expiry is what is kept for the same number of days: statements that remove
// rows before a day, and the totals of those rows.
type expiry struct {
	days   int
	rows   []string
	totals []total
}

func expiring(keep Retention) []expiry {
	return []expiry{
		{keep.Votes, []string{`DELETE FROM votes WHERE day < $1`}, []total{
			{"day_totals", "", []string{"helped", "unhelped"}},
			{"article_totals", "article", []string{"helped", "unhelped"}},
			{"reason_totals", "article, helpful, reason", []string{"times"}},
		}},
		{keep.Searches, []string{`DELETE FROM searches WHERE day < $1`}, []total{
			{"day_totals", "", []string{"searches", "no_result"}}, {"search_totals", "words, lang", []string{"times", "clicks", "positions"}},
		}},
		{keep.Replies, []string{`DELETE FROM replies WHERE day < $1`, `DELETE FROM opens WHERE day < $1`}, []total{
			{"day_totals", "", []string{"sent", "opened"}},
			{"article_totals", "article", []string{"sent", "opened", "opens", "reply_helped", "reply_unhelped"}},
			{"agent_totals", "agent", []string{"sent", "opened", "helped"}},
		}},
		{keep.Reads, []string{`DELETE FROM reads WHERE day < $1`}, []total{
			{"day_totals", "", []string{"reads"}}, {"article_totals", "article", []string{"reads"}},
		}},
		{keep.Gaps, []string{`DELETE FROM gaps WHERE closed <> '' AND closed < $1`}, nil},
		{firstDays, []string{`DELETE FROM asked_first WHERE day < $1`}, nil},
		{400, []string{`DELETE FROM batches WHERE day < $1`}, nil},
	}
}
