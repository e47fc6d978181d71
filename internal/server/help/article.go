package help

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Article answers /help/SLUG and, with an ending, its other forms.
func (h *Handlers) Article(r *web.Request) error {
	name := r.Param("slug")
	slug, form := name, ""
	if ext := path.Ext(name); ext == ".md" || ext == ".json" || ext == ".txt" {
		slug, form = strings.TrimSuffix(name, ext), ext
	}
	a, old := r.Page.Snap.Help.Find(slug)
	if a == nil {
		return r.Missing(slug)
	}
	if old || a.Slug != slug {
		return r.Redirect(http.StatusMovedPermanently, r.Page.Root()+"/help/"+a.Slug+form)
	}
	switch form {
	case ".md":
		return r.SendCached("text/markdown; charset=utf-8", r.Page.Lang+" "+r.Target, func() ([]byte, error) { return ArticleMarkdown(r.Page, a), nil })
	case ".txt":
		return r.SendCached("text/plain; charset=utf-8", r.Page.Lang+" "+r.Target, func() ([]byte, error) { return articleText(r.Page, a), nil })
	case ".json":
		r.Open()
		return r.SendCached("application/json", r.Page.Lang+" "+r.Target, func() ([]byte, error) { return web.EncodeJSON(articleJSON(r.Page, a)) })
	}
	h.countRead(r, a)
	return r.SendPage(func() (view.Page, error) {
		p := ArticlePage(r.Page, a)
		p.Vote = h.vote(r.Page, a, p.Body)
		return p, nil
	})
}

// ArticlePage is the page of an article without its form for votes, which only
// /help/SLUG has.
func ArticlePage(e page.Context, a *article.Article) *view.Article {
	l := e.Words()
	title, summary, _ := e.Head(a)
	shown, doc, rd := e.ShownDoc(a)
	p := &view.Article{Chrome: e.Chrome("/help/" + a.Slug), ID: a.ID, Slug: a.Slug, Heading: title, Summary: summary, BodyLang: shown.Body.Lang}
	p.Title, p.Description = title, summary
	p.Alternates = alternates(e, a)
	if t, ok := e.Snap.Help.Topic(a.Category); ok {
		p.Crumbs = crumbs(e, e.TopicLink(t))
	}
	p.Fallback = fallback(e, a, shown)
	for _, post := range e.KnownProblems(a) {
		p.Known = append(p.Known, e.Alert(post))
	}
	options := markdown.Options{Texts: e.MarkdownTexts(shown.Body.Lang)}
	if doc != nil {
		p.Body = doc.HTML(rd, options)
		p.Contents = contents(doc.Outline(rd))
		p.Platforms = platformsOf(e, doc, rd)
		if p.Description == "" {
			p.Description = doc.Lead(rd, article.MaxSummary)
		}
	}
	dates := e.Snap.Library.DatesIn(a, e.Lang)
	updated := dates.Updated
	if updated.IsZero() {
		updated = dates.Published
	}
	p.Updated = view.On(l, updated)
	p.Permalink = e.Absolute("/a/" + strconv.Itoa(a.ID))
	for _, ext := range []string{".md", ".txt", ".json"} {
		p.Formats = append(p.Formats, view.Link{Text: strings.ToUpper(ext[1:]), URL: e.Root() + "/help/" + a.Slug + ext})
	}
	p.Related = e.ArticleLinks(e.Snap.Related(a, e.Lang, 4))
	for _, post := range e.Snap.Board.About(a.Slug) {
		if len(p.Posts) < 3 {
			p.Posts = append(p.Posts, e.PostLink(post))
		}
	}
	p.Contact = e.ContactWays()
	if edit := e.Snap.Library.Site.EditURL; edit != "" {
		p.EditURL = strings.ReplaceAll(edit, "{path}", shown.Body.Path)
	}
	var crumbs []view.Link
	for _, c := range p.Crumbs {
		crumbs = append(crumbs, view.Link{Text: c.Text, URL: e.Absolute(c.URL)})
	}
	p.JSONLD = view.NewArticleLD(title, p.Description, p.Canonical, shown.Body.Lang, page.Day(dates.Published), page.Day(updated),
		view.OrgLD{Name: e.Snap.Library.Site.Name, URL: e.Base()}, crumbs)
	return p
}

// alternates names the languages that really have the article.
func alternates(e page.Context, a *article.Article) []view.Alternate {
	langs := a.Languages()
	if len(langs) < 2 {
		return nil
	}
	var list []view.Alternate
	for _, lang := range langs {
		list = append(list, view.Alternate{Lang: lang, URL: e.Absolute(e.RootIn(lang) + "/help/" + a.Slug)})
	}
	return append(list, view.Alternate{Lang: "x-default", URL: e.Absolute("/help/" + a.Slug)})
}

func fallback(e page.Context, a *article.Article, shown article.Shown) *view.Fallback {
	l := e.Words()
	switch shown.Reason {
	case article.NoTranslation, article.FrontMatterOnly:
		return &view.Fallback{Reason: "missing", Lang: l.T("lang." + shown.Body.Lang)}
	case article.Outdated:
		return &view.Fallback{Reason: "outdated", Lang: l.T("lang." + a.Original), URL: e.RootIn(a.Original) + "/help/" + a.Slug}
	}
	return nil
}

// contents makes a table of contents of two levels.
func contents(headings []markdown.Heading) []view.Heading {
	var list []view.Heading
	for _, h := range headings {
		entry := view.Heading{ID: h.Anchor, Text: h.Text}
		switch {
		case h.Level <= 2 || len(list) == 0:
			list = append(list, entry)
		case h.Level == 3:
			last := &list[len(list)-1]
			last.Children = append(last.Children, entry)
		}
	}
	return list
}

// platformsOf lists the systems that the document has blocks for.
func platformsOf(e page.Context, doc *markdown.Doc, rd *content.Reader) []view.Platform {
	has := map[string]bool{}
	for _, p := range doc.Passages(rd) {
		for _, name := range p.Platforms {
			has[name] = true
		}
	}
	var list []view.Platform
	for _, name := range markdown.Platforms() {
		if has[name] {
			list = append(list, view.Platform{ID: name, Name: e.Words().T("platform." + name)})
		}
	}
	return list
}
