// Package state is what Signpost remembers: votes, searches, replies and their
// opens, reads, the terms of answered tickets, gaps, agents, sessions, API
// tokens and what they did. It works on one database, see package database.
//
// [Open] opens a [Store], whose parts are [Accounts] (who may come in),
// [Events] (what happened), [Reports] (what that adds up to) and Notices (who is
// told of changes, see package notices). [Store.Run] does their work in the background.
//
// Guarantees:
//   - [Events.Vote], [Events.Search], [Events.Click], [Events.Sent],
//     [Events.Opened], [Events.Read] and [Events.Asked] touch neither disk nor
//     database: they are held in memory, bounded per kind, written to a spool in
//     the data folder every second, and applied to the database exactly once when
//     it is there. kill -9 loses at most one second; what is dropped is counted.
//   - [Events.Audit] is on disk before it returns, also with the database gone.
//   - Everything else is committed before the method returns.
//   - Accounts, sessions and tokens are read from a copy in memory
//     ([Accounts.Access]), refreshed every few seconds and kept in the data folder:
//     signing in works with the database gone. A session begun meanwhile is kept
//     and stored later.
//   - No mail address of a customer but a subscriber's, no ticket and no IP address:
//     all words pass Config.Redact, and a ticket's term is only a keyed hash until
//     its third ticket.
//   - A database that cannot be used is not an error of Open, and errors that
//     mean so are [ErrUnavailable], returned quickly; [Hint] names the cause.
package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"signpost/internal/state/database"
	"signpost/internal/state/notices"
	"signpost/internal/state/spool"
	"signpost/internal/token"
)

// Errors that callers tell apart.
var (
	ErrUnavailable = database.ErrUnavailable
	ErrNotFound    = database.ErrNotFound
	ErrExists      = database.ErrExists
	ErrFull        = spool.ErrFull // an event was dropped
	ErrDamaged     = database.ErrDamaged
	ErrNewer       = database.ErrNewer
)

// A Config says where the state is.
type Config struct {
	URL     string              // "" or "sqlite:PATH" for a file (default Dir/state.db), or "postgres://…"
	Dir     string              // the data folder: spool, copies; required
	Recover bool                // replace a damaged file by its newest daily copy; only the server may
	Key     []byte              // at least 16 bytes, secret and lasting: hashes and seals the terms of tickets
	Keys    *token.Keyring      // of subscriptions; nil for commands that have nothing to do with them
	Ended   string              // file of who has left notices (default Dir/ended.jsonl)
	Redact  func(string) string // removes addresses and secrets from words that are kept; required
	Log     *slog.Logger        // nil discards
}

// A Store is an open state. Its parts are safe for concurrent use.
type Store struct {
	Accounts *Accounts
	Events   *Events
	Reports  *Reports
	Notices  *notices.Store

	id  string // of this process among the replicas
	db  *database.DB
	log *slog.Logger
}

// How long things may take.
const (
	queryTime   = 5 * time.Second
	applyTime   = 30 * time.Second
	reportTime  = 20 * time.Second
	restoreTime = time.Hour
)

// Open opens the state and brings its schema up to date. A database that cannot
// be used is tried again with each use; an address that cannot be meant is an error.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Dir == "" || cfg.Redact == nil || len(cfg.Key) < 16 {
		return nil, errors.New("state needs a data folder, a key and a way to redact")
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	terms, err := newTermKey(cfg.Key)
	if err != nil {
		return nil, err
	}
	where := database.Config{URL: cfg.URL, Dir: cfg.Dir, Recover: cfg.Recover, Log: log}
	missing := database.Missing(where)
	db, err := database.Open(ctx, where)
	if err != nil {
		return nil, err
	}
	s := &Store{
		Accounts: &Accounts{db: db, log: log, path: filepath.Join(cfg.Dir, "access.json")},
		Events:   &Events{db: db, log: log, redact: cfg.Redact, terms: terms, buf: spool.New(filepath.Join(cfg.Dir, "spool"), log)},
		Reports:  &Reports{db: db, log: log, path: filepath.Join(cfg.Dir, "signals.json")},
		id:       strconv.FormatInt(spool.NewID(), 36), db: db, log: log,
	}
	s.Notices = notices.New(notices.Config{DB: db, Keys: cfg.Keys, Journal: cmp.Or(cfg.Ended, filepath.Join(cfg.Dir, "ended.jsonl")), Replica: s.id, Log: log})
	known := s.Accounts.load()
	if missing && known > 0 {
		log.Error("the database file is missing, but this data folder knows accounts: an empty database is made, and they are lost unless it is put back",
			"accounts", known, "newest copy", database.NewestCopy(cfg.Dir),
			"hint", "stop the server, put the file or its newest copy back as state.db, or run: signpost state restore BACKUP")
	}
	if err := s.Accounts.Refresh(ctx); err != nil {
		log.Warn("accounts come from the copy in the data folder", "error", err, "hint", Hint(err))
	}
	return s, nil
}

// Hint says what to do about an error that means the database cannot be used;
// "" when the error says so itself.
func Hint(err error) string { return database.Hint(err) }

// Close spools what is in memory, tries once to store it, and closes the
// database. [Store.Run] must have returned.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	if err := s.Events.Flush(ctx); err != nil {
		s.log.Warn("counts stay in the spool until the next start", "error", err)
	}
	s.Events.buf.Close()
	return s.db.Close()
}

// Run does the background work until ctx ends: spooling every second, storing
// every two, refreshing the copy of accounts every three.
func (s *Store) Run(ctx context.Context) {
	var wg sync.WaitGroup
	// Spooling has its own loop: a database that hangs must not delay it.
	every := func(d time.Duration, what string, do func() error) {
		wg.Go(func() {
			t := time.NewTicker(d)
			defer t.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-t.C:
					if err := do(); err != nil && !errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
						s.log.Error(what, "error", err)
					}
				}
			}
		})
	}
	every(time.Second, "", func() error { s.Events.buf.Spool(); return nil })
	every(2*time.Second, "cannot store counts", func() error { return s.Events.Flush(ctx) })
	every(2*time.Second, "cannot store who has left", func() error { return s.Notices.Apply(ctx, time.Now()) })
	every(3*time.Second, "cannot read the accounts", func() error { return s.Accounts.Refresh(ctx) })
	wg.Wait()
}

// Ping reports whether the database is there: nil or ErrUnavailable with its cause.
func (s *Store) Ping(ctx context.Context) error {
	return s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		var n int
		return db.QueryRowContext(ctx, `SELECT 1`).Scan(&n)
	})
}

// Copy makes the day's copy of a SQLite file in the data folder, unless there is
// one, and keeps the newest seven.
func (s *Store) Copy(ctx context.Context, now time.Time) error { return s.db.Copy(ctx, now) }

// Stats tell how the state does.
type Stats struct {
	spool.Stats
	Damaged int64 // database files that were set aside since the start
}

// Stats returns the present numbers, for metrics.
func (s *Store) Stats() Stats { return Stats{s.Events.buf.Stats(), s.db.Replaced()} }
