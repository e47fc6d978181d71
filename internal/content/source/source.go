// Package source says where content is: in the program itself ([Embedded]), in
// a folder ([Folder]) or in a Git repository ([Git]). A [Source] is read through
// an fs.FS, tells when something changes, and is written through
// [Source.Write] alone.
//
// It guarantees that
//   - no path and no symbolic link leads out of the folder (os.Root);
//   - a file is replaced whole or not at all (temporary file, fsync, rename);
//   - of two writers that started from the same version, one gets [ErrConflict];
//   - a change is noticed, if not by the system's notification then by a poll;
//   - what was written for a repository is on the local disk before the writer
//     is told so, is shown at once, and is pushed as a commit of its own, later
//     when the repository is gone; replicas that write at once lose nothing.
package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"

	"signpost/internal/content/source/gitrepo"
	"signpost/internal/durable"
)

// Errors of Write. They are wrapped with the path.
var (
	// ErrReadOnly says that this source cannot be written.
	ErrReadOnly = errors.New("the content is read-only")
	// ErrConflict says that the file is not the version the writer started from.
	ErrConflict = errors.New("someone else has changed the file meanwhile")
)

// A Source is one place where content is. Its methods may be called at the
// same time.
type Source struct {
	name   string
	fsys   fs.FS
	root   *os.Root // nil when embedded
	dir    string   // absolute
	sample bool
	mu     sync.Mutex      // one writer
	git    *clone          // nil unless Git
	past   gitrepo.History // of the articles

	pastPosts gitrepo.History // of the status posts
}

// Embedded returns the source of files that are part of the program. It never
// changes and cannot be written.
func Embedded(name string, fsys fs.FS) *Source {
	return &Source{name: name, fsys: fsys, sample: true}
}

// Folder returns the source of a folder. A folder that is missing, that cannot
// be read or that is empty is an error: nothing else stands in for it.
func Folder(dir string) (*Source, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("the content folder cannot be opened: %w", err)
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("the content folder cannot be read: %w", err)
	}
	if len(entries) == 0 {
		root.Close()
		return nil, fmt.Errorf("the content folder %s is empty; \"signpost init %s\" starts a site there", dir, dir)
	}
	return &Source{name: dir, fsys: root.FS(), root: root, dir: abs}, nil
}

// Name says where the content is, for people.
func (s *Source) Name() string { return s.name }

// Sample reports whether this is the site that comes with the program.
func (s *Source) Sample() bool { return s.sample }

// FS returns the files as they are now. Those of a repository are one commit's
// and stay as they are.
func (s *Source) FS() fs.FS {
	if s.git != nil {
		return s.git.files()
	}
	return s.fsys
}

// Dir returns the absolute path of the folder, or of a repository's clone, ""
// for embedded content.
func (s *Source) Dir() string { return s.dir }

// SetAuthor says in whose name commits are made: the site's, and a host for the
// address. Only repositories have a use for it.
func (s *Source) SetAuthor(site, host string) {
	if s.git != nil {
		s.git.setAuthor(gitrepo.Author{Site: site, Host: host})
	}
}

// Close gives the folder back, or ends the work on a repository. Watch must
// have been told to end.
func (s *Source) Close() error {
	if s.git != nil {
		s.git.close()
	}
	if s.root == nil {
		return nil
	}
	return s.root.Close()
}

// Hash is the version of a file: the hexadecimal SHA-256 of its bytes. It is
// also the ETag of status posts in the API.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Read returns a file of at most limit bytes and its hash.
func (s *Source) Read(name string, limit int64) (data []byte, hash string, err error) {
	data, err = ReadFile(s.FS(), name, limit)
	if err != nil {
		return nil, "", err
	}
	return data, Hash(data), nil
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

// Write replaces the file at name with data and returns the new version's
// hash. expected is the hash of the version that the change was made from, ""
// for a file that must not exist yet; when it is not what is there now, the
// file stays and the error is [ErrConflict]. Missing folders are made.
func (s *Source) Write(name, expected string, data []byte) (hash string, err error) {
	if s.root == nil && s.git == nil {
		return "", fmt.Errorf("%s: %w: \"signpost init --sample DIR\" makes a folder that can be written, for --content DIR", name, ErrReadOnly)
	}
	if !fs.ValidPath(name) || name == "." {
		return "", fmt.Errorf("%q is not a path within the content", name)
	}
	if s.git != nil {
		if data == nil {
			data = []byte{}
		}
		return Hash(data), s.git.write(name, expected, data)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	held, err := durable.LockFolder(s.dir)
	if err != nil {
		return "", fmt.Errorf("locking the content folder: %w", err)
	}
	defer held.Release()

	current, err := ReadFile(s.fsys, name, 64<<20)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if expected != "" {
			return "", fmt.Errorf("%s: %w: it is gone", name, ErrConflict)
		}
	case err != nil:
		return "", err
	case expected != Hash(current):
		return "", fmt.Errorf("%s: %w", name, ErrConflict)
	}
	if err := (durable.Folder{Root: s.root}).WriteFile(name, data, 0o666); err != nil {
		return "", fmt.Errorf("writing %s: %w", name, err)
	}
	return Hash(data), nil
}

// Remove deletes a file whose version is expected; see [Source.Write].
func (s *Source) Remove(name, expected string) error {
	if s.git != nil {
		return s.git.write(name, expected, nil)
	}
	if s.root == nil {
		return fmt.Errorf("%s: %w", name, ErrReadOnly)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	held, err := durable.LockFolder(s.dir)
	if err != nil {
		return fmt.Errorf("locking the content folder: %w", err)
	}
	defer held.Release()
	current, err := ReadFile(s.fsys, name, 64<<20)
	if err != nil {
		return err
	}
	if expected != Hash(current) {
		return fmt.Errorf("%s: %w", name, ErrConflict)
	}
	return s.root.Remove(name)
}

// Watch calls changed after something in the source has changed, soon but not
// more often than every 50 ms, until ctx ends. For a folder the first call is
// made when the watch is set up: what was read before may have changed by then.
func (s *Source) Watch(ctx context.Context, changed func()) {
	switch {
	case s.git != nil:
		s.git.watch(ctx, changed)
		return
	case s.root == nil:
		<-ctx.Done()
		return
	}
	newWatcher(s).run(ctx, changed)
}

// Dates are when a file was first and last changed; zero: not known.
type Dates = gitrepo.Dates

// Dates returns when the files of articles and status posts were first and last
// changed by a commit, by path; see [gitrepo.History.Dates]. It is nil for
// content that lies in no Git working tree. Going through a long history takes
// seconds; until there is another commit, the answer then comes from memory.
func (s *Source) Dates(ctx context.Context) (map[string]Dates, error) {
	var place gitrepo.Place
	switch {
	case s.git != nil:
		st, err := s.git.state()
		if err != nil {
			return nil, err
		}
		place = gitrepo.Place{Store: gitrepo.Storage(s.git.repo()), Head: plumbing.NewHash(st.Tip)}
	case s.root == nil:
		return nil, nil
	default:
		var ok bool
		var err error
		if place, ok, err = gitrepo.WorkingTree(s.dir); err != nil || !ok {
			return nil, err
		}
	}
	place.Under = "status"
	dates, err := s.pastPosts.Dates(ctx, place)
	if err != nil {
		return nil, err
	}
	place.Under = ""
	articles, err := s.past.Dates(ctx, place)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(dates)
	maps.Copy(all, articles)
	return all, nil
}
