package database

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A Bulk is a transaction that can also store very many rows.
type Bulk struct {
	Querier
	db   *DB
	conn *sql.Conn
	tx   *sql.Tx
}

// WriteBulk runs statements in one transaction, for at most limit.
func (d *DB) WriteBulk(ctx context.Context, limit time.Duration, do func(context.Context, *Bulk) error) error {
	if err := d.ensure(ctx); err != nil {
		return err
	}
	d.handles.RLock()
	defer d.handles.RUnlock()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := d.writeDB.Conn(ctx)
	if err != nil {
		return d.judge(&d.writing, err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return d.judge(&d.writing, err)
	}
	defer tx.Rollback()
	if err := do(ctx, &Bulk{tx, d, conn, tx}); err != nil {
		return d.judge(&d.writing, err)
	}
	return d.judge(&d.writing, tx.Commit())
}

// maxValues is how many values one statement of SQLite takes here; its own
// limit is 32,766.
const maxValues = 2000

// Insert stores rows, each with a value for each column.
func (b *Bulk) Insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if b.db.postgres {
		return b.conn.Raw(func(driver any) error {
			_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
			return err
		})
	}
	// Without room for the pages, each would be written many times.
	if _, err := b.ExecContext(ctx, `PRAGMA cache_size = -65536`); err != nil { // KiB
		return err
	}
	each := max(1, maxValues/len(columns))
	values := make([]any, 0, each*len(columns))
	for len(rows) >= each {
		stmt, err := b.tx.PrepareContext(ctx, insertText(table, columns, each))
		if err != nil {
			return err
		}
		defer stmt.Close()
		for ; len(rows) >= each; rows = rows[each:] {
			values = values[:0]
			for _, row := range rows[:each] {
				values = append(values, row...)
			}
			if _, err := stmt.ExecContext(ctx, values...); err != nil {
				return err
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	values = values[:0]
	for _, row := range rows {
		values = append(values, row...)
	}
	_, err := b.tx.ExecContext(ctx, insertText(table, columns, len(rows)), values...)
	return err
}

// insertText is a statement that stores n rows.
func insertText(table string, columns []string, n int) string {
	var s strings.Builder
	s.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	for row := range n {
		if row > 0 {
			s.WriteByte(',')
		}
		s.WriteByte('(')
		for i := range columns {
			if i > 0 {
				s.WriteByte(',')
			}
			s.WriteByte('?') // the driver looks named ones up one by one
		}
		s.WriteByte(')')
	}
	return s.String()
}

// WithoutTotals runs statements that replace the counted rows, and counts them
// again afterwards, all at once: the triggers would count each for itself.
func (b *Bulk) WithoutTotals(ctx context.Context, do func() error) error {
	for _, t := range totalTables {
		if _, err := b.ExecContext(ctx, `DELETE FROM `+t); err != nil {
			return err
		}
	}
	resume, err := b.pauseTriggers(ctx)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if err := runFile(ctx, b, "fill.sql"); err != nil {
		return err
	}
	return resume()
}

var (
	totalTables   = []string{"day_totals", "article_totals", "agent_totals", "reason_totals", "search_totals"}
	countedTables = []string{"replies", "opens", "votes", "searches", "reads"}
)

func (b *Bulk) pauseTriggers(ctx context.Context) (resume func() error, err error) {
	if !b.db.postgres {
		for _, t := range countedTables {
			for _, when := range []string{"insert", "update"} {
				if _, err := b.ExecContext(ctx, `DROP TRIGGER IF EXISTS `+t+`_`+when); err != nil {
					return nil, err
				}
			}
		}
		return func() error { return runFile(ctx, b, "triggers.sqlite.sql") }, nil
	}
	set := func(what string) error {
		for _, t := range countedTables {
			if _, err := b.ExecContext(ctx, `ALTER TABLE `+t+` `+what+` TRIGGER `+t+`_total`); err != nil {
				return err
			}
		}
		return nil
	}
	return func() error { return set("ENABLE") }, set("DISABLE")
}
