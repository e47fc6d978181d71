package help

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/feed"
	"signpost/internal/feed/atom"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

type sitemapURL struct {
	Loc   string        `xml:"loc"`
	Mod   string        `xml:"lastmod,omitempty"`
	Links []sitemapLink `xml:"http://www.w3.org/1999/xhtml link"`
}

type sitemapLink struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

// Sitemap lists every public page in every language that has it (sitemaps.org
// 0.9 with hreflang links).
func Sitemap(r *web.Request) error {
	return r.SendCached("application/xml; charset=utf-8", "sitemap", func() ([]byte, error) {
		var set struct {
			XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []sitemapURL `xml:"url"`
		}
		add := func(path string, langs []string, mod time.Time) {
			for _, lang := range langs {
				u := sitemapURL{Loc: r.Page.Absolute(r.Page.RootIn(lang) + path), Mod: page.Day(mod)}
				if len(langs) > 1 {
					for _, other := range langs {
						u.Links = append(u.Links, sitemapLink{"alternate", other, r.Page.Absolute(r.Page.RootIn(other) + path)})
					}
				}
				set.URLs = append(set.URLs, u)
			}
		}
		all := r.Page.Snap.Languages()
		pages := []string{"/", "/status"}
		if r.Page.Snap.Library.Provider() != nil {
			pages = append(pages, "/setup")
		}
		if r.Page.ContactWays().Any() {
			pages = append(pages, "/contact")
		}
		for _, p := range pages {
			add(p, all, time.Time{})
		}
		for _, t := range r.Page.Snap.Help.Topics {
			add("/topics/"+t.ID, all, time.Time{})
		}
		for _, a := range r.Page.Snap.Help.Articles {
			d := r.Page.Snap.Library.Dates(a)
			if d.Updated.IsZero() {
				d.Updated = d.Published
			}
			add("/help/"+a.Slug, a.Languages(), d.Updated)
		}
		for _, p := range r.Page.Snap.Board.Posts {
			add("/status/"+p.ID, all[:1], p.Changed)
		}
		body, err := xml.Marshal(set)
		return append([]byte(xml.Header), body...), err
	})
}

// Robots answers /robots.txt (RFC 9309).
func Robots(r *web.Request) error {
	return r.SendCached("text/plain; charset=utf-8", "robots", func() ([]byte, error) {
		return []byte("User-agent: *\nDisallow: /search?\nDisallow: /*/search?\nDisallow: /agent\nDisallow: /*/agent\nDisallow: /r/\nDisallow: /p/\n\nSitemap: " + r.Page.Absolute("/sitemap.xml") + "\n"), nil
	})
}

