package state

import (
	"database/sql"
	"strings"
	"testing"
)

// Spool lets tests do what Run does every second.
func (s *Store) Spool() { s.buf.Spool() }

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
