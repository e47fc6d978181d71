package server

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/feed"
	"signpost/internal/feed/atom"
	"signpost/internal/site"
)

func escape(s string) string { return html.EscapeString(s) }

// json sends a value that depends on nothing but the snapshot and the key.
func (r *request) json(key string, value func() any) error {
	return r.kept("application/json", key, func() ([]byte, error) { return marshalJSON(value()) })
}

// marshalJSON writes < and > as they are: the media type keeps browsers from
// reading the answer as HTML, and snippets are full of them.
func marshalJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

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

// sitemap lists every public page in every language that has it (sitemaps.org
// 0.9 with hreflang links).
func (r *request) sitemap() error {
	return r.kept("application/xml; charset=utf-8", "sitemap", func() ([]byte, error) {
		var set struct {
			XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []sitemapURL `xml:"url"`
		}
		add := func(path string, langs []string, mod time.Time) {
			for _, lang := range langs {
				u := sitemapURL{Loc: r.absolute(rootOf(r.snap, lang) + path), Mod: day(mod)}
				if len(langs) > 1 {
					for _, other := range langs {
						u.Links = append(u.Links, sitemapLink{"alternate", other, r.absolute(rootOf(r.snap, other) + path)})
					}
				}
				set.URLs = append(set.URLs, u)
			}
		}
		all := r.snap.Languages()
		pages := []string{"/", "/status"}
		if r.snap.Library.Provider() != nil {
			pages = append(pages, "/setup")
		}
		if r.contactWays().Any() {
			pages = append(pages, "/contact")
		}
		for _, p := range pages {
			add(p, all, time.Time{})
		}
		for _, t := range r.snap.Help.Topics {
			add("/topics/"+t.ID, all, time.Time{})
		}
		for _, a := range r.snap.Help.Articles {
			d := r.snap.Library.Dates(a)
			if d.Updated.IsZero() {
				d.Updated = d.Published
			}
			add("/help/"+a.Slug, a.Languages(), d.Updated)
		}
		for _, p := range r.snap.Situation.Posts {
			add("/status/"+p.ID, all[:1], p.Changed)
		}
		body, err := xml.Marshal(set)
		return append([]byte(xml.Header), body...), err
	})
}

func (r *request) robots() error {
	return r.kept("text/plain; charset=utf-8", "robots", func() ([]byte, error) {
		return []byte("User-agent: *\nDisallow: /search?\nDisallow: /*/search?\nDisallow: /agent\nDisallow: /r/\nDisallow: /p/\n\nSitemap: " + r.absolute("/sitemap.xml") + "\n"), nil
	})
}

// openSearch lets browsers search this site (OpenSearch 1.1).
func (r *request) openSearch() error {
	type urlElement struct {
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	return r.kept("application/opensearchdescription+xml", r.lang+" opensearch", func() ([]byte, error) {
		name := []rune(r.snap.Library.Site.Name)
		body, err := xml.Marshal(struct {
			XMLName     xml.Name     `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
			ShortName   string       `xml:"ShortName"`
			Description string       `xml:"Description"`
			Language    string       `xml:"Language"`
			Encoding    string       `xml:"InputEncoding"`
			URLs        []urlElement `xml:"Url"`
		}{
			ShortName: string(name[:min(len(name), 16)]), Description: r.words().T("search.label"), Language: r.lang, Encoding: "UTF-8",
			URLs: []urlElement{
				{"text/html", r.absolute(r.root() + "/search?q={searchTerms}")},
				{"application/opensearchdescription+xml", r.absolute("/opensearch.xml")},
			},
		})
		return append([]byte(xml.Header), body...), err
	})
}

// llms lists the articles for assistants (llmstxt.org).
func (r *request) llms() error {
	return r.kept("text/plain; charset=utf-8", "llms", func() ([]byte, error) {
		var b strings.Builder
		b.WriteString("# " + r.snap.Library.Site.Name + "\n\n> " + r.words().T("home.description", "site", r.snap.Library.Site.Name) + "\n\n")
		b.WriteString("Current status as JSON: " + r.absolute("/api/v2/summary.json") + "\nSearch: " + r.absolute("/api/v1/search?q=WORDS") + "\n")
		for _, t := range r.snap.Help.Topics {
			b.WriteString("\n## " + t.NameIn(r.lang, r.lang) + "\n\n")
			for _, a := range t.Articles {
				link := r.articleLink(a)
				b.WriteString("- [" + strings.NewReplacer("[", "\\[", "]", "\\]").Replace(link.Title) + "](" + r.absolute("/help/"+a.Slug+".md") + ")")
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

// helpFeed is new and changed articles as Atom. Articles without a date are
// not in it: nobody knows when they were new.
func (r *request) helpFeed() error {
	r.open()
	return r.kept(atom.ContentType, r.lang+" help feed", func() ([]byte, error) {
		base, err := url.Parse(r.s.baseURL(r.snap))
		if err != nil {
			return nil, err
		}
		f := feed.Feed{
			Title: r.snap.Library.Site.Name + ": " + r.words().T("feed.help"), Lang: r.lang,
			Home: r.absolute(r.root() + "/"), Self: r.absolute(r.root() + "/help/feed.atom"), Author: r.snap.Library.Site.Name,
			ID: feed.Tag(hostName(base.Host), 2026, "help/"+r.lang),
		}
		for _, a := range r.newestArticles() {
			f.Entries = append(f.Entries, r.feedEntry(a, hostName(base.Host)))
		}
		return atom.Write(f)
	})
}

func (r *request) newestArticles() []*article.Article {
	changed := func(a *article.Article) time.Time {
		d := r.snap.Library.Dates(a)
		if d.Updated.After(d.Published) {
			return d.Updated
		}
		return d.Published
	}
	list := slices.DeleteFunc(slices.Clone(r.snap.Help.Articles), func(a *article.Article) bool { return changed(a).IsZero() })
	slices.SortStableFunc(list, func(x, y *article.Article) int { return changed(y).Compare(changed(x)) })
	return list[:min(len(list), feedLength)]
}

func (r *request) feedEntry(a *article.Article, host string) feed.Entry {
	title, summary, _ := site.Head(r.readerIn(shownLang(a, r.lang)), a)
	shown, doc, rd := r.shownDoc(a)
	d := r.snap.Library.Dates(a)
	if d.Published.IsZero() {
		d.Published = d.Updated
	}
	e := feed.Entry{
		ID: feed.Tag(host, 2026, "article/"+strconv.Itoa(a.ID)+"/"+r.lang), URL: r.absolute(r.root() + "/help/" + a.Slug),
		Title: title, Summary: summary, Published: d.Published, Updated: d.Updated,
	}
	if shown.Body.Lang != r.lang {
		e.Lang = shown.Body.Lang
	}
	if doc != nil {
		o := markdown.Options{Base: r.s.baseURL(r.snap), Self: r.root() + "/help/" + a.Slug, NoAnchors: true, Texts: markdownTexts(r.s.texts.For(shown.Body.Lang))}
		e.HTML, e.Text = string(doc.HTML(rd, o)), doc.Text(rd, o)
	}
	if t, ok := r.snap.Help.Topic(a.Category); ok {
		e.Categories = []feed.Category{{Term: t.ID, Label: t.NameIn(r.lang, r.snap.DefaultLanguage())}}
	}
	return e
}

// health says that the program answers. A good snapshot is always there.
func (r *request) health() error {
	r.Response().Header().Set("Cache-Control", "no-store")
	r.send(http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
	return nil
}
