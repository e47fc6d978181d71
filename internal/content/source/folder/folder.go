// Package folder is content in a folder of this machine. It knows a place, not
// the folder that was there once: [Open] takes a name, and what the name means is
// looked up whenever something is read ([Folder.Files]), watched ([Folder.Watch])
// or written ([Folder.Write]).
//
// It guarantees that
//   - a folder that is renamed away and replaced, deleted and made again, mounted
//     over, or reached through a symbolic link that is changed, is followed;
//   - links to files and folders inside are followed as if these lay there, and no
//     link leads out or in a circle;
//   - of several changes, all are made or none, also when the machine stops
//     (a journal, see journal.go);
//   - a write is only done when it is in the folder that the name means then;
//   - a folder that a tool rewrites is never written, see [Managed].
package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"signpost/internal/content/source/change"
	"signpost/internal/durable"
)

// A Folder is content in a place of the file system. Its methods may be called
// at the same time.
type Folder struct {
	name string // as it was given, for people
	dir  string // the same, absolute

	mu      sync.Mutex
	now     *Files     // the place when it was last looked at
	writing sync.Mutex // one writer in this process
}

// Open returns the content at a place. A folder that is missing, empty or cannot
// be read is an error: nothing else stands in for it. Changes that a crash broke
// off are completed or undone.
func Open(name string) (*Folder, error) {
	dir, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	f := &Folder{name: name, dir: dir}
	if _, err := f.Files(); err != nil {
		return nil, err
	}
	return f, f.recover()
}

// Dir returns the absolute path of the place.
func (f *Folder) Dir() string { return f.dir }

// Close gives the folder back.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now.root.Close()
}

// Files returns the files that the name means now. They stay those of this
// folder, even when it is moved away while they are read. The error has the
// reason [change.Gone] or [change.Permission]; the files of before are then
// returned beside it, nil when there never were any.
func (f *Folder) Files() (*Files, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, err := f.look()
	if err != nil {
		return f.now, err
	}
	f.now = now // the system closes the folder of before when nobody reads it any more
	return now, nil
}

// look opens the place, unless it is the one of before. The caller holds mu.
func (f *Folder) look() (*Files, error) {
	info, err := os.Stat(f.dir)
	if err != nil {
		return nil, f.gone(err)
	}
	now := f.now
	if now == nil || !os.SameFile(info, now.info) {
		root, err := os.OpenRoot(f.dir)
		if err != nil {
			return nil, f.gone(err)
		}
		if info, err = root.Stat("."); err != nil {
			root.Close()
			return nil, f.gone(err)
		}
		now = newFiles(root, info)
	}
	empty, err := now.empty()
	if err == nil && empty {
		err = errEmpty
	}
	if err != nil {
		if now != f.now {
			now.root.Close()
		}
		return nil, f.gone(err)
	}
	return now, nil
}

var errEmpty = errors.New("it is empty")

// gone says why the place cannot be read.
func (f *Folder) gone(err error) error {
	e := &change.Error{Reason: change.Gone, Err: err}
	switch {
	case errors.Is(err, errEmpty):
		e.Advice = fmt.Sprintf("put the content back into %s; \"signpost init %s\" starts a new site there", f.name, f.name)
	case errors.Is(err, fs.ErrNotExist):
		e.Err = errors.New("it is missing")
		e.Advice = fmt.Sprintf("put the folder back at %s, or name another one with --content", f.name)
	case errors.Is(err, fs.ErrPermission):
		e.Advice = fmt.Sprintf("let the user of this program read %s", f.name)
	}
	return e
}

// isStill reports whether the name means the folder that files are of.
func (f *Folder) isStill(files *Files) bool {
	info, err := os.Stat(f.dir)
	return err == nil && os.SameFile(info, files.info)
}

// Managed says which tool replaces the folder as a whole, so that what is
// written there is lost with its next run; "" when no tool is known to.
func (f *Folder) Managed() string {
	files, err := f.Files()
	if err != nil {
		return ""
	}
	return f.managed(files)
}

func (f *Folder) managed(files *Files) string {
	// Kubernetes makes ..data point to a folder beside it and each entry to
	// ..data/NAME, and flips ..data when the ConfigMap or Secret changes.
	if info, err := files.root.Lstat("..data"); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "Kubernetes (a ConfigMap or Secret)"
	}
	real, err := filepath.EvalSymlinks(f.dir)
	if err != nil || real == f.dir {
		return ""
	}
	for part := range strings.SplitSeq(filepath.ToSlash(real), "/") {
		switch {
		case strings.HasPrefix(part, "..") && len(part) > 2:
			return "Kubernetes (a ConfigMap or Secret)"
		case part == ".worktrees", isCommit(part):
			return "git-sync"
		}
	}
	return ""
}

// isCommit reports whether a folder is named after a commit, as git-sync does:
// the hash, or rev- and a hash.
func isCommit(name string) bool {
	hash, rev := strings.CutPrefix(name, "rev-")
	if len(hash) != 40 && len(hash) != 64 && (!rev || len(hash) < 6) {
		return false
	}
	return strings.Trim(hash, "0123456789abcdef") == ""
}

// Writable returns why nothing can be written now, nil when it seems possible:
// a temporary file is made and removed.
func (f *Folder) Writable() error {
	files, err := f.Files()
	if err != nil {
		return err
	}
	if err := f.unmanaged(files); err != nil {
		return err
	}
	for _, dir := range []string{".", "status"} {
		if _, err := files.root.Stat(dir); dir != "." && err != nil {
			continue // it is made when it is needed
		}
		if err := files.probe(dir); err != nil {
			return f.explain(change.Classify("", err))
		}
	}
	return nil
}

func (f *Folder) unmanaged(files *Files) error {
	tool := f.managed(files)
	if tool == "" {
		return nil
	}
	return &change.Error{
		Reason: change.ReadOnly, Err: fmt.Errorf("%s replaces the folder as a whole", tool),
		Advice: "let the server pull the repository itself, with --content git+https://…, or serve a folder that only people write",
	}
}

// explain adds what to do in this place.
func (f *Folder) explain(err error) error {
	var e *change.Error
	if !errors.As(err, &e) || e.Advice != "" {
		return err
	}
	switch e.Reason {
	case change.ReadOnly:
		e.Advice = fmt.Sprintf("%s is on a read-only file system for this program: mount it without \"ro\"; for a service of systemd add ReadWritePaths=%s", f.name, f.dir)
	case change.Permission:
		e.Advice = fmt.Sprintf("give the user %d write access to %s and all folders in it", os.Geteuid(), f.name)
	}
	return err
}

// probe makes a file in a folder and removes it.
func (v *Files) probe(dir string) error {
	name := path.Join(dir, durable.Temporary("probe"))
	file, err := v.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	file.Close()
	if err := v.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// empty reports whether there is nothing but hidden files.
func (v *Files) empty() (bool, error) {
	d, err := v.root.Open(".")
	if err != nil {
		return false, err
	}
	defer d.Close()
	for {
		entries, err := d.ReadDir(64)
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), ".") {
				return false, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}
