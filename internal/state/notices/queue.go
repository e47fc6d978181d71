package notices

import (
	"context"
	"errors"
	"strconv"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
)

// ExpireAfter is how long a message is tried.
const ExpireAfter = 24 * time.Hour

// A Job is a message that this replica holds for a while.
type Job struct {
	ID           string
	Domain       string // of the receiving server, or what stands for it
	Class        int
	Attempt      int // from 1
	Until        time.Time
	subscription string
	sealed       string
	event        notify.Event
	channel      notify.Channel
	tells        []string
	late         int
	created      time.Time
}

// Channel returns the way by which the job is sent.
func (j *Job) Channel() notify.Channel { return j.channel }

// Created returns when it was decided to send it.
func (j *Job) Created() time.Time { return j.created }

// A Want says which jobs a replica can take.
type Want struct {
	N        int              // at most so many
	MaxClass int              // and none of a higher class
	Busy     []string         // domains that have enough
	Paused   []notify.Channel // by which nothing can be sent now
	Until    time.Time        // how long they are held
}

// Take takes jobs that are due, the most urgent first.
func (s *Store) Take(ctx context.Context, w Want, now time.Time) (jobs []Job, err error) {
	where := ""
	args := []any{now.Unix(), w.MaxClass, w.N}
	without := func(column, value string) {
		args = append(args, value)
		where += " AND " + column + " <> $" + strconv.Itoa(len(args))
	}
	for _, domain := range w.Busy {
		without("domain", domain)
	}
	for _, c := range w.Paused {
		without("channel", string(c))
	}
	lock := ""
	if s.db.Postgres() {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		jobs = nil
		rows, err := db.QueryContext(ctx, `SELECT id, domain, class, attempts, subscription, sealed, post, update_id, kind, post_kind, components, happened, channel, tells, late, created
			FROM deliveries WHERE channel <> '' AND due <= $1 AND held_until <= $1 AND class <= $2`+where+` ORDER BY class, due, id LIMIT $3`+lock, args...)
		err = database.Collect(rows, err, &jobs, func(j *Job) []any {
			return []any{
				&j.ID, &j.Domain, &j.Class, &j.Attempt, &j.subscription, &j.sealed, &j.event.Post, &j.event.Update, &j.event.Kind, &j.event.PostKind,
				(*list)(&j.event.Components), (*database.Instant)(&j.event.At), &j.channel, (*list)(&j.tells), &j.late, (*database.Instant)(&j.created),
			}
		})
		if err != nil {
			return err
		}
		for i := range jobs {
			j := &jobs[i]
			j.Attempt++
			j.Until = w.Until
			if err := exec(ctx, db, do(`UPDATE deliveries SET holder = $1, held_until = $2, attempts = $3 WHERE id = $4`, s.replica, w.Until.Unix(), j.Attempt, j.ID)); err != nil {
				return err
			}
		}
		return nil
	})
	return jobs, err
}

// Message makes what is sent of a job. Errors: ErrNobody when the subscription has
// ended, by which the job is done; ErrExpired for a confirmation that nobody can
// use any more.
func (s *Store) Message(ctx context.Context, j Job, now time.Time) (notify.Message, error) {
	m := notify.Message{Event: j.event, Told: j.tells, Date: j.created, Attempt: j.Attempt, Late: j.late != 0}
	if j.event.Kind == notify.Confirm {
		p, err := s.readConfirm(j.sealed, now)
		if err != nil {
			return m, err
		}
		m.ID, m.Confirm = s.mac(16, "confirm", p.Nonce), j.sealed
		m.Thread = m.ID
		m.Subscription = notify.Subscription{Channel: p.Channel, Target: p.Target, Choice: p.choice(), Owner: p.Owner}
		return m, nil
	}
	sub, err := s.byID(ctx, j.subscription, now)
	if err != nil {
		return m, err
	}
	if !sub.Off.IsZero() {
		return m, notify.ErrNobody
	}
	m.Subscription = sub
	m.ID = s.MessageID(sub.ID, j.event.Post, j.event.Update)
	first := j.event.Update
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		err := db.QueryRowContext(ctx, `SELECT update_id FROM threads WHERE subscription = $1 AND post = $2`, sub.ID, j.event.Post).Scan(&first)
		if database.IsNone(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return m, err
	}
	m.Thread = s.MessageID(sub.ID, j.event.Post, first)
	if sub.Channel == notify.Mail {
		m.Return = s.verp(sub.ID, m.ID)
	}
	return m, nil
}

// finish ends a job, if this replica still holds it.
func (s *Store) finish(ctx context.Context, j Job, then func(context.Context, database.Querier) error) error {
	err := s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		if err := database.Affected(ctx, db, errNobody, `DELETE FROM deliveries WHERE id = $1 AND holder = $2 AND attempts = $3`, j.ID, s.replica, j.Attempt); err != nil {
			return err
		}
		return then(ctx, db)
	})
	if errors.Is(err, notify.ErrNobody) {
		return nil // taken over by another replica, or taken back
	}
	return err
}

func (s *Store) count(j Job, delivered, failed int, now time.Time) statement {
	return do(`INSERT INTO outcomes (post, channel, hour, replica, delivered, failed) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (post, channel, hour, replica) DO UPDATE SET delivered = outcomes.delivered + excluded.delivered, failed = outcomes.failed + excluded.failed`,
		j.event.Post, string(j.channel), now.Unix()/3600, s.replica, delivered, failed)
}

