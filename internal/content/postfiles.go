package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"signpost/internal/content/layout"
	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
)

// PostFiles are the files of a post as they are stored at one moment.
type PostFiles struct {
	edit.Files
	Hash string // of all of them: the ETag of the post

	hashes map[string]string // by path
	broken []string          // paths of texts in other languages that cannot be read
}

// ReadPost reads the files of a post as they are now. A text in another language
// with errors is left alone: it holds back itself only.
func ReadPost(src *source.Source, p *status.Post, cfg status.Config) (PostFiles, error) {
	f := PostFiles{Files: edit.Files{Path: p.Path}, hashes: map[string]string{}}
	limit := layout.SizeLimit(layout.Post)
	fsys := src.FS()
	var err error
	if f.Data, err = source.ReadFile(fsys, p.Path, limit); err != nil {
		return PostFiles{}, notThere(p.Path, err)
	}
	f.hashes[p.Path] = source.Hash(f.Data)
	entries, err := fs.ReadDir(fsys, path.Dir(p.Path))
	if err != nil {
		return PostFiles{}, notThere(p.Path, err)
	}
	own, _ := status.Parse(p.Path, f.Data, cfg)
	for _, d := range entries {
		name := path.Join(path.Dir(p.Path), d.Name())
		post, lang, ok := status.TranslationOf(name)
		if !ok || post != p.Path {
			continue
		}
		data, err := source.ReadFile(fsys, name, limit)
		if err != nil {
			f.broken = append(f.broken, name)
			continue
		}
		t, _ := status.ParseTranslation(name, data)
		if t == nil || own != nil && own.Translate(t, cfg).HasErrors() {
			f.broken = append(f.broken, name)
			continue
		}
		f.hashes[name] = source.Hash(data)
		if f.Texts == nil {
			f.Texts = map[string][]byte{}
		}
		f.Texts[lang] = data
	}
	f.Hash = hashOfFiles(f.Files)
	return f, nil
}

// hashOfFiles is the version of a post: of its file when that is all, else of all
// of them.
func hashOfFiles(f edit.Files) string {
	list := f.List()
	if len(list) == 1 {
		return source.Hash(f.Data)
	}
	var all strings.Builder
	for _, file := range list {
		fmt.Fprintf(&all, "%s %s\n", source.Hash(file.Data), file.Path)
	}
	return source.Hash([]byte(all.String()))
}

// read returns the files of a post; a match that is not their hash is
// [source.ErrConflict].
func (e *Editor) read(p *status.Post, match string) (PostFiles, error) {
	f, err := ReadPost(e.Source, p, e.config())
	if err == nil && match != "" && match != f.Hash {
		err = fmt.Errorf("%s: %w", p.Path, source.ErrConflict)
	}
	return f, err
}

// save stores what has changed of a post, all or nothing. Without data the post goes, with all
// of its texts.
func (e *Editor) save(old PostFiles, f edit.Files) error {
	keep := map[string][]byte{}
	if f.Data != nil {
		for _, file := range f.List() {
			keep[file.Path] = file.Data
			if slices.Contains(old.broken, file.Path) {
				return fmt.Errorf("%s has errors and has to be put right first", file.Path)
			}
		}
	}
	var changes []source.Change
	for _, file := range f.List() { // the post itself first
		data, stays := keep[file.Path]
		if stays && old.hashes[file.Path] != source.Hash(data) {
			changes = append(changes, source.Change{Path: file.Path, Expected: old.hashes[file.Path], Data: data})
		}
	}
	for _, file := range old.List() {
		if _, stays := keep[file.Path]; !stays && old.hashes[file.Path] != "" {
			changes = append(changes, source.Change{Path: file.Path, Expected: old.hashes[file.Path]})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return e.signed().Write(changes)
}

// notThere says of a file that was loaded and is missing now that someone else
// took it away.
func notThere(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &change.Error{Reason: change.Conflict, Path: name, Err: errors.New("it is gone")}
	}
	return change.Classify(name, err)
}
