// Package database is the one room for SQL: a database in SQLite (one file,
// pure Go) or PostgreSQL, its schema, and what is done when it is gone.
//
// [Open] opens a [DB]; [DB.Read] and [DB.Write] run statements that both engines
// understand.
//
// Guarantees:
//   - A database that cannot be used is not an error of Open. Errors that mean so
//     are [ErrUnavailable], are returned quickly, and [Hint] names their cause.
//   - Only a damaged file (SQLITE_CORRUPT, SQLITE_NOTADB) is replaced: it is set
//     aside under a name of its own, and the newest of the daily copies that
//     [DB.Copy] made takes its place. A newer schema, a lock, a full disk, an I/O
//     error and missing permissions leave the file alone.
//   - The schema only grows: a program works with a newer schema as long as that
//     names it (counter "oldest_schema").
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// An Error is the caller's: it says nothing about the health of the database.
type Error struct{ text string }

// NewError makes a sentinel error that is never taken for an outage.
func NewError(text string) *Error { return &Error{text} }

func (e *Error) Error() string { return e.text }

// Errors that callers tell apart.
var (
	ErrUnavailable       = errors.New("the database cannot be used")
	ErrNotFound    error = NewError("not found")
	ErrExists      error = NewError("exists already")
	ErrDamaged           = errors.New("the database file is damaged")
	ErrNewer             = errors.New("the database was made by a newer Signpost, and this version does not understand it")
)

// A Config says where the database is.
type Config struct {
	URL     string // "" or "sqlite:PATH" for a file (default Dir/state.db), or "postgres://…"
	Dir     string // the data folder; copies of the file are kept below it
	Recover bool   // replace a damaged file by a copy; only the server may
	Log     *slog.Logger
}

// A DB is an open database. It is safe for concurrent use.
type DB struct {
	cfg      Config
	log      *slog.Logger
	postgres bool
	path     string // of SQLite's file

	// A damaged file is replaced under a full lock; whoever works holds the other.
	handles sync.RWMutex
	readDB  *sql.DB
	writeDB *sql.DB // SQLite: one connection; PostgreSQL: the same pool as readDB

	ready     atomic.Bool // the schema is up to date
	damaged   atomic.Bool // the file has to be replaced before it is used again
	replaced  atomic.Int64
	migrating sync.Mutex
	down      atomic.Pointer[outage]
	reading   use
	writing   use
}

// A use of the database knows whether its failing was logged. A full disk, for
// one, stops writing alone.
type use struct {
	failing atomic.Bool
}

// How long things may take.
const (
	connectTime = 2 * time.Second
	migrateTime = 10 * time.Minute // a big database is counted once
	outageRest  = time.Second
)

// Open opens the database and brings its schema up to date. One that cannot be
// used is tried again with each use; an address that cannot be meant is an error.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	d := &DB{cfg: cfg, log: cfg.Log}
	if err := d.address(); err != nil {
		return nil, err
	}
	if err := d.connect(); err != nil {
		return nil, err
	}
	err := d.ensure(ctx)
	if errors.Is(err, ErrDamaged) && cfg.Recover {
		err = d.ensure(ctx) // replaces it
	}
	if errors.Is(err, ErrDamaged) {
		d.Close()
		return nil, err
	}
	if err != nil && !errors.Is(err, ErrUnavailable) {
		d.Close()
		return nil, err
	}
	return d, nil
}

// address reads the URL.
func (d *DB) address() error {
	scheme, rest, _ := strings.Cut(d.cfg.URL, ":")
	switch {
	case d.cfg.URL == "":
		d.path = filepath.Join(d.cfg.Dir, "state.db")
	case scheme == "sqlite":
		if d.path = strings.TrimPrefix(rest, "//"); d.path == "" {
			return errors.New("sqlite: requires a path")
		}
	case scheme == "postgres" || scheme == "postgresql":
		d.postgres = true
	default:
		// The address may hold a password: only its scheme is shown.
		return fmt.Errorf("unknown kind of database %q; use postgres://… or sqlite:PATH", scheme+":…")
	}
	return nil
}

func (d *DB) connect() error {
	if d.postgres {
		return d.openPostgres()
	}
	return d.openSQLite()
}

// Postgres reports whether the database is a PostgreSQL server.
func (d *DB) Postgres() bool { return d.postgres }

// Missing reports whether the database is a file that does not exist yet.
func Missing(cfg Config) bool {
	d := &DB{cfg: cfg}
	if d.address() != nil || d.postgres {
		return false
	}
	_, err := os.Stat(d.path)
	return errors.Is(err, os.ErrNotExist)
}

// Replaced returns how many damaged files were set aside since the start.
func (d *DB) Replaced() int64 { return d.replaced.Load() }

// Close closes the connections.
func (d *DB) Close() error {
	d.handles.Lock()
	defer d.handles.Unlock()
	return d.closeHandles()
}

func (d *DB) closeHandles() error {
	err := d.writeDB.Close()
	if d.readDB != d.writeDB {
		err = errors.Join(err, d.readDB.Close())
	}
	return err
}

// A Querier is what *sql.DB and *sql.Tx share.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// ensure replaces a damaged file and migrates the schema, once, as soon as the
// database is there.
func (d *DB) ensure(ctx context.Context) error {
	if d.damaged.Load() {
		if err := d.replace(ctx); err != nil {
			return err
		}
	}
	if o := d.down.Load(); o != nil && time.Since(o.since) < outageRest {
		return fmt.Errorf("%w: %w", ErrUnavailable, o.cause)
	}
	if d.ready.Load() {
		return nil
	}
	d.migrating.Lock()
	defer d.migrating.Unlock()
	if d.ready.Load() {
		return nil
	}
	d.handles.RLock()
	defer d.handles.RUnlock()
	if err := d.migrate(ctx); err != nil {
		return d.judge(&d.writing, err)
	}
	d.ready.Store(true)
	return nil
}

// Read runs queries outside a transaction, for at most limit.
func (d *DB) Read(ctx context.Context, limit time.Duration, do func(context.Context, Querier) error) error {
	if err := d.ensure(ctx); err != nil {
		return err
	}
	d.handles.RLock()
	defer d.handles.RUnlock()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return d.judge(&d.reading, do(ctx, d.readDB))
}

// Write runs statements in one transaction, for at most limit.
func (d *DB) Write(ctx context.Context, limit time.Duration, do func(context.Context, Querier) error) error {
	return d.WriteBulk(ctx, limit, func(ctx context.Context, b *Bulk) error { return do(ctx, b.Querier) })
}

// Snapshot runs queries that all see the same state.
func (d *DB) Snapshot(ctx context.Context, do func(context.Context, Querier) error) error {
	if err := d.ensure(ctx); err != nil {
		return err
	}
	d.handles.RLock()
	defer d.handles.RUnlock()
	tx, err := d.readDB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return d.judge(&d.reading, err)
	}
	defer tx.Rollback()
	return d.judge(&d.reading, do(ctx, tx))
}
