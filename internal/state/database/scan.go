package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Collect appends all rows to out; fields names where the columns go.
func Collect[T any](rows *sql.Rows, err error, out *[]T, fields func(*T) []any) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return err
		}
		*out = append(*out, v)
	}
	return rows.Err()
}

// Affected runs a statement, and returns the error none when it touched no row.
func Affected(ctx context.Context, db Querier, none error, query string, args ...any) error {
	res, err := db.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return none
}

// An Instant scans seconds since 1970; 0 is the zero time.
type Instant time.Time

// Scan implements sql.Scanner.
func (i *Instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("%T is not an instant", v)
	}
	*i = Instant{}
	if n != 0 {
		*i = Instant(time.Unix(n, 0).UTC())
	}
	return nil
}

// Seconds is what an [Instant] is stored as.
func Seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Words scan a list written with spaces between.
type Words []string

// Scan implements sql.Scanner.
func (w *Words) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("%T is not a text", v)
	}
	*w = append(Words{}, strings.Fields(s)...)
	return nil
}

// Number is what a truth value is stored as.
func Number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// IsNone reports whether a query found no row.
func IsNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }
