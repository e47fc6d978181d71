package state

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A table as a backup sees it: its columns, of which # marks whole numbers; the
// others are texts.
type table struct {
	name, columns string
}

func (t table) names() []string { return strings.Fields(strings.ReplaceAll(t.columns, "#", "")) }

// backedUp are the tables of a backup. Sessions are left out: everyone signs in again.
var backedUp = []table{
	{"votes", "id# day article# rev lang helpful# reason comment query reply#"},
	{"searches", "id# day words lang results# pos# article#"},
	{"replies", "nonce# day article# lang platform agent format"},
	{"opens", "nonce# day article# n#"},
	{"reads", "article# day lang n#"},
	{"asked_first", "hash article# lang day n# tickets#"},
	{"asked", "term article# lang n#"},
	{"gaps", "id# day agent lang note terms closed article#"},
	{"agents", "name password admin# created#"},
	{"tokens", "id name agent scopes created# expires#"},
	{"subscriptions", "id kind target topics lang created# confirmed#"},
	{"deliveries", "id day attempts# due# done#"},
	{"batches", "id# day"},
}

const backupVersion = 1

// ErrBackup marks errors of a backup that cannot be read; nothing was changed.
var ErrBackup = errors.New("the backup was not restored")

// header is the first line of a backup, footer the last one.
type header struct {
	Signpost string `json:"signpost"` // "state"
	Version  int    `json:"version"`
}

type line struct {
	Table string `json:"table,omitempty"`
	Row   []any  `json:"row,omitempty"`
	Rows  *int   `json:"rows,omitempty"` // footer: how many rows there are
}

// Backup writes everything but sessions, as JSON lines that either engine
// reads: a header, one line per row, and a footer with the number of rows. The
// file holds password hashes and subscribers' addresses.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	if err := s.Flush(ctx); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	if err := enc.Encode(header{"state", backupVersion}); err != nil {
		return err
	}
	rows := 0
	// One transaction: all tables as they are at one time.
	err := s.db.Snapshot(ctx, func(ctx context.Context, db database.Querier) error {
		for _, t := range backedUp {
			n, err := t.dump(ctx, db, enc)
			if err != nil {
				return err
			}
			rows += n
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := enc.Encode(line{Rows: &rows}); err != nil {
		return err
	}
	return out.Flush()
}

func (t table) dump(ctx context.Context, db database.Querier, enc *json.Encoder) (int, error) {
	columns := t.names()
	rows, err := db.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+t.name+` ORDER BY 1, 2`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		values, fields := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			fields[i] = &values[i]
		}
		if err := rows.Scan(fields...); err != nil {
			return n, err
		}
		if err := enc.Encode(line{Table: t.name, Row: values}); err != nil {
			return n, fmt.Errorf("%w: %w", ErrInput, err)
		}
		n++
	}
	return n, rows.Err()
}

// Restore replaces everything by a backup, in one transaction: a damaged or
// incomplete backup (ErrBackup) changes nothing. All sessions end. It returns
// how many rows there are now.
func (s *Store) Restore(ctx context.Context, r io.Reader) (rows int, err error) {
	in := bufio.NewReader(r)
	var h header
	first, err := readLine(in)
	if err != nil || json.Unmarshal(first, &h) != nil || h.Signpost != "state" {
		return 0, fmt.Errorf("%w: this is no backup of Signpost's state", ErrBackup)
	}
	if h.Version != backupVersion {
		return 0, fmt.Errorf("%w: it has the version %d, this program reads %d", ErrBackup, h.Version, backupVersion)
	}
	err = s.commitWithin(ctx, time.Hour, func(ctx context.Context, db database.Querier) error {
		for _, t := range append([]table{{name: "sessions"}}, backedUp...) {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+t.name); err != nil {
				return err
			}
		}
		rows, err = restoreRows(ctx, db, in)
		return err
	})
	return rows, err
}

func restoreRows(ctx context.Context, db database.Querier, in *bufio.Reader) (int, error) {
	for n := 0; ; n++ {
		raw, err := readLine(in)
		if err != nil {
			return n, fmt.Errorf("%w: it ends in the middle, after %d rows (%w)", ErrBackup, n, err)
		}
		var l line
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&l); err != nil {
			return n, fmt.Errorf("%w: line %d is damaged: %w", ErrBackup, n+2, err)
		}
		if l.Rows != nil {
			if *l.Rows != n {
				return n, fmt.Errorf("%w: it has %d rows and should have %d", ErrBackup, n, *l.Rows)
			}
			if _, err := in.ReadByte(); err == nil {
				return n, fmt.Errorf("%w: something follows its last line, %d", ErrBackup, n+2)
			}
			return n, nil
		}
		if err := restoreRow(ctx, db, l); err != nil {
			return n, fmt.Errorf("line %d of the backup: %w", n+2, err)
		}
	}
}

func restoreRow(ctx context.Context, db database.Querier, l line) error {
	i := slices.IndexFunc(backedUp, func(t table) bool { return t.name == l.Table })
	if i < 0 {
		return fmt.Errorf("%w: there is no table %q", ErrBackup, l.Table)
	}
	t := backedUp[i]
	columns := strings.Fields(t.columns)
	if len(l.Row) != len(columns) {
		return fmt.Errorf("%w: a row of %s has %d columns and should have %d", ErrBackup, t.name, len(l.Row), len(columns))
	}
	places := make([]string, len(columns))
	for i, column := range columns {
		places[i] = fmt.Sprintf("$%d", i+1)
		name, number := strings.CutSuffix(column, "#")
		digits, isNumber := l.Row[i].(json.Number)
		_, isText := l.Row[i].(string)
		if number != isNumber || !isNumber && !isText {
			return fmt.Errorf("%w: the column %s of %s has another kind of value", ErrBackup, name, t.name)
		}
		if number {
			n, err := digits.Int64()
			if err != nil {
				return fmt.Errorf("%w: %s is no whole number", ErrBackup, digits)
			}
			l.Row[i] = n
		}
	}
	_, err := db.ExecContext(ctx, `INSERT INTO `+t.name+` (`+strings.Join(t.names(), ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`, l.Row...)
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	return nil
}

// readLine reads one line of at most 1 MiB.
func readLine(r *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		part, err := r.ReadSlice('\n')
		out = append(out, part...)
		switch {
		case err == nil:
			return out, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(out) > 1<<20:
			return nil, errors.New("a line is too long")
		}
	}
}
