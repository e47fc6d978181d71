package database

import (
	"context"
	"errors"
	"fmt"
)

// errStandby is what a database says that follows another one.
var errStandby = errors.New("the database server takes no changes; it may be a standby of another one")

// Probe reports why a database cannot be used, and changes nothing: it neither
// makes the file nor brings the schema up to date. A file that does not exist
// yet is fs.ErrNotExist.
func Probe(ctx context.Context, cfg Config) error {
	d := &DB{cfg: cfg}
	if err := d.address(); err != nil {
		return err
	}
	if !d.postgres {
		err := whole(ctx, d.path)
		if isDamage(err) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return err
	}
	if err := d.openPostgres(); err != nil {
		return err
	}
	defer d.readDB.Close()
	var readOnly string
	if err := d.readDB.QueryRowContext(ctx, `SHOW transaction_read_only`).Scan(&readOnly); err != nil {
		return err
	}
	if readOnly == "on" {
		return errStandby
	}
	return nil
}
