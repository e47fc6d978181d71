package state

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/state/database"
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
func (ev *Events) applyAsked(ctx context.Context, db database.Querier, e *spool.Event) error {
	text, err := ev.terms.open(e.Sealed)
	if err != nil {
		// The key was changed while the event waited: nothing can be learnt from it.
		ev.log.Warn("the terms of a ticket were sealed with another key and are dropped")
		return nil
	}
	for term := range strings.SplitSeq(text, "\n") {
		if err := ev.countTerm(ctx, db, term, e); err != nil {
			return err
		}
	}
	return nil
}

func (ev *Events) countTerm(ctx context.Context, db database.Querier, term string, e *spool.Event) error {
	hash := ev.terms.hash(term)
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

// ResetAsked forgets all terms, or those of one article when it is not 0.
func (ev *Events) ResetAsked(ctx context.Context, article int) error {
	return ev.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, table := range []string{"asked", "asked_first"} {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+table+` WHERE $1 = 0 OR article = $1`, article); err != nil {
				return err
			}
		}
		subject := ""
		if article != 0 {
			subject = strconv.Itoa(article)
		}
		return record(ctx, db, AuditAskedReset, subject, "")
	})
}
