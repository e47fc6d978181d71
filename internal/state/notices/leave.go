package notices

import (
	"context"
	"errors"
	"strings"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
)

// tokenLength is that of a Leave token.
const tokenLength = 26

// Leave implements [notify.Store].
func (s *Store) Leave(ctx context.Context, leave string, now time.Time) error {
	leave = strings.ToLower(leave)
	if len(leave) != tokenLength || strings.Trim(leave, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return nil // never made here
	}
	var known int
	err := s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return db.QueryRowContext(ctx, `SELECT COUNT(*) FROM subscriptions WHERE leave_token = $1`, leave).Scan(&known)
	})
	if err == nil && known == 0 {
		return nil // the disk is not for strangers' guesses
	}
	if err := s.journal.add(entry{Leave: leave, At: now.Unix()}); err != nil {
		return err
	}
	return s.tried(s.Apply(ctx, now))
}

// Silence implements [notify.Store].
func (s *Store) Silence(ctx context.Context, post, update string, now time.Time) error {
	if err := s.journal.add(entry{Post: post, Update: update, At: now.Unix()}); err != nil {
		return err
	}
	return s.tried(s.Apply(ctx, now))
}

// tried is the error of something that will be done later too.
func (s *Store) tried(err error) error {
	if err != nil && !errors.Is(err, database.ErrUnavailable) && !errors.Is(err, context.Canceled) {
		s.log.Error("who has left is not in the database yet", "error", err)
	}
	return nil
}

// applyAtOnce is how many entries one transaction takes.
const applyAtOnce = 500

// Apply brings what waits in the journal into the database.
func (s *Store) Apply(ctx context.Context, now time.Time) error {
	for {
		list := s.journal.waiting()
		if len(list) == 0 {
			return nil
		}
		list = list[:min(len(list), applyAtOnce)]
		if err := s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error { return s.applyAll(ctx, db, list) }); err != nil {
			return err
		}
		s.journal.has(len(list))
	}
}

// Reapply brings all of the journal into a transaction that restores a backup.
func (s *Store) Reapply(ctx context.Context, db database.Querier) error {
	if err := s.Reset(ctx, db); err != nil {
		return err
	}
	list := s.journal.waiting()
	if err := s.applyAll(ctx, db, list); err != nil {
		return err
	}
	// Who left by another replica is known to the database alone.
	rows, err := db.QueryContext(ctx, `SELECT id FROM subscriptions WHERE leave_token IN (SELECT leave_token FROM ended)`)
	var ids []string
	if err := database.Collect(rows, err, &ids, func(id *string) []any { return []any{id} }); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.end(ctx, db, id, "left", time.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) applyAll(ctx context.Context, db database.Querier, list []entry) error {
	for _, e := range list {
		at := time.Unix(e.At, 0)
		if e.Leave == "" {
			if err := silence(ctx, db, e.Post, e.Update, at); err != nil {
				return err
			}
			continue
		}
		var id string
		err := db.QueryRowContext(ctx, `SELECT COALESCE(MIN(id), '') FROM subscriptions WHERE leave_token = $1`, e.Leave).Scan(&id)
		if err != nil {
			return err
		}
		if id != "" {
			if err := s.end(ctx, db, id, "left", at); err != nil {
				return err
			}
		}
	}
	return nil
}

// end removes a subscription and what belongs to it. Its target is not subscribed
// again by an import.
func (s *Store) end(ctx context.Context, db database.Querier, id, reason string, now time.Time) error {
	for _, st := range []statement{
		do(`INSERT INTO suppression (hash, reason, since) SELECT hash, $1, $2 FROM subscriptions WHERE id = $3
			ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, since = excluded.since`, reason, now.Unix(), id),
		do(`INSERT INTO ended (leave_token, at) SELECT leave_token, $1 FROM subscriptions WHERE id = $2 OR owner = $2 ON CONFLICT DO NOTHING`, now.Unix(), id),
		do(`DELETE FROM deliveries WHERE subscription IN (SELECT id FROM subscriptions WHERE id = $1 OR owner = $1)`, id),
		do(`DELETE FROM threads WHERE subscription IN (SELECT id FROM subscriptions WHERE id = $1 OR owner = $1)`, id),
		do(`DELETE FROM bounces WHERE subscription = $1`, id),
	} {
		if err := exec(ctx, db, st); err != nil {
			return err
		}
	}
	return database.Affected(ctx, db, errNobody, `DELETE FROM subscriptions WHERE id = $1 OR owner = $1`, id)
}

// End implements [notify.Store].
func (s *Store) End(ctx context.Context, id string, now time.Time) error {
	var leave string
	err := s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		if err := db.QueryRowContext(ctx, `SELECT COALESCE(MIN(leave_token), '') FROM subscriptions WHERE id = $1`, id).Scan(&leave); err != nil {
			return err
		}
		return s.end(ctx, db, id, "left", now)
	})
	if err != nil {
		return err
	}
	return s.journal.add(entry{Leave: leave, At: now.Unix()})
}

// silence counts an update, or all of a post up to an instant, as told, and takes
// back what was not sent yet.
func silence(ctx context.Context, db database.Querier, post, update string, at time.Time) error {
	return exec(ctx, db,
		do(`INSERT INTO told (post, update_id, kind, language, at, n) VALUES ($1, $2, '*', '', $3, -1)
			ON CONFLICT (post, update_id, kind, language) DO UPDATE SET at = CASE WHEN told.at > excluded.at THEN told.at ELSE excluded.at END`, post, update, at.Unix()),
		do(`DELETE FROM held WHERE post = $1 AND (update_id = $2 OR $2 = '' AND happened <= $3)`, post, update, at.Unix()),
		do(`DELETE FROM deliveries WHERE post = $1 AND (update_id = $2 OR $2 = '' AND happened <= $3) AND attempts = 0`, post, update, at.Unix()))
}

// ByTarget returns the subscription of an address or URL. Errors: ErrNobody, and those of Ask.
func (s *Store) ByTarget(ctx context.Context, c notify.Channel, given string, now time.Time) (sub notify.Subscription, err error) {
	if s.keys == nil {
		return sub, errKeys
	}
	t, err := readTarget(c, given)
	if err != nil {
		return sub, err
	}
	var id string
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return db.QueryRowContext(ctx, `SELECT COALESCE(MIN(id), '') FROM subscriptions WHERE hash = $1`, s.targetHash(t)).Scan(&id)
	})
	if err == nil && id == "" {
		err = notify.ErrNobody
	}
	if err != nil {
		return sub, err
	}
	return s.byID(ctx, id, now)
}
