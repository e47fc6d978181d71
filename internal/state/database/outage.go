package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// An outage is remembered for a moment, so that callers fail fast.
type outage struct {
	since time.Time
	cause error
}

// judge turns errors that mean "the database is gone" into ErrUnavailable, and
// logs when that begins and ends. Other errors stay what they are.
func (d *DB) judge(u *use, err error) error {
	switch {
	case err == nil:
		d.down.Store(nil)
		if u.failing.CompareAndSwap(true, false) {
			d.log.Info("the database works again")
		}
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case isDamage(err):
		return d.damage(u, err)
	case !isOutage(err):
		return err
	case errors.Is(err, ErrUnavailable):
		return err
	case isCollision(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if d.postgres {
		d.down.Store(&outage{time.Now(), err})
	}
	if u.failing.CompareAndSwap(false, true) {
		d.log.Warn("the database cannot be used; going on without it", "error", err, "hint", Hint(err))
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// damage notes that the file has to be replaced.
func (d *DB) damage(u *use, err error) error {
	err = fmt.Errorf("%s: %w: %w", d.path, ErrDamaged, err)
	if d.cfg.Recover {
		d.damaged.Store(true)
	}
	if u.failing.CompareAndSwap(false, true) {
		d.log.Error("the database file is damaged", "file", d.path, "error", err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// isDamage reports whether SQLite says that its file is damaged.
func isDamage(err error) bool {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	code := lite.Code() & 0xff
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// isOutage reports whether the database is to blame for an error, and not the
// statement, the caller or what we say ourselves.
func isOutage(err error) bool {
	var own *Error
	if errors.As(err, &own) || errors.Is(err, context.Canceled) {
		return false
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
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY,
			sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS:
			return true
		}
		return false
	}
	return err != nil
}

// IsOutage reports whether an error of a statement means that the database is
// gone: what was to be stored then waits.
func IsOutage(err error) bool { return err != nil && (isOutage(err) || isDamage(err)) }

// isCollision reports whether PostgreSQL gave a transaction up for another's
// sake: it works, and will take this one later.
func isCollision(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, "40")
}

// Hint says what to do about an error of this package, "" when it says so itself.
func Hint(err error) string {
	var pg *pgconn.PgError
	var lite *sqlite.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrNewer):
		return "install the version of Signpost that used this database last, or restore a backup into a new one"
	case errors.Is(err, ErrDamaged):
		return "start the server: it sets the file aside and takes the newest daily copy; or move the file away and run: signpost state restore BACKUP"
	case errors.Is(err, fs.ErrPermission):
		return "the server's account must be able to read and write the database file and its folder"
	case errors.As(err, &pg):
		return postgresHint(pg.Code)
	case errors.As(err, &lite):
		return sqliteHint(lite.Code())
	case errors.Is(err, context.DeadlineExceeded):
		return "the database does not answer in time; is it overloaded or locked?"
	}
	return "is the database running, and is --state right?"
}

func postgresHint(code string) string {
	switch {
	case code == "53100":
		return "the disk of the database server is full; make space there"
	case strings.HasPrefix(code, "53"):
		return "the database server is out of connections or memory"
	case strings.HasPrefix(code, "28"):
		return "the database refuses this user or password; compare --state or --state-file with the server"
	case code == "3D000":
		return "the database does not exist; make it with createdb, or correct the name in --state"
	case strings.HasPrefix(code, "25"):
		return "the database is read-only; is it a standby?"
	}
	return "the database server is starting, stopping or failing; look at its log"
}

func sqliteHint(code int) string {
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return "another program holds the database file; end it"
	case sqlite3.SQLITE_FULL:
		return "the disk is full; make space"
	case sqlite3.SQLITE_IOERR:
		return "the disk reports an error while the database file is read or written; look at the system log"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CANTOPEN:
		return "the server's account must be able to read and write the database file and its folder"
	}
	return ""
}
