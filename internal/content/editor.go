package content

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/problem"
)

// An Editor writes status posts into a source. The command line, the pages and
// the API of agents all write through it.
type Editor struct {
	Source  *source.Source
	Library *Library
	Now     time.Time
}

// Written is a post after a change.
type Written struct {
	ID   string
	Path string
	Hash string // of all files of the post: the ETag of the next change; "" when the post is gone
	Text []byte // of its own file; nil when the post is gone
}

// Errors of an Editor beside those of the packages source and edit.
var (
	ErrNoPost   = errors.New("there is no post of this id")
	ErrWhich    = errors.New("more than one post is open; say which one")
	ErrNoneOpen = errors.New("no post is open")
	ErrNoChange = errors.New("no post was changed")
	ErrSameTime = errors.New("more than one post was changed in that minute; say which one")
)

func (e *Editor) config() status.Config { return e.Library.StatusConfig(e.Now) }

// signed returns the source, which signs commits in the site's name.
func (e *Editor) signed() *source.Source {
	host := ""
	if u, err := url.Parse(e.Library.Site.URL); err == nil {
		host = u.Hostname()
	}
	e.Source.SetAuthor(e.Library.Site.Name, host)
	return e.Source
}

// New writes a new post.
func (e *Editor) New(d edit.Draft) (Written, error) {
	if err := e.checkHelp(d.Help); err != nil {
		return Written{}, err
	}
	const tries = 5
	var refused []string
	for range tries {
		files, err := edit.NewPost(d, func(id string) bool { return e.taken(id, refused) }, e.Now, e.config())
		if err != nil {
			return Written{}, err
		}
		err = e.save(PostFiles{}, files)
		if errors.Is(err, source.ErrConflict) { // another post of that name, this very moment
			refused = append(refused, files.Path)
			continue
		}
		if err != nil {
			return Written{}, err
		}
		return e.written(files), nil
	}
	return Written{}, source.ErrConflict
}

// checkHelp refuses articles that do not exist.
func (e *Editor) checkHelp(help []string) error {
	for _, slug := range status.Words(help) {
		if e.Library.Named(slug) != nil || e.Library.broken[strings.ToLower(slug)] {
			continue
		}
		var slugs []string
		for _, a := range e.Library.Articles {
			slugs = append(slugs, a.Slug)
		}
		err := fmt.Errorf("there is no article %q", slug)
		if hint := problem.DidYouMean(slug, slugs); hint != "" {
			err = fmt.Errorf("%w (%s)", err, hint)
		}
		return err
	}
	return nil
}

