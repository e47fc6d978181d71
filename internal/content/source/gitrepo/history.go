package gitrepo

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

const (
	maxCommits   = 20_000
	historyWait  = 10 * time.Second
	maxHeldTrees = 32 << 20 // bytes
	articles     = "help"   // the folder whose files have dates, unless the place says another
)

// Dates are when a file was first and last changed; zero: not known.
type Dates struct{ Published, Updated time.Time }

// A History remembers what each commit changed, so that a new commit costs
// little. Its zero value is ready to use.
type History struct {
	mu      sync.Mutex
	head    plumbing.Hash
	dates   map[string]Dates
	commits map[plumbing.Hash]*past
}

// past is what one commit did.
type past struct {
	time     time.Time
	parents  []plumbing.Hash
	touched  map[string]bool // paths; true when the commit added the file
	boundary bool            // what was before is not in the repository
}

// Dates returns when the files of a place were first and last changed by a
// commit, by path below the content's folder: the commits' own times, as far
// back as the repository and the bounds (20,000 commits, 10 seconds) reach; the
// next call goes on where time was short. A file renamed is a new file.
func (h *History) Dates(ctx context.Context, p Place) (map[string]Dates, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.dates != nil && h.head == p.Head {
		return h.dates, nil
	}
	dates, timely, err := h.walk(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("the dates of articles cannot be taken from Git: %w", err)
	}
	if timely {
		h.head, h.dates = p.Head, dates
	}
	return dates, nil
}

// A Place is a folder in a repository at a commit.
type Place struct {
	Store  Store
	Head   plumbing.Hash
	Folder string // "" is the top
	Under  string // the folder below it whose files have dates; "": that of the articles
}

// Store is where commits are read.
type Store interface {
	storer.EncodedObjectStorer
	storer.ShallowStorer
}

// WorkingTree returns the place of a folder in the working tree that it lies
// in; false when it lies in none, or when nothing is committed yet.
func WorkingTree(dir string) (p Place, ok bool, err error) {
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return p, false, err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return placeIn(at, dir)
		}
		if at == filepath.Dir(at) {
			return p, false, nil
		}
	}
}

func placeIn(at, dir string) (p Place, ok bool, err error) {
	rel, err := filepath.Rel(at, dir)
	if err != nil {
		return p, false, err
	}
	repo, err := git.PlainOpenWithOptions(at, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		return p, false, fmt.Errorf("%s: %w", at, err)
	}
	ref, err := repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("%s: %w", at, err)
	}
	if rel == "." {
		rel = ""
	}
	return Place{Store: repo.Storer, Head: ref.Hash(), Folder: filepath.ToSlash(rel)}, true, nil
}

// walk goes from the newest commit to the oldest; timely says that it came to
// the end or to maxCommits.
func (h *History) walk(ctx context.Context, p Place) (dates map[string]Dates, timely bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, historyWait)
	defer cancel()
	r := &reading{store: p.Store, prefix: path.Join(p.Folder, cmp.Or(p.Under, articles)), shallow: map[plumbing.Hash]bool{}, trees: map[plumbing.Hash][]byte{}}
	shallow, err := p.Store.Shallow()
	if err != nil {
		return nil, false, err
	}
	for _, c := range shallow {
		r.shallow[c] = true
	}
	w := &walk{reading: r, known: h.commits, seen: map[plumbing.Hash]*past{}, dates: map[string]Dates{}, added: map[string]bool{}}
	if err := w.meet(p.Head); err != nil {
		return nil, false, err
	}
	whole := true // every commit was seen
	for w.queue.Len() > 0 && ctx.Err() == nil {
		c := heap.Pop(&w.queue).(*past)
		w.record(c)
		whole = whole && !c.boundary
		for _, parent := range c.parents {
			switch {
			case w.seen[parent] != nil:
			case len(w.seen) >= maxCommits:
				whole = false
			default:
				if err := w.meet(parent); err != nil {
					return nil, false, err
				}
			}
		}
	}
	if !whole || ctx.Err() != nil {
		for name, d := range w.dates {
			if !w.added[name] {
				w.dates[name] = Dates{Updated: d.Updated}
			}
		}
	}
	h.commits = w.seen
	return relative(w.dates, p.Folder), ctx.Err() == nil, nil
}

