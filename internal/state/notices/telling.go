package notices

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
)

// knownFor is how far back [Store.Known] looks: all that is older counts as told.
const knownFor = 24 * time.Hour

// Known is what subscribers were told, or will be.
type Known struct {
	Since   time.Time // when notices began; zero: all content that there is counts as told
	told    map[eventKey]bool
	silence map[string]time.Time // by post
	Held    []notify.Held
	Times   map[string][]time.Time // by post, when notices of it were told within the last hour
}

type eventKey struct {
	post, update string
	kind         notify.Kind
}

func key(post, update string, k notify.Kind) eventKey { return eventKey{post, update, k} }

// Has reports whether an event was told, is held, or is not to be told.
func (k *Known) Has(e notify.Event) bool {
	return k.told[key(e.Post, e.Update, e.Kind)] || k.told[key(e.Post, e.Update, "*")] || !e.At.After(k.silence[e.Post])
}

// Known reads what was told.
func (s *Store) Known(ctx context.Context, now time.Time) (k Known, err error) {
	if n := s.db.Replaced(); n != s.replaced.Load() {
		// The database is an older copy of itself: what it knows of was told since.
		if err := s.db.Write(ctx, queryTime, s.Reset); err != nil {
			return k, err
		}
		s.replaced.Store(n)
	}
	k = Known{told: map[eventKey]bool{}, silence: map[string]time.Time{}, Times: map[string][]time.Time{}}
	err = s.db.Snapshot(ctx, func(ctx context.Context, db database.Querier) error {
		if err := db.QueryRowContext(ctx, `SELECT n FROM counters WHERE name = 'notices_since'`).Scan((*database.Instant)(&k.Since)); err != nil {
			return err
		}
		type row struct {
			notify.Event
			n int
		}
		var rows []row
		found, err := db.QueryContext(ctx, `SELECT post, update_id, kind, at, n FROM told WHERE language = '' AND at >= $1 ORDER BY at`, now.Add(-knownFor).Unix())
		if err := database.Collect(found, err, &rows, func(r *row) []any {
			return []any{&r.Post, &r.Update, &r.Kind, (*database.Instant)(&r.At), &r.n}
		}); err != nil {
			return err
		}
		for _, r := range rows {
			if r.Update == "" {
				k.silence[r.Post] = r.At
				continue
			}
			k.told[key(r.Post, r.Update, r.Kind)] = true
			if r.n >= 0 && now.Sub(r.At) < time.Hour && !slices.Contains(k.Times[r.Post], r.At) {
				k.Times[r.Post] = append(k.Times[r.Post], r.At)
			}
		}
		k.Held, err = held(ctx, db, "")
		for _, h := range k.Held {
			k.told[key(h.Post, h.Update, h.Kind)] = true
		}
		return err
	})
	return k, err
}

func held(ctx context.Context, db database.Querier, post string) ([]notify.Held, error) {
	var out []notify.Held
	rows, err := db.QueryContext(ctx, `SELECT post, update_id, kind, post_kind, components, happened, due FROM held WHERE (post = $1 OR $1 = '') ORDER BY due, happened, update_id`, post)
	err = database.Collect(rows, err, &out, func(h *notify.Held) []any {
		return []any{&h.Post, &h.Update, &h.Kind, &h.PostKind, (*list)(&h.Components), (*database.Instant)(&h.At), (*database.Instant)(&h.Due)}
	})
	return out, err
}

// Reset forgets what waits, counts all content as told that there is now, and
// brings the journal in again.
func (s *Store) Reset(ctx context.Context, db database.Querier) error {
	s.journal.again()
	return exec(ctx, db, do(`DELETE FROM held`), do(`DELETE FROM deliveries`), do(`UPDATE counters SET n = 0 WHERE name = 'notices_since'`))
}

// Unhold forgets held events that the content does not have any more.
func (s *Store) Unhold(ctx context.Context, list []notify.Held) error {
	return s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, h := range list {
			if err := exec(ctx, db, do(`DELETE FROM held WHERE post = $1 AND update_id = $2 AND kind = $3`, h.Post, h.Update, string(h.Kind))); err != nil {
				return err
			}
		}
		return nil
	})
}

