package source

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
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
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

const (
	maxCommits  = 20_000
	historyWait = 10 * time.Second
	datedFolder = "help" // whose files have dates
)

// Dates are when a file was first and last changed; zero: not known.
type Dates struct{ Published, Updated time.Time }

// history remembers what each commit changed, so that a new commit costs
// little.
type history struct {
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

// Dates returns when the articles' files were first and last changed by a
// commit, by path: the commits' own times, as far back as the repository and
// the bounds (20,000 commits, 10 seconds) reach. A file renamed is a new file.
// It is nil when the content is in no Git working tree. Until there is another
// commit, the answer comes from memory.
func (s *Source) Dates(ctx context.Context) (map[string]Dates, error) {
	st, head, prefix, err := s.repository()
	if err != nil || st == nil {
		return nil, err
	}
	h := &s.past
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.dates != nil && h.head == head {
		return h.dates, nil
	}
	dates, err := h.walk(ctx, st, head, prefix)
	if err != nil {
		return nil, fmt.Errorf("the dates of articles cannot be taken from Git: %w", err)
	}
	h.head, h.dates = head, dates
	return dates, nil
}

// commitStore is what the walk reads.
type commitStore interface {
	storer.EncodedObjectStorer
	storer.ShallowStorer
}

// repository returns where commits are read, the newest one, and the content's
// folder in it; nil for content that has no history.
func (s *Source) repository() (st commitStore, head plumbing.Hash, prefix string, err error) {
	switch {
	case s.git != nil:
		state, err := s.git.state()
		return storage(s.git.repo()), plumbing.NewHash(state.Tip), "", err
	case s.root == nil:
		return nil, head, "", nil
	}
	dir, err := filepath.EvalSymlinks(s.dir)
	if err != nil {
		return nil, head, "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			rel, err := filepath.Rel(at, dir)
			if err != nil {
				return nil, head, "", err
			}
			return openWorkingTree(at, filepath.ToSlash(rel))
		}
		if at == filepath.Dir(at) {
			return nil, head, "", nil
		}
	}
}

func openWorkingTree(at, prefix string) (commitStore, plumbing.Hash, string, error) {
	repo, err := git.PlainOpenWithOptions(at, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		return nil, plumbing.ZeroHash, "", fmt.Errorf("%s: %w", at, err)
	}
	ref, err := repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, plumbing.ZeroHash, "", nil // nothing is committed yet
	}
	if err != nil {
		return nil, plumbing.ZeroHash, "", fmt.Errorf("%s: %w", at, err)
	}
	if prefix == "." {
		prefix = ""
	}
	return repo.Storer, ref.Hash(), prefix, nil
}

// walk goes from the newest commit to the oldest.
func (h *history) walk(ctx context.Context, st commitStore, head plumbing.Hash, prefix string) (map[string]Dates, error) {
	ctx, cancel := context.WithTimeout(ctx, historyWait)
	defer cancel()
	r := &reading{store: st, prefix: path.Join(prefix, datedFolder), shallow: map[plumbing.Hash]bool{}, trees: map[plumbing.Hash]*object.Tree{}}
	shallow, err := st.Shallow()
	if err != nil {
		return nil, err
	}
	for _, c := range shallow {
		r.shallow[c] = true
	}
	seen := map[plumbing.Hash]*past{}
	queue := &byTime{}
	push := func(c plumbing.Hash) error {
		p := h.commits[c]
		if p == nil {
			var err error
			if p, err = r.past(c); err != nil {
				return err
			}
		}
		seen[c] = p
		heap.Push(queue, p)
		return nil
	}
	if err := push(head); err != nil {
		return nil, err
	}
	whole := true // every commit was seen
	dates, added := map[string]Dates{}, map[string]bool{}
	for queue.Len() > 0 {
		if len(seen) >= maxCommits || ctx.Err() != nil {
			whole = false
			break
		}
		p := heap.Pop(queue).(*past)
		whole = whole && !p.boundary
		for name, isNew := range p.touched {
			d := dates[name]
			if d.Updated.Before(p.time) {
				d.Updated = p.time
			}
			if d.Published.IsZero() || p.time.Before(d.Published) {
				d.Published = p.time
			}
			dates[name] = d
			added[name] = added[name] || isNew
		}
		for _, parent := range p.parents {
			if seen[parent] == nil {
				if err := push(parent); err != nil {
					return nil, err
				}
			}
		}
	}
	if !whole {
		for name, d := range dates {
			if !added[name] {
				dates[name] = Dates{Updated: d.Updated}
			}
		}
	}
	h.commits = seen
	return relative(dates, prefix), nil
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
	store   commitStore
	prefix  string // folder whose files count
	shallow map[plumbing.Hash]bool
	trees   map[plumbing.Hash]*object.Tree
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
	if len(r.trees) > 4096 {
		clear(r.trees)
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

func (r *reading) tree(h plumbing.Hash) (*object.Tree, error) {
	if h.IsZero() {
		return &object.Tree{}, nil
	}
	if t := r.trees[h]; t != nil {
		return t, nil
	}
	t, err := object.GetTree(r.store, h)
	if err == nil {
		r.trees[h] = t
	}
	return t, err
}

// folder returns the tree of the prefix below a root, zero when it is missing.
func (r *reading) folder(root plumbing.Hash) (plumbing.Hash, error) {
	h := root
	for name := range strings.SplitSeq(r.prefix, "/") {
		t, err := r.tree(h)
		if err != nil {
			return h, err
		}
		h = plumbing.ZeroHash
		for _, e := range t.Entries {
			if e.Name == name && e.Mode == filemode.Dir {
				h = e.Hash
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
	had := make(map[string]object.TreeEntry, len(old.Entries))
	for _, e := range old.Entries {
		had[e.Name] = e
	}
	for _, e := range t.Entries {
		was := had[e.Name]
		if was.Hash == e.Hash {
			continue
		}
		name := path.Join(dir, e.Name)
		switch {
		case e.Mode == filemode.Dir:
			if was.Mode != filemode.Dir {
				was.Hash = plumbing.ZeroHash
			}
			if err := r.compare(name, was.Hash, e.Hash, touched, depth+1); err != nil {
				return err
			}
		case path.Ext(e.Name) == ".md" && fs.ValidPath(name):
			touched[name] = was.Hash.IsZero()
		}
	}
	return nil
}
