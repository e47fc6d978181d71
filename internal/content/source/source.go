// Package source says where content is: in the program itself ([Embedded]), in
// a folder ([Folder]) or in a Git repository ([Git]). A [Source] is read through
// an fs.FS, tells when something changes, and is written through
// [Source.Write] alone.
//
// It guarantees that
//   - no path and no symbolic link leads out of the content (os.Root);
//   - changes are made together or not at all: one commit, or a journal in a folder;
//   - of two writers that started from the same version, one gets [ErrConflict],
//     and every other failure has a reason too, see package change;
//   - a change is noticed, if not by the system's notification then by a poll;
//   - what was written for a repository is on the local disk before the writer
//     is told so, is shown at once, and is pushed as a commit of its own, later
//     when the repository is gone; replicas that write at once lose nothing;
//   - what was written is not lost with an older copy of the content, see package
//     ledger.
package source

import (
	"context"
	"io/fs"
	"maps"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"signpost/internal/content/source/change"
	"signpost/internal/content/source/folder"
	"signpost/internal/content/source/gitrepo"
	"signpost/internal/content/source/ledger"
	"signpost/internal/problem"
)

// A Change is what becomes of one file; see [change.Change].
type Change = change.Change

// Errors of Write, by their reason: see [change.Reason].
var (
	// ErrReadOnly says that this source cannot be written.
	ErrReadOnly error = change.ReadOnly
	// ErrConflict says that a file is not the version the writer started from.
	ErrConflict error = change.Conflict
)

// A Source is one place where content is. Its methods may be called at the
// same time.
type Source struct {
	name   string
	fsys   fs.FS           // of embedded content
	folder *folder.Folder  // nil unless in a folder
	git    *clone          // nil unless Git
	past   gitrepo.History // of the articles
	posts  gitrepo.History // of the status posts
	ledger *ledger.Ledger
	now    func() time.Time

	mu      sync.Mutex
	trouble error // of the ledger; nil when what was written last is remembered
}

// Embedded returns the source of files that are part of the program. It never
// changes and cannot be written.
func Embedded(name string, fsys fs.FS) *Source {
	return &Source{name: name, fsys: fsys, ledger: ledger.New(), now: time.Now}
}

// Folder returns the source of the folder that a name means at any time; see
// package folder. A folder that is missing, that cannot be read or that is empty
// is an error: nothing else stands in for it.
func Folder(dir string) (*Source, error) {
	f, err := folder.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Source{name: dir, folder: f, ledger: ledger.New(), now: time.Now}, nil
}

// Name says where the content is, for people.
func (s *Source) Name() string { return s.name }

// Sample reports whether this is the site that comes with the program.
func (s *Source) Sample() bool { return s.folder == nil && s.git == nil }

// Files returns the files as they are now: those of the folder that the name
// means, or of one commit. What was returned stays readable when the content
// moves on. The error says that the place is gone or cannot be read; the files of
// before are then returned beside it.
func (s *Source) Files() (fs.FS, error) {
	switch {
	case s.git != nil:
		return s.git.files(), nil
	case s.folder != nil:
		return s.folder.Files()
	}
	return s.fsys, nil
}

// FS returns what [Source.Files] does, for those who do not mind old files.
func (s *Source) FS() fs.FS {
	files, _ := s.Files()
	return files
}

// Dir returns the absolute path of the folder, or of a repository's clone, ""
// for embedded content.
func (s *Source) Dir() string {
	switch {
	case s.git != nil:
		return s.git.dir
	case s.folder != nil:
		return s.folder.Dir()
	}
	return ""
}

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
	switch {
	case s.git != nil:
		s.git.close()
	case s.folder != nil:
		return s.folder.Close()
	}
	return nil
}

// Hash is the version of a file; see [change.Hash].
func Hash(data []byte) string { return change.Hash(data) }

// ErrTooLarge says that a file is larger than the reader allows.
var ErrTooLarge = change.ErrTooLarge

// Read returns a file of at most limit bytes and its hash.
func (s *Source) Read(name string, limit int64) (data []byte, hash string, err error) {
	data, err = ReadFile(s.FS(), name, limit)
	if err != nil {
		return nil, "", err
	}
	return data, Hash(data), nil
}

