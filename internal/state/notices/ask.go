package notices

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
)

// How confirmations are limited.
const (
	linkTime   = 48 * time.Hour // a link that confirms
	askEvery   = 24 * time.Hour // one confirmation per address
	perMinute  = 20             // confirmations for one receiving domain
	maxOwned   = 10             // webhooks and chats per subscriber
	manageTime = 366 * 24 * time.Hour
)

// pending is what a confirmation link seals.
type pending struct {
	Nonce      string         `json:"n"`
	Channel    notify.Channel `json:"c"`
	Target     string         `json:"t"`
	Components []string       `json:"k,omitempty"`
	Posts      []string       `json:"p,omitempty"`
	Language   string         `json:"l"`
	Zone       string         `json:"z,omitempty"`
	Consent    string         `json:"v"`
	Owner      string         `json:"o,omitempty"`
	Asked      int64          `json:"a"`
}

func (p *pending) choice() notify.Choice {
	return notify.Choice{Components: p.Components, Posts: p.Posts, Language: p.Language, Zone: p.Zone}
}

func (p *pending) request() notify.Request {
	return notify.Request{Channel: p.Channel, Target: p.Target, Choice: p.choice(), Consent: p.Consent, Owner: p.Owner}
}

// Ask implements [notify.Store].
func (s *Store) Ask(ctx context.Context, r notify.Request, now time.Time) error {
	if s.keys == nil {
		return errKeys
	}
	t, err := readTarget(r.Channel, r.Target)
	if err != nil {
		return err
	}
	if r.Choice, err = readChoice(r.Choice); err != nil {
		return err
	}
	p := pending{random(10), r.Channel, t.text, r.Components, r.Posts, r.Language, r.Zone, r.Consent, r.Owner, now.Unix()}
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	sealed := s.seal("confirm", data, now.Add(linkTime))
	return s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		if err := mayOwn(ctx, db, r); err != nil {
			return err
		}
		fresh, err := once(ctx, db, "ask "+s.mac(16, "ask", t.normal), now.Add(askEvery), now)
		if err != nil || !fresh {
			return err
		}
		// Beyond the brake a confirmation waits; the form stays open.
		var waiting int64
		err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM deliveries WHERE kind = 'confirm' AND domain = $1`, s.domainHash(r.Channel, t.domain)).Scan(&waiting)
		if err != nil {
			return err
		}
		due := now.Add(time.Duration(waiting/perMinute) * time.Minute)
		return exec(ctx, db, do(`INSERT INTO deliveries (id, day, attempts, due, done, sealed, channel, domain, class, kind, created)
			VALUES ($1, $2, 0, $3, 0, $4, $5, $6, 1, 'confirm', $7)`,
			"confirm/"+p.Nonce, day(now), due.Unix(), sealed, string(r.Channel), s.domainHash(r.Channel, t.domain), now.Unix()))
	})
}

// domainHash stands for the domain of an address that was not confirmed; others
// are named, so that messages to one server can be told from others.
func (s *Store) domainHash(c notify.Channel, domain string) string {
	return "#" + s.mac(8, "domain", string(c), domain)
}

// mayOwn reports ErrTooMany for one webhook too many, and ErrLink when its owner is gone.
func mayOwn(ctx context.Context, db database.Querier, r notify.Request) error {
	if r.Owner == "" {
		return nil
	}
	var owners, owned int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM subscriptions WHERE id = $1`, r.Owner).Scan(&owners); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM subscriptions WHERE owner = $1`, r.Owner).Scan(&owned); err != nil {
		return err
	}
	switch {
	case owners == 0:
		return errLink
	case owned >= maxOwned:
		return errTooMany
	}
	return nil
}

func (s *Store) readConfirm(link string, now time.Time) (p pending, err error) {
	data, err := s.unseal("confirm", link, now)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, notify.ErrLink
	}
	return p, nil
}

// Requested implements [notify.Store].
func (s *Store) Requested(ctx context.Context, link string, now time.Time) (notify.Request, error) {
	p, err := s.readConfirm(link, now)
	if err != nil {
		return notify.Request{}, err
	}
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		var used int
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM once WHERE name = $1 AND ends > $2`, "link "+p.Nonce, now.Unix()).Scan(&used); err != nil {
			return err
		}
		if used > 0 {
			return errUsed
		}
		return nil
	})
	return p.request(), err
}

