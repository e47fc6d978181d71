package server

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/site"
	"signpost/internal/view"
)

const topicShown = 5 // articles of a topic on the home page

func (r *request) home() error {
	if r.lang == r.snap.DefaultLanguage() && len(r.snap.Languages()) > 1 {
		r.Response().Header().Add("Vary", "Accept-Language")
		want := locale.Match(r.Request().Header.Get("Accept-Language"), r.snap.Languages())
		if want != "" && want != r.lang && r.QueryParam("lang") == "" && !r.sameSite() {
			r.Response().Header().Set("Cache-Control", "no-store")
			return r.Redirect(http.StatusFound, "/"+want+"/")
		}
	}
	return r.page(func() (view.Page, error) {
		l := r.words()
		p := &view.Home{Chrome: r.chrome("/")}
		p.Description = l.T("home.description", "site", r.snap.Library.Site.Name)
		p.JSONLD = view.NewWebSiteLD(r.snap.Library.Site.Name, r.absolute(r.root()+"/"), r.absolute(r.root()+"/search?q={query}"))
		p.Level, p.Sentence, _ = r.overall()
		p.Now, p.Upcoming = r.currentPosts()
		for _, prov := range r.snap.Library.Providers {
			p.Domains = append(p.Domains, prov.Domains...)
		}
		p.Clients = r.setupGuides(4)
		for _, t := range r.snap.Help.Topics {
			link := r.topicLink(t)
			p.Categories = append(p.Categories, view.Category{
				ID: t.ID, Name: link.Text, URL: link.URL, Count: len(t.Articles),
				Articles: r.articleLinks(t.Articles[:min(topicShown, len(t.Articles))]),
			})
		}
		p.MostRead = r.articleLinks(r.snap.Popular(6))
		return p, nil
	})
}

// sameSite reports whether the visitor comes from a page of this site: then
// the language is a choice, and no longer a guess. The header comes from
// browsers that send nothing about other sites.
func (r *request) sameSite() bool { return r.Request().Header.Get("Sec-Fetch-Site") == "same-origin" }

func (r *request) topic() error {
	t, ok := r.snap.Help.Topic(r.Param("category"))
	if !ok {
		return errNotFound
	}
	if t.ID != r.Param("category") {
		return r.Redirect(http.StatusMovedPermanently, r.root()+"/topics/"+t.ID)
	}
	return r.page(func() (view.Page, error) {
		p := &view.Topic{Chrome: r.chrome("/topics/" + t.ID), Crumbs: r.crumbs()}
		link := r.topicLink(t)
		p.Title = link.Text
		p.Category = view.Category{ID: t.ID, Name: link.Text, URL: link.URL, Count: len(t.Articles), Articles: r.articleLinks(t.Articles)}
		for _, other := range r.snap.Help.Topics {
			if other.ID != t.ID {
				p.Others = append(p.Others, r.topicLink(other))
			}
		}
		return p, nil
	})
}

func (r *request) crumbs(more ...view.Link) []view.Link {
	return append([]view.Link{{Text: r.words().T("crumb.home"), URL: r.root() + "/"}}, more...)
}

// article answers /help/SLUG and, with an ending, its other forms.
func (r *request) article() error {
	name := r.Param("slug")
	slug, form := name, ""
	if ext := path.Ext(name); ext == ".md" || ext == ".json" || ext == ".txt" {
		slug, form = strings.TrimSuffix(name, ext), ext
	}
	a, old := r.snap.Help.Find(slug)
	if a == nil {
		return r.goneOr404(slug)
	}
	if old || a.Slug != slug {
		return r.Redirect(http.StatusMovedPermanently, r.root()+"/help/"+a.Slug+form)
	}
	switch form {
	case ".md":
		return r.kept("text/markdown; charset=utf-8", r.lang+" "+r.path, func() ([]byte, error) { return r.articleMarkdown(a), nil })
	case ".txt":
		return r.kept("text/plain; charset=utf-8", r.lang+" "+r.path, func() ([]byte, error) { return r.articleText(a), nil })
	case ".json":
		r.open()
		return r.kept("application/json", r.lang+" "+r.path, func() ([]byte, error) { return marshalJSON(r.articleJSON(a)) })
	}
	r.countRead(a)
	return r.page(func() (view.Page, error) { return r.articlePage(a), nil })
}

