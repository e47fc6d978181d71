package server

import (
	"cmp"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/desk"
	"signpost/internal/locale"
	"signpost/internal/site"
	"signpost/internal/view"
)

// words returns the interface texts in the request's language.
func (r *request) words() *locale.Language { return r.s.texts.For(r.lang) }

// markdownTexts are the words that rendered Markdown needs.
func markdownTexts(l *locale.Language) *markdown.Texts {
	t := &markdown.Texts{
		Note: l.T("markdown.note"), Tip: l.T("markdown.tip"), Warning: l.T("markdown.warning"),
		On: l.T("markdown.on"), And: l.T("markdown.and"), Platforms: map[string]string{},
		SectionLink: l.T("markdown.section"), StepLink: l.T("markdown.step"), Picture: l.T("markdown.picture"),
	}
	for _, p := range markdown.Platforms() {
		t.Platforms[p] = l.T("platform." + p)
	}
	return t
}

// readerIn resolves the links of a page in r.lang, and values in lang.
func (r *request) readerIn(lang string) *content.Reader {
	rd := r.snap.Reader(lang, desk.Words(r.s.texts.For(lang)))
	rd.Root = r.root()
	return rd
}

// chrome returns what surrounds every page. path is the page's own path without
// the language, "" for a page that has none.
func (r *request) chrome(path string) view.Chrome {
	s := r.snap.Library.Site
	c := view.Chrome{Lang: r.lang, Root: r.root(), Site: r.siteChrome(), Alerts: r.alerts()}
	langs := r.snap.Languages()
	for _, lang := range langs {
		u := rootOf(r.snap, lang) + cmp.Or(path, "/")
		if u == "" {
			u = "/"
		}
		c.Languages = append(c.Languages, view.LanguageLink{Lang: lang, Name: r.s.texts.For(lang).Name, URL: u, Current: lang == r.lang})
		if path != "" && len(langs) > 1 {
			c.Alternates = append(c.Alternates, view.Alternate{Lang: lang, URL: r.absolute(u)})
		}
	}
	if path != "" {
		c.Canonical = r.absolute(r.root() + path)
		if len(langs) > 1 {
			c.Alternates = append(c.Alternates, view.Alternate{Lang: "x-default", URL: r.absolute(path)})
		}
	}
	c.Feeds = []view.Feed{
		{Title: s.Name + ": " + r.words().T("feed.help"), Type: "application/atom+xml", URL: r.root() + "/help/feed.atom"},
		{Title: s.Name + ": " + r.words().T("feed.status"), Type: "application/atom+xml", URL: r.root() + "/status/feed.atom"},
	}
	return c
}

func (r *request) siteChrome() view.Site {
	s := r.snap.Library.Site
	v := view.Site{
		Name: s.Name, URL: r.s.baseURL(r.snap), Sample: r.snap.Sample,
		Contact: r.contactWays().Any(), Setup: r.snap.Library.Provider() != nil,
	}
	if a := s.Theme.Accent; a != "" {
		if _, err := r.s.themes.get(a); err == nil { // check and the log say why not
			v.ThemeCSS = "/theme.css?v=" + themeVersion(a)
		}
	}
	if f := r.snap.Library.Files[s.Theme.Logo]; f != nil {
		v.Logo, v.LogoW, v.LogoH = content.FileURL(f), f.Width, f.Height
		if v.LogoH > 40 { // as high as the header is; the browser scales it
			v.LogoW, v.LogoH = v.LogoW*40/v.LogoH, 40
		}
	}
	if f := r.snap.Library.Files[s.Theme.CSS]; f != nil {
		v.CSS = content.FileURL(f)
	}
	for _, l := range s.Theme.Links {
		link := view.Link{Text: cmp.Or(l.Text[r.lang], l.Text[s.Languages[0]], l.URL), URL: l.URL}
		if l.Place == "header" {
			v.Header = append(v.Header, link)
		} else {
			v.Footer = append(v.Footer, link)
		}
	}
	return v
}

func (r *request) contactWays() view.ContactWays {
	c := r.snap.Library.Site.Contact
	return view.ContactWays{Hours: cmp.Or(c.Hours[r.lang], c.Hours[r.snap.DefaultLanguage()]), Phone: c.Phone, Email: c.Email, URL: c.URL}
}

// articleLink is an article in a list.
func (r *request) articleLink(a *article.Article) view.ArticleLink {
	title, summary, shown := site.Head(r.readerIn(shownLang(a, r.lang)), a)
	link := view.ArticleLink{Title: title, Summary: summary, URL: r.root() + "/help/" + a.Slug, Known: len(r.knownProblems(a)) > 0}
	if shown.Head.Lang != r.lang {
		link.Lang = shown.Head.Lang
	}
	return link
}

// shownLang is the language in which an article's title is shown.
func shownLang(a *article.Article, lang string) string { return a.In(lang).Head.Lang }

func (r *request) articleLinks(list []*article.Article) []view.ArticleLink {
	var links []view.ArticleLink
	for _, a := range list {
		links = append(links, r.articleLink(a))
	}
	return links
}

// topicLink is a category in a list.
func (r *request) topicLink(t content.Topic) view.Link {
	return view.Link{Text: t.NameIn(r.lang, r.snap.DefaultLanguage()), URL: r.root() + "/topics/" + t.ID}
}
