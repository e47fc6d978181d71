package page

import (
	"slices"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/site"
	"signpost/internal/view"
)

// MarkdownTexts are the words that rendered Markdown needs, in the language of
// the text.
func (e Context) MarkdownTexts(lang string) *markdown.Texts {
	return content.MarkdownTexts(e.WordsIn(lang))
}

// ReaderIn resolves the links of a page in the context's language, and values
// in lang.
func (e Context) ReaderIn(lang string) *content.Reader {
	rd := e.Snap.Reader(lang, content.WordsIn(e.WordsIn(lang)))
	rd.Root = e.Root()
	return rd
}

// Head is an article's title and summary, and the language that they are in.
func (e Context) Head(a *article.Article) (title, summary, lang string) {
	title, summary, shown := site.Head(e.ReaderIn(a.In(e.Lang).Head.Lang), a)
	return title, summary, shown.Head.Lang
}

// ArticleLink is an article in a list.
func (e Context) ArticleLink(a *article.Article) view.ArticleLink {
	title, summary, lang := e.Head(a)
	link := view.ArticleLink{Title: title, Summary: summary, URL: e.Root() + "/help/" + a.Slug}
	if lang != e.Lang {
		link.Lang = lang
	}
	return link
}

// ArticleLinks are articles in a list.
func (e Context) ArticleLinks(list []*article.Article) []view.ArticleLink {
	var links []view.ArticleLink
	for _, a := range list {
		links = append(links, e.ArticleLink(a))
	}
	return links
}

// TopicLink is a category in a list.
func (e Context) TopicLink(t content.Topic) view.Link {
	return view.Link{Text: t.NameIn(e.Lang, e.Snap.DefaultLanguage()), URL: e.Root() + "/topics/" + t.ID}
}

// ShownDoc returns what a reader of the page gets to see of an article.
func (e Context) ShownDoc(a *article.Article) (shown article.Shown, doc *markdown.Doc, rd *content.Reader) {
	shown = a.In(e.Lang)
	return shown, e.Snap.Library.Doc(shown.Body), e.ReaderIn(shown.Body.Lang)
}

// Day writes a date as 2026-11-30; "" for none.
func Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// KnownProblems are the open posts that an article has to warn of.
func (e Context) KnownProblems(a *article.Article) []status.PostState {
	return slices.DeleteFunc(slices.Clone(e.Snap.Touching(a)), func(p status.PostState) bool {
		return p.Kind == status.Maintenance && p.Impact == status.ImpactNone
	})
}

// CurrentPosts are what is wrong or in progress now, and what is to come. A
// notice is neither.
func (e Context) CurrentPosts() (now, upcoming []view.PostLink) {
	s := e.Snap.Board
	for _, p := range append(slices.Clone(s.Open()), s.InProgress()...) {
		now = append(now, e.PostLink(p))
	}
	for _, p := range s.Upcoming() {
		upcoming = append(upcoming, e.PostLink(p))
	}
	return now, upcoming
}

// PostLink is a post in a list.
func (e Context) PostLink(p status.PostState) view.PostLink {
	l := e.Words()
	link := view.PostLink{
		Title: e.PostTitle(p.Post), URL: e.Root() + "/status/" + p.ID, Level: PostLevel(p),
		StateWord: stateWord(l, p), Kind: string(p.Kind), When: Moment(l, p.Began),
	}
	if lang := e.textLang(p.Post, p.Post.Title); lang != e.Lang {
		link.Lang = lang
	}
	var ids []string
	for _, e := range p.Affects {
		ids = append(ids, e.Component)
	}
	link.Names = e.ComponentNames(ids)
	if p.Kind == status.Maintenance {
		link.When, link.Until = Moment(l, p.Planned.Start), Moment(l, p.Planned.End)
	}
	if !link.When.Known() {
		link.When = Moment(l, p.Posted)
	}
	if start, end := p.Began, p.Ended; !start.IsZero() && !end.IsZero() && !start.Day && !end.Day && end.Time.After(start.Time) {
		link.Duration = l.Duration(end.Time.Sub(start.Time))
	}
	return link
}

// stateWord is the state of a post in words.
func stateWord(l *locale.Language, p status.PostState) string {
	switch {
	case p.Superseded:
		return l.T("state.superseded")
	case p.Expired:
		return l.T("state.expired")
	}
	return l.T("state." + string(p.State))
}
