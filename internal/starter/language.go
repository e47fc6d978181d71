package starter

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// sharedKey is a line of front matter that holds for all languages of an article.
var sharedKey = regexp.MustCompile(`^(id|platforms|services|needs|was|kind|state|publish|review|rev):`)

// languageFile is a text, or a picture in one language.
var languageFile = regexp.MustCompile(`^help/.*(?:/([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.md|\.([a-z]{2,3})\.(?:svg|png))$`)

// languageOf returns the language of a file, "" when it is for all.
func languageOf(name string) string {
	m := languageFile.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

// complete reports whether every article has a text in one of the languages.
func complete(files map[string][]byte, languages []string) bool {
	has := map[string]bool{}
	for name, data := range files {
		lang := languageOf(name)
		if lang == "" || !strings.HasSuffix(name, ".md") {
			continue
		}
		_, body := cutFront(string(data))
		dir := path.Dir(name)
		has[dir] = has[dir] || slices.Contains(languages, lang) && strings.TrimSpace(body) != ""
	}
	for _, ok := range has {
		if !ok {
			return false
		}
	}
	return true
}

// inLanguages keeps the texts and pictures of the site's languages, in one of
// which every article has a text. What an article says for all languages moves
// to the first of them.
func inLanguages(files map[string][]byte, languages []string) {
	shared := map[string][]string{} // by folder, of files that go
	for name, data := range files {
		if lang := languageOf(name); lang == "" || slices.Contains(languages, lang) {
			continue
		}
		if dir := path.Dir(name); strings.HasSuffix(name, ".md") && !strings.HasPrefix(name, "help/parts/") {
			if front, _ := cutFront(string(data)); hasID(front) {
				shared[dir] = slices.DeleteFunc(front, func(l string) bool { return !sharedKey.MatchString(l) })
			}
		}
		delete(files, name)
	}
	for dir, keys := range shared {
		move(files, dir, keys, languages)
	}
}

func hasID(front []string) bool {
	return slices.ContainsFunc(front, func(l string) bool { return strings.HasPrefix(l, "id:") })
}

// move puts the shared keys into the first file of a folder that has a text.
func move(files map[string][]byte, dir string, keys, languages []string) {
	for _, lang := range languages {
		name := dir + "/" + lang + ".md"
		front, body := cutFront(string(files[name]))
		if strings.TrimSpace(body) == "" {
			continue
		}
		front = slices.DeleteFunc(front, func(l string) bool { return strings.HasPrefix(l, "of:") })
		files[name] = []byte("---\n" + strings.Join(append(slices.Clone(keys), front...), "\n") + "\n---\n" + body)
		return
	}
}

// cutFront returns the lines between the "---" lines of a text, and the rest.
func cutFront(text string) (front []string, body string) {
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !ok {
		return nil, text
	}
	return strings.Split(head, "\n"), body
}
