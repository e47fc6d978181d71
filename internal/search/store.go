package search

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
)

// ErrLocked is returned by [Open] when another process uses the folder.
// The caller may open an index in memory instead.
var ErrLocked = errors.New("the search index is in use by another process")

// batchSize is the number of documents in one batch of a large update.
const batchSize = 2000

// A Store keeps the durable index of all documents and makes [Indexes] from it.
// Its methods may be called from several goroutines; updates run one at a time.
type Store struct {
	mu       sync.Mutex
	dir      string // "" in memory
	lock     *os.File
	idx      bleve.Index
	keys     map[string]bool      // bleve's document ids: ID, NUL, hash
	previous map[string]keyed     // documents of the last update, by ID
	stems    map[[2]string]string // cache over updates
	view     atomic.Pointer[advancedView]
	rebuilt  string // why the index was thrown away last
}

type keyed struct {
	doc *Document
	key string
}

// Indexes are made from the same documents: Public from those that are not
// internal, All for signed-in agents. They share nothing, unless no document
// is internal; then they are the same.
type Indexes struct{ Public, All *Index }

// Open opens or creates the index in dir; "" keeps it in memory. An index that
// is damaged or of an old version is thrown away and filled again by the next
// Update. The error is [ErrLocked] or says what the folder does not allow.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir, stems: map[[2]string]string{}}
	if dir == "" {
		return s, s.create()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("search index %s: %w", dir, err)
	}
	s.lock = lock
	if err := s.openOrCreate(); err != nil {
		lock.Close()
		return nil, err
	}
	return s, nil
}

// Close releases the folder. Indexes made earlier stay usable.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.closeIndex()
	if s.dir != "" {
		if err == nil {
			err = writeSums(s.path())
		}
		s.lock.Close()
	}
	return err
}

func (s *Store) closeIndex() error {
	if s.idx == nil {
		return nil
	}
	idx := s.idx
	s.idx, s.keys = nil, nil
	return guard(idx.Close)
}

// Rebuilt says why the index was last thrown away, or "".
func (s *Store) Rebuilt() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rebuilt
}

// path is the folder of bleve's own files; other versions lie beside it.
func (s *Store) path() string { return filepath.Join(s.dir, "v"+analysisVersion) }

func (s *Store) openOrCreate() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	for _, e := range entries {
		if name := e.Name(); strings.HasPrefix(name, "v") && filepath.Join(s.dir, name) != s.path() {
			s.rebuilt = "it was written by another version"
			os.RemoveAll(filepath.Join(s.dir, name))
		}
	}
	if _, err := os.Stat(s.path()); errors.Is(err, fs.ErrNotExist) {
		return s.create()
	}
	if err := s.openExisting(); err != nil {
		return s.throwAway(err)
	}
	return nil
}

// openExisting trusts an index only when its files are whole.
func (s *Store) openExisting() error {
	if err := checkFiles(s.path()); err != nil {
		return err
	}
	return guard(func() error {
		idx, err := bleve.OpenUsing(s.path(), map[string]any{"bolt_timeout": "2s"})
		if err != nil {
			return err
		}
		s.idx = idx
		if s.keys, err = readKeys(idx); err != nil {
			return err
		}
		return os.WriteFile(s.mark(), nil, 0o600)
	})
}

// mark is a file that exists while an index is used that was not yet read
// whole: a process that dies with it leaves an index not to be trusted.
func (s *Store) mark() string { return filepath.Join(s.path(), "unproven") }

func (s *Store) throwAway(why error) error {
	s.rebuilt = why.Error()
	s.closeIndex()
	if err := os.RemoveAll(s.path()); err != nil {
		return fmt.Errorf("search index: damaged (%v) and cannot be removed: %w", why, err)
	}
	return s.create()
}

func (s *Store) create() error {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentDisabledMapping() // documents are built by hand
	var err error
	s.keys = map[string]bool{}
	if s.dir == "" {
		s.idx, err = bleve.NewUsing("", m, "scorch", "scorch", nil)
	} else {
		s.idx, err = bleve.NewUsing(s.path(), m, "scorch", "scorch", map[string]any{"bolt_timeout": "2s"})
	}
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}

