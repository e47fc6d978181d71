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
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
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
	Incidents []Incident      `json:"incidents"` // open ones that may be the cause
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

// An Incident is an open post.
type Incident struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"` // incident, maintenance or notice
	State   string   `json:"state"`
	Impact  string   `json:"impact"` // none, minor, major or critical
	Title   string   `json:"title"`
	URL     string   `json:"url"` // site-relative
	Snippet string   `json:"snippet"`
	Why     []string `json:"why"` // words of the ticket; "article: SLUG" when a suggested article's services are touched
}

// An ArticleResult is an article that may answer the ticket.
type ArticleResult struct {
	ID       int      `json:"id"`
	Slug     string   `json:"slug"`
	Title    string   `json:"title"`
	Lang     string   `json:"lang"` // of the text
	URL      string   `json:"url"`  // site-relative, with platform and section; of an internal article its agents' page
	Section  string   `json:"section,omitempty"`
	Snippet  string   `json:"snippet"` // HTML: escaped text with <mark> only
	Score    float64  `json:"score"`   // comparable within one answer only
	Why      []string `json:"why"`     // "word", "word = synonym" or "asked: word", heaviest first
	Internal bool     `json:"internal,omitempty"`

	Article *article.Article `json:"-"`
}

// For ranks what the site has for a ticket.
func For(s *site.Snapshot, t ticket.Ticket, o Options) Suggestions {
	d := detect(s, t, o)
	ix, catalog := s.DeskIndex, s.Desk
	if o.Public {
		ix, catalog = s.Index, s.Help
	}
	q := search.Ticket{Subject: t.Subject, Text: t.Text, Lang: d.Lang, Platform: d.Platform, Codes: t.Codes}
	out := Suggestions{Incidents: []Incident{}, Articles: []ArticleResult{}, Detected: d}
	q.Kind, q.Limit = search.Article, min(max(o.Limit, 0), Most)
	if q.Limit == 0 {
		q.Limit = Normal
	}
	for _, hit := range ix.Suggest(q) {
		a := s.DeskArticleOf(hit.Doc)
		if a == nil || !catalog.Has(a) {
			continue
		}
		out.Articles = append(out.Articles, result(s, a, hit, d))
	}
	q.Kind, q.Limit = search.Incident, maxPost
	out.Incidents = incidents(s, ix.Suggest(q), out.Articles, d.Lang)
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
		ID: a.ID, Slug: a.Slug, Title: title, Lang: shown.Body.Lang, Section: hit.Section, Snippet: hit.Snippet,
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

// incidents are the open posts whose words the ticket has, then those that
// touch the services of the best articles.
func incidents(s *site.Snapshot, hits []search.Hit, best []ArticleResult, lang string) []Incident {
	out := []Incident{}
	add := func(p status.PostState, snippet string, why []string) {
		if p.Phase != status.Open || len(out) == maxPost || slices.ContainsFunc(out, func(i Incident) bool { return i.ID == p.ID }) {
			return
		}
		title, _ := markdown.Substitute(p.Title.In(lang), s.Reader(p.Lang, nil).Value)
		out = append(out, Incident{
			ID: p.ID, Kind: string(p.Kind), State: string(p.State), Impact: p.Impact.String(), Title: title,
			URL: root(s, lang) + "/status/" + p.ID, Snippet: snippet, Why: why,
		})
	}
	common := commonWords(s.Library.Site.Components)
	for _, hit := range hits {
		if p, ok := s.PostOf(hit.Doc); ok && telling(hit, common) {
			add(p, hit.Snippet, append([]string{}, hit.Why...))
		}
	}
	for _, a := range best[:min(len(best), 3)] {
		for _, p := range s.Touching(a.Article) {
			add(p, "", []string{"article: " + a.Slug})
		}
	}
	return out
}

// telling reports whether a ticket has something in common with an incident: a
// word of its title or components, or two of its text. Common words do not count.
func telling(hit search.Hit, common map[string]bool) bool {
	named := wordsOf(hit.Doc.Title + " " + strings.Join(hit.Doc.Also, " "))
	found := map[string]bool{}
	for _, why := range hit.Why {
		word, meant, _ := strings.Cut(why, " = ")
		if isCommon(common, word) || isCommon(common, meant) {
			continue
		}
		if slices.Contains(named, word) {
			return true
		}
		found[cmp.Or(meant, word)] = true
	}
	return len(found) > 1
}

// wordsOf are the words of a name, without the hyphens inside them.
func wordsOf(name string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(name, "-", "")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// commonWords are those of three components' names or more: "mail" tells a mail
// provider's incidents apart from nothing.
func commonWords(components []status.Component) map[string]bool {
	count := map[string]int{}
	for _, c := range components {
		own := map[string]bool{}
		for _, name := range c.Name {
			for _, w := range wordsOf(name) {
				own[w] = true
			}
		}
		for w := range own {
			count[w]++
		}
	}
	common := map[string]bool{}
	for w, n := range count {
		if n >= 3 {
			common[w] = true
		}
	}
	return common
}

// isCommon knows the forms of a common word too, such as "mails".
func isCommon(common map[string]bool, word string) bool {
	for _, w := range wordsOf(word) {
		for c := range common {
			if w == c || len(c) > 3 && strings.HasPrefix(w, c) {
				return true
			}
		}
	}
	return false
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
