package notices

import (
	"context"
	"crypto/hmac"
	"strings"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
)

// Rules of bounces: how many messages must have come back over how long a time,
// and how many of a hundred in an hour are too many to be the addresses' fault.
const (
	bounceMessages = 3
	bounceOver     = 7 * 24 * time.Hour
	bounceDays     = 60
	bouncePercent  = 2
	bounceMinimum  = 5 // in an hour, below which no share means anything
)

// Lengths of the parts of a VERP address: "b-", subscription, message, MAC.
const (
	verpID      = 16
	verpMessage = 10
	verpMAC     = 16
)

// verp is the local part to which the bounces of a message come.
func (s *Store) verp(subscription, message string) string {
	body := subscription + message[:verpMessage]
	return "b-" + body + s.mac(verpMAC*5/8, "verp", body)
}

// A Verdict says what a bounce led to.
type Verdict string

// The verdicts.
const (
	Counted  Verdict = "counted"
	Ended    Verdict = "ended"   // the subscription has ended
	Stopped  Verdict = "stopped" // too many bounces in an hour: nothing counts
	Unknown  Verdict = "unknown" // no such subscription
	Ignored  Verdict = "ignored" // not about the address
	Deferred Verdict = "outage"  // an incident on incoming mail is open: nothing counts
)

// Bounce takes the bounce of a message, named by the local part of its envelope's
// sender. status is the enhanced status code of RFC 3463. ErrLink says that the
// address was not made here.
func (s *Store) Bounce(ctx context.Context, local, status string, now time.Time) (v Verdict, err error) {
	if s.keys == nil {
		return "", errKeys
	}
	local = strings.ToLower(local)
	body, ok := strings.CutPrefix(local, "b-")
	if !ok || len(body) != verpID+verpMessage+verpMAC {
		return "", notify.ErrLink
	}
	body, sum := body[:verpID+verpMessage], body[verpID+verpMessage:]
	if !hmac.Equal([]byte(sum), []byte(s.mac(verpMAC*5/8, "verp", body))) {
		return "", notify.ErrLink
	}
	if !strings.HasPrefix(status, "5.1.") {
		return Ignored, nil
	}
	id, message := body[:verpID], body[verpID:]
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		v, err = s.bounce(ctx, db, id, message, now)
		return err
	})
	return v, err
}

// outageTime is how long after the last [Store.Outage] no bounce counts.
const outageTime = 15 * time.Minute

// Outage records that an incident on incoming mail is open.
func (s *Store) Outage(ctx context.Context, now time.Time) error {
	return s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return exec(ctx, db, do(`INSERT INTO once (name, ends) VALUES ('incoming outage', $1) ON CONFLICT (name) DO UPDATE SET ends = excluded.ends`, now.Add(outageTime).Unix()))
	})
}

func (s *Store) bounce(ctx context.Context, db database.Querier, id, message string, now time.Time) (Verdict, error) {
	var known, stopped, outage int
	err := db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM subscriptions WHERE id = $1),
		(SELECT COUNT(*) FROM once WHERE name = 'bounces stopped' AND ends > $2), (SELECT COUNT(*) FROM once WHERE name = 'incoming outage' AND ends > $2)`,
		id, now.Unix()).Scan(&known, &stopped, &outage)
	switch {
	case err != nil:
		return "", err
	case known == 0:
		return Unknown, nil
	case outage > 0:
		return Deferred, nil
	case stopped > 0:
		return Stopped, nil
	}
	if err := exec(ctx, db, do(`INSERT INTO bounces (subscription, message, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, message, now.Unix())); err != nil {
		return "", err
	}
	var hour, sent int
	err = db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM bounces WHERE at > $1), (SELECT COALESCE(SUM(delivered), 0) FROM outcomes WHERE channel = 'mail' AND hour >= $2)`,
		now.Add(-time.Hour).Unix(), now.Add(-time.Hour).Unix()/3600).Scan(&hour, &sent)
	if err != nil {
		return "", err
	}
	if hour >= bounceMinimum && hour*100 > sent*bouncePercent {
		// So many addresses do not vanish at once: what came in this hour is forgotten.
		_, err := once(ctx, db, "bounces stopped", now.Add(time.Hour), now)
		if err != nil {
			return "", err
		}
		return Stopped, exec(ctx, db, do(`DELETE FROM bounces WHERE at > $1`, now.Add(-time.Hour).Unix()))
	}
	var messages int
	var first, last database.Instant
	err = db.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MIN(at), 0), COALESCE(MAX(at), 0) FROM bounces WHERE subscription = $1`, id).Scan(&messages, &first, &last)
	if err != nil {
		return "", err
	}
	if messages < bounceMessages || time.Time(last).Sub(time.Time(first)) < bounceOver {
		return Counted, nil
	}
	return Ended, s.end(ctx, db, id, "bounced", now)
}

// A Person is what the notices know of an address.
type Person struct {
	Subscriptions []notify.Subscription `json:"subscriptions"`
	Waiting       int                   `json:"waiting"`    // messages
	Suppressed    string                `json:"suppressed"` // why the address is not written to: "left", "bounced", "deleted" or ""
	Since         time.Time             `json:"since,omitzero"`
}

// Person returns what is known of an address. What was asked for and not confirmed is
// sealed, and deleted within a day.
func (s *Store) Person(ctx context.Context, given string, now time.Time) (p Person, err error) {
	t, err := readAddress(given)
	if err != nil {
		return p, err
	}
	hash := s.targetHash(t)
	p.Subscriptions = []notify.Subscription{}
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT `+columns+` FROM subscriptions WHERE hash = $1 OR owner IN (SELECT id FROM subscriptions WHERE hash = $1)`, hash)
		if err := database.Collect(rows, err, &p.Subscriptions, fields); err != nil {
			return err
		}
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM deliveries WHERE subscription IN (SELECT id FROM subscriptions WHERE hash = $1)`, hash).Scan(&p.Waiting); err != nil {
			return err
		}
		return db.QueryRowContext(ctx, `SELECT COALESCE(MIN(reason), ''), COALESCE(MIN(since), 0) FROM suppression WHERE hash = $1`, hash).Scan(&p.Suppressed, (*database.Instant)(&p.Since))
	})
	for i := range p.Subscriptions {
		if err := s.open(&p.Subscriptions[i], now); err != nil {
			p.Subscriptions[i].Target = ""
		}
		p.Subscriptions[i].Manage, p.Subscriptions[i].Leave = "", ""
	}
	return p, err
}

// DeletePerson ends the subscriptions of an address. What stays is a keyed hash, so
// that an old list that is imported does not bring it back.
func (s *Store) DeletePerson(ctx context.Context, given string, now time.Time) (int, error) {
	t, err := readAddress(given)
	if err != nil {
		return 0, err
	}
	n := 0
	for {
		sub, err := s.ByTarget(ctx, notify.Mail, given, now)
		if err != nil {
			break
		}
		if err := s.End(ctx, sub.ID, now); err != nil {
			return n, err
		}
		n++
	}
	return n, s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return exec(ctx, db,
			do(`INSERT INTO suppression (hash, reason, since) VALUES ($1, 'deleted', $2) ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, since = excluded.since`, s.targetHash(t), now.Unix()),
			do(`DELETE FROM once WHERE name = $1`, "ask "+s.mac(16, "ask", t.normal)))
	})
}