// Count counts events as told without telling anybody, and notices as begun.
func (s *Store) Count(ctx context.Context, events []notify.Event, now time.Time) error {
	return s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, e := range events {
			if err := exec(ctx, db, do(`INSERT INTO told (post, update_id, kind, language, at, n) VALUES ($1, $2, $3, '', $4, -1) ON CONFLICT DO NOTHING`,
				e.Post, e.Update, string(e.Kind), now.Unix())); err != nil {
				return err
			}
		}
		return exec(ctx, db, do(`UPDATE counters SET n = $1 WHERE name = 'notices_since' AND n = 0`, now.Unix()))
	})
}

// Hold keeps events that were found until they are due, but for those that another
// replica has told meanwhile.
func (s *Store) Hold(ctx context.Context, list []notify.Held, now time.Time) error {
	return s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, h := range list {
			if err := exec(ctx, db, do(`INSERT INTO held (post, update_id, kind, post_kind, components, happened, found, due)
				SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE NOT EXISTS (SELECT 1 FROM told WHERE post = $1 AND update_id = $2 AND (kind = $3 OR kind = '*'))
				ON CONFLICT DO NOTHING`,
				h.Post, h.Update, string(h.Kind), h.PostKind, strings.Join(h.Components, " "), h.At.Unix(), now.Unix(), h.Due.Unix())); err != nil {
				return err
			}
		}
		return nil
	})
}