// Confirm implements [notify.Store].
func (s *Store) Confirm(ctx context.Context, link string, underWay []notify.Event, now time.Time) (sub notify.Subscription, err error) {
	p, err := s.readConfirm(link, now)
	if err != nil {
		return sub, err
	}
	t, err := readTarget(p.Channel, p.Target)
	if err != nil {
		return sub, err
	}
	id := ""
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		fresh, err := once(ctx, db, "link "+p.Nonce, now.Add(linkTime), now)
		switch {
		case err != nil:
			return err
		case !fresh:
			return errUsed
		}
		if err := mayOwn(ctx, db, p.request()); err != nil {
			return err
		}
		proof := notify.Proof{At: now, Version: p.Consent, Language: p.Language}
		var added bool
		if id, added, err = s.put(ctx, db, p.request(), t, proof, time.Unix(p.Asked, 0), now); err != nil {
			return err
		}
		if err := exec(ctx, db, do(`DELETE FROM suppression WHERE hash = $1`, s.targetHash(t))); err != nil || !added {
			return err
		}
		return s.catchUp(ctx, db, id, p.Channel, p.choice(), underWay, now)
	})
	if err != nil {
		return sub, err
	}
	return s.byID(ctx, id, now)
}

func (s *Store) targetHash(t target) string { return s.mac(16, "target", t.normal) }

// put stores a subscription, or gives the one of the same target a new choice.
func (s *Store) put(ctx context.Context, db database.Querier, r notify.Request, t target, proof notify.Proof, asked, now time.Time) (id string, added bool, err error) {
	id = random(10)
	stored, domain := t.text, t.domain
	if r.Channel != notify.Mail {
		stored = s.seal("target", []byte(t.text), forever)
	}
	// A ring that has lost its oldest key finds the address by another hash.
	if err := exec(ctx, db, do(`UPDATE subscriptions SET hash = $1 WHERE kind = $2 AND target = $3 AND hash <> $1`, s.targetHash(t), string(r.Channel), stored)); err != nil {
		return "", false, err
	}
	err = db.QueryRowContext(ctx, `INSERT INTO subscriptions (id, kind, target, topics, lang, created, confirmed,
			hash, domain, posts, zone, owner, leave_token, proof_at, proof_version, proof_lang, failing, off_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0)
		ON CONFLICT (hash) WHERE hash <> '' DO UPDATE SET target = excluded.target, topics = excluded.topics, lang = excluded.lang, posts = excluded.posts, zone = excluded.zone,
			proof_at = excluded.proof_at, proof_version = excluded.proof_version, proof_lang = excluded.proof_lang, failing = 0, off_at = 0
		RETURNING id`,
		id, string(r.Channel), stored, strings.Join(r.Components, " "), r.Language, asked.Unix(), now.Unix(), s.targetHash(t), domain,
		strings.Join(r.Posts, " "), r.Zone, r.Owner, random(16), proof.At.Unix(), proof.Version, proof.Language).Scan(&stored)
	if err != nil {
		return "", false, fmt.Errorf("storing a subscription: %w", err)
	}
	return stored, stored == id, nil
}

// catchUp queues what is under way for who has just subscribed, but for what is
// about to be told to everybody.
func (s *Store) catchUp(ctx context.Context, db database.Querier, id string, c notify.Channel, choice notify.Choice, underWay []notify.Event, now time.Time) error {
	for _, e := range underWay {
		if !choice.Wants(e.PostKind, e.Components) {
			continue
		}
		if now.Sub(e.At) <= notify.Fresh {
			var told int
			err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM told WHERE post = $1 AND update_id = $2 AND kind = $3 AND language = ''`, e.Post, e.Update, string(e.Kind)).Scan(&told)
			if err != nil {
				return err
			}
			if told == 0 {
				continue
			}
		}
		err := exec(ctx, db, do(`INSERT INTO deliveries (id, day, attempts, due, done, subscription, channel, domain, class, post, update_id, kind, post_kind, components, tells, happened, late, created)
			SELECT $1, $2, 0, $3, 0, id, kind, domain, 1, $4, $5, $6, $7, $8, $5, $9, 1, $3 FROM subscriptions WHERE id = $10 ON CONFLICT (id) DO NOTHING`,
			deliveryID(e.Post, e.Update, id), day(now), now.Unix(), e.Post, e.Update, string(e.Kind), e.PostKind, strings.Join(e.Components, " "), e.At.Unix(), id))
		if err != nil {
			return err
		}
	}
	return nil
}

func deliveryID(post, update, subscription string) string {
	return post + "/" + update + "/" + subscription
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
