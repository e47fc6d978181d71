package search

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"signpost/internal/search/postings"
)

// ErrLocked is returned by [Open] when another process uses the folder.
// The caller may open an index in memory instead.
var ErrLocked = postings.ErrLocked

// A Store keeps the durable index of all documents and makes [Indexes] from it.
// Its methods may be called from several goroutines; updates run one at a time.
type Store struct {
	durable  *postings.Store
	mu       sync.Mutex
	previous map[string]keyed     // documents of the last update, by ID
	stems    map[[2]string]string // language and word -> stem, over all updates
	last     Indexes              // of the last update
	view     atomic.Pointer[view]
}

// view is what [Store.Advanced] needs of the last update.
type view struct {
	byKey map[string]uint32 // positions in all
	keys  []string          // of the documents in all
	all   *Index
}

// A keyed document has its key in the durable index.
type keyed struct {
	doc *Document
	key string // ID, NUL, hash
}

// Indexes are made from the same documents: Public from those that are not
// internal, All for signed-in agents. They share nothing, unless no document
// is internal; then they are the same.
type Indexes struct{ Public, All *Index }

// Open opens or creates the index in dir; "" keeps it in memory. An index that
// is damaged or of an old version is thrown away and filled again by the next
// Update. The error is [ErrLocked] or says what the folder does not allow.
func Open(dir string) (*Store, error) {
	durable, err := postings.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Store{durable: durable, stems: map[[2]string]string{}}, nil
}

// Close releases the folder. Indexes made earlier stay usable.
func (s *Store) Close() error { return s.durable.Close() }

// Rebuilt says why the durable index was last thrown away, or "".
func (s *Store) Rebuilt() string { return s.durable.Rebuilt() }

// Update makes the store hold exactly docs and returns new indexes. Only
// documents whose content changed are analysed again. progress, when not nil,
// is told how many of the changed documents are done. Documents must have
// distinct, non-empty IDs.
func (s *Store) Update(docs []Document, syn *Synonyms, progress func(done, total int)) (Indexes, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, err := s.number(slices.Clone(docs))
	if err != nil {
		return Indexes{}, err
	}
	keys, numbered := make([]string, len(list)), make([]*Document, len(list))
	for i, k := range list {
		keys[i], numbered[i] = k.key, k.doc
	}
	p, err := s.durable.Update(keys, func(i int) postings.Fields { return list[i].doc.fields() }, progress)
	if err != nil {
		return Indexes{}, err
	}
	out := s.indexes(numbered, p, syn)
	v := &view{byKey: make(map[string]uint32, len(list)), keys: keys, all: out.All}
	for i, key := range keys {
		v.byKey[key] = uint32(i)
	}
	s.view.Store(v)
	return out, nil
}

// number gives every document its key, reusing those of the last update.
func (s *Store) number(docs []Document) ([]keyed, error) {
	list := make([]keyed, len(docs))
	previous := make(map[string]keyed, len(docs))
	for i := range docs {
		d := &docs[i]
		if d.ID == "" {
			return nil, fmt.Errorf("search index: document %d (%q) has no id", i, d.Title)
		}
		if strings.ContainsRune(d.ID, 0) {
			return nil, fmt.Errorf("search index: the id %q has a NUL", d.ID)
		}
		if _, ok := previous[d.ID]; ok {
			return nil, fmt.Errorf("search index: the id %q is used twice", d.ID)
		}
		old, ok := s.previous[d.ID]
		if ok && old.doc.sameText(d) {
			list[i] = keyed{d, old.key}
		} else {
			list[i] = keyed{d, d.ID + "\x00" + d.hash()}
		}
		previous[d.ID] = list[i]
	}
	s.previous = previous
	return list, nil
}
