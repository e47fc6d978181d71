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

// A table as a backup sees it. Texts and whole numbers are all there is.
type table struct {
	name    string
	columns []string
}

// backedUp are the tables of a backup. Sessions are left out: everyone signs in again.
var backedUp = []table{
	{"votes", []string{"id", "day", "article", "rev", "lang", "helpful", "reason", "comment", "query", "reply"}},
	{"searches", []string{"id", "day", "words", "lang", "results", "pos", "article"}},
	{"replies", []string{"nonce", "day", "article", "lang", "platform", "agent", "format"}},
	{"opens", []string{"nonce", "day", "article", "n"}},
	{"reads", []string{"article", "day", "lang", "n"}},
	{"asked_first", []string{"hash", "article", "lang", "day", "n", "tickets"}},
	{"asked", []string{"term", "article", "lang", "n"}},
	{"gaps", []string{"id", "day", "agent", "lang", "note", "terms", "closed", "article"}},
	{"agents", []string{"name", "password", "admin", "created"}},
	{"tokens", []string{"id", "name", "agent", "scopes", "created", "expires"}},
	{"subscriptions", []string{"id", "kind", "target", "topics", "lang", "created", "confirmed"}},
	{"deliveries", []string{"id", "day", "attempts", "due", "done"}},
	{"batches", []string{"id", "day"}},
}

const backupVersion = 1

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
	err := s.snapshot(ctx, func(ctx context.Context, db querier) error {
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

func (t table) dump(ctx context.Context, db querier, enc *json.Encoder) (int, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+strings.Join(t.columns, ", ")+` FROM `+t.name+` ORDER BY 1, 2`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		values, fields := make([]any, len(t.columns)), make([]any, len(t.columns))
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
// incomplete backup changes nothing. All sessions end.
func (s *Store) Restore(ctx context.Context, r io.Reader) error {
	in := bufio.NewReader(r)
	var h header
	first, err := readLine(in)
	if err != nil || json.Unmarshal(first, &h) != nil || h.Signpost != "state" {
		return fmt.Errorf("%w: this is no backup of Signpost's state", ErrInput)
	}
	if h.Version != backupVersion {
		return fmt.Errorf("%w: the backup has the version %d, this program reads %d", ErrInput, h.Version, backupVersion)
	}
	return s.commitWithin(ctx, time.Hour, func(ctx context.Context, db querier) error {
		for _, t := range append([]table{{name: "sessions"}}, backedUp...) {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+t.name); err != nil {
				return err
			}
		}
		return restoreRows(ctx, db, in)
	})
}

func restoreRows(ctx context.Context, db querier, in *bufio.Reader) error {
	for n := 0; ; n++ {
		raw, err := readLine(in)
		if err != nil {
			return fmt.Errorf("%w: the backup ends in the middle, after %d rows (%w)", ErrInput, n, err)
		}
		var l line
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&l); err != nil {
			return fmt.Errorf("%w: line %d of the backup is damaged: %w", ErrInput, n+2, err)
		}
		if l.Rows != nil {
			if *l.Rows != n {
				return fmt.Errorf("%w: the backup has %d rows and should have %d", ErrInput, n, *l.Rows)
			}
			return nil
		}
		if err := restoreRow(ctx, db, l); err != nil {
			return fmt.Errorf("line %d of the backup: %w", n+2, err)
		}
	}
}

func restoreRow(ctx context.Context, db querier, l line) error {
	i := slices.IndexFunc(backedUp, func(t table) bool { return t.name == l.Table })
	if i < 0 || len(l.Row) != len(backedUp[i].columns) {
		return fmt.Errorf("%w: unknown table %q or wrong number of columns", ErrInput, l.Table)
	}
	t := backedUp[i]
	places := make([]string, len(t.columns))
	for i, v := range l.Row {
		places[i] = fmt.Sprintf("$%d", i+1)
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return fmt.Errorf("%w: %s is no whole number", ErrInput, v)
			}
			l.Row[i] = n
		case string:
		default:
			return fmt.Errorf("%w: the column %s is neither text nor number", ErrInput, t.columns[i])
		}
	}
	_, err := db.ExecContext(ctx, `INSERT INTO `+t.name+` (`+strings.Join(t.columns, ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`, l.Row...)
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
