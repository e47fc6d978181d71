// Package change says what is to become of files of a site's content, and why
// that could not be done: a [Change], an [Error] with its [Reason].
//
// [Hash] is the version of a file; [ReadFile] reads one within a limit. Every kind of content (a folder, a Git repository) is
// written by these values.
package change

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// MaxFile is the largest file, in bytes, that is compared with what a writer
// expects.
const MaxFile = 64 << 20

// A Change is what becomes of one file.
type Change struct {
	Path     string // slash-separated, within the content
	Expected string // [Hash] of the version it was made from; "": the file must not exist yet
	Data     []byte // the file's bytes from now on; nil removes it
}

// Valid returns an error for a list that nobody can carry out: none, a path that
// leads out, a path that is named twice, or the removal of a file that must not exist.
func Valid(changes []Change) error {
	seen := map[string]bool{}
	for _, c := range changes {
		switch {
		case !fs.ValidPath(c.Path) || c.Path == ".":
			return fmt.Errorf("%q is not a path within the content", c.Path)
		case seen[c.Path]:
			return fmt.Errorf("%s is changed twice at once", c.Path)
		case c.Data == nil && c.Expected == "":
			return fmt.Errorf("%s: only a version that was read can be removed", c.Path)
		}
		seen[c.Path] = true
	}
	if len(changes) == 0 {
		return errors.New("nothing is to be changed")
	}
	return nil
}

// After returns the hash of the file after the change, "" when it is removed.
func (c Change) After() string {
	if c.Data == nil {
		return ""
	}
	return Hash(c.Data)
}

// Hash is the version of a file: the hexadecimal SHA-256 of its bytes.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ErrTooLarge says that a file is larger than the reader allows.
var ErrTooLarge = errors.New("the file is too large")

// ReadFile reads a regular file of at most limit bytes.
func ReadFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name) // before it is opened: opening a pipe waits for its writer
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("this is not a regular file")}
	}
	if info.Size() > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, info.Size(), limit)}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	b.Grow(int(info.Size()) + 1)
	if _, err := io.Copy(&b, io.LimitReader(f, limit+1)); err != nil {
		return nil, err
	}
	if int64(b.Len()) > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrTooLarge}
	}
	return b.Bytes(), nil
}

// Current returns the file that a change is about as it is in fsys, nil when it
// is missing. The error is a [Conflict] when the file is neither what the change
// was made from nor, with done true, what the change makes of it.
func (c Change) Current(fsys fs.FS) (data []byte, done bool, err error) {
	data, err = ReadFile(fsys, c.Path, MaxFile)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !missing:
		return nil, false, err
	case missing && c.Data == nil:
		return nil, true, nil
	case missing && c.Expected != "":
		return nil, false, &Error{Reason: Conflict, Path: c.Path, Err: errors.New("it is gone")}
	case missing:
		return nil, false, nil
	case c.Data != nil && bytes.Equal(data, c.Data):
		return data, true, nil
	case c.Expected != Hash(data):
		return nil, false, &Error{Reason: Conflict, Path: c.Path}
	}
	return data, false, nil
}
