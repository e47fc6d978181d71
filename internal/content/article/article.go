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
//
// Nothing here reads the clock: who asks what is visible says when.
package article

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
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

// Assemble joins the languages of one folder. A translation that breaks a rule
// is left out and reported, one that ParseFile found errors in is left out;
// when the main text cannot be used, the Article is nil. defaultLang is the
// site's first language.
func Assemble(category, slug string, texts map[string]*Text, defaultLang string) (*Article, problem.List) {
	var problems problem.List
	main := mainText(texts, defaultLang)
	if main == nil || main.broken {
		return nil, nil
	}
	problems = append(problems, CheckSlug(path.Dir(main.Path), slug)...)
	main.checkMain(slug, &problems)
	if problems.HasErrors() {
		return nil, problems
	}
	a := &Article{
		ID: main.front.ID, Slug: slug, Category: category,
		Main: main.Lang, Texts: map[string]*Text{main.Lang: main},
		Platforms: main.front.Platforms, Services: main.front.Services, Was: main.front.Was,
		State: State(main.front.State), Kind: Kind(main.front.Kind), Rev: main.front.Rev,
		Publish: main.publish, Published: main.published, Updated: main.updated,
		Review: main.review, ReviewedBy: main.reviewedBy,
	}
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		if t := texts[lang]; t != main && !t.broken {
			found := t.checkTranslation(main)
			problems = append(problems, found...)
			if !found.HasErrors() {
				a.Texts[lang] = t
			}
		}
	}
	return a, problems
}

func mainText(texts map[string]*Text, defaultLang string) *Text {
	if t := texts[defaultLang]; t != nil {
		return t
	}
	langs := slices.Sorted(maps.Keys(texts))
	for _, lang := range langs {
		if texts[lang].has("id") {
			return texts[lang]
		}
	}
	if len(langs) > 0 {
		return texts[langs[0]]
	}
	return nil
}

func (t *Text) checkMain(slug string, problems *problem.List) {
	if !t.has("id") {
		problems.Errorf(t.Path, 1, "give it a number that no other article has: id: 1042", "the article has no id")
	}
	if t.has("of") {
		problems.Errorf(t.Path, t.Line("of"), `use "rev" to count changes here`, `"of" is for translations, and this is the main text`)
	}
	if t.File.Empty() {
		problems.Errorf(t.Path, t.bodyLine, "write it below the front matter", "the article has no text")
	}
	own := fmt.Sprint(t.front.ID)
	for i, was := range t.front.Was {
		if was == own || strings.EqualFold(was, slug) {
			problems.Errorf(t.Path, t.lines.at("was", i), "name only slugs and ids that the article had before", "%q is what the article is called now", was)
		}
	}
}

// inherited are the keys that only the main text may have.
var inherited = []string{"id", "platforms", "services", "was", "review", "state", "publish", "published", "updated", "kind", "rev"}

func (t *Text) checkTranslation(main *Text) problem.List {
	var problems problem.List
	for _, key := range inherited {
		if t.has(key) {
			problems.Errorf(t.Path, t.Line(key), "delete the line, or move it to "+path.Base(main.Path),
				"%q is inherited from %s", key, path.Base(main.Path))
		}
	}
	if t.Of > main.front.Rev {
		problems.Errorf(t.Path, t.Line("of"), "write the rev that was translated",
			"this translates rev %d, but %s has rev %d", t.Of, path.Base(main.Path), main.front.Rev)
	}
	return problems
}

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
func (a *Article) Overdue(now time.Time) bool {
	return !a.Review.IsZero() && !now.Before(a.Review)
}

// Next returns the first instant after now at which something about the
// article changes (it is published, or its review is due), or the zero time.
func (a *Article) Next(now time.Time) time.Time {
	var next time.Time
	consider := func(t time.Time) {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if a.State == Public {
		consider(a.Publish)
	}
	consider(a.Review)
	return next
}