// goneOr404 answers for an article that is not there: 410 when it was once.
func (r *request) goneOr404(name string) error {
	for id, gone := range r.snap.Library.Removed {
		if strings.EqualFold(gone.Slug, name) || strconv.Itoa(id) == name {
			return &httpError{Status: http.StatusGone, gone: &gone}
		}
	}
	return errNotFound
}

// shownDoc returns what a reader of the request's language gets to see.
func (r *request) shownDoc(a *article.Article) (shown article.Shown, doc *markdown.Doc, rd *content.Reader) {
	shown = a.In(r.lang)
	return shown, r.snap.Library.Doc(shown.Body), r.readerIn(shown.Body.Lang)
}

func (r *request) articlePage(a *article.Article) *view.Article {
	l := r.words()
	title, summary, _ := site.Head(r.readerIn(shownLang(a, r.lang)), a)
	shown, doc, rd := r.shownDoc(a)
	p := &view.Article{Chrome: r.chrome("/help/" + a.Slug), ID: a.ID, Slug: a.Slug, Heading: title, Summary: summary, BodyLang: shown.Body.Lang}
	p.Title, p.Description = title, summary
	p.Alternates = r.alternates(a)
	if t, ok := r.snap.Help.Topic(a.Category); ok {
		p.Crumbs = r.crumbs(r.topicLink(t))
	}
	p.Fallback = r.fallback(a, shown)
	for _, post := range r.knownProblems(a) {
		p.Known = append(p.Known, r.alert(post))
	}
	options := markdown.Options{Texts: markdownTexts(r.s.texts.For(shown.Body.Lang))}
	if doc != nil {
		p.Body = doc.HTML(rd, options)
		p.Contents = contents(doc.Outline(rd))
		p.Platforms = r.platformsOf(doc, rd)
		if p.Description == "" {
			p.Description = doc.Lead(rd, article.MaxSummary)
		}
	}
	dates := r.snap.Library.Dates(a)
	updated := dates.Updated
	if updated.IsZero() {
		updated = dates.Published
	}
	p.Updated = view.On(l, updated)
	p.Vote = r.vote(a, p.Body)
	p.Permalink = r.absolute("/a/" + strconv.Itoa(a.ID))
	for _, ext := range []string{".md", ".txt", ".json"} {
		p.Formats = append(p.Formats, view.Link{Text: strings.ToUpper(ext[1:]), URL: r.root() + "/help/" + a.Slug + ext})
	}
	p.Related = r.articleLinks(r.snap.Related(a, r.lang, 4))
	for _, post := range r.snap.Situation.About(a.Slug) {
		if len(p.Posts) < 3 {
			p.Posts = append(p.Posts, r.postLink(post))
		}
	}
	p.Contact = r.contactWays()
	if edit := r.snap.Library.Site.EditURL; edit != "" {
		p.EditURL = strings.ReplaceAll(edit, "{path}", shown.Body.Path)
	}
	var crumbs []view.Link
	for _, c := range p.Crumbs {
		crumbs = append(crumbs, view.Link{Text: c.Text, URL: r.absolute(c.URL)})
	}
	p.JSONLD = view.NewArticleLD(title, p.Description, p.Canonical, shown.Body.Lang, day(dates.Published), day(updated),
		view.OrgLD{Name: r.snap.Library.Site.Name, URL: r.s.baseURL(r.snap)}, crumbs)
	return p
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// alternates names the languages that really have the article.
func (r *request) alternates(a *article.Article) []view.Alternate {
	langs := a.Languages()
	if len(langs) < 2 {
		return nil
	}
	var list []view.Alternate
	for _, lang := range langs {
		list = append(list, view.Alternate{Lang: lang, URL: r.absolute(rootOf(r.snap, lang) + "/help/" + a.Slug)})
	}
	return append(list, view.Alternate{Lang: "x-default", URL: r.absolute("/help/" + a.Slug)})
}

func (r *request) fallback(a *article.Article, shown article.Shown) *view.Fallback {
	l := r.words()
	switch shown.Reason {
	case article.NoTranslation, article.FrontMatterOnly:
		return &view.Fallback{Reason: "missing", Lang: l.T("lang." + shown.Body.Lang)}
	case article.Outdated:
		return &view.Fallback{Reason: "outdated", Lang: l.T("lang." + a.Main), URL: rootOf(r.snap, a.Main) + "/help/" + a.Slug}
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
func (r *request) platformsOf(doc *markdown.Doc, rd *content.Reader) []view.Platform {
	has := map[string]bool{}
	for _, p := range doc.Passages(rd) {
		for _, name := range p.Platforms {
			has[name] = true
		}
	}
	var list []view.Platform
	for _, name := range markdown.Platforms() {
		if has[name] {
			list = append(list, view.Platform{ID: name, Name: r.words().T("platform." + name)})
		}
	}
	return list
}

// knownProblems are the open posts that an article has to warn of.
func (r *request) knownProblems(a *article.Article) []status.PostState {
	return slices.DeleteFunc(slices.Clone(r.snap.Touching(a)), func(p status.PostState) bool {
		return p.Kind == status.Notice && !p.Banner || p.Kind == status.Maintenance && p.Impact == status.ImpactNone
	})
}

// permalink answers /a/ID, whatever punctuation a sentence left behind it.
func (r *request) permalink() error {
	id := trimLink(r.Param("id"))
	if rest, ok := strings.CutSuffix(id, "-"); ok {
		id = rest
	}
	if n, _, ok := strings.Cut(id, "-"); ok { // /a/1042-apple-mail
		if _, err := strconv.Atoi(n); err == nil {
			id = n
		}
	}
	a, _ := r.snap.Help.Find(id)
	if a == nil {
		return r.goneOr404(id)
	}
	h := r.Response().Header()
	h.Add("Vary", "Accept-Language")
	root := r.root()
	if root == "" {
		want := locale.Match(r.Request().Header.Get("Accept-Language"), r.snap.Languages())
		root = rootOf(r.snap, cmp.Or(want, r.lang))
	}
	target := root + "/help/" + a.Slug
	if p := r.QueryParam("p"); slices.Contains(markdown.Platforms(), p) {
		target += "?p=" + p
	}
	r.cacheFor(5 * time.Minute)
	return r.Redirect(http.StatusFound, target)
}

func (r *request) contact() error {
	if !r.contactWays().Any() {
		return errNotFound
	}
	return r.page(func() (view.Page, error) {
		p := &view.Contact{Chrome: r.chrome("/contact"), Ways: r.contactWays(), Popular: r.articleLinks(r.snap.Popular(5))}
		p.Title = r.words().T("nav.contact")
		p.Level, p.Sentence, _ = r.overall()
		return p, nil
	})
}

// setupGuides are the most used guides of mail programs.
func (r *request) setupGuides(limit int) []view.Link {
	p := r.snap.Library.Provider()
	if p == nil {
		return nil
	}
	var links []view.Link
	for _, client := range []string{"iphone", "apple-mail", "outlook-new", "thunderbird", "gmail-app"} {
		if a, _ := r.snap.Help.Find(p.Help[client]); a != nil && len(links) < limit {
			link := r.articleLink(a)
			links = append(links, view.Link{Text: link.Title, URL: link.URL})
		}
	}
	return links
}
