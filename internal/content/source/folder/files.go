package folder

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"signpost/internal/content/source/links"
)

const maxDepth = 32 // folders in each other

// Files are the files of one folder. Links to files and folders inside look like
// what they lead to; see package links for what is left out.
type Files struct {
	root *os.Root
	fsys fs.FS
	info fs.FileInfo // of the folder itself

	number  uint64 // see Mark
	mu      sync.Mutex
	parents map[string]parent
}

func newFiles(root *os.Root, info fs.FileInfo) *Files {
	return &Files{root: root, fsys: root.FS(), info: info, number: marks.Add(1), parents: map[string]parent{}}
}

// Open implements [fs.FS].
func (v *Files) Open(name string) (fs.File, error) { return v.fsys.Open(name) }

// Stat implements [fs.StatFS] and [links.Tree].
func (v *Files) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(v.fsys, name)
	if err != nil && strings.Contains(err.Error(), "escapes") { // os.Root has no error value for it
		err = &fs.PathError{Op: "stat", Path: name, Err: links.ErrOut}
	}
	return info, err
}

// IsLink implements [links.Tree].
func (v *Files) IsLink(name string) bool {
	info, err := v.root.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// Same implements [links.Tree].
func (v *Files) Same(a, b fs.FileInfo) bool { return os.SameFile(a, b) }

// ReadDir implements [fs.ReadDirFS].
func (v *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	if strings.Count(name, "/") >= maxDepth {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fmt.Errorf("folders are more than %d deep", maxDepth)}
	}
	entries, err := fs.ReadDir(v.fsys, name)
	return links.Follow(v, name, entries), err
}

// Mark returns what tells this folder, and the folder in it that a file is in,
// from all others that had or will have their names. It is "" when there is no
// such folder.
func (v *Files) Mark(name string) string {
	dir := path.Dir(name)
	info, err := v.Stat(dir)
	if err != nil {
		return ""
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.parents[dir]
	if p.file == nil || !os.SameFile(p.info, info) {
		if p.file != nil {
			p.file.Close()
		}
		p = parent{number: marks.Add(1)}
		if p.file, err = v.root.Open(dir); err == nil {
			p.info, err = p.file.Stat()
		}
		if err != nil {
			return ""
		}
		v.parents[dir] = p
	}
	return fmt.Sprintf("%d.%d", v.number, p.number)
}

// marks numbers folders in the order in which they were first seen.
var marks atomic.Uint64

// A parent is a folder that a file is in. It is held open: the system may give
// the number of a folder that was deleted to another one.
type parent struct {
	file   *os.File
	info   fs.FileInfo
	number uint64
}
