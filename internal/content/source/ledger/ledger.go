// Package ledger remembers which posts were acknowledged, so that none is lost
// when the content is replaced by an older copy of itself: a restored backup, a
// folder that was swapped, a branch that was force-pushed.
//
// [Ledger.Record] is called before a writer is told that a post was written.
// [Ledger.Check] compares the content with what was acknowledged; what an older
// copy lacks is kept as a file in the folder for lost posts, and stays a problem
// until it is back in the content or someone deletes the kept file.
//
// A post that a person removes or takes back to an earlier text in the very
// folder it was written to is meant to be so: only a copy can lack what it never had.
package ledger

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"signpost/internal/content/source/change"
	"signpost/internal/durable"
	"signpost/internal/problem"
)

const (
	keepFor    = 90 * 24 * time.Hour // how long an acknowledged post is remembered
	keepMost   = 500                 // files; the oldest are forgotten first
	manyBefore = 50                  // earlier versions of one file
	suffix     = ".json"
)

// A View is the content at one moment.
type View struct {
	FS fs.FS
	// Mark tells the copy of the content that a file is in from others: for a folder,
	// the folder itself and the one in it; for a repository, a history that was not
	// rewritten. "" is no copy that is known.
	Mark func(path string) string
	// Calm says that nothing else is missing from the content. Otherwise it is being
	// replaced at this moment, and what is missing may be on its way.
	Calm bool
}

// An entry is one file that was acknowledged.
type entry struct {
	Path   string    `json:"path"`
	Hash   string    `json:"hash"`           // of the acknowledged version; "" when it was removed
	Data   []byte    `json:"data,omitempty"` // the acknowledged version
	Before []string  `json:"before"`         // hashes of earlier versions
	At     time.Time `json:"at"`
	Kept   string    `json:"kept,omitempty"` // the file's name below the folder of lost posts

	mark    string    // of the copy that had the file last
	missing time.Time // when it was first seen to be missing; zero: it is there
}

// A Ledger is used by one server. Its methods may be called at the same time.
type Ledger struct {
	mu      sync.Mutex
	dir     string // "": in memory only
	lost    string // folder for lost posts
	entries map[string]*entry
}

// New returns a ledger that ends with the program and keeps nothing.
func New() *Ledger { return &Ledger{entries: map[string]*entry{}} }

// Open returns the ledger in dir, which is made when it is missing. Lost posts are
// kept below lost. What is older than 90 days is forgotten.
func Open(dir, lost string, now time.Time) (*Ledger, error) {
	l := New()
	l.dir, l.lost = dir, lost
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for acknowledged posts: %w", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder for acknowledged posts: %w", err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), suffix) {
			continue
		}
		e := &entry{}
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err == nil {
			err = json.Unmarshal(data, e)
		}
		if err != nil || !fs.ValidPath(e.Path) || e.At.Before(now.Add(-keepFor)) {
			os.Remove(filepath.Join(dir, f.Name()))
			continue
		}
		l.entries[e.Path] = e
	}
	return l, nil
}

func (l *Ledger) file(e *entry) string {
	return filepath.Join(l.dir, change.Hash([]byte(e.Path))[:24]+suffix)
}

