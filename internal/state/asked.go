package state

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"signpost/internal/state/spool"
)

// firstTickets is how many tickets know a term only by its hash.
const firstTickets = 2

// firstDays is how long such a hash is kept.
const firstDays = 90

// A termKey hides the terms of tickets: by a keyed hash in the database, by
// encryption in the spool.
type termKey struct {
	hashKey []byte
	aead    cipher.AEAD
}

func newTermKey(secret []byte) (*termKey, error) {
	hashKey, err := hkdf.Key(sha256.New, secret, nil, "state terms hash", 32)
	if err != nil {
		return nil, err
	}
	sealKey, err := hkdf.Key(sha256.New, secret, nil, "state terms seal", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealKey)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &termKey{hashKey, aead}, err
}

func (k *termKey) hash(term string) string {
	m := hmac.New(sha256.New, k.hashKey)
	io.WriteString(m, term)
	return hex.EncodeToString(m.Sum(nil)[:16])
}

func (k *termKey) seal(text string) []byte { return k.aead.Seal(nil, nil, []byte(text), nil) }

func (k *termKey) open(sealed []byte) (string, error) {
	b, err := k.aead.Open(nil, nil, sealed, nil)
	return string(b), err
}

// cleanTerms returns at most MaxTerms distinct terms of sensible length.
func cleanTerms(terms []string) []string {
	var out []string
	for _, t := range terms {
		t = plain(t)
		if n := utf8.RuneCountInString(t); n < 2 || n > 40 || strings.ContainsAny(t, "@ \n") {
			continue
		}
		out = append(out, t)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), MaxTerms)]
}

// applyAsked counts a ticket's terms for its article.
func (v *Events) applyAsked(ctx context.Context, db database.Querier, e *spool.Event) error {
	text, err := v.terms.open(e.Sealed)
	if err != nil {
		// The key was changed while the event waited: nothing can be learnt from it.
		v.log.Warn("the terms of a ticket were sealed with another key and are dropped")
		return nil
	}
	for term := range strings.SplitSeq(text, "\n") {
		if err := v.countTerm(ctx, db, term, e); err != nil {
			return err
		}
	}
	return nil
}

func (v *Events) countTerm(ctx context.Context, db database.Querier, term string, e *spool.Event) error {
	hash := v.terms.hash(term)
	var known, tickets int
	err := db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM asked WHERE term = $1),
		(SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT) FROM asked_first WHERE hash = $2 AND day >= $3)`,
		term, hash, daysBefore(e.Day, firstDays)).Scan(&known, &tickets)
	if err != nil {
		return err
	}
	if known == 0 && (tickets < firstTickets || e.Again) {
		_, err := db.ExecContext(ctx, `INSERT INTO asked_first (hash, article, lang, day, n, tickets) VALUES ($1, $2, $3, $4, 1, $5)
			ON CONFLICT (hash, article, lang, day) DO UPDATE SET n = asked_first.n + 1, tickets = asked_first.tickets + excluded.tickets`,
			hash, e.Article, e.Lang, e.Day, database.Number(!e.Again))
		return err
	}
	if tickets > 0 {
		if _, err := db.ExecContext(ctx, `INSERT INTO asked (term, article, lang, n) SELECT $1, article, lang, CAST(SUM(n) AS BIGINT) FROM asked_first WHERE hash = $2 GROUP BY article, lang
			ON CONFLICT (term, article, lang) DO UPDATE SET n = asked.n + excluded.n`, term, hash); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, `DELETE FROM asked_first WHERE hash = $1`, hash); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, `INSERT INTO asked (term, article, lang, n) VALUES ($1, $2, $3, 1)
		ON CONFLICT (term, article, lang) DO UPDATE SET n = asked.n + 1`, term, e.Article, e.Lang)
	return err
}

// daysBefore returns the day n days before one; an unreadable one comes back as it is.
func daysBefore(d string, n int) string {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return d
	}
	return day(t.AddDate(0, 0, -n))
}

// An AskedTerm says how many tickets with a term were answered with an article.
type AskedTerm struct {
	Article int    `json:"article"`
	Lang    string `json:"lang"`
	Term    string `json:"term"`
	N       int    `json:"n"`
}

// A Reading says how often an article was read.
type Reading struct {
	Article int `json:"article"`
	N       int `json:"n"`
}

// Signals are what pages learn from the state.
type Signals struct {
	Asked []AskedTerm `json:"asked"` // by article, language and term
	Reads []Reading   `json:"reads"` // of the last 30 days, most read first
	Stale bool        `json:"-"`     // from the copy in the data folder: the database is gone
}

// signalCopy is the last state that was written to the data folder.
type signalCopy struct {
	mu   sync.Mutex
	last []byte
}

// Signals reads what the next snapshot needs. With the database gone it
// returns the last copy, or nothing when there is none; it never fails.
func (v *Events) Signals(ctx context.Context, now time.Time) Signals {
	out := Signals{Asked: []AskedTerm{}, Reads: []Reading{}}
	err := v.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT article, lang, term, n FROM asked ORDER BY article, lang, term`)
		if err := database.Collect(rows, err, &out.Asked, func(t *AskedTerm) []any { return []any{&t.Article, &t.Lang, &t.Term, &t.N} }); err != nil {
			return err
		}
		rows, err = db.QueryContext(ctx, `SELECT article, CAST(SUM(n) AS BIGINT) AS total FROM reads WHERE day >= $1
			GROUP BY article ORDER BY total DESC, article LIMIT 1000`, day(now.AddDate(0, 0, -30)))
		return database.Collect(rows, err, &out.Reads, func(r *Reading) []any { return []any{&r.Article, &r.N} })
	})
	v.signals.mu.Lock()
	defer v.signals.mu.Unlock()
	path := v.file("signals.json")
	if err != nil {
		if !errors.Is(err, ErrUnavailable) {
			v.log.Error("cannot read what was learnt", "error", err)
		}
		out = Signals{Asked: []AskedTerm{}, Reads: []Reading{}}
		if err := readJSON(path, &out); err != nil {
			v.log.Warn("no copy of what was learnt", "error", err)
		}
		out.Stale = true
		return out
	}
	if b, err := json.Marshal(out); err == nil && string(b) != string(v.signals.last) {
		if err := writeFile(path, b); err != nil {
			v.log.Error("cannot keep a copy of what was learnt", "error", err)
		} else {
			v.signals.last = b
		}
	}
	return out
}

// ExportAsked writes the terms as JSON lines, one [AskedTerm] each.
func (v *Events) ExportAsked(ctx context.Context, w io.Writer) error {
	enc := json.NewEncoder(w)
	return v.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		var all []AskedTerm
		rows, err := db.QueryContext(ctx, `SELECT article, lang, term, n FROM asked ORDER BY article, lang, term`)
		if err := database.Collect(rows, err, &all, func(t *AskedTerm) []any { return []any{&t.Article, &t.Lang, &t.Term, &t.N} }); err != nil {
			return err
		}
		for _, t := range all {
			if err := enc.Encode(t); err != nil {
				return fmt.Errorf("%w: %w", ErrInput, err)
			}
		}
		return nil
	})
}

// ResetAsked forgets all terms, or those of one article when it is not 0.
func (v *Events) ResetAsked(ctx context.Context, article int) error {
	return v.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, table := range []string{"asked", "asked_first"} {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+table+` WHERE $1 = 0 OR article = $1`, article); err != nil {
				return err
			}
		}
		return nil
	})
}
