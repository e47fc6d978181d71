// Package postings keeps the durable inverted index of a list of documents in
// bleve, and reads it whole.
//
// The index is a disposable cache: [Open] throws a damaged or outdated one away
// and [Store.Update] fills it again, so that no operator is ever needed. The
// callers' keys name documents and their content; a key that stays is not
// analysed again. Update returns all [Postings], from which ranking is computed
// elsewhere; bleve itself answers agents' query strings only ([Store.Query]).
//
// Batches are bleve's safe ones (on disk before Update returns), one for each
// update but for the first filling; the folder is locked against other
// processes; no term vectors, stored texts or doc values. An index in memory is
// scorch too, because bleve's NewMemOnly is another, slower kind.
package postings

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

	"signpost/internal/durable"
	"signpost/internal/search/words"
)

// ErrLocked is returned by [Open] when another process uses the folder.
var ErrLocked = errors.New("the search index is in use by another process")

// batchSize is the number of documents in one batch of a large update.
const batchSize = 2000

// A Store is an open index. Its methods may be called from several goroutines;
// updates run one at a time.
type Store struct {
	mu      sync.Mutex
	dir     string // "" in memory
	lock    *durable.Held
	idx     bleve.Index
	keys    map[string]bool    // bleve's document ids
	known   map[any][]wordRuns // what was read of each of bleve's segments
	rebuilt string             // why the index was thrown away last
	serving atomic.Pointer[bleve.Index]
}

// Fields are what the index holds of a document.
type Fields struct {
	Text  [NumFields]string   // cut into words
	Exact map[string][]string // compared as a whole without regard to case; see exactFields
}

// Open opens or creates the index in dir; "" keeps it in memory. An index that
// is damaged or of an old version is thrown away and filled again by the next
// Update. The error is [ErrLocked] or says what the folder does not allow.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir}
	if dir == "" {
		return s, s.create()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	lock, err := durable.TryLock(filepath.Join(dir, "lock"))
	if errors.Is(err, durable.ErrLocked) {
		err = ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("search index %s: %w", dir, err)
	}
	s.lock = lock
	if err := s.openOrCreate(); err != nil {
		lock.Release()
		return nil, err
	}
	return s, nil
}

// Close releases the folder.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.closeIndex()
	if s.dir != "" {
		if err == nil {
			err = writeSums(s.path())
		}
		s.lock.Release()
	}
	return err
}

func (s *Store) closeIndex() error {
	if s.idx == nil {
		return nil
	}
	idx := s.idx
	s.idx, s.keys, s.known = nil, nil, nil
	s.serving.Store(nil)
	return guard(idx.Close)
}

// Rebuilt says why the index was last thrown away, or "".
func (s *Store) Rebuilt() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rebuilt
}

// path is the folder of bleve's own files; other versions lie beside it.
func (s *Store) path() string { return filepath.Join(s.dir, "v"+words.Version) }

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

// Update makes the index hold exactly the documents with these keys, which must
// be distinct and not empty, and reads it. fields is called for new keys only;
// progress, when not nil, is told how many of them are done. An index that
// fails is made anew once.
func (s *Store) Update(keys []string, fields func(i int) Fields, progress func(done, total int)) (*Postings, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idx == nil {
		return nil, errors.New("search index: closed")
	}
	if len(keys) > MaxDocuments {
		return nil, fmt.Errorf("search index: %d documents are more than %d", len(keys), MaxDocuments)
	}
	number := make(map[string]uint32, len(keys))
	for i, k := range keys {
		number[k] = uint32(i)
	}
	p, err := s.write(number, keys, fields, progress)
	if err != nil {
		if s.dir == "" {
			s.closeIndex()
			err = s.create()
		} else {
			err = s.throwAway(err)
		}
		if err == nil {
			p, err = s.write(number, keys, fields, progress)
		}
		if err != nil {
			return nil, fmt.Errorf("search index: %w", err)
		}
	}
	if s.dir != "" {
		os.Remove(s.mark())
	}
	idx := s.idx
	s.serving.Store(&idx)
	return p, nil
}

// write brings bleve's index up to date and reads it.
func (s *Store) write(number map[string]uint32, keys []string, fields func(i int) Fields, progress func(done, total int)) (*Postings, error) {
	var add []int
	for i, k := range keys {
		if !s.keys[k] {
			add = append(add, i)
		}
	}
	var gone []string
	for key := range s.keys {
		if _, ok := number[key]; !ok {
			gone = append(gone, key)
		}
	}
	slices.Sort(gone)
	var p *Postings
	err := guard(func() error {
		total := len(add)
		for len(gone) > 0 || len(add) > 0 {
			n := min(len(add), batchSize)
			if err := s.batch(gone, add[:n], keys, fields); err != nil {
				return err
			}
			gone, add = nil, add[n:]
			if progress != nil && total > 0 {
				progress(total-len(add), total)
			}
		}
		var err error
		p, err = readPostings(s.idx, number, &s.known)
		return err
	})
	return p, err
}

func (s *Store) batch(gone []string, add []int, keys []string, fields func(i int) Fields) error {
	b := s.idx.NewBatch()
	for _, key := range gone {
		b.Delete(key)
	}
	for _, i := range add {
		if err := b.IndexAdvanced(newDocument(keys[i], fields(i))); err != nil {
			return err
		}
	}
	if err := s.idx.Batch(b); err != nil {
		return err
	}
	for _, key := range gone {
		delete(s.keys, key)
	}
	for _, i := range add {
		s.keys[keys[i]] = true
	}
	return nil
}

// textOptions: no stored text, no term vectors, no doc values; the scorer needs
// the frequencies only, and the index stays small.
var textOptions = (&mapping.FieldMapping{Type: "text", Index: true}).Options()

func newDocument(key string, f Fields) *document.Document {
	d := document.NewDocument(key)
	for i, text := range f.Text {
		if text != "" {
			d.AddField(document.NewTextFieldCustom(fieldNames[i], nil, []byte(text), textOptions, words.Analyzer{}))
		}
	}
	for _, name := range exactFields {
		for _, v := range f.Exact[name] {
			if v != "" {
				d.AddField(document.NewTextFieldCustom(name, nil, []byte(strings.ToLower(v)), textOptions, nil))
			}
		}
	}
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