// Update makes the store hold exactly docs and returns new indexes. Only
// documents whose content changed are analysed again. progress, when not nil,
// is told how many of the changed documents are done. Documents must have
// distinct, non-empty IDs.
func (s *Store) Update(docs []Document, syn *Synonyms, progress func(done, total int)) (Indexes, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idx == nil {
		return Indexes{}, errors.New("search index: closed")
	}
	list, err := s.number(docs)
	if err != nil {
		return Indexes{}, err
	}
	p, err := s.write(list, progress)
	if err != nil {
		// The index is only a cache: make it anew, once.
		if s.dir == "" {
			s.closeIndex()
			err = s.create()
		} else {
			err = s.throwAway(err)
		}
		if err == nil {
			p, err = s.write(list, progress)
		}
		if err != nil {
			return Indexes{}, fmt.Errorf("search index: %w", err)
		}
	}
	if s.dir != "" {
		os.Remove(s.mark())
	}
	out := s.indexes(list, p, syn)
	v := &advancedView{idx: s.idx, byKey: make(map[string]*Document, len(list)), all: out.All}
	for _, k := range list {
		v.byKey[k.key] = k.doc
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

// write brings bleve's index up to date and reads it.
func (s *Store) write(list []keyed, progress func(done, total int)) (*postings, error) {
	var p *postings
	err := guard(func() error {
		number := make(map[string]uint32, len(list))
		var add []keyed
		for i, k := range list {
			number[k.key] = uint32(i)
			if !s.keys[k.key] {
				add = append(add, k)
			}
		}
		var gone []string
		for key := range s.keys {
			if _, ok := number[key]; !ok {
				gone = append(gone, key)
			}
		}
		slices.Sort(gone)
		if err := s.apply(gone, add, progress); err != nil {
			return err
		}
		var err error
		p, err = readPostings(s.idx, number)
		return err
	})
	return p, err
}

func (s *Store) apply(gone []string, add []keyed, progress func(done, total int)) error {
	total := len(add)
	for len(gone) > 0 || len(add) > 0 {
		b := s.idx.NewBatch()
		for _, key := range gone {
			b.Delete(key)
		}
		n := min(len(add), batchSize)
		for _, k := range add[:n] {
			if err := b.IndexAdvanced(bleveDocument(k)); err != nil {
				return err
			}
		}
		if err := s.idx.Batch(b); err != nil {
			return err
		}
		for _, key := range gone {
			delete(s.keys, key)
		}
		for _, k := range add[:n] {
			s.keys[k.key] = true
		}
		gone, add = nil, add[n:]
		if progress != nil && total > 0 {
			progress(total-len(add), total)
		}
	}
	return nil
}

// textOptions: no stored text, no term vectors, no doc values; the scorer needs
// the frequencies only, and the index stays small.
var textOptions = (&mapping.FieldMapping{Type: "text", Index: true}).Options()

func bleveDocument(k keyed) *document.Document {
	d := document.NewDocument(k.key)
	text := func(field int, value string) {
		if value != "" {
			d.AddField(document.NewTextFieldCustom(fieldNames[field], nil, []byte(value), textOptions, textAnalyzer{}))
		}
	}
	exact := func(name string, values ...string) {
		for _, v := range values {
			if v != "" {
				d.AddField(document.NewTextFieldCustom(name, nil, []byte(strings.ToLower(v)), textOptions, nil))
			}
		}
	}
	doc := k.doc
	var heading, body strings.Builder
	for _, s := range doc.Sections {
		if s.Heading != "" {
			heading.WriteString(s.Heading)
			heading.WriteString("\n")
		}
		body.WriteString(s.Text)
		body.WriteString("\n")
	}
	text(fieldTitle, doc.Title)
	text(fieldAlso, strings.Join(doc.Also, "\n"))
	text(fieldHeading, heading.String())
	text(fieldSummary, doc.Summary)
	text(fieldBody, body.String())
	exact("id", doc.ID)
	exact("group", doc.group())
	exact("kind", doc.Kind)
	exact("lang", doc.Lang)
	exact("category", doc.Category)
	exact("platform", doc.Platforms...)
	exact("service", doc.Services...)
	return d
}

// readKeys lists bleve's document ids.
func readKeys(idx bleve.Index) (map[string]bool, error) {
	advanced, err := idx.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	ids, err := reader.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer ids.Close()
	keys := map[string]bool{}
	for {
		id, err := ids.Next()
		if err != nil {
			return nil, err
		}
		if id == nil {
			return keys, nil
		}
		key, err := reader.ExternalID(id)
		if err != nil {
			return nil, err
		}
		keys[key] = true
	}
}

// guard turns a panic, and a fault in a mapped file, into an error: a damaged
// index must never stop the program.
func guard(f func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			err = fmt.Errorf("the index is damaged: %v", r)
		}
	}()
	return f()
}

// workers is how many goroutines share one piece of work.
func workers() int { return max(1, min(runtime.GOMAXPROCS(0), 8)) }
