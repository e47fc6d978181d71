// Package article is the help article: its front matter, its translations, and
// who may see it when.
//
// [ParseFile] reads one language of an article; [Assemble] joins the languages
// of a folder into an [Article]. The language of an article is the name of its
// file: help/mail/apple-mail/de.md.
//
// No language is special. What is not a matter of language (id, platforms,
// services, needs, was, kind, state, publish, review) may be in any one file of
// the folder; rev is in the one that is not a translation. The main text, which
// readers of other languages get, is the first in the site's order that has a
// body. A file without a body has words that find the article.
//
// Nothing here reads the clock: who asks what is visible says when.
package article

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

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
	Original   string           // language of the text that translations follow; Main when none does
	Texts      map[string]*Text // by language; Texts[Main] is never nil
	Platforms  []string         // nil for all
	Services   []string         // component ids
	Needs      []string         // what the provider must offer: services, vars.NAME, link.NAME
	Was        []string         // old slugs and ids
	State      State
	Kind       Kind
	Rev        int
	Publish    time.Time // zero: at once
	Review     time.Time // begin of the day, in the site's zone; zero: not said
	ReviewedBy string    // who is asked to review; "" when not said

	owners map[string]*Text // of the shared keys
}

// Place returns the file and line of a key that all languages share; without
// it, those of the main text.
func (a *Article) Place(key string) (path string, line int) {
	if t := a.owners[key]; t != nil {
		return t.Path, t.Line(key)
	}
	return a.Texts[a.Main].Path, 1
}

// Assemble joins the languages of one folder. languages are those of the site
// in its order; others follow in alphabetical order. A file that ParseFile
// found errors in is left out, and so is a translation of a revision that does
// not exist. Of two files that disagree on a shared key the first in the order
// is right, and the other is reported. The Article is nil when there is no id
// or no text.
func Assemble(category, slug string, texts map[string]*Text, languages []string) (*Article, problem.List) {
	j := joint{owners: map[string]*Text{}}
	for _, lang := range order(texts, languages) {
		if t := texts[lang]; t.broken {
			j.broken = true
		} else {
			j.texts = append(j.texts, t)
		}
	}
	if len(j.texts) == 0 {
		return nil, nil
	}
	first := j.texts[0]
	j.problems = append(j.problems, CheckSlug(path.Dir(first.Path), slug)...)
	for _, t := range j.texts {
		j.share(t)
	}
	j.revisions()
	i := slices.IndexFunc(j.texts, func(t *Text) bool { return !t.File.Empty() })
	if !j.complete(i, slug) {
		return nil, j.problems
	}
	return j.article(category, slug, j.texts[i]), j.problems
}

