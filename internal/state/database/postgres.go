package database

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

func (d *DB) openPostgres() error {
	cfg, err := pgx.ParseConfig(d.cfg.URL)
	if err != nil {
		// The driver's message may quote the address with its password.
		return errors.New("cannot read the address of the database; it looks like postgres://user:password@host:5432/name")
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTime
	}
	d.readDB = stdlib.OpenDB(*cfg)
	d.readDB.SetMaxOpenConns(8)
	d.readDB.SetMaxIdleConns(4)
	d.readDB.SetConnMaxIdleTime(5 * time.Minute)
	d.writeDB = d.readDB
	return nil
}
