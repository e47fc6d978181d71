package source

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

const (
	maxTreeFiles = 200_000
	maxTreeDepth = 32
	maxLinks     = 8
)

// objects reads a repository's objects. The library's storage is not made for
// use at the same time, so there is a lock around it.
type objects struct {
	mu      sync.Mutex
	dir     string
	storage *filesystem.Storage
}

func newObjects(dir string) *objects { return &objects{dir: dir, storage: storage(dir)} }

// with runs do, and once more on newly opened packs when the clone was made
// anew meanwhile.
func (o *objects) with(do func(*filesystem.Storage) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := do(o.storage)
	if errors.Is(err, plumbing.ErrObjectNotFound) || errors.Is(err, fs.ErrNotExist) {
		o.storage = storage(o.dir)
		err = do(o.storage)
	}
	return err
}

func (o *objects) size(h plumbing.Hash) (n int64, err error) {
	err = o.with(func(st *filesystem.Storage) error {
		n, err = st.EncodedObjectSize(h)
		return err
	})
	return n, err
}

func (o *objects) blob(h plumbing.Hash) (data []byte, err error) {
	err = o.with(func(st *filesystem.Storage) error {
		b, err := object.GetBlob(st, h)
		if err != nil {
			return err
		}
		r, err := b.Reader()
		if err != nil {
			return err
		}
		defer r.Close()
		data, err = io.ReadAll(r)
		return err
	})
	return data, err
}

// contains reports whether commit is tip or one of its near ancestors.
func (o *objects) contains(tip, commit plumbing.Hash) bool {
	const enough = 5000
	found := false
	o.with(func(st *filesystem.Storage) error {
		seen := map[plumbing.Hash]bool{}
		for queue := []plumbing.Hash{tip}; len(queue) > 0 && len(seen) < enough; {
			h := queue[0]
			queue = queue[1:]
			if found = h == commit; found {
				return nil
			}
			if seen[h] {
				continue
			}
			seen[h] = true
			if c, err := object.GetCommit(st, h); err == nil {
				queue = append(queue, c.ParentHashes...)
			}
		}
		return nil
	})
	return found
}

// A treeFS is the files of one commit, with pending changes. Its folders are
// held in memory, its files are read from the repository when they are opened.
type treeFS struct {
	objects *objects
	root    plumbing.Hash
	time    time.Time // of the commit: every file's time of change
	nodes   map[string]*node
}

// A node is a file, a link or a folder.
type node struct {
	name     string
	mode     fs.FileMode
	hash     plumbing.Hash
	data     []byte // of a pending change; nil: read hash
	children []fs.DirEntry
	tree     *treeFS
}

// tree returns the files of a commit. Submodules and names that are no paths
// are left out.
func (o *objects) tree(commit plumbing.Hash) (*treeFS, error) {
	t := &treeFS{objects: o, nodes: map[string]*node{}}
	err := o.with(func(st *filesystem.Storage) error {
		clear(t.nodes)
		c, err := object.GetCommit(st, commit)
		if err != nil {
			return err
		}
		t.root, t.time = c.TreeHash, c.Committer.When
		return t.add(st, ".", c.TreeHash, 0)
	})
	if err != nil {
		return nil, fmt.Errorf("reading commit %s: %w", commit, err)
	}
	t.finish()
	return t, nil
}

