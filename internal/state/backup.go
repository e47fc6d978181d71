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
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"signpost/internal/state/database"
)

// A table as a backup sees it: its columns, of which # marks whole numbers; the
// others are texts.
type table struct {
	name, columns string
}

func (t table) fields() []string { return strings.Fields(t.columns) }

func (t table) names() []string { return strings.Fields(strings.ReplaceAll(t.columns, "#", "")) }

// backedUp are the tables of a backup. Sessions are left out: everyone signs in
// again. So are messages that wait: they would be sent twice.
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
	{"subscriptions", "id kind target topics lang created# confirmed# hash domain posts zone owner leave_token proof_at# proof_version proof_lang failing# off_at#"},
	{"suppression", "hash reason since#"},
	{"told", "post update_id kind language at# n#"},
	{"threads", "subscription post update_id day"},
	{"outcomes", "post channel hour# replica delivered# failed#"},
	{"once", "name ends#"},
	{"ended", "leave_token at#"},
	{"bounces", "subscription message at#"},
	{"batches", "id# day"},
	{"audit", "id# at# agent token action subject detail"},
}

// joined are tables of which nothing is lost when a backup is restored: what was
// done, who has left, and what was told already.
var joined = []string{"audit", "ended", "told", "once", "suppression", "outcomes"}

const backupVersion = 1

// ErrBackup marks errors of a backup that cannot be read; nothing was changed.
var ErrBackup error = database.NewError("the backup was not restored")

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
	if err := s.Events.Flush(ctx); err != nil {
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
// incomplete backup (ErrBackup) changes nothing. All sessions end; who has left
// notices since stays away, and what is public by now counts as told. It returns
// how many rows there are now.
func (s *Store) Restore(ctx context.Context, r io.Reader) (rows int, err error) {
	in := bufio.NewReader(r)
	var h header
	first, err := readLine(in)
	if err != nil || json.Unmarshal(first, &h) != nil || h.Signpost != "state" {
		return 0, fmt.Errorf("%w: this is not a backup of Signpost's state", ErrBackup)
	}
	if h.Version != backupVersion {
		return 0, fmt.Errorf("%w: it has the version %d, this program reads %d", ErrBackup, h.Version, backupVersion)
	}
	err = s.Accounts.commitBulk(ctx, func(ctx context.Context, db *database.Bulk) error {
		if err := s.Events.inTurn(ctx, db); err != nil {
			return err
		}
		return db.WithoutTotals(ctx, func() error {
			for _, t := range append([]table{{name: "sessions"}, {name: "held"}, {name: "deliveries"}}, backedUp...) {
				if slices.Contains(joined, t.name) {
					continue // what was done stays on record; the backup's entries join it
				}
				if _, err := db.ExecContext(ctx, `DELETE FROM `+t.name); err != nil {
					return err
				}
			}
			if rows, err = restoreRows(ctx, db, in); err != nil {
				return err
			}
			if err := s.Notices.Reapply(ctx, db); err != nil {
				return err
			}
			return record(ctx, db, AuditRestore, "", strconv.Itoa(rows)+" rows")
		})
	})
	return rows, err
}

// restoreRows stores what is read, which goes on meanwhile.
func restoreRows(ctx context.Context, db *database.Bulk, in *bufio.Reader) (rows int, err error) {
	group, ctx := errgroup.WithContext(ctx)
	parts := make(chan part, 2)
	group.Go(func() error {
		defer close(parts)
		rows, err = readParts(ctx, in, parts)
		return err
	})
	group.Go(func() error {
		for p := range parts {
			if err := p.store(ctx, db); err != nil {
				return fmt.Errorf("lines %d to %d of the backup: %s: %w", p.first, p.first+len(p.rows)-1, p.table.name, err)
			}
		}
		return nil
	})
	err = group.Wait()
	return rows, err
}

// A part are rows of one table that follow one another.
type part struct {
	table table
	first int // line
	rows  [][]any
}

const maxPart = 5000 // rows

func (p part) store(ctx context.Context, db *database.Bulk) error {
	if !slices.Contains(joined, p.table.name) {
		return db.Insert(ctx, p.table.name, p.table.names(), p.rows)
	}
	names := p.table.names()
	places := make([]string, len(names))
	for i := range names {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	insert := `INSERT INTO ` + p.table.name + ` (` + strings.Join(names, ", ") + `) VALUES (` + strings.Join(places, ", ") + `) ON CONFLICT DO NOTHING`
	for _, row := range p.rows {
		if _, err := db.ExecContext(ctx, insert, row...); err != nil {
			return err
		}
	}
	return nil
}

// readParts reads a backup up to its last line, and returns its number of rows.
func readParts(ctx context.Context, in *bufio.Reader, parts chan<- part) (int, error) {
	var p part
	flush := func() error {
		if len(p.rows) == 0 {
			return nil
		}
		select {
		case parts <- p:
			p.rows = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
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
				return n, fmt.Errorf("%w: trailing data after its last line, %d", ErrBackup, n+2)
			}
			return n, flush()
		}
		t, err := l.check()
		if err != nil {
			return n, fmt.Errorf("line %d of the backup: %w", n+2, err)
		}
		if t.name != p.table.name || len(p.rows) >= maxPart {
			if err := flush(); err != nil {
				return n, err
			}
			p = part{table: t, first: n + 2}
		}
		p.rows = append(p.rows, l.Row)
	}
}

// check returns the table of a row, whose values it makes those of its columns.
func (l line) check() (table, error) {
	i := slices.IndexFunc(backedUp, func(t table) bool { return t.name == l.Table })
	if i < 0 {
		return table{}, fmt.Errorf("%w: there is no table %q", ErrBackup, l.Table)
	}
	t := backedUp[i]
	columns := t.fields()
	if len(l.Row) != len(columns) {
		return t, fmt.Errorf("%w: a row of %s has %d columns and should have %d", ErrBackup, t.name, len(l.Row), len(columns))
	}
	for i, column := range columns {
		name, number := strings.CutSuffix(column, "#")
		digits, isNumber := l.Row[i].(json.Number)
		text, isText := l.Row[i].(string)
		if number != isNumber || !isNumber && !isText {
			return t, fmt.Errorf("%w: the column %s of %s has another kind of value", ErrBackup, name, t.name)
		}
		if number {
			n, err := digits.Int64()
			if err != nil {
				return t, fmt.Errorf("%w: %s is not a whole number", ErrBackup, digits)
			}
			l.Row[i] = n
		}
		if _, err := time.Parse(time.DateOnly, text); name == "day" && err != nil {
			return t, fmt.Errorf("%w: %q in %s is not a day", ErrBackup, text, t.name)
		}
	}
	return t, nil
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
