package content

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/source"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// A class is what a file is, by its place in the folder.
type class int

const (
	unknown class = iota
	siteFileClass
	providerFile
	synonymsFile
	textFile  // help/<category>/<slug>/<language>.md
	partFile  // help/parts/<name>/<language>.md
	assetFile // beside a text or part, or named by the theme
	postFile  // status/**/*.md
	listFile  // a list of domains that a provider names
)

// An entry is one file as it is in the folder and as it was when it was good.
type entry struct {
	path  string
	class class
	dir   string // folder of a text, part or asset
	lang  string // of a text or part
	data  []byte
	good  []byte // the last good version; nil when there is none
	gone  bool   // the file is not in the folder; only good is there
}

// classify tells from the path what a file is.
func classify(p string) (c class, lang string) {
	parts := strings.Split(p, "/")
	name := parts[len(parts)-1]
	markdownFile := strings.HasSuffix(name, ".md")
	switch {
	case p == sitePath:
		return siteFileClass, ""
	case p == "synonyms.txt":
		return synonymsFile, ""
	case parts[0] == "providers" && len(parts) == 2 && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")):
		return providerFile, ""
	case parts[0] == "providers" && strings.HasSuffix(name, ".txt"):
		return listFile, ""
	case parts[0] == "status" && len(parts) >= 2 && markdownFile:
		return postFile, ""
	case parts[0] == "help" && len(parts) == 4 && markdownFile:
		if parts[1] == "parts" {
			return partFile, strings.TrimSuffix(name, ".md")
		}
		return textFile, strings.TrimSuffix(name, ".md")
	case parts[0] == "help" && len(parts) == 4 && fileType(name) != "",
		parts[0] != "help" && parts[0] != "status" && parts[0] != "providers" && (fileType(name) != "" || strings.HasSuffix(name, ".css")):
		return assetFile, ""
	}
	return unknown, ""
}

// sizeLimit is how large a file of a class may be.
func sizeLimit(c class) int64 {
	switch c {
	case assetFile, listFile:
		return maxFile
	case siteFileClass, providerFile:
		return yamldoc.MaxSize
	default:
		return markdown.MaxSize
	}
}

// A reading is a file as it was read the last time.
type reading struct {
	size    int64
	changed time.Time
	data    []byte
	at      time.Time
}

// settled is how old a change must be before a file of the same size and time
// is taken for the same: file systems count time in steps.
const settled = 2 * time.Second

// readFile reads a file, unless it lies on a disk and is as it was the last
// time. Files of a commit all have the commit's time.
func (ld *Loader) readFile(fsys fs.FS, p string, d fs.DirEntry, now time.Time) ([]byte, error) {
	c, _ := classify(p)
	if !d.Type().IsRegular() {
		return source.ReadFile(fsys, p, sizeLimit(c))
	}
	info, err := d.Info()
	if err != nil {
		return nil, err
	}
	last, known := ld.read[p]
	changed := info.ModTime()
	if !known || last.size != info.Size() || !last.changed.Equal(changed) || info.Sys() == nil || last.at.Before(changed.Add(settled)) {
		last = reading{size: info.Size(), changed: changed, at: now}
		if last.data, err = source.ReadFile(fsys, p, sizeLimit(c)); err != nil {
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
		c, lang := classify(p)
		if c == unknown {
			if notContent(p) {
				return nil
			}
			problems.Warnf(p, 0, hintForUnknown(p), "this file is not used")
			return nil
		}
		e := &entry{path: p, class: c, dir: path.Dir(p), lang: lang}
		e.good, _ = mem.lastGood(p)
		e.data, err = ld.readFile(fsys, p, d, now)
		if err == nil && c == assetFile {
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

// keepGood keeps the last good files of a folder that cannot be read.
func keepGood(entries map[string]*entry, mem *Memory, dir string) {
	for _, p := range mem.paths() {
		if p == dir || strings.HasPrefix(p, dir+"/") || dir == "." {
			if entries[p] == nil {
				entries[p] = goodEntry(p, mem)
			}
		}
	}
}

func goodEntry(p string, mem *Memory) *entry {
	c, lang := classify(p)
	data, _ := mem.lastGood(p)
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
	case strings.Contains(err.Error(), "escapes"):
		return "links may not lead out of the content folder; copy the file into it"
	}
	return "check who may read it"
}

// notContent names what may lie at the top of a folder without being content.
func notContent(p string) bool {
	return !strings.Contains(p, "/") &&
		(strings.HasPrefix(p, "README") || strings.HasPrefix(p, "LICENSE") || strings.HasPrefix(p, "CONTRIBUTING") || path.Ext(p) == ".go")
}

func hintForUnknown(p string) string {
	parts := strings.Split(p, "/")
	switch parts[0] {
	case "help":
		return "articles are help/CATEGORY/SLUG/LANGUAGE.md, with " + strings.Join(fileExtensions(), " ") + " files beside them"
	case "status":
		return "posts are status/YEAR/NAME.md"
	case "providers":
		return "a provider is providers/NAME.yaml"
	}
	return problem.DidYouMean(p, []string{sitePath, "synonyms.txt"})
}

func fileExtensions() []string {
	var list []string
	for ext := range fileTypes {
		list = append(list, ext)
	}
	slices.Sort(list)
	return list
}

// articleFolder reports whether dir can hold an article, and its names.
func articleFolder(dir string) (category, slug string, ok bool) {
	parts := strings.Split(dir, "/")
	if len(parts) != 3 || parts[0] != "help" || parts[1] == "parts" {
		return "", "", false
	}
	return parts[1], parts[2], true
}

func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && !article.IsSlug(s)
}
