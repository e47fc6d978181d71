package page

import (
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/view"
)

// Article is the page of an article without its form for votes, which only
// /help/SLUG has.
func (e Context) Article(a *article.Article) *view.Article {
	l := e.Words()
	title, summary, _ := e.Head(a)
	shown, doc, rd := e.ShownDoc(a)
	p := &view.Article{Chrome: e.Chrome("/help/" + a.Slug), ID: a.ID, Slug: a.Slug, Heading: title, Summary: summary, BodyLang: shown.Body.Lang}
	p.Title, p.Description = title, summary
	p.Alternates = e.alternates(a)
	if t, ok := e.Snap.Help.Topic(a.Category); ok {
		p.Crumbs = e.Crumbs(e.TopicLink(t))
	}
	p.Fallback = e.fallback(a, shown)
	for _, post := range e.KnownProblems(a) {
		p.Known = append(p.Known, e.Alert(post))
	}
	options := markdown.Options{Texts: e.MarkdownTexts(shown.Body.Lang)}
	if doc != nil {
		p.Body = doc.HTML(rd, options)
		p.Contents = contents(doc.Outline(rd))
		p.Platforms = e.platformsOf(doc, rd)
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
	p.JSONLD = view.NewArticleLD(title, p.Description, p.Canonical, shown.Body.Lang, Day(dates.Published), Day(updated),
		view.OrgLD{Name: e.Snap.Library.Site.Name, URL: e.Base()}, crumbs)
	return p
}

// alternates names the languages that really have the article.
func (e Context) alternates(a *article.Article) []view.Alternate {
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

func (e Context) fallback(a *article.Article, shown article.Shown) *view.Fallback {
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
func (e Context) platformsOf(doc *markdown.Doc, rd *content.Reader) []view.Platform {
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

func (e Context) Crumbs(more ...view.Link) []view.Link {
	return append([]view.Link{{Text: e.Words().T("crumb.home"), URL: e.Root() + "/"}}, more...)
}

// ArticleMarkdown is the article as CommonMark with absolute links.
func (e Context) ArticleMarkdown(a *article.Article) []byte {
	title, summary, _ := e.Head(a)
	shown, doc, rd := e.ShownDoc(a)
	var b strings.Builder
	b.WriteString("# " + title + "\n\n")
	if summary != "" {
		b.WriteString("> " + summary + "\n\n")
	}
	if doc != nil {
		b.WriteString(doc.Markdown(rd, e.MarkdownOptions(a, shown)))
	}
	b.WriteString("\n\n<" + e.Absolute("/a/"+strconv.Itoa(a.ID)) + ">\n")
	return []byte(b.String())
}

// MarkdownOptions are for an article as others read it: with absolute links.
func (e Context) MarkdownOptions(a *article.Article, shown article.Shown) markdown.Options {
	return markdown.Options{
		Base: e.Base(), Self: e.Root() + "/help/" + a.Slug,
		Texts: e.MarkdownTexts(shown.Body.Lang),
	}
}
