package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed totals/*.sql
var totals embed.FS

// totalsVersion is the schema that keeps daily totals. Its statements differ by
// engine, so that it cannot be a file below migrations.
const totalsVersion = 4

func (d *DB) migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migrateTime)
	defer cancel()
	pinged, stop := context.WithTimeout(ctx, 3*connectTime)
	defer stop()
	if err := d.writeDB.PingContext(pinged); err != nil {
		return err
	}
	p, err := d.provider()
	if err != nil {
		return err
	}
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	if current > newest {
		return d.understood(ctx, newest)
	}
	if current < newest {
		_, err = p.Up(ctx)
	}
	return err
}

// understood reports whether a schema that is newer than this program may be
// used by it: each names the oldest one whose program it still serves.
func (d *DB) understood(ctx context.Context, newest int64) error {
	var oldest int64
	err := d.writeDB.QueryRowContext(ctx, `SELECT n FROM counters WHERE name = 'oldest_schema'`).Scan(&oldest)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err != nil || oldest > newest {
		return ErrNewer
	}
	return nil
}

func (d *DB) provider() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithGoMigrations(goose.NewGoMigration(totalsVersion, &goose.GoFunc{RunTx: d.addTotals}, nil)),
	}
	if !d.postgres {
		return goose.NewProvider(goose.DialectSQLite3, d.writeDB, dir, opts...)
	}
	locker, err := lock.NewPostgresSessionLocker() // replicas start at the same time
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, d.writeDB, dir, append(opts, goose.WithSessionLocker(locker))...)
}

// addTotals makes the tables of totals, fills them from what is there, and adds
// the triggers that keep them.
func (d *DB) addTotals(ctx context.Context, tx *sql.Tx) error {
	files := []string{"tables.sqlite.sql", "fill.sql", "triggers.sqlite.sql"}
	if d.postgres {
		files = []string{"tables.postgres.sql", "fill.sql", "triggers.postgres.sql"}
	}
	for _, name := range files {
		if err := runFile(ctx, tx, name); err != nil {
			return err
		}
	}
	return nil
}

// runFile runs the statements of a file below totals.
func runFile(ctx context.Context, db Querier, name string) error {
	script, err := totals.ReadFile("totals/" + name)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, string(script)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
