package site

import (
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/search"
)

const (
	articlePrefix = "article/"
	postPrefix    = "post/"
)

func articleGroup(a *article.Article) string { return articlePrefix + strconv.Itoa(a.ID) }

// ArticleOf returns the article of a hit, nil when it is none or when it is
// not for customers.
func (s *Snapshot) ArticleOf(d *search.Document) *article.Article { return articleOf(s.Help, d) }

// DeskArticleOf is ArticleOf for agents.
func (s *Snapshot) DeskArticleOf(d *search.Document) *article.Article { return articleOf(s.Desk, d) }

func articleOf(shelf *content.Shelf, d *search.Document) *article.Article {
	id, ok := strings.CutPrefix(d.Group, articlePrefix)
	if !ok {
		return nil
	}
	a, _ := shelf.Find(id)
	return a
}

// PostOf returns the post of a hit.
func (s *Snapshot) PostOf(d *search.Document) (status.PostState, bool) {
	id, ok := strings.CutPrefix(d.Group, postPrefix)
	if !ok {
		return status.PostState{}, false
	}
	return s.Board.Post(id)
}

// PostHit is a post as a result of a search whose words it does not have.
func PostHit(p status.PostState, snippet string) search.Hit {
	return search.Hit{Doc: &search.Document{ID: postPrefix + p.ID, Group: postPrefix + p.ID, Kind: search.Incident, Lang: p.Lang, Title: p.Title.In(p.Lang)}, Snippet: snippet}
}

// documents are what the search index holds: every article that agents may
// see, in every language, and the posts. What only agents may see is marked
// as internal.
func documents(s *Snapshot, asked map[int]map[string]int, kept *passages) []search.Document {
	kept.begin(s)
	var docs []search.Document
	for _, a := range s.Desk.Articles {
		internal := !s.Help.Has(a)
		var links []string
		for _, to := range s.Desk.Links(a) {
			links = append(links, articleGroup(to))
		}
		for _, lang := range a.Languages() {
			docs = append(docs, articleDocument(s, a, lang, internal, links, asked[a.ID], kept))
		}
		for lang, t := range a.Texts { // titles alone, in other languages
			if !slices.Contains(a.Languages(), lang) && !t.File.Empty() {
				continue
			}
			if !slices.Contains(a.Languages(), lang) {
				docs = append(docs, articleDocument(s, a, lang, internal, links, nil, kept))
			}
		}
	}
	for _, p := range s.Board.Posts {
		if p.Phase == status.Open || p.Phase == status.Upcoming {
			docs = append(docs, postDocument(s, p, p.Lang))
			for lang := range p.Translations {
				docs = append(docs, postDocument(s, p, lang))
			}
		}
	}
	slices.SortFunc(docs, func(x, y search.Document) int { return strings.Compare(x.ID, y.ID) })
	return docs
}

func articleDocument(s *Snapshot, a *article.Article, lang string, internal bool, links []string, asked map[string]int, kept *passages) search.Document {
	t := a.Texts[lang]
	r := s.Reader(lang, nil) // the title of a hidden article must not get into a public text
	if internal {
		r = s.DeskReader(lang, nil)
	}
	title, _ := markdown.Substitute(t.Title, r.Value)
	summary, _ := markdown.Substitute(t.Summary, r.Value)
	d := search.Document{
		ID: articleGroup(a) + "/" + lang, Group: articleGroup(a), Kind: search.Article, Lang: lang,
		Title: title, Also: t.Also, Summary: summary, Category: a.Category, Platforms: a.Platforms,
		Services: s.Library.ComponentsOf(a), Links: links, Internal: internal, State: stateOf(s, a), Asked: asked,
	}
	if t.File.Empty() {
		return d
	}
	if doc := s.Library.Doc(t); doc != nil {
		d.Sections = kept.of(doc, r)
	}
	return d
}

// stateOf is who may see an article, and whether its review is due.
func stateOf(s *Snapshot, a *article.Article) []string {
	state := []string{"public"}
	switch {
	case a.Scheduled(s.At):
		state[0] = "scheduled"
	case a.State != article.Public:
		state[0] = string(a.State)
	}
	if a.Overdue(s.At) {
		state = append(state, "overdue")
	}
	return state
}

// postDocument is a post in one of its languages.
func postDocument(s *Snapshot, p status.PostState, lang string) search.Document {
	r := s.Reader(lang, nil)
	title, _ := markdown.Substitute(p.Title.In(lang), r.Value)
	d := search.Document{
		ID: postPrefix + p.ID, Group: postPrefix + p.ID, Kind: search.Incident, Lang: lang, Title: title, State: []string{"public"},
	}
	if lang != p.Lang {
		d.ID += "/" + lang
	}
	for _, e := range p.Affects {
		d.Services = append(d.Services, e.Component)
		for _, c := range s.Library.Site.Components {
			if c.ID == e.Component {
				d.Also = append(d.Also, c.ID)
				for _, name := range c.Name {
					d.Also = append(d.Also, name)
				}
			}
		}
	}
	slices.Sort(d.Also)
	d.Also = slices.Compact(d.Also)
	add := func(anchor string, b status.Body) {
		if b.Source == "" || p.BodyLang(b) != lang {
			return
		}
		doc, _ := s.Library.PostDoc(p.Post, b)
		d.Sections = append(d.Sections, search.Section{Anchor: anchor, Text: doc.Text(r, markdown.Options{NoURLs: true})})
	}
	add("", p.SummaryIn(lang))
	for _, u := range p.Updates {
		add(u.ID, u.In(lang))
	}
	return d
}
