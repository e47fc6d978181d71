package edit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/problem"
)

// Files are a post as it is stored: its own file, and its texts in other
// languages beside it.
type Files struct {
	Path  string            // of the post's own file, relative to the content folder
	Data  []byte            // of that file
	Texts map[string][]byte // by language; the file of one is status.TranslationPath(Path, lang)
}

// A File is one file of a post.
type File struct {
	Path string
	Data []byte
}

// List returns all files, the post's own first, then by language.
func (f Files) List() []File {
	list := []File{{f.Path, f.Data}}
	for _, lang := range slices.Sorted(maps.Keys(f.Texts)) {
		list = append(list, File{status.TranslationPath(f.Path, lang), f.Texts[lang]})
	}
	return list
}

// with returns the files with another text in a language; nil takes it away.
func (f Files) with(lang string, data []byte) Files {
	f.Texts = maps.Clone(f.Texts)
	if data == nil {
		delete(f.Texts, lang)
		return f
	}
	if f.Texts == nil {
		f.Texts = map[string][]byte{}
	}
	f.Texts[lang] = data
	return f
}

// Parse reads the post with its texts in other languages. The post is nil when
// the problems contain errors, also those of one of its texts.
func (f Files) Parse(cfg status.Config) (*status.Post, problem.List) {
	p, problems := status.Parse(f.Path, f.Data, cfg)
	if p == nil {
		return nil, problems
	}
	for _, file := range f.List()[1:] {
		t, more := status.ParseTranslation(file.Path, file.Data)
		if problems = append(problems, more...); t != nil {
			problems = append(problems, p.Translate(t, cfg)...)
		}
	}
	if problems.HasErrors() {
		return nil, problems
	}
	return p, problems
}

// A Draft is a post to be written: the front matter as it is typed, and the
// first update. Times may also be as RFC 3339 writes them.
type Draft struct {
	status.FrontMatter
	State    status.State    `json:"state,omitempty"` // "": investigating, scheduled or published
	Message  string          `json:"text,omitempty"`  // Markdown
	At       string          `json:"at,omitempty"`    // "": now
	ETA      string          `json:"eta,omitempty"`   // 30m, 30m-45m
	NextIn   string          `json:"next,omitempty"`  // the next update will come in 30m
	Template string          `json:"template,omitempty"`
	Texts    map[string]Text `json:"texts,omitempty" jsonschema:"description=Texts in other languages\\, by language"`
	Force    bool            `json:"force,omitempty" jsonschema:"description=Write moments that cannot be meant"`
}

// A Text is what a post says in another language.
type Text struct {
	status.TextFront
	Message string `json:"text,omitempty"` // Markdown of the first update
}

// An Addition is an update to be written.
type Addition struct {
	State    status.State      `json:"state"`
	Message  string            `json:"text,omitempty"`       // Markdown
	Affects  []string          `json:"components,omitempty"` // imap=ok
	At       string            `json:"at,omitempty"`         // "": now
	ETA      string            `json:"eta,omitempty"`        // 30m, 30m-45m
	Next     string            `json:"next,omitempty"`       // the next update will come in 30m
	Starts   string            `json:"starts,omitempty"`     // scheduled
	Ends     string            `json:"ends,omitempty"`       // scheduled, extended
	Lasts    string            `json:"lasts,omitempty"`      // scheduled, in place of ends
	Corrects string            `json:"corrects,omitempty"`   // id of an earlier update
	Texts    map[string]string `json:"texts,omitempty" jsonschema:"description=Markdown in other languages\\, by language"`
	Facts    map[string]string `json:"facts,omitempty" jsonschema:"description=Keys of the front matter that change with it; an empty value takes one away"`
	Force    bool              `json:"force,omitempty" jsonschema:"description=Write moments that cannot be meant"`
}

// A Correction replaces texts of one update. Readers see that it was edited.
type Correction struct {
	Update string            `json:"-"`               // id; "" is the latest
	Text   *string           `json:"text,omitempty"`  // Markdown; nil leaves it
	Texts  map[string]string `json:"texts,omitempty"` // in other languages; "" takes one away
}

// A Revision changes what a post says outside of its updates.
type Revision struct {
	// Facts are keys of the front matter with their new values, as they are
	// typed in the file: expires, pin, help, mail, unaffected, title_de …; ""
	// takes a key away. What the post is (id, kind, lang, zone) does not change.
	Facts map[string]string `json:"facts,omitempty" jsonschema:"description=Keys of the front matter with their new values; an empty one takes the key away"`
	// Windows replace those of the post; nil leaves them, an empty list takes
	// them away.
	Windows []status.WindowText `json:"windows,omitempty"`
	// Texts are the short sentences in other languages; a key that is "" stays
	// as it is.
	Texts map[string]status.TextFront `json:"texts,omitempty" jsonschema:"description=Short sentences in other languages\\, by language"`
	Force bool                        `json:"force,omitempty" jsonschema:"description=Write moments that cannot be meant"`
}

// ErrLastUpdate is returned by [Undo] when the post has no other update: then
// the post itself is what would have to go.
var ErrLastUpdate = errors.New("this is the only update of the post")

// A Rejected error says why a text was not written: it would have had errors.
type Rejected struct {
	Problems problem.List
}

func (e *Rejected) Error() string {
	i := slices.IndexFunc(e.Problems, func(p problem.Problem) bool { return p.Severity == problem.Error })
	if i < 0 {
		return "the post would have an error"
	}
	return sentence(e.Problems[i])
}

// A Doubtful error refuses a moment that is well written and cannot be meant.
// With Force it is written all the same.
type Doubtful struct {
	Problem problem.Problem
}

func (e *Doubtful) Error() string { return sentence(e.Problem) }

func sentence(p problem.Problem) string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// checked returns the post in the files, or why it cannot be used.
func checked(f Files, cfg status.Config) (*status.Post, error) {
	p, problems := f.Parse(cfg)
	if p == nil {
		return nil, &Rejected{problems}
	}
	return p, nil
}

// meant refuses moments that cannot be meant and that the post before the
// change (nil: none) did not have.
func meant(before, after *status.Post, now time.Time, force bool) error {
	if force {
		return nil
	}
	var known []string
	if before != nil {
		for _, p := range before.Odd(now) {
			known = append(known, p.Message)
		}
	}
	for _, p := range after.Odd(now) {
		if !slices.Contains(known, p.Message) {
			return &Doubtful{p}
		}
	}
	return nil
}

// foreign refuses languages that the site does not have, and the post's own.
func foreign[T any](texts map[string]T, own string, cfg status.Config) error {
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		if lang == own {
			return fmt.Errorf("the post itself is in %q; leave that language out of the translations", lang)
		}
		if err := known(lang, cfg); err != nil {
			return err
		}
	}
	return nil
}