func (t *treeFS) add(st *filesystem.Storage, dir string, h plumbing.Hash, depth int) error {
	if depth > maxTreeDepth {
		return fmt.Errorf("%s: folders are more than %d deep", dir, maxTreeDepth)
	}
	tree, err := object.GetTree(st, h)
	if err != nil {
		return err
	}
	t.nodes[dir] = &node{name: path.Base(dir), mode: fs.ModeDir | 0o555, tree: t}
	for _, e := range tree.Entries {
		name := path.Join(dir, e.Name)
		if !fs.ValidPath(e.Name) || strings.ContainsAny(e.Name, "/\\") {
			continue
		}
		n := &node{name: e.Name, mode: 0o444, hash: e.Hash, tree: t}
		switch e.Mode {
		case filemode.Dir:
			if err := t.add(st, name, e.Hash, depth+1); err != nil {
				return err
			}
			continue
		case filemode.Symlink:
			n.mode |= fs.ModeSymlink
		case filemode.Regular, filemode.Executable, filemode.Deprecated:
		default:
			continue
		}
		if t.nodes[name] = n; len(t.nodes) > maxTreeFiles {
			return fmt.Errorf("the repository holds more than %d files and folders", maxTreeFiles)
		}
	}
	return nil
}

// put lays a pending change over the files; call finish afterwards to see it
// in the folders.
func (t *treeFS) put(name string, c change) {
	if c.remove {
		delete(t.nodes, name)
		return
	}
	data := c.data
	if data == nil {
		data = []byte{}
	}
	t.nodes[name] = &node{name: path.Base(name), mode: 0o444, data: data, tree: t}
	for dir := path.Dir(name); t.nodes[dir] == nil; dir = path.Dir(dir) {
		t.nodes[dir] = &node{name: path.Base(dir), mode: fs.ModeDir | 0o555, tree: t}
	}
}

// finish lists each folder's children.
func (t *treeFS) finish() {
	for _, n := range t.nodes {
		n.children = nil
	}
	for _, name := range slices.Sorted(maps.Keys(t.nodes)) {
		if name != "." {
			parent := t.nodes[path.Dir(name)]
			parent.children = append(parent.children, t.nodes[name])
		}
	}
}

func (t *treeFS) empty() bool { return t == nil || len(t.nodes) <= 1 }

// writable refuses a path that leads through a file or a link, or names a folder.
func (t *treeFS) writable(name string) error {
	if n := t.nodes[name]; n != nil && !n.mode.IsRegular() {
		return fmt.Errorf("%s is not a regular file", name)
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if n := t.nodes[dir]; n != nil && !n.IsDir() {
			return fmt.Errorf("%s: %s is not a folder", name, dir)
		}
	}
	return nil
}

// Open opens a file or folder. A link is followed within the tree.
func (t *treeFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	at := name
	for range maxLinks {
		n := t.nodes[at]
		if n == nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		if n.mode&fs.ModeSymlink == 0 {
			return n.open()
		}
		target, err := t.objects.blob(n.hash)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		at = path.Join(path.Dir(at), string(target))
		if path.IsAbs(string(target)) || !fs.ValidPath(at) {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("the link escapes from the repository")}
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("too many links")}
}

// ReadDir returns a folder's entries by name.
func (t *treeFS) ReadDir(name string) ([]fs.DirEntry, error) {
	n := t.nodes[name]
	switch {
	case n == nil:
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	case !n.IsDir():
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a folder")}
	}
	return slices.Clone(n.children), nil
}

func (n *node) Name() string               { return n.name }
func (n *node) IsDir() bool                { return n.mode.IsDir() }
func (n *node) Type() fs.FileMode          { return n.mode.Type() }
func (n *node) Info() (fs.FileInfo, error) { return n.info() }

// nodeInfo is a node with its size.
type nodeInfo struct {
	*node
	size int64
}

func (i nodeInfo) Size() int64        { return i.size }
func (i nodeInfo) Mode() fs.FileMode  { return i.mode }
func (i nodeInfo) ModTime() time.Time { return i.tree.time }
func (i nodeInfo) Sys() any           { return nil }

func (n *node) info() (nodeInfo, error) {
	i := nodeInfo{n, int64(len(n.data))}
	var err error
	if n.data == nil && !n.IsDir() {
		i.size, err = n.tree.objects.size(n.hash)
	}
	return i, err
}

func (n *node) open() (fs.File, error) {
	info, err := n.info()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: n.name, Err: err}
	}
	return &openNode{info: info}, nil
}

