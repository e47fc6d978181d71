package content

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
)

// A Shelf is the articles that one group of readers may see: nothing else
// reaches a page, the search index, a feed or a link.
type Shelf struct {
	Library  *Library
	Articles []*article.Article // by slug
	Topics   []Topic            // in order; only those with articles

	has   map[*article.Article]bool
	links map[*article.Article][]*article.Article // where its text leads
	back  map[*article.Article][]*article.Article // from where links come
}

// A Topic is a category with its articles, the most basic (lowest id) first.
type Topic struct {
	article.Category
	Articles []*article.Article
}

// Audience says who reads from a shelf.
type Audience int

// The audiences.
const (
	Customers Audience = iota // public articles only
	Agents                    // internal and scheduled ones too
	Writers                   // drafts too
)

// Shelf returns what an audience may see at now.
func (l *Library) Shelf(who Audience, now time.Time) *Shelf {
	s := &Shelf{Library: l, has: map[*article.Article]bool{}}
	for _, a := range l.Articles {
		if a.Visible(now) || who == Agents && a.State != article.Draft || who == Writers {
			s.Articles = append(s.Articles, a)
			s.has[a] = true
		}
	}
	s.topics()
	s.linked()
	return s
}

func (s *Shelf) topics() {
	byID := map[string][]*article.Article{}
	for _, a := range s.Articles {
		byID[a.Category] = append(byID[a.Category], a)
	}
	add := func(c article.Category) {
		if list := byID[c.ID]; len(list) > 0 {
			slices.SortFunc(list, func(x, y *article.Article) int { return cmp.Compare(x.ID, y.ID) })
			s.Topics = append(s.Topics, Topic{c, list})
			delete(byID, c.ID)
		}
	}
	for _, c := range s.Library.Site.Categories {
		add(c)
	}
	var rest []string
	for id := range byID {
		rest = append(rest, id)
	}
	slices.Sort(rest)
	for _, id := range rest {
		add(article.Category{ID: id})
	}
}

func (s *Shelf) linked() {
	s.links = map[*article.Article][]*article.Article{}
	s.back = map[*article.Article][]*article.Article{}
	for _, a := range s.Articles {
		for _, ref := range s.Library.refs[s.Library.docs[a.Texts[a.Main]]] {
			to := s.target(ref.Ref)
			if to == nil || to == a || slices.Contains(s.links[a], to) {
				continue
			}
			s.links[a] = append(s.links[a], to)
			s.back[to] = append(s.back[to], a)
		}
	}
}

// target returns the visible article that a link leads to, nil for anything else.
func (s *Shelf) target(ref markdown.Ref) *article.Article {
	var a *article.Article
	switch ref.Kind {
	case markdown.ByName:
		a, _ = s.Library.find(ref.Target)
	case markdown.ByPath:
		a = s.Library.folders[folderOf(ref)]
	case markdown.BySite:
		if name, ok := strings.CutPrefix(ref.Target, "/help/"); ok {
			a, _ = s.Library.find(name)
		}
	}
	if !s.Has(a) {
		return nil
	}
	return a
}

// Has reports whether the article stands on the shelf.
func (s *Shelf) Has(a *article.Article) bool { return s.has[a] }

// Find returns the article that a slug, an old slug or an id names. old says
// that it has another name now.
func (s *Shelf) Find(name string) (a *article.Article, old bool) {
	a, old = s.Library.find(name)
	if !s.Has(a) {
		return nil, false
	}
	return a, old
}

// Links returns the articles that the text of a leads to.
func (s *Shelf) Links(a *article.Article) []*article.Article { return s.links[a] }

// Backlinks returns the articles whose texts lead to a.
func (s *Shelf) Backlinks(a *article.Article) []*article.Article { return s.back[a] }

// Topic returns a category with its articles.
func (s *Shelf) Topic(id string) (Topic, bool) {
	i := slices.IndexFunc(s.Topics, func(t Topic) bool { return strings.EqualFold(t.ID, id) })
	if i < 0 {
		return Topic{}, false
	}
	return s.Topics[i], true
}

// File returns a picture or attached file that readers of this shelf may get:
// one beside an article on it or beside a part, or one of the theme.
func (s *Shelf) File(name string) *File {
	f := s.Library.Files[name]
	if f == nil {
		return nil
	}
	if _, _, ok := layout.ArticleFolder(dirOf(name)); ok && !s.Has(s.Library.folders[dirOf(name)]) {
		return nil
	}
	return f
}

// Next returns the first instant after now at which the shelf changes, or the
// zero time.
func (s *Shelf) Next(now time.Time) time.Time {
	var next time.Time
	for _, a := range s.Library.Articles {
		if t := a.Next(now); !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

func dirOf(name string) string { return name[:max(strings.LastIndexByte(name, '/'), 0)] }

func folderOf(ref markdown.Ref) string {
	return dirOf(path.Join(path.Dir(ref.From), ref.Target))
}
