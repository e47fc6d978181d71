// Package durable puts files on the disk so that they outlive a crash, and keeps
// processes of one machine from writing the same place at once.
//
// [WriteFile] replaces a file and [Create] makes one; [WriteTo] takes what is
// written bit by bit, [WriteCache] what can be made anew; a [Folder] writes below
// an [os.Root]. [Lock] and [TryLock] take a lock that ends with the process at
// the latest. [Sweep] removes what a crash left.
//
// It guarantees that
//   - after a crash, a file has its old bytes or its new ones, never a part;
//   - when a function returns without an error, the bytes and the file's name are
//     on the disk, as far as the file system can tell;
//   - temporary files lie beside their target, begin with a full stop and can be
//     told apart from all others by [IsTemporary].
package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// suffix ends the name of every temporary file.
const suffix = ".signpost-tmp"

// IsTemporary reports whether a path names a temporary file of this package.
func IsTemporary(name string) bool {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, suffix)
}

// Temporary returns a new name beside name for which [IsTemporary] holds, with the
// separator that name has.
func Temporary(name string) string {
	i := strings.LastIndexAny(name, `/\`) + 1
	return fmt.Sprintf("%s.%s.%016x%s", name[:i], name[i:], rand.Uint64(), suffix)
}

// WriteFile replaces the file name, or makes it with the permissions perm
// (before the process's umask). Its folder must exist. A file that is replaced
// does not keep its permissions.
func WriteFile(name string, data []byte, perm fs.FileMode) error {
	return write(files{}, name, bytesOf(data), perm, os.Rename)
}

// WriteTo is [WriteFile] for what content writes. When content fails, its error
// is returned and the file stays as it was.
func WriteTo(name string, perm fs.FileMode, content func(io.Writer) error) error {
	return write(files{}, name, content, perm, os.Rename)
}

// WriteCache replaces a file whole or not at all, like [WriteFile], but leaves it
// to the system when the bytes reach the disk: for thousands of files that can be
// made anew. After a crash of the machine the file may be empty.
func WriteCache(name string, data []byte, perm fs.FileMode) error {
	tmp := Temporary(name)
	err := os.WriteFile(tmp, data, perm)
	if err == nil {
		err = os.Rename(tmp, name)
	}
	if err != nil {
		os.Remove(tmp)
	}
	return err
}

func bytesOf(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// Create makes the file name. It never replaces one: the error is then
// [fs.ErrExist], and the file is the other writer's.
func Create(name string, data []byte, perm fs.FileMode) error {
	return write(files{}, name, bytesOf(data), perm, func(from, to string) error {
		if err := os.Link(from, to); err != nil {
			return err
		}
		return os.Remove(from)
	})
}

// opener is what [os.Root] and the package os have in common.
type opener interface {
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	Remove(name string) error
}

// files are those of the operating system, by their full names.
type files struct{}

func (files) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}
func (files) Remove(name string) error { return os.Remove(name) }

func write(in opener, name string, content func(io.Writer) error, perm fs.FileMode, move func(from, to string) error) error {
	tmp, err := stage(in, name, content, perm)
	if err != nil {
		return err
	}
	if err := move(tmp, name); err != nil {
		in.Remove(tmp)
		return err
	}
	syncFolder(in, filepath.Dir(name))
	return nil
}

// stage writes content into a temporary file beside name, flushes it and returns
// its name.
func stage(in opener, name string, content func(io.Writer) error, perm fs.FileMode) (string, error) {
	tmp := Temporary(name)
	f, err := in.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return "", err
	}
	if err = content(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		in.Remove(tmp)
		return "", err
	}
	return tmp, nil
}

// syncFolder flushes the names in a folder. Not every file system can, and what
// was renamed is renamed either way.
func syncFolder(in opener, dir string) {
	if d, err := in.OpenFile(dir, os.O_RDONLY, 0); err == nil {
		d.Sync()
		d.Close()
	}
}

// Sweep removes the temporary files in dir and below that a crash left: those last
// changed before an instant, or all when it is zero. A writer at work has its files
// for moments only, so an hour ago is safe while others write.
func Sweep(dir string, before time.Time) error {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	return Folder{root}.Sweep(before)
}
