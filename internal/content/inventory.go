package content

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/layout"
	"signpost/internal/content/source"
	"signpost/internal/content/source/gitrepo"
	"signpost/internal/content/source/links"
	"signpost/internal/problem"
)

// An entry is one file as it is in the folder and as it was when it was good.
type entry struct {
	path  string
	class layout.Class
	dir   string // folder of a text, part or asset
	lang  string // of a text or part
	data  []byte
	good  []byte // the last good version; nil when there is none
	gone  bool   // the file is not in the folder; only good is there
}

// A reading is a file as it was read the last time.
type reading struct {
	info fs.FileInfo
	data []byte
	at   time.Time
}

// settled is how old a change must be before a file of the same size and time
// is taken for the same: file systems count time in steps.
const settled = 2 * time.Second

// readFile reads a file, unless it lies on a disk and is the very one of the last
// time, of the same size and time. Files of a commit all have the commit's time.
func (ld *Loader) readFile(fsys fs.FS, p string, d fs.DirEntry, now time.Time) ([]byte, error) {
	c, _ := layout.Classify(p)
	if !d.Type().IsRegular() {
		return source.ReadFile(fsys, p, layout.SizeLimit(c))
	}
	info, err := d.Info()
	if err != nil {
		return nil, err
	}
	last, known := ld.read[p]
	changed := info.ModTime()
	if !known || last.info.Size() != info.Size() || !last.info.ModTime().Equal(changed) || info.Sys() == nil || !os.SameFile(last.info, info) ||
		last.at.Before(changed.Add(settled)) {
		last = reading{info: info, at: now}
		if last.data, err = source.ReadFile(fsys, p, layout.SizeLimit(c)); err != nil {
			return nil, err
		}
	}
	ld.reads[p] = last
	return last.data, nil
}

// inventory reads every file of the folder. What cannot be read is a problem.
func (ld *Loader) inventory(fsys fs.FS, now time.Time) (map[string]*entry, problem.List) {
	mem := ld.mem
	entries := map[string]*entry{}
	ld.reads = make(map[string]reading, len(ld.read))
	defer func() { ld.read, ld.reads = ld.reads, nil }()
	var problems problem.List
	assets := int64(0)
	fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			problems.Errorf(p, 0, "check who may read it", "this folder cannot be read: %s", plain(err))
			keepGood(entries, mem, p)
			return nil
		}
		if p != "." && strings.HasPrefix(path.Base(p), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		c, lang := layout.Classify(p)
		if !d.Type().IsRegular() {
			_, err := d.Info()
			if err == nil {
				err = errors.New("this is neither a file nor a folder")
			}
			problems.Errorf(p, 0, hintForUnreadable(err), "this is left out: %s", plain(err))
			if good := goodEntry(p, mem); c != layout.Unknown && good.data != nil {
				good.gone = false
				entries[p] = good
			}
			return nil
		}
		if c == layout.Unknown {
			if layout.NotContent(p) {
				return nil
			}
			problems.Warnf(p, 0, layout.Hint(p), "this file is not used")
			return nil
		}
		e := &entry{path: p, class: c, dir: path.Dir(p), lang: lang}
		if e.good, _ = mem.Get(p); isPointer(e.good) {
			e.good = nil
		}
		e.data, err = ld.readFile(fsys, p, d, now)
		if err == nil && isPointer(e.data) {
			err = errPointer
		}
		if err == nil && c == layout.Site && len(bytes.TrimSpace(e.data)) == 0 && len(e.good) > 0 {
			err = errEmptied
		}
		if err == nil && c == layout.Asset {
			if assets += int64(len(e.data)); assets > maxAssets {
				err = errors.New("all pictures and attached files together are larger than 512 MiB")
			}
		}
		if err != nil {
			problems.Errorf(p, 0, hintForUnreadable(err), "this file cannot be read: %s", plain(err))
			if e.data = e.good; e.good == nil {
				return nil
			}
		}
		entries[p] = e
		return nil
	})
	return entries, problems
}

// errEmptied says that site.yaml has lost everything, as it does for a moment
// while it is copied. A site without a name, languages and components is not
// what anybody means by it; whoever does deletes the file.
var errEmptied = errors.New("it is empty")

// errPointer says that Git LFS has left its pointer in place of a file.
var errPointer = errors.New("this is a Git LFS pointer, not the file itself")

// isPointer reports whether data is a pointer file of Git LFS (its specification,
// "The Pointer": at most 1024 bytes, the key "version" first), also of the
// versions before 1.0.
func isPointer(data []byte) bool {
	if len(data) >= 1024 {
		return false
	}
	text := string(data)
	return strings.HasPrefix(text, "version http") && strings.Contains(text, "\noid sha256:") && strings.Contains(text, "\nsize ")
}

// keepGood keeps the last good files of a folder that cannot be read.
func keepGood(entries map[string]*entry, mem *lastgood.Store, dir string) {
	for _, p := range mem.Paths() {
		if p == dir || strings.HasPrefix(p, dir+"/") || dir == "." {
			if entries[p] == nil {
				entries[p] = goodEntry(p, mem)
			}
		}
	}
}

func goodEntry(p string, mem *lastgood.Store) *entry {
	c, lang := layout.Classify(p)
	data, _ := mem.Get(p)
	return &entry{path: p, class: c, dir: path.Dir(p), lang: lang, data: data, good: data, gone: true}
}

// plain says what went wrong without repeating the path.
func plain(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

func hintForUnreadable(err error) string {
	switch {
	case errors.Is(err, source.ErrTooLarge):
		return "make it smaller, or split it"
	case errors.Is(err, links.ErrOut):
		return "copy what it leads to into the content folder"
	case errors.Is(err, errPointer):
		return "\"git lfs pull\" fetches the file for a folder; a served repository must hold the file itself: git lfs migrate export"
	case errors.Is(err, gitrepo.ErrSubmodule):
		return "copy its files into the repository, or serve a working tree as a folder"
	case strings.Contains(err.Error(), "link"):
		return "remove the link, or make it lead to a file or folder within the content"
	case strings.Contains(err.Error(), "not a file"), strings.Contains(err.Error(), "neither"):
		return "remove it from the content folder"
	}
	return "check who may read it"
}

func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && !article.IsSlug(s)
}