// openNode reads its bytes at the first Read: who only asks for the size does
// not unpack a large file.
type openNode struct {
	info nodeInfo
	read *bytes.Reader
	seen int // children already listed
}

func (f *openNode) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openNode) Close() error               { return nil }

func (f *openNode) Read(p []byte) (int, error) {
	if f.info.IsDir() {
		return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: errors.New("this is a folder")}
	}
	if f.read == nil {
		data := f.info.data
		if data == nil {
			var err error
			if data, err = f.info.tree.objects.blob(f.info.hash); err != nil {
				return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: err}
			}
		}
		f.read = bytes.NewReader(data)
	}
	return f.read.Read(p)
}

func (f *openNode) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.info.children[f.seen:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	f.seen += len(rest)
	return slices.Clone(rest), nil
}

// A workshop makes new objects.
type workshop struct {
	storage *filesystem.Storage
	hashes  []plumbing.Hash
	new     map[plumbing.Hash]bool
}

// author signs commits.
type author struct{ name, host string }

func (w *workshop) save(o interface {
	Encode(plumbing.EncodedObject) error
}) (plumbing.Hash, error) {
	enc := w.storage.NewEncodedObject()
	if err := o.Encode(enc); err != nil {
		return plumbing.ZeroHash, err
	}
	return w.keep(enc)
}

func (w *workshop) keep(enc plumbing.EncodedObject) (plumbing.Hash, error) {
	h, err := w.storage.SetEncodedObject(enc)
	if w.new == nil {
		w.new = map[plumbing.Hash]bool{}
	}
	w.new[h] = true
	return h, err
}

// putFile returns the tree that results from a change below tree.
func (w *workshop) putFile(tree plumbing.Hash, names []string, c change) (plumbing.Hash, error) {
	t := &object.Tree{}
	if !tree.IsZero() {
		var err error
		if t, err = object.GetTree(w.storage, tree); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	entries := slices.Clone(t.Entries)
	i := slices.IndexFunc(entries, func(e object.TreeEntry) bool { return e.Name == names[0] })
	e := object.TreeEntry{Name: names[0], Mode: filemode.Regular}
	if i >= 0 {
		e = entries[i]
		entries = slices.Delete(entries, i, i+1)
	}
	keep := true
	switch {
	case len(names) > 1:
		if i >= 0 && e.Mode != filemode.Dir {
			return plumbing.ZeroHash, errors.New("a file is where a folder should be")
		}
		var below plumbing.Hash
		if i >= 0 {
			below = e.Hash
		}
		h, err := w.putFile(below, names[1:], c)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		e.Mode, e.Hash, keep = filemode.Dir, h, h != emptyTree
	case c.remove:
		keep = false
	default:
		h, err := w.putBlob(c.data)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		e.Hash = h
	}
	if keep {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b object.TreeEntry) int { return cmp.Compare(sortName(a), sortName(b)) })
	return w.save(&object.Tree{Entries: entries})
}

var emptyTree = plumbing.ComputeHash(plumbing.TreeObject, nil)

// sortName is the name by which Git sorts a tree.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

func (w *workshop) putBlob(data []byte) (plumbing.Hash, error) {
	enc := w.storage.NewEncodedObject()
	enc.SetType(plumbing.BlobObject)
	out, err := enc.Writer()
	if err == nil {
		_, err = out.Write(data)
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return w.keep(enc)
}

// commit makes a commit of tree. The same change on the same parent always
// gives the same commit.
func (w *workshop) commit(tree, parent plumbing.Hash, who author, e entry) (plumbing.Hash, error) {
	sign := object.Signature{Name: clean("Signpost " + who.name), Email: clean("signpost@" + cmp.Or(who.host, "localhost")), When: e.Time}
	return w.save(&object.Commit{
		Author: sign, Committer: sign, Message: subject(e) + "\n", TreeHash: tree, ParentHashes: []plumbing.Hash{parent},
	})
}

// clean takes away what would end a name in a commit.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == '<' || r == '>' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}