// walk is the state of one walk.
type walk struct {
	*reading
	known map[plumbing.Hash]*past // from the walk before
	seen  map[plumbing.Hash]*past
	queue byTime
	dates map[string]Dates
	added map[string]bool // files whose first commit was seen
}

func (w *walk) meet(commit plumbing.Hash) error {
	p := w.known[commit]
	if p == nil {
		var err error
		if p, err = w.past(commit); err != nil {
			return err
		}
	}
	w.seen[commit] = p
	heap.Push(&w.queue, p)
	return nil
}

func (w *walk) record(p *past) {
	for name, isNew := range p.touched {
		d := w.dates[name]
		if d.Updated.Before(p.time) {
			d.Updated = p.time
		}
		if d.Published.IsZero() || p.time.Before(d.Published) {
			d.Published = p.time
		}
		w.dates[name] = d
		w.added[name] = w.added[name] || isNew
	}
}

// relative makes paths those of the content.
func relative(dates map[string]Dates, prefix string) map[string]Dates {
	if prefix == "" {
		return dates
	}
	short := make(map[string]Dates, len(dates))
	for name, d := range dates {
		short[strings.TrimPrefix(name, prefix+"/")] = d
	}
	return short
}

// byTime is a heap of commits, the newest first.
type byTime []*past

func (q byTime) Len() int           { return len(q) }
func (q byTime) Less(i, j int) bool { return q[i].time.After(q[j].time) }
func (q byTime) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *byTime) Push(x any)        { *q = append(*q, x.(*past)) }

func (q *byTime) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// reading is one walk's view of the repository.
type reading struct {
	store   Store
	prefix  string // folder whose files count
	shallow map[plumbing.Hash]bool
	trees   map[plumbing.Hash][]byte
	held    int // bytes in trees
}

// past compares a commit with its parents. A merge touches only what differs
// from all of them.
func (r *reading) past(commit plumbing.Hash) (*past, error) {
	c, err := object.GetCommit(r.store, commit)
	if err != nil {
		return nil, err
	}
	p := &past{time: c.Committer.When.UTC(), boundary: r.shallow[commit]}
	if p.boundary {
		return p, nil
	}
	now, err := r.folder(c.TreeHash)
	if err != nil {
		return nil, err
	}
	if len(c.ParentHashes) == 0 {
		p.touched = map[string]bool{}
		return p, r.compare(r.prefix, plumbing.ZeroHash, now, p.touched, 0)
	}
	for i, hash := range c.ParentHashes {
		parent, err := object.GetCommit(r.store, hash)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			return &past{time: p.time, boundary: true}, nil // damaged or partial: as good as shallow
		}
		if err != nil {
			return nil, err
		}
		before, err := r.folder(parent.TreeHash)
		if err != nil {
			return nil, err
		}
		touched := map[string]bool{}
		if err := r.compare(r.prefix, before, now, touched, 0); err != nil {
			return nil, err
		}
		if i == 0 {
			p.touched = touched
		}
		maps.DeleteFunc(p.touched, func(name string, _ bool) bool { _, ok := touched[name]; return !ok })
		for name, isNew := range p.touched {
			p.touched[name] = isNew && touched[name]
		}
		p.parents = append(p.parents, hash)
	}
	return p, nil
}

// tree returns the bytes of a tree. They are compared as they are: unpacking
// large folders for each commit would take most of the time.
func (r *reading) tree(h plumbing.Hash) ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	if t, ok := r.trees[h]; ok {
		return t, nil
	}
	o, err := r.store.EncodedObject(plumbing.TreeObject, h)
	if err != nil {
		return nil, err
	}
	in, err := o.Reader()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	t, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	if r.held += len(t); r.held > maxHeldTrees {
		clear(r.trees)
		r.held = len(t)
	}
	r.trees[h] = t
	return t, nil
}

