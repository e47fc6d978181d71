package folder

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"signpost/internal/content/source/links"
)

const maxDepth = 32 // folders in each other

// Files are the files of one folder. Links to files and folders inside look like
// what they lead to; see package links for what is left out.
type Files struct {
	root *os.Root
	fsys fs.FS
	info fs.FileInfo // of the folder itself
}

func newFiles(root *os.Root, info fs.FileInfo) *Files {
	return &Files{root: root, fsys: root.FS(), info: info}
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

// Mark returns what tells a folder and the folder of one of its files from others
// that had or will have their names. It is nil when there is no such folder.
func (v *Files) Mark(name string) []fs.FileInfo {
	parent, err := v.Stat(path.Dir(name))
	if err != nil {
		return nil
	}
	return []fs.FileInfo{v.info, parent}
}