// save puts an entry on the disk.
func (l *Ledger) save(e *entry) error {
	if l.dir == "" {
		return nil
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return durable.WriteFile(l.file(e), data, 0o600)
}

func (l *Ledger) forget(e *entry) {
	delete(l.entries, e.Path)
	if l.dir != "" {
		os.Remove(l.file(e))
	}
}

// Record remembers changes that were made. They are on the disk when it returns.
func (l *Ledger) Record(changes []change.Change, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, c := range changes {
		e := &entry{Path: c.Path, Hash: c.After(), Data: c.Data, At: now}
		if old := l.entries[c.Path]; old != nil {
			e.Before = old.Before
			if old.Hash != e.Hash {
				e.Before = append(e.Before, old.Hash)
			}
		}
		e.Before = append(e.Before, c.Expected)
		e.Before = slices.DeleteFunc(slices.Compact(e.Before), func(h string) bool { return h == "" || h == e.Hash })
		e.Before = e.Before[max(0, len(e.Before)-manyBefore):]
		l.entries[c.Path] = e
		errs = append(errs, l.save(e))
	}
	for len(l.entries) > keepMost {
		l.forget(slices.MinFunc(l.sorted(), func(a, b *entry) int { return a.At.Compare(b.At) }))
	}
	return errors.Join(errs...)
}

// TookBack reports whether a file was removed through the ledger's own writer: it
// is not missed.
func (l *Ledger) TookBack(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entries[name]
	return e != nil && e.Hash == ""
}

func (l *Ledger) sorted() []*entry {
	list := make([]*entry, 0, len(l.entries))
	for _, e := range l.entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b *entry) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// Check compares the content with what was acknowledged. What has been missing
// for at least settle is kept and a problem; again, unless zero, is when to check
// what has not been missing for so long.
func (l *Ledger) Check(v View, now time.Time, settle time.Duration) (problems problem.List, again time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.sorted() {
		found, err := l.find(v, e)
		if err != nil {
			continue // unreadable is said by whoever loads it
		}
		switch {
		case e.Hash == "":
			if found == older {
				problems.Warnf(e.Path, 0, "remove it, or leave it when it is meant to be public again", "this post was taken back; the copy of the content that is served now has it again")
			}
		case found == present:
			l.back(e)
			e.mark, e.missing = v.Mark(e.Path), time.Time{}
		case found == other:
			e.missing = time.Time{}
		case e.Kept != "":
			if _, err := os.Stat(l.keptAt(e.Kept)); errors.Is(err, fs.ErrNotExist) {
				l.forget(e) // someone has decided
			}
		default:
			if e.missing.IsZero() {
				e.missing = now
			}
			if due := e.missing.Add(settle); now.Before(due) {
				if again.IsZero() || due.Before(again) {
					again = due
				}
			} else if err := l.miss(e, v); err != nil {
				problems.Errorf(e.Path, 0, "make room or give access there; this is tried again", "the copy of the content that is served now lacks this post, and it cannot be kept: %v", err)
			}
		}
	}
	return append(problems, l.problems()...), again
}

// miss decides about a file that has been missing for long enough.
func (l *Ledger) miss(e *entry, v View) error {
	mark := v.Mark(e.Path)
	switch sameCopy := mark != "" && mark == e.mark; {
	case sameCopy && v.Calm:
		l.forget(e) // taken out by hand
		return nil
	case sameCopy:
		return nil // the rest of the content is missing too: another copy is coming
	}
	return l.keep(e)
}

// What the content has of a file.
type state int

const (
	absent  state = iota
	older         // an earlier version
	present       // the acknowledged version
	other         // a version that is not known: someone has changed it since
)

func (l *Ledger) find(v View, e *entry) (state, error) {
	data, err := change.ReadFile(v.FS, e.Path, change.MaxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent, nil
	case err != nil:
		return absent, err
	}
	hash := change.Hash(data)
	switch {
	case hash == e.Hash:
		return present, nil
	case slices.Contains(e.Before, hash):
		return older, nil
	}
	return other, nil
}

func (l *Ledger) keptAt(name string) string {
	return filepath.Join(l.lost, filepath.FromSlash(name))
}

// keep puts a lost post into the folder of lost posts, under a name of its own.
func (l *Ledger) keep(e *entry) error {
	if l.lost == "" {
		return nil
	}
	name := e.Path
	for try := 0; ; try++ {
		data, err := os.ReadFile(l.keptAt(name))
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return err
		}
		if change.Hash(data) == e.Hash {
			e.Kept = name
			return l.save(e)
		}
		ext := path.Ext(e.Path)
		name = fmt.Sprintf("%s~%s%s", strings.TrimSuffix(e.Path, ext), e.Hash[:8+try], ext)
	}
	if err := os.MkdirAll(filepath.Dir(l.keptAt(name)), 0o700); err != nil {
		return err
	}
	if err := durable.WriteFile(l.keptAt(name), e.Data, 0o600); err != nil {
		return err
	}
	e.Kept = name
	return l.save(e)
}

// back removes the kept copy of a post that is in the content again.
func (l *Ledger) back(e *entry) {
	if e.Kept == "" {
		return
	}
	os.Remove(l.keptAt(e.Kept))
	e.Kept = ""
	l.save(e) // else it is forgotten at the next look, which does no harm
}

// problems names every kept post.
func (l *Ledger) problems() (list problem.List) {
	if l.lost == "" {
		return nil
	}
	fs.WalkDir(os.DirFS(l.lost), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !durable.IsTemporary(p) {
			name := l.keptAt(p)
			list.Errorf(p, 0, fmt.Sprintf("copy %s back into the content, or delete it when the post is not wanted any more", name),
				"this post was acknowledged, and the copy of the content that is served now lacks it; it is kept in %s", name)
		}
		return nil
	})
	return list
}