// ReadFile reads a regular file of at most limit bytes.
func ReadFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	return change.ReadFile(fsys, name, limit)
}

// Write makes changes, all or none. It is the only writer. Missing folders are
// made. When a file is not the version that its change was made from, nothing is
// changed and the error is [ErrConflict]; see [change.ReasonOf] for the others.
// When Write returns without one, the changes outlive a crash.
func (s *Source) Write(changes []Change) error {
	if s.Sample() {
		return &change.Error{
			Reason: change.ReadOnly, Path: changes[0].Path,
			Advice: "\"signpost init --sample DIR\" makes a folder that can be written, for --content DIR",
		}
	}
	if err := change.Valid(changes); err != nil {
		return err
	}
	var err error
	if s.git != nil {
		err = s.git.write(changes)
	} else {
		err = s.folder.Write(changes)
	}
	if err != nil {
		return err
	}
	err = s.ledger.Record(changes, s.now())
	s.mu.Lock()
	s.trouble = err // what is written is written: see Problems
	s.mu.Unlock()
	return nil
}

// Writable returns why nothing can be written at present, nil when it seems
// possible. For a folder a temporary file is made and removed.
func (s *Source) Writable() error {
	switch {
	case s.git != nil:
		return s.git.writable()
	case s.folder != nil:
		return s.folder.Writable()
	}
	return &change.Error{Reason: change.ReadOnly, Advice: "\"signpost init --sample DIR\" makes a folder that can be written, for --content DIR"}
}

// Remember keeps what is written from now on in dir, a folder of this source
// alone, and puts what an older copy of the content lacks into lost. Without it,
// what was written is remembered as long as the source is used, and not kept.
func (s *Source) Remember(dir, lost string, now func() time.Time) error {
	l, err := ledger.Open(dir, lost, now())
	if err != nil {
		return err
	}
	s.ledger, s.now = l, now
	return nil
}

// TookBack reports whether a file was removed by Write: nobody misses it.
func (s *Source) TookBack(name string) bool { return s.ledger.TookBack(name) }

// Problems returns what is wrong with the place: posts that files, of this
// source, lack, and what a repository does not take. calm says that nothing else
// is missing from the files. A post has to be missing for the time settle before
// it is told; again, unless zero, is when to ask for it.
func (s *Source) Problems(files fs.FS, calm bool, settle time.Duration) (problems problem.List, again time.Time) {
	v := ledger.View{FS: files, Calm: calm, Mark: func(string) string { return "" }}
	switch at := files.(type) {
	case *folder.Files:
		v.Mark = at.Mark
	case *gitrepo.Files:
		v.Mark = func(string) string { return s.git.history() }
	}
	problems, again = s.ledger.Check(v, s.now(), settle)
	s.mu.Lock()
	if s.trouble != nil {
		problems.Errorf(".", 0, "make room there, or give the program's user access", "posts that are written now are not remembered, and would be lost with an older copy of the content: %v", s.trouble)
	}
	s.mu.Unlock()
	if s.git != nil {
		problems = append(problems, s.git.problems()...)
	}
	return problems, again
}

// Pending reports whether a file has a change that the repository does not have
// yet.
func (s *Source) Pending(name string) bool { return s.git != nil && s.git.waits(name) }

// Watch calls changed after something in the source has changed, soon but not
// more often than every 50 ms, until ctx ends. For a folder the first call is
// made when the watch is set up: what was read before may have changed by then.
func (s *Source) Watch(ctx context.Context, changed func()) {
	switch {
	case s.git != nil:
		s.git.watch(ctx, changed)
	case s.folder != nil:
		s.folder.Watch(ctx, changed)
	default:
		<-ctx.Done()
	}
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
	case s.folder == nil:
		return nil, nil
	default:
		var ok bool
		var err error
		if place, ok, err = gitrepo.WorkingTree(s.folder.Dir()); err != nil || !ok {
			return nil, err
		}
	}
	place.Under = "status"
	dates, err := s.posts.Dates(ctx, place)
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
