package state

import (
	"context"
	"time"
)

// A Retention says for how many days things are kept; 0 keeps them for ever.
type Retention struct {
	Votes    int
	Searches int
	Replies  int // and their opens
	Reads    int
	Gaps     int // closed ones
}

// DefaultRetention is what a site gets that sets nothing: two years of votes
// and reads, a year of replies, a quarter of searches.
var DefaultRetention = Retention{Votes: 730, Searches: 90, Replies: 365, Reads: 730, Gaps: 365}

// Expire removes what is older than it may be, also hashes of terms after 90
// days, and sessions and tokens that have expired.
func (s *Store) Expire(ctx context.Context, keep Retention, now time.Time) error {
	type rule struct {
		query string
		days  int
	}
	err := s.db.Write(ctx, applyTime, func(ctx context.Context, db database.Querier) error {
		for _, r := range []rule{
			{`DELETE FROM votes WHERE day < $1`, keep.Votes},
			{`DELETE FROM searches WHERE day < $1`, keep.Searches},
			{`DELETE FROM replies WHERE day < $1`, keep.Replies},
			{`DELETE FROM opens WHERE day < $1`, keep.Replies},
			{`DELETE FROM reads WHERE day < $1`, keep.Reads},
			{`DELETE FROM gaps WHERE closed <> '' AND closed < $1`, keep.Gaps},
			{`DELETE FROM asked_first WHERE day < $1`, firstDays},
			{`DELETE FROM batches WHERE day < $1`, 400},
			{`DELETE FROM deliveries WHERE done > 0 AND day < $1`, 90},
		} {
			if r.days <= 0 {
				continue
			}
			if _, err := db.ExecContext(ctx, r.query, day(now.AddDate(0, 0, -r.days))); err != nil {
				return err
			}
		}
		// An opt-in that was never confirmed leaves no address behind.
		_, err := db.ExecContext(ctx, `DELETE FROM subscriptions WHERE confirmed = 0 AND created < $1`, now.Add(-48*time.Hour).Unix())
		return err
	})
	if err != nil {
		return err
	}
	return s.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		for _, table := range []string{"sessions", "tokens"} {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+table+` WHERE expires > 0 AND expires < $1`, now.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}
