// Package gitrepo reads and makes the objects of a Git repository: a commit's
// files as an fs.FS ([Objects.Files]), new commits ([Workshop]) and when files
// were first and last changed ([History]).
//
// It guarantees that nothing is checked out and nothing of a repository is
// run; that links are followed within a commit's files only; that submodules are
// entries which cannot be read (see package links), and names which are not paths
// are left out; and that folders are bounded in number and depth.
package gitrepo

import (
	"bytes"
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

	"signpost/internal/content/source/links"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

const (
	maxTreeFiles = 200_000
	maxTreeDepth = 32
	maxLinks     = 8
)

// Objects reads a repository's objects. The library's storage is not made for
// use at the same time, so there is a lock around it.
type Objects struct {
	mu      sync.Mutex
	dir     string
	storage *filesystem.Storage
}

// Open returns the objects of the bare repository at dir.
func Open(dir string) *Objects { return &Objects{dir: dir, storage: Storage(dir)} }

// Storage opens the bare repository at dir. It must not be used at the same time.
func Storage(dir string) *filesystem.Storage {
	return filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault())
}

// with runs do, and once more on newly opened packs when the clone was made
// anew meanwhile.
func (o *Objects) with(do func(*filesystem.Storage) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := do(o.storage)
	if errors.Is(err, plumbing.ErrObjectNotFound) || errors.Is(err, fs.ErrNotExist) {
		o.storage = Storage(o.dir)
		err = do(o.storage)
	}
	return err
}

func (o *Objects) size(h plumbing.Hash) (n int64, err error) {
	err = o.with(func(st *filesystem.Storage) error {
		n, err = st.EncodedObjectSize(h)
		return err
	})
	return n, err
}