// matching is the condition that a subscription wants an event, and its arguments
// from $n on.
func matching(e notify.Event, n int) (string, []any) {
	next := func() string { n++; return "$" + strconv.Itoa(n-1) }
	where := `s.leave_token <> '' AND s.off_at = 0 AND (s.posts = '' OR ' ' || s.posts || ' ' LIKE ` + next() + `)`
	args := []any{"% " + e.PostKind + " %"}
	if len(e.Components) == 0 {
		return where, args
	}
	where += ` AND (s.topics = ''`
	for _, id := range e.Components {
		where += ` OR ' ' || s.topics || ' ' LIKE ` + next() + ` ESCAPE '\'`
		args = append(args, "% "+strings.NewReplacer(`\`, `\\`, `_`, `\_`, `%`, `\%`).Replace(id)+" %")
	}
	return where + ")", args
}

// errTold ends a transaction that would tell again.
var errTold = database.NewError("told already")

// Tell decides that a notice is told: in one transaction its events count as
// told, messages of its post that were not sent yet are taken back, and there is
// a message for each subscription that wants it. tells are the ids of the updates
// in it, oldest first; events are what it stands for. It returns how many messages
// there are; none when another replica was quicker.
func (s *Store) Tell(ctx context.Context, n notify.Event, class int, tells []string, events []notify.Event, now time.Time) (queued int, err error) {
	err = s.db.Write(ctx, bulkTime, func(ctx context.Context, db database.Querier) error {
		queued = 0
		fresh, err := decide(ctx, db, events, now)
		if err != nil || !fresh {
			return err
		}
		if queued, err = s.queue(ctx, db, n, class, tells, now); err != nil {
			return err
		}
		for _, e := range events {
			if err := exec(ctx, db, do(`UPDATE told SET n = $1 WHERE post = $2 AND update_id = $3 AND kind = $4 AND language = ''`, queued, e.Post, e.Update, string(e.Kind))); err != nil {
				return err
			}
		}
		return exec(ctx, db, do(`INSERT INTO told (post, update_id, kind, language, at, n)
			SELECT d.post, d.update_id, $1, s.lang, $2, COUNT(*) FROM deliveries d JOIN subscriptions s ON s.id = d.subscription
			WHERE d.post = $3 AND d.update_id = $4 GROUP BY d.post, d.update_id, s.lang ON CONFLICT DO NOTHING`, string(n.Kind), now.Unix(), n.Post, n.Update))
	})
	if errors.Is(err, errTold) {
		return 0, nil
	}
	return queued, err
}

// decide counts held events as told; fresh is false when all of them were.
func decide(ctx context.Context, db database.Querier, events []notify.Event, now time.Time) (fresh bool, err error) {
	for _, e := range events {
		if err := database.Affected(ctx, db, errTold, `DELETE FROM held WHERE post = $1 AND update_id = $2 AND kind = $3`, e.Post, e.Update, string(e.Kind)); err != nil {
			return false, err
		}
		err := database.Affected(ctx, db, errTold, `INSERT INTO told (post, update_id, kind, language, at, n) VALUES ($1, $2, $3, '', $4, 0) ON CONFLICT DO NOTHING`,
			e.Post, e.Update, string(e.Kind), now.Unix())
		if err != nil && !errors.Is(err, errTold) {
			return false, err
		}
		fresh = fresh || err == nil
	}
	return fresh, nil
}

// queue stores the messages of a notice. One that waits unsent gives what it
// tells, and its place, to the new one.
func (s *Store) queue(ctx context.Context, db database.Querier, n notify.Event, class int, tells []string, now time.Time) (int, error) {
	where, more := matching(n, 11)
	args := append([]any{
		n.Post + "/" + n.Update + "/", day(now), now.Unix(), class, n.Post, n.Update, string(n.Kind), n.PostKind, strings.Join(n.Components, " "), strings.Join(tells, " "),
	}, more...)
	args = append(args, n.At.Unix())
	happened := "$" + strconv.Itoa(len(args))
	res, err := db.ExecContext(ctx, `INSERT INTO deliveries
		(id, day, attempts, due, done, subscription, channel, domain, class, post, update_id, kind, post_kind, components, tells, happened, late, created)
		SELECT $1 || s.id, $2, 0, $3, 0, s.id, s.kind, s.domain,
			CASE WHEN o.class IS NOT NULL AND o.class < $4 THEN o.class ELSE $4 END, $5, $6,
			CASE WHEN $7 = 'update' AND o.kind IS NOT NULL THEN o.kind ELSE $7 END, $8, $9,
			CASE WHEN o.tells IS NOT NULL THEN o.tells || ' ' || $10 ELSE $10 END, `+happened+`, COALESCE(o.late, 0), $3
		FROM subscriptions s LEFT JOIN (
			SELECT subscription, MIN(class) AS class, MIN(kind) AS kind, MIN(tells) AS tells, MIN(late) AS late
			FROM deliveries WHERE post = $5 AND update_id <> $6 AND held_until <= $3 GROUP BY subscription) o ON o.subscription = s.id
		WHERE `+where+` ON CONFLICT (id) DO NOTHING`, args...)
	if err != nil {
		return 0, err
	}
	if err := exec(ctx, db, do(`DELETE FROM deliveries WHERE post = $1 AND update_id <> $2 AND held_until <= $3`, n.Post, n.Update, now.Unix())); err != nil {
		return 0, err
	}
	count, err := res.RowsAffected()
	return int(count), err
}

// Reach implements [notify.Store].
func (s *Store) Reach(ctx context.Context, e notify.Event) (map[notify.Channel]int, error) {
	out := map[notify.Channel]int{}
	where, args := matching(e, 1)
	err := s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		var counts []notify.Count
		rows, err := db.QueryContext(ctx, `SELECT s.kind, COUNT(*) FROM subscriptions s WHERE `+where+` GROUP BY s.kind`, args...)
		err = database.Collect(rows, err, &counts, func(c *notify.Count) []any { return []any{&c.Channel, &c.N} })
		for _, c := range counts {
			out[c.Channel] = c.N
		}
		return err
	})
	return out, err
}

// Progress implements [notify.Store].
func (s *Store) Progress(ctx context.Context, post string) (p notify.Progress, err error) {
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		if p.Held, err = held(ctx, db, post); err != nil {
			return err
		}
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM deliveries WHERE post = $1`, post).Scan(&p.Waiting); err != nil {
			return err
		}
		return db.QueryRowContext(ctx, `SELECT COALESCE(SUM(delivered), 0), COALESCE(SUM(failed), 0) FROM outcomes WHERE post = $1`, post).Scan(&p.Delivered, &p.Failed)
	})
	return p, err
}