// treeEntry is one line of a tree.
type treeEntry struct {
	name string
	dir  bool
	hash plumbing.Hash
}

var errTree = errors.New("a tree is damaged")

// nextEntry cuts the first line off a tree: mode, space, name, zero, hash.
func nextEntry(tree []byte) (raw, rest []byte, err error) {
	end := bytes.IndexByte(tree, 0) + 1 + len(plumbing.Hash{})
	if end <= len(plumbing.Hash{}) || end > len(tree) {
		return nil, nil, errTree
	}
	return tree[:end], tree[end:], nil
}

func parseEntry(raw []byte) treeEntry {
	text, hash := raw[:len(raw)-len(plumbing.Hash{})-1], raw[len(raw)-len(plumbing.Hash{}):]
	mode, name, _ := bytes.Cut(text, []byte(" "))
	return treeEntry{name: string(name), dir: string(mode) == "40000", hash: plumbing.Hash(hash)}
}

// unlike returns the lines that only one of two trees has.
func unlike(before, now []byte) (gone, made []treeEntry, err error) {
	// Most lines are the same in both, and all lines are in the same order.
	var a, b []byte
	for len(before) > 0 && len(now) > 0 {
		restA, restB := before, now
		if a, restA, err = nextEntry(before); err != nil {
			return nil, nil, err
		}
		if b, restB, err = nextEntry(now); err != nil {
			return nil, nil, err
		}
		if bytes.Equal(a, b) {
			before, now = restA, restB
			continue
		}
		x, y := parseEntry(a), parseEntry(b)
		order := cmp.Compare(x.order(), y.order())
		if order <= 0 {
			gone, before = append(gone, x), restA
		}
		if order >= 0 {
			made, now = append(made, y), restB
		}
	}
	for ; len(before) > 0; gone = append(gone, parseEntry(a)) {
		if a, before, err = nextEntry(before); err != nil {
			return nil, nil, err
		}
	}
	for ; len(now) > 0; made = append(made, parseEntry(b)) {
		if b, now, err = nextEntry(now); err != nil {
			return nil, nil, err
		}
	}
	return gone, made, nil
}

// order is what Git sorts by.
func (e treeEntry) order() string {
	if e.dir {
		return e.name + "/"
	}
	return e.name
}

// folder returns the tree of the prefix below a root, zero when it is missing.
func (r *reading) folder(root plumbing.Hash) (plumbing.Hash, error) {
	h := root
	for name := range strings.SplitSeq(r.prefix, "/") {
		t, err := r.tree(h)
		if err != nil {
			return h, err
		}
		_, entries, err := unlike(nil, t)
		if err != nil {
			return h, err
		}
		h = plumbing.ZeroHash
		for _, e := range entries {
			if e.dir && e.name == name {
				h = e.hash
			}
		}
		if h.IsZero() {
			break
		}
	}
	return h, nil
}

// compare records the Markdown files that differ, and whether they are new.
func (r *reading) compare(dir string, before, now plumbing.Hash, touched map[string]bool, depth int) error {
	if before == now || depth > maxTreeDepth {
		return nil
	}
	old, err := r.tree(before)
	if err != nil {
		return err
	}
	t, err := r.tree(now)
	if err != nil {
		return err
	}
	gone, made, err := unlike(old, t)
	if err != nil {
		return err
	}
	had := make(map[string]treeEntry, len(gone))
	for _, e := range gone {
		had[e.name] = e
	}
	for _, e := range made {
		was, isOld := had[e.name]
		name := path.Join(dir, e.name)
		switch {
		case e.dir:
			if !was.dir {
				was.hash = plumbing.ZeroHash
			}
			if err := r.compare(name, was.hash, e.hash, touched, depth+1); err != nil {
				return err
			}
		case was.hash != e.hash && path.Ext(e.name) == ".md" && fs.ValidPath(name):
			touched[name] = !isOld || was.dir
		}
	}
	return nil
}
