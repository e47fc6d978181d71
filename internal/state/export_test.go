package state

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"signpost/internal/state/database"
)

// Spool lets tests do what Run does every second.
func (s *Store) Spool() { s.Events.buf.Spool() }

// ExecScript runs statements on a database as it is.
func ExecScript(t *testing.T, url, script string) {
	t.Helper()
	driver, dsn := "sqlite", strings.TrimPrefix(url, "sqlite:")
	if strings.HasPrefix(url, "postgres") {
		driver, dsn = "pgx", url
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range strings.SplitAfter(script, ";\n") {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
}

// Totals returns all rows of all totals, in the order of their keys.
func (s *Store) Totals(t *testing.T) []string {
	t.Helper()
	var out []string
	err := s.db.Snapshot(t.Context(), func(ctx context.Context, db database.Querier) error {
		for table, columns := range map[string]string{
			"day_totals":     "day, sent, opened, helped, unhelped, searches, no_result, reads",
			"article_totals": "period, article, sent, opened, opens, reply_helped, reply_unhelped, helped, unhelped, reads",
			"agent_totals":   "period, agent, sent, opened, helped",
			"reason_totals":  "period, article, helpful, reason, times",
			"search_totals":  "period, words, lang, times, results, clicks, positions",
		} {
			rows, err := db.QueryContext(ctx, "SELECT "+columns+" FROM "+table+map[string]string{"reason_totals": " WHERE times <> 0"}[table]) // what is empty is removed daily
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				values := make([]any, strings.Count(columns, ",")+1)
				fields := make([]any, len(values))
				for i := range values {
					fields[i] = &values[i]
				}
				if err := rows.Scan(fields...); err != nil {
					return err
				}
				out = append(out, fmt.Sprint(table, values))
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}
