package notices

import (
	"context"
	"errors"
	"strings"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
)

// columns are those that scan reads.
const columns = `id, kind, target, topics, posts, lang, zone, created, confirmed, proof_at, proof_version, proof_lang, owner, off_at, leave_token`

func fields(s *notify.Subscription) []any {
	return []any{
		&s.ID, &s.Channel, &s.Target, (*list)(&s.Components), (*list)(&s.Posts), &s.Language, &s.Zone,
		(*database.Instant)(&s.Created), (*database.Instant)(&s.Confirmed),
		(*database.Instant)(&s.Proof.At), &s.Proof.Version, &s.Proof.Language, &s.Owner, (*database.Instant)(&s.Off), &s.Leave,
	}
}

// A list scans words; none is nil.
type list []string

// Scan implements sql.Scanner.
func (l *list) Scan(v any) error {
	var words database.Words
	if err := words.Scan(v); err != nil {
		return err
	}
	*l = nil
	if len(words) > 0 {
		*l = list(words)
	}
	return nil
}

// open reads the target of a stored subscription, and makes its Manage token.
func (s *Store) open(sub *notify.Subscription, now time.Time) error {
	if sub.Channel != notify.Mail {
		text, err := s.unseal("target", sub.Target, now)
		if err != nil {
			return err
		}
		sub.Target = string(text)
	}
	if s.keys != nil {
		sub.Manage = s.seal("manage", []byte(sub.ID), now.Add(manageTime))
	}
	return nil
}

func (s *Store) byID(ctx context.Context, id string, now time.Time) (sub notify.Subscription, err error) {
	err = s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return db.QueryRowContext(ctx, `SELECT `+columns+` FROM subscriptions WHERE id = $1`, id).Scan(fields(&sub)...)
	})
	switch {
	case errors.Is(err, database.ErrNotFound):
		return sub, notify.ErrNobody
	case err != nil:
		return sub, err
	}
	if s.journal.left(sub.Leave) {
		return notify.Subscription{}, notify.ErrNobody
	}
	return sub, s.open(&sub, now)
}

// Find implements [notify.Store].
func (s *Store) Find(ctx context.Context, manage string, now time.Time) (notify.Subscription, error) {
	id, err := s.unseal("manage", manage, now)
	if err != nil {
		return notify.Subscription{}, err
	}
	sub, err := s.byID(ctx, string(id), now)
	if errors.Is(err, notify.ErrNobody) {
		err = notify.ErrLink
	}
	return sub, err
}

// Change implements [notify.Store].
func (s *Store) Change(ctx context.Context, manage string, c notify.Choice, now time.Time) (notify.Subscription, error) {
	sub, err := s.Find(ctx, manage, now)
	if err != nil {
		return sub, err
	}
	if c, err = readChoice(c); err != nil {
		return sub, err
	}
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		return database.Affected(ctx, db, errLink, `UPDATE subscriptions SET topics = $1, posts = $2, lang = $3, zone = $4 WHERE id = $5`,
			strings.Join(c.Components, " "), strings.Join(c.Posts, " "), c.Language, c.Zone, sub.ID)
	})
	sub.Choice = c
	return sub, err
}

// Owned implements [notify.Store].
func (s *Store) Owned(ctx context.Context, owner string) ([]notify.Subscription, error) {
	return s.list(ctx, `owner = $1 AND owner <> ''`, owner)
}

// List implements [notify.Store].
func (s *Store) List(ctx context.Context, c notify.Channel) ([]notify.Subscription, error) {
	return s.list(ctx, `(kind = $1 OR $1 = '')`, string(c))
}

func (s *Store) list(ctx context.Context, where string, arg string) ([]notify.Subscription, error) {
	out := []notify.Subscription{}
	err := s.db.Read(ctx, bulkTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT `+columns+` FROM subscriptions WHERE leave_token <> '' AND `+where+` ORDER BY confirmed, id`, arg)
		return database.Collect(rows, err, &out, fields)
	})
	for i := range out {
		if out[i].Channel == notify.Mail {
			continue
		}
		text, err := s.unseal("target", out[i].Target, out[i].Confirmed)
		if err != nil {
			text = nil // another key ring sealed it
		}
		out[i].Target = mask(out[i].Channel, string(text))
	}
	return out, err
}

// Counts implements [notify.Store].
func (s *Store) Counts(ctx context.Context) ([]notify.Count, error) {
	out := []notify.Count{}
	err := s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT kind, lang, COUNT(*) FROM subscriptions WHERE leave_token <> '' AND off_at = 0 GROUP BY kind, lang ORDER BY kind, lang`)
		return database.Collect(rows, err, &out, func(c *notify.Count) []any { return []any{&c.Channel, &c.Language, &c.N} })
	})
	return out, err
}

// An Import is one address of a list, whose owners agreed somewhere else.
type Import struct {
	Address string
	notify.Choice
}

// Imported says what became of a list.
type Imported struct {
	Added      int
	Known      int   // were subscribed already, and stay as they are
	Suppressed int   // left before, or bounced
	Refused    []int // positions of entries that cannot be subscribed
	Reasons    []error
}

// Import subscribes addresses without asking them again: consent names where they
// agreed. Nobody is told what is under way. Dry changes nothing.
func (s *Store) Import(ctx context.Context, entries []Import, consent string, dry bool, now time.Time) (out Imported, err error) {
	if s.keys == nil {
		return out, errKeys
	}
	errDry := database.NewError("dry run")
	err = s.db.Write(ctx, bulkTime, func(ctx context.Context, db database.Querier) error {
		out = Imported{}
		for i, e := range entries {
			if err := s.importOne(ctx, db, e, consent, now, &out); err != nil {
				if !errors.Is(err, notify.ErrTarget) && !errors.Is(err, notify.ErrRole) && !errors.Is(err, notify.ErrChoice) {
					return err
				}
				out.Refused = append(out.Refused, i)
				out.Reasons = append(out.Reasons, err)
			}
		}
		if dry {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return out, err
}

func (s *Store) importOne(ctx context.Context, db database.Querier, e Import, consent string, now time.Time, out *Imported) error {
	t, err := readTarget(notify.Mail, e.Address)
	if err != nil {
		return err
	}
	c, err := readChoice(e.Choice)
	if err != nil {
		return err
	}
	var known, suppressed int
	hash := s.targetHash(t)
	err = db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM subscriptions WHERE hash = $1), (SELECT COUNT(*) FROM suppression WHERE hash = $1)`, hash).Scan(&known, &suppressed)
	switch {
	case err != nil:
		return err
	case known > 0:
		out.Known++
		return nil
	case suppressed > 0:
		out.Suppressed++
		return nil
	}
	r := notify.Request{Channel: notify.Mail, Target: t.text, Choice: c}
	_, _, err = s.put(ctx, db, r, t, notify.Proof{At: now, Version: consent, Language: c.Language}, now, now)
	if err == nil {
		out.Added++
	}
	return err
}

// Add subscribes a webhook or chat that the operator names at the command line.
func (s *Store) Add(ctx context.Context, r notify.Request, now time.Time) (sub notify.Subscription, err error) {
	if s.keys == nil {
		return sub, errKeys
	}
	t, err := readTarget(r.Channel, r.Target)
	if err != nil {
		return sub, err
	}
	if r.Choice, err = readChoice(r.Choice); err != nil {
		return sub, err
	}
	id := ""
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		id, _, err = s.put(ctx, db, r, t, notify.Proof{At: now, Version: r.Consent, Language: r.Language}, now, now)
		return err
	})
	if err != nil {
		return sub, err
	}
	return s.byID(ctx, id, now)
}