// taken reports whether a post id is in use, also by a file that could not be
// loaded.
func (e *Editor) taken(id string, refused []string) bool {
	if e.Library.Board.Post(id) != nil {
		return true
	}
	suffix := "/" + strings.ToLower(id) + ".md"
	for _, file := range refused {
		if strings.HasSuffix(strings.ToLower(file), suffix) {
			return true
		}
	}
	found := false
	fs.WalkDir(e.Source.FS(), "status", func(p string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(strings.ToLower(p), suffix) {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// written describes a post that was just written.
func (e *Editor) written(f edit.Files) Written {
	w := Written{Path: f.Path, Hash: hashOfFiles(f), Text: f.Data}
	if p, _ := f.Parse(e.config()); p != nil {
		w.ID = p.ID
	}
	return w
}

// Add writes an update. id "" means the one open incident or maintenance.
// match is the hash of the version that the writer saw; "" takes the files as
// they are. A stale match is [source.ErrConflict].
func (e *Editor) Add(id string, a edit.Addition, match string) (Written, error) {
	if err := e.checkHelp([]string{a.Facts["help"]}); err != nil {
		return Written{}, err
	}
	return e.change(id, match, func(f edit.Files) (edit.Files, error) {
		if a.State.Closes() {
			return edit.Resolve(f, a, e.values, e.Now, e.config())
		}
		return edit.AppendUpdate(f, a, e.Now, e.config())
	})
}

// Resolve closes a post; see [edit.Resolve].
func (e *Editor) Resolve(id string, a edit.Addition, match string) (Written, error) {
	return e.change(id, match, func(f edit.Files) (edit.Files, error) {
		return edit.Resolve(f, a, e.values, e.Now, e.config())
	})
}

// Edit replaces texts of an update and marks it as edited.
func (e *Editor) Edit(id string, c edit.Correction, match string) (Written, error) {
	return e.change(id, match, func(f edit.Files) (edit.Files, error) { return edit.Edit(f, c, e.Now, e.config()) })
}

// Revise changes what a post says outside of its updates; see [edit.Revise].
func (e *Editor) Revise(id string, r edit.Revision, match string) (Written, error) {
	if err := e.checkHelp([]string{r.Facts["help"]}); err != nil {
		return Written{}, err
	}
	return e.change(id, match, func(f edit.Files) (edit.Files, error) { return edit.Revise(f, r, e.Now, e.config()) })
}

// Undone is how long ago a change may be that is undone without naming its post.
const Undone = 24 * time.Hour

// Undo takes the latest update away, and the whole post when it has no other.
// Without an id it is the post that was changed last, whatever its state, in the
// time that [Undone] says.
func (e *Editor) Undo(id, match string) (Written, error) {
	if id == "" {
		var err error
		if id, err = e.lastChanged(); err != nil {
			return Written{}, err
		}
	}
	w, err := e.change(id, match, func(f edit.Files) (edit.Files, error) { return edit.Undo(f, e.config()) })
	if !errors.Is(err, edit.ErrLastUpdate) {
		return w, err
	}
	post, err := e.Post(id)
	if err != nil {
		return Written{}, err
	}
	old, err := e.read(post, match)
	if err != nil {
		return Written{}, err
	}
	return Written{ID: post.ID, Path: post.Path}, e.save(old, edit.Files{Path: post.Path})
}

// values are what closing a post writes in place of its variables.
func (e *Editor) values(lang string) markdown.Lookup {
	return (&Reader{Library: e.Library, Lang: lang}).Value
}

func (e *Editor) change(id, match string, do func(edit.Files) (edit.Files, error)) (Written, error) {
	post, err := e.Post(id)
	if err != nil {
		return Written{}, err
	}
	old, err := e.read(post, match)
	if err != nil {
		return Written{}, err
	}
	files, err := do(old.Files)
	if err != nil {
		return Written{}, err
	}
	if post.Closed() { // what is added to the archive keeps its values too
		files = edit.Keep(files, e.values, e.config())
	}
	if err := e.save(old, files); err != nil {
		return Written{}, err
	}
	return e.written(files), nil
}

// Post returns the post with an id, or the one that is open or planned.
func (e *Editor) Post(id string) (*status.Post, error) {
	if id != "" {
		if p := e.Library.Board.Post(id); p != nil {
			return p, nil
		}
		var ids []string
		for _, p := range e.Library.Board.Posts {
			ids = append(ids, p.ID)
		}
		if hint := problem.DidYouMean(id, ids); hint != "" {
			return nil, fmt.Errorf("%w: %q (%s)", ErrNoPost, id, hint)
		}
		return nil, fmt.Errorf("%w: %q", ErrNoPost, id)
	}
	now := e.Library.Board.At(e.Now)
	open := append(now.Open(), now.InProgress()...)
	if len(open) == 0 {
		open = append(open, now.Upcoming()...)
	}
	if len(open) == 0 {
		open = append(open, now.Notices()...)
	}
	switch len(open) {
	case 0:
		return nil, e.noneOpen(now)
	case 1:
		return open[0].Post, nil
	}
	var ids []string
	for _, p := range open {
		ids = append(ids, p.ID)
	}
	return nil, fmt.Errorf("%w: %s", ErrWhich, strings.Join(ids, ", "))
}

func (e *Editor) lastChanged() (string, error) {
	var last []string
	latest := e.Now.Add(-Undone)
	for _, p := range e.Library.Board.At(e.Now).Posts {
		switch p.Changed.Compare(latest) {
		case 1:
			last, latest = []string{p.ID}, p.Changed
		case 0:
			last = append(last, p.ID)
		}
	}
	switch len(last) {
	case 0:
		return "", fmt.Errorf("%w in the last 24 hours; name the post", ErrNoChange)
	case 1:
		return last[0], nil
	}
	return "", fmt.Errorf("%w: %s", ErrSameTime, strings.Join(last, ", "))
}

// noneOpen names the post that was probably meant: the one changed last.
func (e *Editor) noneOpen(s *status.BoardState) error {
	var last status.PostState
	for _, p := range s.Posts {
		if p.Changed.After(last.Changed) {
			last = p
		}
	}
	if last.Post == nil {
		return ErrNoneOpen
	}
	return fmt.Errorf("%w; the latest is %s", ErrNoneOpen, last.ID)
}
