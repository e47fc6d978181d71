package notices

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"signpost/internal/durable"
)

// Limits of the journal.
const (
	maxEntries = 200_000
	keepEntry  = 400 * 24 * time.Hour
)

// An entry is a line of the journal: a subscription that was left, or an update
// of which nobody is to be told.
type entry struct {
	Leave  string `json:"leave,omitempty"` // token
	Post   string `json:"post,omitempty"`
	Update string `json:"update,omitempty"` // "": all of the post by then
	At     int64  `json:"at"`
}

// A journal keeps entries in a file, each synced before it counts. They stay
// there after the database has them, so that a backup that is older than they
// are does not undo them.
type journal struct {
	path string
	log  *slog.Logger

	mu      sync.Mutex
	entries []entry
	applied int             // how many of them the database has
	tokens  map[string]bool // of what was left
}

var errJournal = errors.New("too many are leaving at once; try again later")

func openJournal(path string, log *slog.Logger) *journal {
	j := &journal{path: path, log: log, tokens: map[string]bool{}}
	if path == "" {
		return j
	}
	src, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Error("cannot read who has left", "file", path, "error", err)
	}
	damaged := 0
	for line := range bytes.Lines(src) {
		var e entry
		if json.Unmarshal(line, &e) != nil || e.Leave == "" && e.Post == "" {
			damaged++
			continue
		}
		j.take(e)
	}
	if damaged > 0 {
		log.Error("lines of the file of who has left are damaged", "file", path, "lines", damaged)
	}
	return j
}

func (j *journal) take(e entry) {
	j.entries = append(j.entries, e)
	if e.Leave != "" {
		j.tokens[e.Leave] = true
	}
}

// left reports whether the subscription of a token was left.
func (j *journal) left(leave string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.tokens[leave]
}

// add keeps an entry; when it returns nil, it is on the disk.
func (j *journal) add(e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Leave != "" && j.tokens[e.Leave] {
		return nil
	}
	if len(j.entries) >= maxEntries {
		return errJournal
	}
	if err := j.write(e); err != nil {
		return fmt.Errorf("the file of who has left: %w", err)
	}
	j.take(e)
	return nil
}

func (j *journal) write(e entry) error {
	if j.path == "" {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(j.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	// What a crash cut off must not swallow this line: damaged lines are skipped.
	if st, err := f.Stat(); err == nil && st.Size() > 0 {
		last := make([]byte, 1)
		if r, err := os.Open(j.path); err == nil {
			if _, err := r.ReadAt(last, st.Size()-1); err == nil && last[0] != '\n' {
				line = append([]byte{'\n'}, line...)
			}
			r.Close()
		}
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	return f.Sync()
}

// waiting returns the entries that the database does not have yet.
func (j *journal) waiting() []entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.entries[j.applied:])
}

// has records that the database has n more entries.
func (j *journal) has(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.applied = min(j.applied+n, len(j.entries))
}

// again makes all entries wait: the database is another one than before.
func (j *journal) again() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.applied = 0
}

// expire forgets what is so old that no backup is older.
func (j *journal) expire(now time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	old := func(e entry) bool { return now.Sub(time.Unix(e.At, 0)) > keepEntry }
	if j.applied < len(j.entries) || !slices.ContainsFunc(j.entries, old) {
		return nil
	}
	kept := slices.DeleteFunc(slices.Clone(j.entries), old)
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	enc := json.NewEncoder(w)
	for _, e := range kept {
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	w.Flush()
	if j.path != "" {
		if err := durable.WriteFile(j.path, b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	j.entries, j.tokens, j.applied = nil, map[string]bool{}, len(kept)
	for _, e := range kept {
		j.take(e)
	}
	return nil
}
