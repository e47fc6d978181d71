// Package lastgood remembers the last good version of every file of a content
// folder, which stands in for one that is broken or suddenly gone, and which
// articles were there once.
package lastgood

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"signpost/internal/content/asset"
	"signpost/internal/content/source"
	"signpost/internal/durable"
)

// A Store keeps the last good version of every file, and what it knows of
// articles that were removed. In a folder it outlives the program.
type Store struct {
	mu      sync.Mutex
	dir     string            // "" = in memory only
	good    map[string][]byte // by path in the content folder
	removed map[int]Removed
}

// Removed is an article that was there once: its links answer 410.
type Removed struct {
	ID    int    `json:"id"`
	Slug  string `json:"slug"`
	Title string `json:"title"`
}

const (
	filesDir    = "good"
	removedFile = "removed.json"
	acceptFile  = "accept"
)

// Open opens the memory in dir, which is made when it is missing; "" is
// a memory that ends with the program. Files in it that cannot be read are
// left out: they would only have been a second choice.
func Open(dir string) (*Store, error) {
	m := &Store{dir: dir, good: map[string][]byte{}, removed: map[int]Removed{}}
	if dir == "" {
		return m, nil
	}
	if err := os.MkdirAll(filepath.Join(dir, filesDir), 0o700); err != nil {
		return nil, fmt.Errorf("the folder for the last good content: %w", err)
	}
	fsys := os.DirFS(filepath.Join(dir, filesDir))
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(p), ".") {
			return nil
		}
		if data, err := source.ReadFile(fsys, p, asset.MaxFile); err == nil {
			m.good[p] = data
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if src, err := os.ReadFile(filepath.Join(dir, removedFile)); err == nil {
		var list []Removed
		if json.Unmarshal(src, &list) == nil {
			for _, r := range list {
				m.removed[r.ID] = r
			}
		}
	}
	return m, nil
}

// Get returns the last good version of a file.
func (m *Store) Get(name string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.good[name]
	return data, ok
}

// Paths returns the paths of all files that were good the last time.
func (m *Store) Paths() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]string, 0, len(m.good))
	for p := range m.good {
		list = append(list, p)
	}
	return list
}

// Removed returns which articles are gone, by id.
func (m *Store) Removed() map[int]Removed {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.removed)
}

// Save makes good the memory's files: what is new is written, what is no
// longer there is removed. An error means that the folder is behind; the
// memory itself is not.
func (m *Store) Save(good map[string][]byte, removed map[int]Removed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	for p, data := range good {
		if old, ok := m.good[p]; !ok || string(old) != string(data) {
			errs = append(errs, m.store(path.Join(filesDir, p), data))
		}
	}
	for p := range m.good {
		if _, ok := good[p]; !ok && m.dir != "" {
			errs = append(errs, os.Remove(filepath.Join(m.dir, filesDir, filepath.FromSlash(p))))
		}
	}
	m.good = good
	if !sameRemoved(m.removed, removed) {
		list := make([]Removed, 0, len(removed))
		for _, r := range removed {
			list = append(list, r)
		}
		data, err := json.Marshal(list)
		errs = append(errs, err, m.store(removedFile, data))
		m.removed = removed
	}
	return errors.Join(errs...)
}

func sameRemoved(a, b map[int]Removed) bool {
	if len(a) != len(b) {
		return false
	}
	for id, r := range a {
		if b[id] != r {
			return false
		}
	}
	return true
}

func (m *Store) store(name string, data []byte) error {
	if m.dir == "" {
		return nil
	}
	file := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return durable.WriteCache(file, data, 0o600)
}

// Accept confirms that what is gone is really meant to be gone; the next load
// takes the content as it is. It works across processes when the
// memory is in a folder.
func (m *Store) Accept() error { return m.store(acceptFile, []byte("accepted\n")) }

// Confirmed reports whether a confirmation waits for the next load.
func (m *Store) Confirmed() bool {
	if m.dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(m.dir, acceptFile))
	return err == nil
}

// Accepted takes a confirmation, once.
func (m *Store) Accepted() bool {
	if m.dir == "" {
		return false
	}
	return os.Remove(filepath.Join(m.dir, acceptFile)) == nil
}
