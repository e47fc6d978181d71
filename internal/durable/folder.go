package durable

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"time"
)

// A Folder writes below a root, which no path leaves. Names are slash-separated.
type Folder struct{ Root *os.Root }

// WriteFile is the function [WriteFile] within the folder. Missing folders on
// the way are made.
func (f Folder) WriteFile(name string, data []byte, perm fs.FileMode) error {
	if err := f.Root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	return write(f.Root, name, bytesOf(data), perm, f.Root.Rename)
}

// Stage writes data into a temporary file beside name, makes missing folders,
// and returns when the bytes are on the disk. The caller renames it to name, and
// then calls [Folder.Sync], or removes it.
func (f Folder) Stage(name string, data []byte, perm fs.FileMode) (temporary string, err error) {
	if err := f.Root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return "", err
	}
	return stage(f.Root, name, bytesOf(data), perm)
}

// Sync flushes the names in the folder dir.
func (f Folder) Sync(dir string) { syncFolder(f.Root, dir) }

// Remove removes a file and flushes its folder. A file that is gone already is
// not an error.
func (f Folder) Remove(name string) error {
	if err := f.Root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f.Sync(path.Dir(name))
	return nil
}

// Sweep is the function [Sweep] within the folder, without Git's own folders. What
// cannot be read or removed stays; the errors say which.
func (f Folder) Sweep(before time.Time) error {
	var errs []error
	walked := fs.WalkDir(f.Root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && p == ".":
			return err
		case err != nil:
			errs = append(errs, err)
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "objects"):
			return fs.SkipDir
		case d.Type().IsRegular() && IsTemporary(p):
			if info, err := d.Info(); err == nil && (before.IsZero() || info.ModTime().Before(before)) {
				errs = append(errs, f.Root.Remove(p))
			}
		}
		return nil
	})
	return errors.Join(append(errs, walked)...)
}
