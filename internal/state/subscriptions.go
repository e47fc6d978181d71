package state

import (
	"context"
	"errors"
	"strings"
	"time"
)

// A Subscription says who wants to hear of changes. It begins unconfirmed.
type Subscription struct {
	ID        string   // random, unguessable
	Kind      string   // "mail" or "webhook"
	Target    string   // address or URL
	Topics    []string // component ids; none means all
	Lang      string
	Created   time.Time
	Confirmed time.Time // zero: not yet
}

const subscriptionColumns = `id, kind, target, topics, lang, created, confirmed`

func (v *Subscription) fields() []any {
	return []any{&v.ID, &v.Kind, &v.Target, (*words)(&v.Topics), &v.Lang, (*instant)(&v.Created), (*instant)(&v.Confirmed)}
}

// Subscribe keeps an unconfirmed subscription. For a target that has one
// already it changes topics and language and returns that one's id.
func (s *Store) Subscribe(ctx context.Context, v Subscription) (id string, err error) {
	err = s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		return db.QueryRowContext(ctx, `INSERT INTO subscriptions (`+subscriptionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT (kind, target) DO UPDATE SET topics = excluded.topics, lang = excluded.lang RETURNING id`,
			v.ID, v.Kind, v.Target, strings.Join(v.Topics, " "), v.Lang, seconds(v.Created)).Scan(&id)
	})
	return id, err
}

// Confirm confirms a subscription; doing so again changes nothing.
func (s *Store) Confirm(ctx context.Context, id string, now time.Time) error {
	return s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		return affected(ctx, db, ErrNotFound, `UPDATE subscriptions SET confirmed = CASE WHEN confirmed = 0 THEN $1 ELSE confirmed END WHERE id = $2`, now.Unix(), id)
	})
}

// Unsubscribe removes a subscription; one that is gone already is fine.
func (s *Store) Unsubscribe(ctx context.Context, id string) error {
	return s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		_, err := db.ExecContext(ctx, `DELETE FROM subscriptions WHERE id = $1`, id)
		return err
	})
}

// Subscriptions returns the confirmed ones by id, after the given id, at most n.
func (s *Store) Subscriptions(ctx context.Context, after string, n int) ([]Subscription, error) {
	out := []Subscription{}
	err := s.read(ctx, queryTime, func(ctx context.Context, db querier) error {
		rows, err := db.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscriptions WHERE confirmed > 0 AND id > $1 ORDER BY id LIMIT $2`, after, n)
		return collect(rows, err, &out, (*Subscription).fields)
	})
	return out, err
}

// A Delivery is one notice to one subscriber. Its id is fixed, so that a notice
// is planned once however many replicas see the change.
type Delivery struct {
	ID       string    // e.g. hash of subscription, post and update
	Attempts int       // so far
	Due      time.Time // when to try next
}

// PlanDelivery keeps a delivery; false says that it has been planned before.
func (s *Store) PlanDelivery(ctx context.Context, id string, now time.Time) (bool, error) {
	planned := true
	err := s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		err := affected(ctx, db, ErrExists, `INSERT INTO deliveries (id, day, attempts, due, done) VALUES ($1, $2, 0, $3, 0) ON CONFLICT (id) DO NOTHING`,
			id, day(now), now.Unix())
		if errors.Is(err, ErrExists) {
			planned = false
			return nil
		}
		return err
	})
	return planned, err
}

// Deliveries returns those that are due, at most n, longest due first.
func (s *Store) Deliveries(ctx context.Context, now time.Time, n int) ([]Delivery, error) {
	out := []Delivery{}
	err := s.read(ctx, queryTime, func(ctx context.Context, db querier) error {
		rows, err := db.QueryContext(ctx, `SELECT id, attempts, due FROM deliveries WHERE done = 0 AND due <= $1 ORDER BY due, id LIMIT $2`, now.Unix(), n)
		return collect(rows, err, &out, func(d *Delivery) []any { return []any{&d.ID, &d.Attempts, (*instant)(&d.Due)} })
	})
	return out, err
}

// Delivered ends a delivery; Retry puts it off.
func (s *Store) Delivered(ctx context.Context, id string, now time.Time) error {
	return s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		return affected(ctx, db, ErrNotFound, `UPDATE deliveries SET done = $1, attempts = attempts + 1 WHERE id = $2`, now.Unix(), id)
	})
}

// Retry counts a failed attempt and sets when to try again.
func (s *Store) Retry(ctx context.Context, id string, due time.Time) error {
	return s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		return affected(ctx, db, ErrNotFound, `UPDATE deliveries SET due = $1, attempts = attempts + 1 WHERE id = $2`, due.Unix(), id)
	})
}

// Lease gives work that only one replica may do to a holder for some time, or
// prolongs it; false says that another one holds it.
func (s *Store) Lease(ctx context.Context, name, holder string, until, now time.Time) (bool, error) {
	held := true
	err := s.write(ctx, queryTime, func(ctx context.Context, db querier) error {
		err := affected(ctx, db, ErrExists, `INSERT INTO leases (name, holder, ends) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends = excluded.ends WHERE leases.holder = excluded.holder OR leases.ends < $4`,
			name, holder, until.Unix(), now.Unix())
		if errors.Is(err, ErrExists) {
			held = false
			return nil
		}
		return err
	})
	return held, err
}
