// Package state is what Signpost remembers: votes, searches, replies and their
// opens, reads, the terms of answered tickets, gaps, agents, sessions, API
// tokens, subscriptions. It is the only room for SQL, in SQLite (one file, pure
// Go) or PostgreSQL.
//
// [Open] opens a [Store] and [Store.Run] does its work in the background.
//
// Guarantees:
//   - [Store.Vote], [Store.Search], [Store.Click], [Store.Sent], [Store.Opened],
//     [Store.Read] and [Store.Asked] touch neither disk nor database: they are
//     held in memory, bounded per kind, written to a spool in the data folder
//     every second, and applied to the database exactly once when it is there.
//     kill -9 loses at most one second; what is dropped is counted.
//   - Everything else is committed before the method returns.
//   - Accounts, sessions and tokens are read from a copy in memory ([Store.Access]),
//     refreshed every few seconds and kept in the data folder: signing in works
//     with the database gone. A session begun meanwhile is kept and stored later.
//   - No mail address of a customer but a subscriber's, no ticket and no IP address:
//     all words pass Config.Redact, and a ticket's term is only a keyed hash until
//     its third ticket.
//   - A database that cannot be reached is no error of Open, and errors that
//     mean so are [ErrUnavailable], returned quickly.
package state

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"signpost/internal/state/spool"
)

// Errors that callers tell apart.
var (
	ErrUnavailable = errors.New("the database cannot be reached")
	ErrNotFound    = errors.New("not found")
	ErrExists      = errors.New("exists already")
	ErrFull        = spool.ErrFull // an event was dropped
	ErrDamaged     = errors.New("the database file is damaged")
	ErrNewer       = errors.New("the database was made by a newer Signpost; install that version or restore a backup")
)

//go:embed migrations/*.sql
var migrations embed.FS

// A Config says where the state is.
type Config struct {
	URL    string              // "" or "sqlite:PATH" for a file (default Dir/state.db), or "postgres://…"
	Dir    string              // the data folder: spool, copies; required
	Key    []byte              // at least 16 bytes, secret and lasting: hashes and seals the terms of tickets
	Redact func(string) string // removes addresses and secrets from words that are kept; required
	Log    *slog.Logger        // nil discards
}

// A Store is an open state. Its methods are safe for concurrent use.
type Store struct {
	cfg      Config
	log      *slog.Logger
	postgres bool
	path     string // of SQLite's file
	readDB   *sql.DB
	writeDB  *sql.DB // SQLite: one connection; PostgreSQL: the same pool as readDB
	terms    *termKey
	buf      *spool.Buffer
	merge    spool.Merger

	ready     atomic.Bool // the schema is up to date
	migrating sync.Mutex
	down      atomic.Pointer[outage]
	reading   use
	writing   use

	access   atomic.Pointer[Access]
	accessMu sync.Mutex // held while the copy is changed
	signals  signalCopy
}

// An outage is remembered for a moment, so that callers fail fast.
type outage struct {
	since time.Time
	cause error
}

// A use of the database knows whether its failing was logged. A full disk, for
// one, stops writing alone.
type use struct {
	failing atomic.Bool
}

// How long things may take.
const (
	connectTime = 2 * time.Second
	queryTime   = 5 * time.Second
	applyTime   = 30 * time.Second
	reportTime  = 20 * time.Second
	outageRest  = time.Second
)

// Open opens the state and brings its schema up to date. A PostgreSQL server
// that cannot be reached is tried again with each use; a file that cannot be
// opened is an error.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Dir == "" || cfg.Redact == nil || len(cfg.Key) < 16 {
		return nil, errors.New("state needs a data folder, a key and a way to redact")
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	s := &Store{cfg: cfg, log: cfg.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.terms, err = newTermKey(cfg.Key); err != nil {
		return nil, err
	}
	if err := s.connect(); err != nil {
		return nil, err
	}
	s.buf = spool.New(filepath.Join(cfg.Dir, "spool"), s.log)
	if err := s.ensure(ctx); err != nil && (!s.postgres || !errors.Is(err, ErrUnavailable)) {
		s.buf.Close()
		s.closeDB()
		return nil, s.damaged(err)
	}
	s.loadAccess(ctx)
	return s, nil
}

func (s *Store) connect() error {
	scheme, rest, _ := strings.Cut(s.cfg.URL, ":")
	switch {
	case s.cfg.URL == "":
		return s.openSQLite(filepath.Join(s.cfg.Dir, "state.db"))
	case scheme == "sqlite":
		return s.openSQLite(strings.TrimPrefix(rest, "//"))
	case scheme == "postgres" || scheme == "postgresql":
		return s.openPostgres()
	}
	return fmt.Errorf("unknown kind of database %q; use postgres://… or sqlite:PATH", scheme)
}

// damaged tells that, and where, a file that is no whole database is.
func (s *Store) damaged(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) && slices.Contains([]int{sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}, lite.Code()&0xff) {
		return fmt.Errorf("%s: %w: %w", s.path, ErrDamaged, err)
	}
	return err
}

func (s *Store) openSQLite(path string) error {
	if path == "" {
		return errors.New("sqlite: needs a path")
	}
	s.path = path
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, "_txlock": {"immediate"}}
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	var err error
	if s.writeDB, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	if s.readDB, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	s.writeDB.SetMaxOpenConns(1)
	s.readDB.SetMaxOpenConns(4)
	// The file holds password hashes: it is made before the driver makes it readable for all.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("cannot open the database: %w", err)
	}
	return f.Close()
}

