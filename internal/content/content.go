// Package content reads a site's folder: site.yaml, provider descriptions,
// help articles with their parts and pictures, status posts and synonyms.
//
// [Loader.Load] returns a [Library]: every file parsed and checked against the
// others, with all problems at once. [Library.Shelf] is what a group of
// readers may see of it at an instant.
//
// The rules it guarantees:
//   - One bad file never holds back the others. A bad file keeps its last good
//     version (see [lastgood.Memory]) or is left out; whatever is left is served.
//   - A link to something broken or gone loses its target, not its text, and
//     never takes the article that holds it away.
//   - A tree that suddenly lost a provider or [LossLimit] of its articles keeps
//     the last good versions until someone confirms the loss.
//   - Drafts, internal and scheduled articles are in no public shelf at all.
//   - Nothing outside the folder is read, and nothing is larger than its limit.
package content

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/markdown"
	"signpost/internal/content/sitefile"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
	"signpost/web"
)

// Limits of a content folder.
const (
	maxAssets = 512 << 20 // bytes of all pictures and attached files
	// LossLimit is the share of articles that may vanish at once without a
	// confirmation, when there were more than a few.
	LossLimit = 0.30
)

// A Library is everything in a content folder at one moment. It never changes.
type Library struct {
	Site      *sitefile.Site
	Providers []*provider.Provider // the default one first, then by path
	Articles  []*article.Article   // by slug; all of them, drafts too
	Board     *status.Board
	Texts     *locale.Catalogues // of the interface: the program's, with those of the folder
	Synonyms  []byte
	Files     map[string]*File    // pictures and attached files by path
	Lists     map[string][]string // domains of customers (A-labels), by the path of their list
	Removed   map[int]Removed     // articles that were there once, by id
	Problems  problem.List        // sorted by path and line
	Revision  string              // changes with every byte that is used
	Again     time.Time           // when to load again, because files may be missing for a moment only; zero: never
	Calm      bool                // nothing is missing of what was there

	docs           map[*article.Text]*markdown.Doc
	parts          map[string]map[string]*markdown.File // name, language
	folders        map[string]*article.Article          // "help/mail/apple-mail"
	names          map[string]*article.Article          // slugs, old slugs and old ids, lower case
	ids            map[int]*article.Article
	absent         map[string]*article.Article // by slug, id and old names: the provider has no use for them
	brokenSite     string                      // path of site.yaml when it has errors and nothing stands in for it
	brokenProvider string                      // path of such a description

	broken map[string]bool  // slugs (lower case) of articles that are there but cannot be used
	git    map[string]Dates // by path of a text
}

// A File is a picture or an attached file.
type File struct {
	Path          string
	Type          string // media type
	Data          []byte // without metadata; text with the values of its variables
	Hash          string // of Data, for its URL
	Width, Height int    // of a picture, in pixels; 0 when not known
}

// Removed is an article that was there once: its links answer 410.
type Removed = lastgood.Removed

// Dates are when an article was first and last changed; zero: not known.
type Dates = source.Dates

// Provider returns the provider whose values articles take, nil when there is none.
func (l *Library) Provider() *provider.Provider {
	if len(l.Providers) == 0 {
		return nil
	}
	return l.Providers[0]
}

// ProviderFor returns the provider of a mail domain (A-labels), nil when it is
// none of ours.
func (l *Library) ProviderFor(domain string) *provider.Provider {
	for _, p := range l.Providers {
		if slices.Contains(p.Domains, domain) {
			return p
		}
	}
	return nil
}

// Doc returns the document of a text that has a body, with its parts.
func (l *Library) Doc(t *article.Text) *markdown.Doc { return l.docs[t] }

// Dates returns when the main text of an article was published and updated:
// what its front matter says, else what Git knows, else zero.
func (l *Library) Dates(a *article.Article) Dates { return l.datesOf(a, a.Texts[a.Main]) }

// DatesIn is Dates for the text that readers of a language see.
func (l *Library) DatesIn(a *article.Article, lang string) Dates {
	return l.datesOf(a, a.In(lang).Body)
}

func (l *Library) datesOf(a *article.Article, t *article.Text) Dates {
	d := l.git[t.Path]
	if !t.Published.IsZero() {
		d.Published = t.Published
	}
	if !t.Updated.IsZero() {
		d.Updated = t.Updated
	}
	if d.Published.IsZero() && !a.Publish.IsZero() {
		d.Published = a.Publish
	}
	return d
}

// WithDates returns the same library with what Git knows about each text, by
// path; see [source.Source.Dates].
func (l *Library) WithDates(git map[string]Dates) *Library {
	dated := *l
	dated.git = git
	return &dated
}

// FirstCommit is when a file came into its Git repository; zero when nobody
// knows.
func (l *Library) FirstCommit(path string) time.Time { return l.git[path].Published }

// WithSeen returns the same library with what is known of the files of status
// posts, by path.
func (l *Library) WithSeen(seen map[string]status.Sighting) *Library {
	with := *l
	with.Board = l.Board.WithSeen(seen)
	return &with
}

// Same reports whether both were made of the same bytes and have the same problems.
func (l *Library) Same(other *Library) bool {
	return l.Revision == other.Revision && slices.Equal(l.Problems, other.Problems)
}

// part returns an included piece in a language, else in the site's default
// language, else in any.
func (l *Library) part(name, lang string) (*markdown.File, error) {
	texts := l.parts[name]
	for _, want := range append([]string{lang}, l.Site.Languages...) {
		if f := texts[want]; f != nil {
			return f, nil
		}
	}
	for _, want := range slices.Sorted(maps.Keys(texts)) {
		return texts[want], nil
	}
	return nil, markdown.Errorf(problem.DidYouMean(name, slices.Collect(maps.Keys(l.parts))), "there is no part %q in help/parts", name)
}

// PostDoc returns a text of a status post as a document.
func (l *Library) PostDoc(p *status.Post, b status.Body) (*markdown.Doc, problem.List) {
	file, problems := markdown.Source{Path: cmp.Or(b.Path, p.Path), Body: []byte(b.Source), BodyLines: max(b.Line-1, 0), Under: 2}.Parse()
	doc, more := file.Expand(func(name string) (*markdown.File, error) { return l.part(name, p.BodyLang(b)) }, l.shape(false))
	return doc, append(problems, more...)
}

// StatusConfig is what status posts can refer to, at now.
func (l *Library) StatusConfig(now time.Time) status.Config {
	return status.Config{
		Zone: l.Site.Zone, Languages: l.Site.Languages, Components: l.Site.Components, Groups: l.Site.Groups, Now: now, Words: l.Texts.For,
	}
}

// catalogues are the interface texts that come with the program.
var catalogues = sync.OnceValue(func() *locale.Catalogues {
	c, err := locale.Load(web.Locale())
	if err != nil {
		panic(err) // they are embedded, and a test reads them
	}
	return c
})

// find returns the article that a slug, an old slug or an id names, whoever
// may see it. old says that it has another name now.
func (l *Library) find(name string) (a *article.Article, old bool) {
	name = strings.ToLower(name)
	if id, ok := number(name); ok {
		if a := l.ids[id]; a != nil {
			return a, false
		}
	}
	a = l.names[name]
	return a, a != nil && !strings.EqualFold(a.Slug, name)
}

// Named returns the article that has a slug or had it once, or nil.
func (l *Library) Named(slug string) *article.Article {
	a, _ := l.find(slug)
	return a
}
