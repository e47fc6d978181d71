// Package seen remembers what the files of status posts do not say themselves:
// when each was first seen, and when a window in it was changed by hand.
//
// [Open] reads the memory, [Store.Look] compares the posts with it. It
// guarantees that a time, once noted, stays, whatever the clock does; that none
// lies in the future of the instant at which it was noted; and that a file which
// is gone for a while keeps its times.
package seen

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/durable"
)

const (
	goneFor = 90 * 24 * time.Hour // how long a file that is gone keeps its times
	maxSize = 64 << 20            // bytes of the file
)

// A Store knows the files of one content folder.
type Store struct {
	path  string // "" keeps it in memory
	about record
}

// record is the file.
type record struct {
	Content string           `json:"content"` // the folder that it is about
	Posts   map[string]*post `json:"posts"`   // by path
}

type post struct {
	First   time.Time          `json:"first"`
	Windows map[string]*window `json:"windows,omitempty"` // by the id of the update that announces it, "" for the front matter
	Gone    time.Time          `json:"gone,omitzero"`     // since when the file is not there
}

type window struct {
	Is    string      `json:"is"`
	Moved []time.Time `json:"moved,omitempty"`
}

// Open reads the memory of the content in a folder from a file; a path "" keeps
// it in memory only. A file about another folder is not used. When the file
// cannot be read the memory is empty, and the error says why.
func Open(path, content string) (*Store, error) {
	m := &Store{path: path, about: record{Content: content}}
	if path == "" {
		return m, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	var data []byte
	if err == nil && info.Size() > maxSize {
		err = fmt.Errorf("%s: larger than %d bytes", path, maxSize)
	}
	if err == nil {
		data, err = os.ReadFile(path)
	}
	var r record
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		return m, fmt.Errorf("when status posts were first seen is not known: %w", err)
	}
	if r.Content == content && r.Posts != nil {
		maps.DeleteFunc(r.Posts, func(_ string, p *post) bool { return p == nil })
		m.about = r
	}
	return m, nil
}

// A Look is one comparison of posts with the memory.
type Look struct {
	Posts []*status.Post
	Now   time.Time
	// Changed is the time of a file, which counts at the very first look; zero
	// when there is none.
	Changed func(path string) time.Time
	// Committed is when a file came into the repository, which goes before all
	// else; zero when there is none.
	Committed func(path string) time.Time
}

// Look notes what is new and returns what is known, by path. The error is about
// storing it: what is returned is right all the same.
func (m *Store) Look(l Look) (map[string]status.Sighting, error) {
	first := m.about.Posts == nil
	if first {
		m.about.Posts = map[string]*post{}
	}
	before := m.snapshot()
	known := map[string]status.Sighting{}
	for _, p := range l.Posts {
		known[p.Path] = m.note(p, l, first)
	}
	for path, p := range m.about.Posts {
		_, here := known[path]
		switch {
		case here:
			p.Gone = time.Time{}
		case p.Gone.IsZero():
			p.Gone = l.Now.UTC()
		case l.Now.Sub(p.Gone) > goneFor:
			delete(m.about.Posts, path)
		}
	}
	if !first && reflect.DeepEqual(before, m.snapshot()) {
		return known, nil
	}
	return known, m.save()
}

// note compares one post with what is known of it.
func (m *Store) note(p *status.Post, l Look, first bool) status.Sighting {
	own := m.about.Posts[p.Path]
	if own == nil {
		at := l.Now
		if changed := l.Changed(p.Path); first && !changed.IsZero() && changed.Before(at) {
			at = changed
		}
		own = &post{First: at.UTC().Truncate(time.Second)}
		m.about.Posts[p.Path] = own
	}
	windows := p.Announcements()
	for _, update := range slices.Sorted(maps.Keys(windows)) {
		w := own.Windows[update]
		switch {
		case w == nil:
			if own.Windows == nil {
				own.Windows = map[string]*window{}
			}
			own.Windows[update] = &window{Is: windows[update]}
		case w.Is != windows[update]:
			w.Is = windows[update]
			w.Moved = append(w.Moved, l.Now.UTC().Truncate(time.Second))
		}
	}
	return own.sighting(l.Committed(p.Path), l.Now)
}

func (p *post) sighting(committed, now time.Time) status.Sighting {
	s := status.Sighting{First: p.First}
	if !committed.IsZero() && !committed.After(now) {
		s.First = committed
	}
	for update, w := range p.Windows {
		for _, at := range w.Moved {
			s.Moved = append(s.Moved, status.Move{Update: update, At: at})
		}
	}
	slices.SortFunc(s.Moved, func(a, b status.Move) int { return a.At.Compare(b.At) })
	return s
}

// snapshot is what would be stored now.
func (m *Store) snapshot() map[string]post {
	posts := map[string]post{}
	for path, p := range m.about.Posts {
		c := *p
		c.Windows = map[string]*window{}
		for id, w := range p.Windows {
			c.Windows[id] = &window{w.Is, slices.Clone(w.Moved)}
		}
		posts[path] = c
	}
	return posts
}

func (m *Store) save() error {
	if m.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(m.about, "", " ")
	if err == nil {
		err = durable.WriteFile(m.path, append(data, '\n'), 0o666)
	}
	if err != nil {
		return fmt.Errorf("noting when status posts were first seen: %w", err)
	}
	return nil
}
