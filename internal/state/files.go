package state

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
)

func (s *Store) file(name string) string { return filepath.Join(s.cfg.Dir, name) }

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// collect appends all rows to out; fields names where the columns go.
func collect[T any](rows *sql.Rows, err error, out *[]T, fields func(*T) []any) error {
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
