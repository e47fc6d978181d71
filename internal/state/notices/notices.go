// Package notices keeps who is told of changes on the status page, what they were
// told, and the messages that wait for them.
//
// [New] makes a [Store]; its first half is notify.Store, for pages and commands,
// its second half ([Store.Known], [Store.Hold], [Store.Tell], [Store.Take],
// [Store.Delivered] …) is for package delivery.
//
// Messages wait in a table of our own, taken by leases (FOR UPDATE SKIP LOCKED on
// PostgreSQL, the single writer on SQLite), and not in a general job queue such as
// River: a subscription that begins or ends, what counts as told, and the messages
// that follow must be one transaction, and the file that such a queue needs
// beside SQLite would be unknown to backup and restore.
//
// Guarantees:
//   - An address stands in the clear only in a confirmed subscription. Messages hold
//     its id, or a sealed request that was not confirmed yet; limits and
//     suppression hold keyed hashes. URLs of webhooks and chats are sealed.
//   - [Store.Leave] and [Store.Silence] are on the disk of the data folder before they
//     return, are honoured by this process from then on, and reach the database
//     as soon as it is there. A restored backup does not bring back who left.
//   - A message belongs to at most one holder at a time; what a holder does after
//     its lease has been taken over changes nothing.
package notices

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state/database"
	"signpost/internal/token"
)

// Config is what a Store needs.
type Config struct {
	DB      *database.DB
	Keys    *token.Keyring // seals and hashes; nil: only what needs neither works
	Journal string         // file of what was left and silenced; "" keeps it in memory
	Replica string         // id of this process
	Log     *slog.Logger
}

// A Store is the notices' part of the state. It is safe for concurrent use.
type Store struct {
	db      *database.DB
	keys    *token.Keyring
	secret  []byte // of hashes and message ids
	replica string
	log     *slog.Logger
	journal *journal

	replaced atomic.Int64 // damaged database files, as far as [Store.Known] has taken note
}

var _ notify.Store = (*Store)(nil)

// How long statements may take.
const (
	queryTime = 5 * time.Second
	bulkTime  = time.Minute
)

// New makes a store and reads its journal.
func New(c Config) *Store {
	s := &Store{db: c.DB, keys: c.Keys, replica: c.Replica, log: c.Log, journal: openJournal(c.Journal, c.Log)}
	if c.Keys != nil {
		s.secret = c.Keys.Secret("notices")
	}
	return s
}

// ErrUnavailable says that the database cannot be used.
var ErrUnavailable = database.ErrUnavailable

var errKeys error = database.NewError("notices need the key ring of the site")

// Errors of notify, as ones that say nothing about the health of the database.
var (
	errLink    = callers{database.NewError(notify.ErrLink.Error()), notify.ErrLink}
	errUsed    = callers{database.NewError(notify.ErrUsed.Error()), notify.ErrUsed}
	errNobody  = callers{database.NewError(notify.ErrNobody.Error()), notify.ErrNobody}
	errTooMany = callers{database.NewError(notify.ErrTooMany.Error()), notify.ErrTooMany}
)

// callers is an error of notify that passes a transaction unharmed.
type callers struct {
	own *database.Error
	is  error
}

func (c callers) Error() string { return c.is.Error() }

func (c callers) Unwrap() []error { return []error{c.own, c.is} }

// encoding writes what stands in addresses and links: lower case, so that it
// survives systems that change the case.
var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

func encode(b []byte) string { return strings.ToLower(encoding.EncodeToString(b)) }

// random returns n random bytes, encoded.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return encode(b)
}

// mac is a keyed hash of words for a purpose, n bytes of it, encoded.
func (s *Store) mac(n int, purpose string, words ...string) string {
	m := hmac.New(sha256.New, s.secret)
	m.Write([]byte(purpose))
	for _, w := range words {
		m.Write([]byte{0})
		m.Write([]byte(w))
	}
	return encode(m.Sum(nil)[:n])
}

// MessageID is the fixed id of what tells a subscription of an update.
func (s *Store) MessageID(subscription, post, update string) string {
	return s.mac(16, "message", subscription, post, update)
}

// forever is how long what is sealed in the database can be read.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Store) seal(purpose string, data []byte, until time.Time) string {
	return s.keys.Seal("notices "+purpose, data, until)
}

// unseal returns ErrLink or ErrExpired.
func (s *Store) unseal(purpose, sealed string, now time.Time) ([]byte, error) {
	if s.keys == nil {
		return nil, errKeys
	}
	data, err := s.keys.Unseal("notices "+purpose, sealed, now)
	switch {
	case errors.Is(err, token.ErrExpired):
		return nil, notify.ErrExpired
	case err != nil:
		return nil, notify.ErrLink
	}
	return data, nil
}

// Lease takes a named lease, or keeps it, until now+ttl. False says that another
// replica has it.
func (s *Store) Lease(ctx context.Context, name string, ttl time.Duration, now time.Time) (held bool, err error) {
	err = s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		res, err := db.ExecContext(ctx, `INSERT INTO leases (name, holder, ends) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends = excluded.ends
			WHERE leases.holder = excluded.holder OR leases.ends <= $4`, name, s.replica, now.Add(ttl).Unix(), now.Unix())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		held = n == 1
		return err
	})
	return held, err
}

// once records that something happened that may happen once until an instant;
// false says that it had happened.
func once(ctx context.Context, db database.Querier, name string, ends, now time.Time) (bool, error) {
	res, err := db.ExecContext(ctx, `INSERT INTO once (name, ends) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET ends = excluded.ends WHERE once.ends <= $3`, name, ends.Unix(), now.Unix())
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func exec(ctx context.Context, db database.Querier, statements ...statement) error {
	for _, st := range statements {
		if _, err := db.ExecContext(ctx, st.query, st.args...); err != nil {
			return err
		}
	}
	return nil
}

type statement struct {
	query string
	args  []any
}

func do(query string, args ...any) statement { return statement{query, args} }