// order returns the languages of a folder in the site's order.
func order(texts map[string]*Text, languages []string) []string {
	rank := func(lang string) int {
		if i := slices.Index(languages, lang); i >= 0 {
			return i
		}
		return len(languages)
	}
	return slices.SortedFunc(maps.Keys(texts), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// A joint is an article while its languages are being joined.
type joint struct {
	texts    []*Text          // in order, without broken ones
	broken   bool             // one more file is there, but cannot be read
	owners   map[string]*Text // of the shared keys and rev
	problems problem.List
}

// shared are the keys that any one file may have, in the order of the format.
var shared = []string{"id", "platforms", "services", "needs", "was", "kind", "state", "publish", "review"}

// value returns a shared key in a form for comparing.
func (f *FrontMatter) value(key string) string {
	list := func(l []string) string { return strings.Join(slices.Sorted(slices.Values(l)), "\n") }
	switch key {
	case "id":
		return strconv.Itoa(f.ID)
	case "platforms":
		return list(f.Platforms)
	case "services":
		return list(f.Services)
	case "needs":
		return list(f.Needs)
	case "was":
		return list(f.Was)
	case "kind":
		return f.Kind
	case "state":
		return f.State
	case "publish":
		return f.Publish
	default:
		return f.Review
	}
}

// share takes the shared keys of a file.
func (j *joint) share(t *Text) {
	for _, key := range shared {
		if !t.has(key) {
			continue
		}
		owner := j.owners[key]
		if owner == nil {
			j.owners[key] = t
		} else if owner.front.value(key) != t.front.value(key) {
			j.problems.Errorf(t.Path, t.Line(key), "delete the line in one of the two files; it holds for all languages",
				"%q is not the same as in %s", key, path.Base(owner.Path))
		}
	}
}

// revisions finds the text that translations follow, and leaves out those that
// follow a revision it does not have.
func (j *joint) revisions() {
	for _, t := range j.texts {
		switch owner := j.owners["rev"]; {
		case !t.has("rev"):
		case t.has("of"):
			j.problems.Errorf(t.Path, t.Line("rev"), `delete "rev"; it counts the changes of the text that others translate`, `"rev" and "of" are in one file`)
		case owner == nil:
			j.owners["rev"] = t
		case owner.front.Rev != t.front.Rev:
			j.problems.Errorf(t.Path, t.Line("rev"), `write "of" in the translation`, `"rev" is not the same as in %s`, path.Base(owner.Path))
		}
	}
	rev, name := 0, "no other file"
	if owner := j.owners["rev"]; owner != nil {
		rev, name = owner.front.Rev, path.Base(owner.Path)
	}
	if rev == 0 && j.broken {
		return // the file that says it cannot be read
	}
	j.texts = slices.DeleteFunc(j.texts, func(t *Text) bool {
		if t.Of <= rev {
			return false
		}
		if rev == 0 {
			j.problems.Errorf(t.Path, t.Line("of"), fmt.Sprintf(`add "rev: %d" to the text that this one translates`, t.Of), "this translates rev %d, but no other file has a rev", t.Of)
		} else {
			j.problems.Errorf(t.Path, t.Line("of"), "write the rev that was translated", "this translates rev %d, but %s has rev %d", t.Of, name, rev)
		}
		return true
	})
}

// complete reports whether there is an article at all; main is the index of
// its main text.
func (j *joint) complete(main int, slug string) bool {
	owner := j.owners["id"]
	switch {
	case len(j.texts) == 0:
		return false
	case j.broken && (owner == nil || main < 0):
		return false // what is missing may be in the file that cannot be read
	case owner == nil:
		j.problems.Errorf(j.texts[0].Path, 1, "give it a number that no other article has: id: 1042", "the article has no id")
	case main < 0:
		j.problems.Errorf(j.texts[0].Path, j.texts[0].bodyLine, "write it below the front matter", "the article has no text")
	}
	if was := j.owners["was"]; owner != nil && was != nil {
		for i, old := range was.front.Was {
			if old == strconv.Itoa(owner.front.ID) || strings.EqualFold(old, slug) {
				j.problems.Errorf(was.Path, was.lines.at("was", i), "name only slugs and ids that the article had before", "%q is what the article is called now", old)
				return false
			}
		}
	}
	return owner != nil && main >= 0 && CheckSlug("", slug) == nil
}

func (j *joint) article(category, slug string, main *Text) *Article {
	front := func(key string) *Text {
		if t := j.owners[key]; t != nil {
			return t
		}
		return &Text{}
	}
	a := &Article{
		ID: front("id").front.ID, Slug: slug, Category: category, Main: main.Lang, Original: main.Lang, Texts: map[string]*Text{},
		Platforms: front("platforms").front.Platforms, Services: front("services").front.Services,
		Needs: front("needs").front.Needs, Was: front("was").front.Was,
		State: State(front("state").front.State), Kind: Kind(front("kind").front.Kind), Rev: front("rev").front.Rev,
		Publish: front("publish").publish,
		Review:  front("review").review, ReviewedBy: front("review").reviewedBy,
		owners: j.owners,
	}
	if owner := j.owners["rev"]; owner != nil && !owner.File.Empty() {
		a.Original = owner.Lang
	}
	for _, t := range j.texts {
		if t.Title == "" { // words only: what readers see is that of the main text
			named := *t
			named.Title, named.Summary = main.Title, main.Summary
			t = &named
		}
		a.Texts[t.Lang] = t
	}
	return a
}

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
