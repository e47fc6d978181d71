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

// writeFile replaces a file at once, readable for the owner only.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
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