func (s *Store) openPostgres() error {
	s.postgres = true
	cfg, err := pgx.ParseConfig(s.cfg.URL)
	if err != nil {
		// The driver's message may quote the address with its password.
		return errors.New("cannot read the address of the database; it looks like postgres://user:password@host:5432/name")
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTime
	}
	s.readDB = stdlib.OpenDB(*cfg)
	s.readDB.SetMaxOpenConns(8)
	s.readDB.SetMaxIdleConns(4)
	s.readDB.SetConnMaxIdleTime(5 * time.Minute)
	s.writeDB = s.readDB
	return nil
}

func (s *Store) closeDB() error {
	err := s.writeDB.Close()
	if s.readDB != s.writeDB {
		err = errors.Join(err, s.readDB.Close())
	}
	return err
}

// Close spools what is in memory, tries once to store it, and closes the
// database. [Store.Run] must have returned.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	if err := s.Flush(ctx); err != nil {
		s.log.Warn("counts stay in the spool until the next start", "error", err)
	}
	s.buf.Close()
	return s.closeDB()
}

// Run does the background work until ctx ends: spooling every second, storing
// every two, refreshing the copy of accounts every three.
func (s *Store) Run(ctx context.Context) {
	var wg sync.WaitGroup
	// Spooling has its own loop: a database that hangs must not delay it.
	every := func(d time.Duration, do func()) {
		wg.Go(func() {
			t := time.NewTicker(d)
			defer t.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-t.C:
					do()
				}
			}
		})
	}
	every(time.Second, func() { s.buf.Spool() })
	every(2*time.Second, func() {
		if err := s.Flush(ctx); err != nil && !errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
			s.log.Error("cannot store counts", "error", err)
		}
	})
	every(3*time.Second, func() {
		if err := s.Refresh(ctx); err != nil && !errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
			s.log.Error("cannot read the accounts", "error", err)
		}
	})
	wg.Wait()
}

// Ping reports whether the database is there: nil or ErrUnavailable with its cause.
func (s *Store) Ping(ctx context.Context) error {
	return s.read(ctx, queryTime, func(ctx context.Context, db querier) error {
		var n int
		return db.QueryRowContext(ctx, `SELECT 1`).Scan(&n)
	})
}

// querier is what *sql.DB and *sql.Tx share.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// ensure migrates the schema once, as soon as the database is there.
func (s *Store) ensure(ctx context.Context) error {
	if o := s.down.Load(); o != nil && time.Since(o.since) < outageRest {
		return fmt.Errorf("%w: %w", ErrUnavailable, o.cause)
	}
	if s.ready.Load() {
		return nil
	}
	s.migrating.Lock()
	defer s.migrating.Unlock()
	if s.ready.Load() {
		return nil
	}
	if err := s.migrate(ctx); err != nil {
		return s.judge(&s.writing, err)
	}
	s.ready.Store(true)
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, applyTime)
	defer cancel()
	if err := s.writeDB.PingContext(ctx); err != nil {
		return err
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; current > newest {
		return ErrNewer
	} else if current == newest {
		return nil
	}
	_, err = p.Up(ctx)
	return err
}

func (s *Store) provider() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler))}
	if !s.postgres {
		return goose.NewProvider(goose.DialectSQLite3, s.writeDB, dir, opts...)
	}
	locker, err := lock.NewPostgresSessionLocker() // replicas start at the same time
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, s.writeDB, dir, append(opts, goose.WithSessionLocker(locker))...)
}

// read runs queries outside a transaction.
func (s *Store) read(ctx context.Context, limit time.Duration, do func(context.Context, querier) error) error {
	if err := s.ensure(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return s.judge(&s.reading, do(ctx, s.readDB))
}

// write runs statements in one transaction.
func (s *Store) write(ctx context.Context, limit time.Duration, do func(context.Context, querier) error) error {
	if err := s.ensure(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tx, err := s.writeDB.BeginTx(ctx, nil)
	if err != nil {
		return s.judge(&s.writing, err)
	}
	defer tx.Rollback()
	if err := do(ctx, tx); err != nil {
		return s.judge(&s.writing, err)
	}
	return s.judge(&s.writing, tx.Commit())
}

// snapshot runs queries that all see the same state.
func (s *Store) snapshot(ctx context.Context, do func(context.Context, querier) error) error {
	if err := s.ensure(ctx); err != nil {
		return err
	}
	tx, err := s.readDB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return s.judge(&s.reading, err)
	}
	defer tx.Rollback()
	return s.judge(&s.reading, do(ctx, tx))
}

// judge turns errors that mean "the database is gone" into ErrUnavailable, and
// logs when that begins and ends. Other errors stay what they are.
func (s *Store) judge(u *use, err error) error {
	switch {
	case err == nil:
		s.down.Store(nil)
		if u.failing.CompareAndSwap(true, false) {
			s.log.Info("the database works again")
		}
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case !isOutage(err):
		return err
	case errors.Is(err, ErrUnavailable):
		return err
	case isCollision(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if s.postgres {
		s.down.Store(&outage{time.Now(), err})
	}
	if u.failing.CompareAndSwap(false, true) {
		s.log.Warn("the database cannot be used; going on without it", "error", err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// isOutage reports whether the database is to blame for an error, and not the
// statement, the caller or what we say ourselves.
func isOutage(err error) bool {
	for _, own := range []error{ErrNotFound, ErrExists, ErrNewer, ErrInput, ErrBackup, context.Canceled} {
		if errors.Is(err, own) {
			return false
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57", "58", "25", "28", "3D": // gone, full, stopping, read-only, shut out
			return true
		}
		return isCollision(err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	return err != nil
}

// isCollision reports whether PostgreSQL gave a transaction up for another's
// sake: it works, and will take this one later.
func isCollision(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, "40")
}