// OpenSearch lets browsers search this site (OpenSearch 1.1).
func OpenSearch(r *web.Request) error {
	type urlElement struct {
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	return r.SendCached("application/opensearchdescription+xml", r.Page.Lang+" opensearch", func() ([]byte, error) {
		name := []rune(r.Page.Snap.Library.Site.Name)
		body, err := xml.Marshal(struct {
			XMLName     xml.Name     `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
			ShortName   string       `xml:"ShortName"`
			Description string       `xml:"Description"`
			Language    string       `xml:"Language"`
			Encoding    string       `xml:"InputEncoding"`
			URLs        []urlElement `xml:"Url"`
		}{
			ShortName: string(name[:min(len(name), 16)]), Description: r.Page.Words().T("search.label"), Language: r.Page.Lang, Encoding: "UTF-8",
			URLs: []urlElement{
				{"text/html", r.Page.Absolute(r.Page.Root() + "/search?q={searchTerms}")},
				{"application/opensearchdescription+xml", r.Page.Absolute("/opensearch.xml")},
			},
		})
		return append([]byte(xml.Header), body...), err
	})
}

// LLMs lists the articles for assistants (llmstxt.org).
func LLMs(r *web.Request) error {
	return r.SendCached("text/plain; charset=utf-8", "llms", func() ([]byte, error) {
		var b strings.Builder
		b.WriteString("# " + r.Page.Snap.Library.Site.Name + "\n\n> " + r.Page.Words().T("home.description", "site", r.Page.Snap.Library.Site.Name) + "\n\n")
		b.WriteString("Current status as JSON: " + r.Page.Absolute("/api/v2/summary.json") + "\nSearch: " + r.Page.Absolute("/api/v1/search?q=WORDS") + "\n")
		for _, t := range r.Page.Snap.Help.Topics {
			b.WriteString("\n## " + t.NameIn(r.Page.Lang, r.Page.Lang) + "\n\n")
			for _, a := range t.Articles {
				link := r.Page.ArticleLink(a)
				b.WriteString("- [" + strings.NewReplacer("[", "\\[", "]", "\\]").Replace(link.Title) + "](" + r.Page.Absolute("/help/"+a.Slug+".md") + ")")
				if link.Summary != "" {
					b.WriteString(": " + link.Summary)
				}
				b.WriteString("\n")
			}
		}
		return []byte(b.String()), nil
	})
}

const feedLength = 50

// Feed is new and changed articles as Atom. Articles without a date are
// not in it: nobody knows when they were new.
func Feed(r *web.Request) error {
	r.Open()
	return r.SendCached(atom.ContentType, r.Page.Lang+" help feed", func() ([]byte, error) {
		base, err := url.Parse(r.Page.Base())
		if err != nil {
			return nil, err
		}
		f := feed.Feed{
			Title: r.Page.Snap.Library.Site.Name + ": " + r.Page.Words().T("feed.help"), Lang: r.Page.Lang,
			Home: r.Page.Absolute(r.Page.Root() + "/"), Self: r.Page.Absolute(r.Page.Root() + "/help/feed.atom"), Author: r.Page.Snap.Library.Site.Name,
			ID: feed.Tag(web.HostName(base.Host), 2026, "help/"+r.Page.Lang),
		}
		for _, a := range newestArticles(r.Page) {
			f.Entries = append(f.Entries, feedEntry(r.Page, a, web.HostName(base.Host)))
		}
		return atom.Write(f)
	})
}

func newestArticles(e page.Context) []*article.Article {
	changed := func(a *article.Article) time.Time {
		d := e.Snap.Library.Dates(a)
		if d.Updated.After(d.Published) {
			return d.Updated
		}
		return d.Published
	}
	list := slices.DeleteFunc(slices.Clone(e.Snap.Help.Articles), func(a *article.Article) bool { return changed(a).IsZero() })
	slices.SortStableFunc(list, func(x, y *article.Article) int { return changed(y).Compare(changed(x)) })
	return list[:min(len(list), feedLength)]
}

func feedEntry(e page.Context, a *article.Article, host string) feed.Entry {
	title, summary, _ := e.Head(a)
	shown, doc, rd := e.ShownDoc(a)
	d := e.Snap.Library.Dates(a)
	if d.Published.IsZero() {
		d.Published = d.Updated
	}
	entry := feed.Entry{
		ID: feed.Tag(host, 2026, "article/"+strconv.Itoa(a.ID)+"/"+e.Lang), URL: e.Absolute(e.Root() + "/help/" + a.Slug),
		Title: title, Summary: summary, Published: d.Published, Updated: d.Updated,
	}
	if shown.Body.Lang != e.Lang {
		entry.Lang = shown.Body.Lang
	}
	if doc != nil {
		o := markdown.Options{Base: e.Base(), Self: e.Root() + "/help/" + a.Slug, NoAnchors: true, Texts: e.MarkdownTexts(shown.Body.Lang)}
		entry.HTML, entry.Text = string(doc.HTML(rd, o)), doc.Text(rd, o)
	}
	if t, ok := e.Snap.Help.Topic(a.Category); ok {
		entry.Categories = []feed.Category{{Term: t.ID, Label: t.NameIn(e.Lang, e.Snap.DefaultLanguage())}}
	}
	return entry
}
