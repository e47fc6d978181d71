// Package article is the help article: its front matter, its translations, and
// who may see it when.
//
// [ParseFile] reads one language of an article; [Assemble] joins the languages
// of a folder into an [Article] and applies the rules of inheritance. The
// language of an article is the name of its file: help/mail/apple-mail/de.md.
//
// The file in the site's default language (when there is none, the first that
// has an id) is the main one: it says everything that is not a matter of
// language. A translation may have title, summary, also, of and a body, nothing
// else; without a body, its words find the article, whose text is then shown
// in the main language.
package article

import (
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

// State says who an article is for.
type State string

// The states. Only public articles are ever shown to customers.
const (
	Public   State = ""
	Draft    State = "draft"
	Internal State = "internal"
)

// Kind says how an article is written.
type Kind string

// The kinds. In a Howto, ordered lists are numbered steps with anchors.
const (
	Page  Kind = ""
	Howto Kind = "howto"
)

// An Article is one folder below help/<category>. It never changes once made.
type Article struct {
	ID         int
	Slug       string
	Category   string
	Main       string           // language of the main text
	Texts      map[string]*Text // by language; Texts[Main] is never nil
	Platforms  []string         // nil for all
	Services   []string         // component ids
	Was        []string         // old slugs and ids
	State      State
	Kind       Kind
	Rev        int
	Publish    time.Time // zero: at once
	Published  time.Time // zero: not said
	Updated    time.Time // zero: not said
	Review     time.Time // begin of the day, in the site's zone; zero: not said
	ReviewedBy string    // who is asked to review; "" when not said
}

// A Text is one language of an article.
type Text struct {
	Path    string
	Lang    string
	Title   string // may hold variables
	Summary string // may hold variables; at most 160 characters; may be empty
	Also    []string
	Of      int // rev of the main text that it translates; 0 when not said
	File    *markdown.File
	front   frontMatter
	lines   map[string]int // where each key of the front matter stands
}

type frontMatter struct{}

// Config is what the front matter is read with.
type Config struct {
	Zone *time.Location // of the site: for dates without a time; nil for UTC
}

// Size limits that check enforces.
const (
	MaxSummary = 160 // characters; an error beyond
	MaxAlso    = 8   // words customers use; a warning beyond, as many words weaken each
)

// ParseFile reads one language of an article. The Text is never nil; with an
// error it should not be used.
func ParseFile(path string, src []byte, c Config) (*Text, problem.List) { return &Text{}, nil }

// Assemble joins the languages of one folder. A translation that breaks a rule
// is left out and reported; when the main text cannot be used, the Article is
// nil. defaultLang is the site's first language.
func Assemble(category, slug string, texts map[string]*Text, defaultLang string, c Config) (*Article, problem.List) {
	return nil, nil
}

// Line returns the line of a key of the front matter, or 1.
func (t *Text) Line(key string) int { return 1 }

// Shape is how the article's texts are expanded.
func (a *Article) Shape() markdown.Shape { return markdown.Shape{Steps: a.Kind == Howto} }

// Visible reports whether customers may see the article at now.
func (a *Article) Visible(now time.Time) bool {
	return a.State == Public && !a.Publish.After(now)
}

// Scheduled reports whether the article becomes public later than now.
func (a *Article) Scheduled(now time.Time) bool {
	return a.State == Public && a.Publish.After(now)
}

// Overdue reports whether the article should have been reviewed by now.
func (a *Article) Overdue(now time.Time) bool { return false }

// Next returns the first instant after now at which something about the
// article changes (it is published, or its review is due), or the zero time.
func (a *Article) Next(now time.Time) time.Time { return time.Time{} }