// Delivered records that the receiver has a job's message.
func (s *Store) Delivered(ctx context.Context, j Job, now time.Time) error {
	return s.finish(ctx, j, func(ctx context.Context, db database.Querier) error {
		if err := exec(ctx, db, s.count(j, 1, 0, now)); err != nil || j.subscription == "" {
			return err
		}
		err := exec(ctx, db, do(`INSERT INTO threads (subscription, post, update_id, day) VALUES ($1, $2, $3, $4) ON CONFLICT (subscription, post) DO UPDATE SET day = excluded.day`,
			j.subscription, j.event.Post, j.event.Update, day(now)))
		if err != nil || j.channel == notify.Mail {
			return err
		}
		return exec(ctx, db, do(`UPDATE subscriptions SET failing = 0 WHERE id = $1 AND failing <> 0`, j.subscription))
	})
}

// Failed records that a job's message will not be delivered.
func (s *Store) Failed(ctx context.Context, j Job, now time.Time) error {
	return s.finish(ctx, j, func(ctx context.Context, db database.Querier) error { return exec(ctx, db, s.count(j, 0, 1, now)) })
}

// Drop ends a job that nobody is to be told any more.
func (s *Store) Drop(ctx context.Context, j Job) error {
	return s.finish(ctx, j, func(context.Context, database.Querier) error { return nil })
}

// Retry gives a job back until an instant. spent is false when the attempt does
// not count, because nothing could be sent at all. off reports that the webhook or chat
// has failed for a day and is turned off.
func (s *Store) Retry(ctx context.Context, j Job, due time.Time, spent bool, now time.Time) (off bool, err error) {
	attempts := j.Attempt
	if !spent {
		attempts--
	}
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		off = false
		err := database.Affected(ctx, db, errNobody, `UPDATE deliveries SET due = $1, holder = '', held_until = 0, attempts = $2 WHERE id = $3 AND holder = $4 AND attempts = $5`,
			due.Unix(), attempts, j.ID, s.replica, j.Attempt)
		if err != nil || j.channel == notify.Mail || j.subscription == "" || !spent {
			return err
		}
		if err := exec(ctx, db, do(`UPDATE subscriptions SET failing = $1 WHERE id = $2 AND failing = 0`, now.Unix(), j.subscription)); err != nil {
			return err
		}
		err = database.Affected(ctx, db, errNobody, `UPDATE subscriptions SET off_at = $1 WHERE id = $2 AND off_at = 0 AND failing <= $3`, now.Unix(), j.subscription, now.Add(-ExpireAfter).Unix())
		if errors.Is(err, notify.ErrNobody) {
			return nil
		}
		off = err == nil
		return err
	})
	if errors.Is(err, notify.ErrNobody) {
		return false, nil
	}
	return off, err
}

// Expire counts messages that were tried for a day as failed, and forgets what is
// no longer needed. Webhooks and chats whose message expired are turned off, and
// their ids returned.
func (s *Store) Expire(ctx context.Context, now time.Time) (off []string, err error) {
	err = s.db.Write(ctx, bulkTime, func(ctx context.Context, db database.Querier) error {
		cut := now.Add(-ExpireAfter).Unix()
		off = nil
		rows, err := db.QueryContext(ctx, `SELECT id FROM subscriptions WHERE kind <> 'mail' AND off_at = 0 AND failing > 0 AND failing <= $1`, cut)
		if err := database.Collect(rows, err, &off, func(id *string) []any { return []any{id} }); err != nil {
			return err
		}
		for _, id := range off {
			if err := exec(ctx, db, do(`UPDATE subscriptions SET off_at = $1 WHERE id = $2`, now.Unix(), id), do(`DELETE FROM deliveries WHERE subscription = $1 AND held_until <= $2`, id, now.Unix())); err != nil {
				return err
			}
		}
		return exec(ctx, db,
			do(`INSERT INTO outcomes (post, channel, hour, replica, delivered, failed) SELECT post, channel, $1, $2, 0, COUNT(*) FROM deliveries
				WHERE channel <> '' AND kind <> 'confirm' AND created <= $3 AND held_until <= $4 GROUP BY post, channel
				ON CONFLICT (post, channel, hour, replica) DO UPDATE SET failed = outcomes.failed + excluded.failed`, now.Unix()/3600, s.replica, cut, now.Unix()),
			do(`DELETE FROM deliveries WHERE channel <> '' AND created <= $1 AND held_until <= $2`, cut, now.Unix()),
			do(`DELETE FROM once WHERE ends <= $1`, now.Unix()),
			do(`DELETE FROM told WHERE at < $1`, now.AddDate(0, 0, -90).Unix()),
			do(`DELETE FROM outcomes WHERE hour < $1`, now.AddDate(0, 0, -90).Unix()/3600),
			do(`DELETE FROM threads WHERE day < $1`, day(now.AddDate(0, 0, -90))),
			do(`DELETE FROM bounces WHERE at < $1`, now.AddDate(0, 0, -bounceDays).Unix()),
			do(`DELETE FROM ended WHERE at < $1`, now.Add(-keepEntry).Unix()))
	})
	if err == nil {
		err = s.journal.expire(now)
	}
	return off, err
}

// A Depth says how much waits.
type Depth struct {
	Waiting int       // messages
	Oldest  time.Time // when the oldest of those that are due was due; zero: none
	Held    int       // events
}

// Depth returns how much waits, for metrics.
func (s *Store) Depth(ctx context.Context, now time.Time) (d Depth, err error) {
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return db.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MIN(CASE WHEN due <= $1 THEN due END), 0), (SELECT COUNT(*) FROM held) FROM deliveries WHERE channel <> ''`, now.Unix()).
			Scan(&d.Waiting, (*database.Instant)(&d.Oldest), &d.Held)
	})
	return d, err
}