func (o *Objects) blob(h plumbing.Hash) (data []byte, err error) {
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

// Contains reports whether commit is tip or one of its near ancestors.
func (o *Objects) Contains(tip, commit plumbing.Hash) bool {
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

// Files are the files of one commit, with pending changes. Its folders are
// held in memory, its files are read from the repository when they are opened.
type Files struct {
	objects *Objects
	Root    plumbing.Hash // the commit's tree
	time    time.Time     // of the commit: every file's time of change
	nodes   map[string]*node
}

// A node is a file, a link or a folder.
type node struct {
	name     string
	path     string
	mode     fs.FileMode
	hash     plumbing.Hash
	data     []byte // of a pending change; nil: read hash
	children []fs.DirEntry
	tree     *Files
}

// Files returns the files of a commit. Names that are not paths are left out.
func (o *Objects) Files(commit plumbing.Hash) (*Files, error) {
	t := &Files{objects: o, nodes: map[string]*node{}}
	err := o.with(func(st *filesystem.Storage) error {
		clear(t.nodes)
		c, err := object.GetCommit(st, commit)
		if err != nil {
			return err
		}
		t.Root, t.time = c.TreeHash, c.Committer.When
		return t.add(st, ".", c.TreeHash, 0)
	})
	if err != nil {
		return nil, fmt.Errorf("reading commit %s: %w", commit, err)
	}
	t.Finish()
	return t, nil
}

func (t *Files) add(st *filesystem.Storage, dir string, h plumbing.Hash, depth int) error {
	if depth > maxTreeDepth {
		return fmt.Errorf("%s: folders are more than %d deep", dir, maxTreeDepth)
	}
	tree, err := object.GetTree(st, h)
	if err != nil {
		return err
	}
	t.nodes[dir] = &node{name: path.Base(dir), path: dir, mode: fs.ModeDir | 0o555, tree: t}
	for _, e := range tree.Entries {
		name := path.Join(dir, e.Name)
		if !fs.ValidPath(e.Name) || strings.ContainsAny(e.Name, "/\\") {
			continue
		}
		n := &node{name: e.Name, path: name, mode: 0o444, hash: e.Hash, tree: t}
		switch e.Mode {
		case filemode.Dir:
			if err := t.add(st, name, e.Hash, depth+1); err != nil {
				return err
			}
			continue
		case filemode.Symlink:
			n.mode |= fs.ModeSymlink
		case filemode.Regular, filemode.Executable, filemode.Deprecated:
		case filemode.Submodule:
			n.mode = fs.ModeIrregular
		default:
			continue
		}
		if t.nodes[name] = n; len(t.nodes) > maxTreeFiles {
			return fmt.Errorf("the repository holds more than %d files and folders", maxTreeFiles)
		}
	}
	return nil
}

// A Change is what becomes of a file.
type Change struct {
	Data   []byte
	Remove bool
}

// Put lays a pending change over the files; call Finish afterwards to see it
// in the folders.
func (t *Files) Put(name string, c Change) {
	if c.Remove {
		delete(t.nodes, name)
		return
	}
	data := c.Data
	if data == nil {
		data = []byte{}
	}
	t.nodes[name] = &node{name: path.Base(name), path: name, mode: 0o444, data: data, tree: t}
	for dir := path.Dir(name); t.nodes[dir] == nil; dir = path.Dir(dir) {
		t.nodes[dir] = &node{name: path.Base(dir), path: dir, mode: fs.ModeDir | 0o555, tree: t}
	}
}

// Finish lists each folder's children.
func (t *Files) Finish() {
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

// Empty reports whether there is no file at all.
func (t *Files) Empty() bool { return t == nil || len(t.nodes) <= 1 }

// Writable refuses a path that leads through a file or a link, or names a folder.
func (t *Files) Writable(name string) error {
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

// Open opens a file or folder. Links are followed within the tree.
func (t *Files) Open(name string) (fs.File, error) {
	n, err := t.lookup("open", name)
	if err != nil {
		return nil, err
	}
	return n.open()
}

// Stat implements [fs.StatFS] and [links.Tree].
func (t *Files) Stat(name string) (fs.FileInfo, error) {
	n, err := t.lookup("stat", name)
	if err != nil {
		return nil, err
	}
	return n.info()
}

// IsLink implements [links.Tree].
func (t *Files) IsLink(name string) bool {
	parent, err := t.resolve(path.Dir(name))
	if err != nil {
		return false
	}
	n := t.nodes[path.Join(parent, path.Base(name))]
	return n != nil && n.mode&fs.ModeSymlink != 0
}

// Same implements [links.Tree].
func (t *Files) Same(a, b fs.FileInfo) bool { return a.(nodeInfo).node == b.(nodeInfo).node }

// ReadDir returns a folder's entries by name.
func (t *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := t.lookup("readdir", name)
	if err == nil && !n.IsDir() {
		err = &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a folder")}
	}
	if err != nil {
		return nil, err
	}
	return t.list(name, n), nil
}

// list returns the entries of the folder n, which is reached as name.
func (t *Files) list(name string, n *node) []fs.DirEntry {
	entries := links.Follow(t, name, n.children)
	for i, e := range n.children {
		if e.Type()&fs.ModeIrregular != 0 {
			entries[i] = links.LeftOut{Path: path.Join(name, e.Name()), Mode: e.Type(), Why: ErrSubmodule}
		}
	}
	return entries
}

// ErrSubmodule says that a folder is another repository's, which is not fetched.
var ErrSubmodule = errors.New("this is a Git submodule, which is not fetched")

// lookup returns the file or folder that a path leads to.
func (t *Files) lookup(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	at, err := t.resolve(name)
	if err == nil && t.nodes[at].mode&fs.ModeIrregular != 0 {
		err = ErrSubmodule
	}
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return t.nodes[at], nil
}

// resolve returns the path of what a path leads to, without links.
func (t *Files) resolve(name string) (string, error) {
	rest, at := strings.Split(name, "/"), "."
	for follows := 0; len(rest) > 0; {
		next := path.Join(at, rest[0])
		n := t.nodes[next]
		if n == nil {
			return "", fs.ErrNotExist
		}
		rest = rest[1:]
		if n.mode&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if follows++; follows > maxLinks {
			return "", errors.New("too many links")
		}
		target, err := t.objects.blob(n.hash)
		if err != nil {
			return "", err
		}
		to := path.Join(at, string(target))
		if path.IsAbs(string(target)) || !fs.ValidPath(to) {
			return "", links.ErrOut
		}
		rest, at = append(strings.Split(to, "/"), rest...), "."
	}
	return at, nil
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
	f := &openNode{info: info}
	if n.IsDir() {
		f.entries = n.tree.list(n.path, n)
	}
	return f, nil
}

// openNode reads its bytes at the first Read: who only asks for the size does
// not unpack a large file.
type openNode struct {
	info    nodeInfo
	read    *bytes.Reader
	entries []fs.DirEntry // of a folder
	seen    int           // entries already listed
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
	rest := f.entries[f.seen:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	f.seen += len(rest)
	return slices.Clone(rest), nil
}
