// Package suggest is what support agents get for a ticket: the open incidents and
// the articles that fit it, and snippets to put into a reply.
//
// [For] ranks articles and incidents for a ticket, with reasons; [ArticleSnippet]
// writes a snippet about an article, [SettingsSnippet] one with a customer's settings.
// Web page, API, MCP and command line all call them.
//
// Guarantees: everything comes from one snapshot; lists are never nil; a snippet
// says the same as plain text, Markdown and HTML; what is substituted is text in
// each of them, never markup; nothing is kept.
package suggest

import (
	"math"
	"slices"
	"strconv"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/search"
	"signpost/internal/site"
	"signpost/internal/ticket"
)

// Limits of suggestions.
const (
	Normal  = 5  // articles when nobody asks for a number
	Most    = 20 // articles at most
	maxPost = 5  // incidents at most
)

// Options say how suggestions are made.
type Options struct {
	Lang     string // a language of the site; "": the ticket's, else the site's first
	Platform string // one of markdown.Platforms; "": the ticket's
	Limit    int    // articles; 0 means Normal
	Public   bool   // only what customers may see
}

// Suggestions are what fits a ticket.
type Suggestions struct {
	Incidents []Incident      `json:"incidents"` // open ones that explain it
	Open      []OpenIncident  `json:"open"`      // all others, those that might explain it first; none for customers
	Articles  []ArticleResult `json:"articles"`  // best first
	Detected  Detected        `json:"detected"`
}

// Detected is what was told from the ticket, or given by the caller.
type Detected struct {
	Lang     string   `json:"lang"` // of the suggestions
	Platform string   `json:"platform,omitempty"`
	Client   string   `json:"client,omitempty"`   // mail program
	Provider string   `json:"provider,omitempty"` // id of the provider with the customer's domain
	Codes    []string `json:"codes"`              // error codes
}

// An ArticleResult is an article that may answer the ticket.
type ArticleResult struct {
	ID       int      `json:"id"`
	Slug     string   `json:"slug"`
	Title    string   `json:"title"`
	Lang     string   `json:"lang"`             // of the text
	URL      string   `json:"url"`              // site-relative, with platform and section; of an internal article its agents' page
	Anchor   string   `json:"anchor,omitempty"` // of the section that fits
	Section  string   `json:"section,omitempty"`
	Snippet  string   `json:"snippet"` // HTML: escaped text with <mark> only
	Score    float64  `json:"score"`   // comparable within one answer only
	Fit      Fit      `json:"fit"`
	Why      []string `json:"why"` // "word", "word = synonym" or "asked: word", heaviest first
	Internal bool     `json:"internal,omitempty"`

	Article *article.Article `json:"-"`
}

// A Fit is how surely an article answers a ticket.
type Fit string

// The values of Fit. What fits less is not suggested.
const (
	Strong   Fit = "strong"
	Possible Fit = "possible" // for agents only
)

// For ranks what the site has for a ticket. Articles that fit strongly come first.
func For(s *site.Snapshot, t ticket.Ticket, o Options) Suggestions {
	d := detect(s, t, o)
	ix, catalog := s.DeskIndex, s.Desk
	if o.Public {
		ix, catalog = s.Index, s.Help
	}
	q := search.Ticket{Subject: t.Subject, Text: t.Text, Lang: d.Lang, Platform: d.Platform, Codes: t.Codes}
	out := Suggestions{Articles: []ArticleResult{}, Detected: d}
	q.Kind, q.Limit = search.Article, min(max(o.Limit, 0), Most)
	if q.Limit == 0 {
		q.Limit = Normal
	}
	for _, hit := range ix.Suggest(q) {
		a := s.DeskArticleOf(hit.Doc)
		if a == nil || !catalog.Has(a) {
			continue
		}
		found := result(s, a, hit, d)
		if found.Fit = Possible; hit.Fit == search.Strong {
			found.Fit = Strong
		}
		out.Articles = append(out.Articles, found)
	}
	slices.SortStableFunc(out.Articles, func(a, b ArticleResult) int {
		switch {
		case a.Fit == b.Fit:
			return 0
		case a.Fit == Strong:
			return -1
		}
		return 1
	})
	var first *ArticleResult
	if len(out.Articles) > 0 {
		first = &out.Articles[0]
	}
	out.Incidents, out.Open = incidents(s, t, q, first, d.Lang)
	if o.Public {
		out.Open = []OpenIncident{}
	}
	return out
}

func detect(s *site.Snapshot, t ticket.Ticket, o Options) Detected {
	d := Detected{Lang: o.Lang, Platform: o.Platform, Client: t.Client, Codes: append([]string{}, t.Codes...)}
	for _, lang := range []string{t.Lang, s.DefaultLanguage()} {
		if !slices.Contains(s.Languages(), d.Lang) {
			d.Lang = lang
		}
	}
	if !slices.Contains(markdown.Platforms(), d.Platform) {
		d.Platform = t.Platform
	}
	for _, domain := range t.Domains {
		for _, p := range s.Library.Providers {
			if d.Provider == "" && slices.Contains(p.Domains, domain) {
				d.Provider = p.ID
			}
		}
	}
	return d
}

func result(s *site.Snapshot, a *article.Article, hit search.Hit, d Detected) ArticleResult {
	title, _, shown := site.Head(s.DeskReader(a.In(d.Lang).Head.Lang, nil), a)
	r := ArticleResult{
		ID: a.ID, Slug: a.Slug, Title: title, Lang: shown.Body.Lang, Anchor: hit.Anchor, Section: hit.Section, Snippet: hit.Snippet,
		Score: math.Round(hit.Score*1000) / 1000, Why: append([]string{}, hit.Why...), Internal: !s.Help.Has(a), Article: a,
	}
	if r.Internal {
		r.URL = "/agent/a/" + strconv.Itoa(a.ID)
		return r
	}
	platform := ""
	if hit.Platform != "" {
		platform = d.Platform
		if platform == "" || len(hit.Doc.Platforms) > 0 && !slices.Contains(hit.Doc.Platforms, platform) {
			platform = hit.Platform
		}
	}
	r.URL = root(s, d.Lang) + "/help/" + a.Slug + query(platform)
	if hit.Anchor != "" {
		r.URL += "#" + hit.Anchor
	}
	return r
}

// root is the prefix of a language's URLs.
func root(s *site.Snapshot, lang string) string {
	if lang == "" || lang == s.DefaultLanguage() {
		return ""
	}
	return "/" + lang
}

func query(platform string) string {
	if !slices.Contains(markdown.Platforms(), platform) {
		return ""
	}
	return "?p=" + platform
}

// Terms returns the terms that may be counted for the articles that answered a
// ticket, and the language they were stemmed in.
func Terms(t ticket.Ticket) (lang string, terms []string) {
	lang = t.Lang
	if lang == "" {
		lang = "en"
	}
	return lang, search.Terms(lang, t.Subject+"\n"+t.Text)
}
