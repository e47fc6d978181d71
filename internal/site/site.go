// Package site is what the program serves: one immutable [Snapshot] of content,
// status and search index, and a [Live] that swaps it whole when the content
// or the clock changes it.
//
// [Open] loads the first snapshot; [Live.Run] keeps it current; a request takes
// [Live.Snapshot] once and answers from it alone. A snapshot is never changed,
// so requests need no lock, and one that is already being answered keeps its
// own. [Snapshot.Next] is the instant at which time alone changes something:
// what is kept of a page ends there.
package site

import (
	"cmp"
	"slices"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/problem"
	"signpost/internal/search"
)

// A Snapshot is everything public (and, in Desk and All, what agents see) at
// one moment. It must not be changed.
type Snapshot struct {
	Library   *content.Library
	Help      *content.Shelf     // what customers may see
	Desk      *content.Shelf     // what agents may see
	Board     *status.BoardState // the status board at At
	Index     *search.Index      // over Help and the open incidents
	DeskIndex *search.Index      // over Desk
	Problems  problem.List       // of all files, for operators and agents only
	Place     problem.List       // of them, those of where the content is: lost posts, a folder that is gone, what a repository does not take
	At        time.Time          // when the snapshot was made
	Next      time.Time          // when time alone changes something; zero: never
	Sample    bool               // the content is the one that comes with the program

	popular []int // article ids, the most read first
}

// DefaultLanguage returns the language of URLs without a prefix.
func (s *Snapshot) DefaultLanguage() string { return s.Library.Site.Languages[0] }

// Languages returns the site's languages, the default one first.
func (s *Snapshot) Languages() []string { return s.Library.Site.Languages }

// Reader returns what resolves the links and values of public texts in a
// language.
func (s *Snapshot) Reader(lang string, words *content.Words) *content.Reader {
	return s.reader(s.Help, lang, words)
}

func (s *Snapshot) reader(shelf *content.Shelf, lang string, words *content.Words) *content.Reader {
	r := &content.Reader{Library: s.Library, Shelf: shelf, Lang: lang, Words: words}
	if lang != s.DefaultLanguage() {
		r.Root = "/" + lang
	}
	return r
}

// DeskReader is Reader for agents: internal articles are linked too.
func (s *Snapshot) DeskReader(lang string, words *content.Words) *content.Reader {
	return s.reader(s.Desk, lang, words)
}

// Touching returns the open incidents and the work in progress that touch an
// article, the worst first.
func (s *Snapshot) Touching(a *article.Article) []status.PostState {
	return s.Board.Touching(a.Slug, s.Library.ComponentsOf(a))
}

// Related returns the articles nearest to one that customers may see.
func (s *Snapshot) Related(a *article.Article, lang string, limit int) []*article.Article {
	var list []*article.Article
	for _, hit := range s.Index.Related(articleGroup(a), lang, limit+1) {
		if other := s.ArticleOf(hit.Doc); other != nil && other != a && len(list) < limit {
			list = append(list, other)
		}
	}
	return list
}

// Popular returns the most read articles, filled up with the ones that most
// others link to.
func (s *Snapshot) Popular(limit int) []*article.Article {
	var list []*article.Article
	for _, a := range s.Help.Articles {
		if slices.Contains(s.popular, a.ID) {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(x, y *article.Article) int {
		return cmp.Compare(slices.Index(s.popular, x.ID), slices.Index(s.popular, y.ID))
	})
	if len(list) < limit {
		rest := slices.DeleteFunc(slices.Clone(s.Help.Articles), func(a *article.Article) bool { return slices.Contains(list, a) })
		slices.SortStableFunc(rest, func(x, y *article.Article) int {
			return cmp.Or(cmp.Compare(len(s.Help.Backlinks(y)), len(s.Help.Backlinks(x))), cmp.Compare(x.ID, y.ID))
		})
		list = append(list, rest...)
	}
	return list[:min(limit, len(list))]
}

// Head returns an article's title and summary in a language, with their values.
func Head(r *content.Reader, a *article.Article) (title, summary string, shown article.Shown) {
	shown = a.In(r.Lang)
	title, _ = markdown.Substitute(shown.Head.Title, r.Value)
	summary, _ = markdown.Substitute(shown.Head.Summary, r.Value)
	return title, summary, shown
}
