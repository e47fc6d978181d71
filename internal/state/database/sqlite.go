package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"signpost/internal/durable"
)

// dsn is how the driver names a file.
func dsn(path string) string {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(FAST)"}, "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func (d *DB) openSQLite() error {
	var err error
	if d.writeDB, err = sql.Open("sqlite", dsn(d.path)); err != nil {
		return err
	}
	if d.readDB, err = sql.Open("sqlite", dsn(d.path)); err != nil {
		return err
	}
	d.writeDB.SetMaxOpenConns(1)
	d.readDB.SetMaxOpenConns(4)
	// The file holds password hashes: it is made before the driver makes it readable for all.
	f, err := os.OpenFile(d.path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist): // its folder: --state names another place than was meant
		return fmt.Errorf("cannot open the database: %w", err)
	case err != nil:
		return nil // what cannot be opened now is tried with each use, and its cause said
	}
	return f.Close()
}

const copiesFolder = "copies"

// maxCopies is how many daily copies are kept.
const maxCopies = 7

// copies returns the daily copies of the file, newest first.
func (d *DB) copies() []string {
	found, err := filepath.Glob(filepath.Join(d.cfg.Dir, copiesFolder, "state-????-??-??.db"))
	if err != nil {
		return nil
	}
	newest := make([]string, 0, len(found))
	for i := len(found) - 1; i >= 0; i-- { // Glob sorts by name, which is by day
		newest = append(newest, found[i])
	}
	return newest
}

// NewestCopy returns the path of the newest daily copy in a data folder, or "".
func NewestCopy(dir string) string {
	d := &DB{cfg: Config{Dir: dir}}
	if all := d.copies(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Copy makes the day's copy of a SQLite file unless it exists, whole or not at
// all, and removes all but the newest seven. Of PostgreSQL it makes none: its
// backups are its own.
func (d *DB) Copy(ctx context.Context, now time.Time) error {
	if d.postgres {
		return nil
	}
	dir := filepath.Join(d.cfg.Dir, copiesFolder)
	target := filepath.Join(dir, "state-"+now.UTC().Format(time.DateOnly)+".db")
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".copy-*.signpost-tmp") // mode 0600; swept after a crash like those of durable
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	err = d.Read(ctx, 10*time.Minute, func(ctx context.Context, db Querier) error {
		_, err := db.ExecContext(ctx, `VACUUM INTO $1`, f.Name())
		return err
	})
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	for i, old := range d.copies() {
		if i >= maxCopies {
			if err := os.Remove(old); err != nil {
				return err
			}
		}
	}
	return nil
}

// replace sets a damaged file aside and puts the newest whole copy in its
// place, or nothing when there is none: the file is then made anew.
func (d *DB) replace(ctx context.Context) error {
	d.handles.Lock()
	defer d.handles.Unlock()
	if !d.damaged.Load() {
		return nil // another one was quicker
	}
	if err := d.closeHandles(); err != nil {
		d.log.Warn("closing the damaged database", "error", err)
	}
	err := d.replaceFile(ctx)
	if oerr := d.openSQLite(); oerr != nil {
		err = errors.Join(err, oerr)
	}
	if err != nil {
		return fmt.Errorf("%w: cannot replace the damaged %s: %w", ErrUnavailable, d.path, err)
	}
	d.ready.Store(false)
	d.damaged.Store(false)
	return nil
}

func (d *DB) replaceFile(ctx context.Context) error {
	if whole(ctx, d.path) == nil {
		return nil // another process has replaced it already
	}
	aside := d.path + ".damaged-" + time.Now().UTC().Format("20060102T150405Z")
	// The log goes first: what is taken must never be joined with it.
	for _, part := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(d.path+part, aside+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	d.replaced.Add(1)
	for _, from := range d.copies() {
		if err := whole(ctx, from); err != nil {
			d.log.Error("a daily copy of the database is damaged too", "copy", from, "error", err)
			continue
		}
		if err := putCopy(from, d.path); err != nil {
			return err
		}
		d.log.Error("the damaged database was set aside, and the newest daily copy took its place: what came after it is lost",
			"file", aside, "copy", from, "hint", "signpost state restore BACKUP brings back a newer backup")
		return nil
	}
	d.log.Error("the damaged database was set aside; there is no daily copy, and an empty one is made: accounts and counts are lost",
		"file", aside, "hint", "signpost state restore BACKUP brings back a backup")
	return nil
}

// putCopy puts a copy in the place of the database.
func putCopy(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return durable.WriteTo(to, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, src)
		return err
	})
}

// whole reports why a file is not a whole database.
func whole(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", strings.Replace(dsn(path), "journal_mode%28WAL%29", "query_only%281%29", 1))
	if err != nil {
		return err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return errors.New(verdict)
	}
	return nil
}
