package help

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

const (
	maxQuery   = 300 // characters
	pageSize   = 10
	maxResults = 100
	searchTime = 30 * time.Second // of answers in a browser
)

// queryText is what the visitor typed, made safe and short.
func queryText(r *web.Request) string {
	q := []rune(strings.TrimSpace(strings.ToValidUTF8(r.QueryParam("q"), "")))
	return string(q[:min(len(q), maxQuery)])
}

// Search answers /search, also without JavaScript.
func (h *Handlers) Search(r *web.Request) error {
	text := queryText(r)
	page, _ := strconv.Atoi(r.QueryParam("page"))
	page = min(max(page, 1), maxResults/pageSize)
	q := search.Query{
		Text: text, Lang: r.Page.Lang, Category: r.QueryParam("category"), Platform: r.QueryParam("platform"),
		Limit: page * pageSize, Verbatim: r.QueryParam("exact") == "1", Facets: true,
	}
	l := r.Page.Words()
	if text == "" {
		return r.SendPage(func() (view.Page, error) {
			p := &view.Search{Chrome: r.Page.Chrome("/search"), Contact: r.Page.ContactWays(), Popular: r.Page.ArticleLinks(r.Page.Snap.Popular(6))}
			p.Title, p.Description = l.T("search.empty.title"), l.T("search.description", "site", r.Page.Snap.Library.Site.Name)
			return p, nil
		})
	}
	p := &view.Search{Chrome: r.Page.Chrome(""), Contact: r.Page.ContactWays()}
	p.Title, p.Query, p.Robots = l.T("search.title", "query", text), text, "noindex"
	res := r.Page.Snap.Index.Search(q)
	knownFirst(r.Page, q, &res)
	p.Total = res.Total
	if page == 1 && q.Category == "" && q.Platform == "" && r.Human() {
		h.countSearch(r, text, res.Total)
	}
	if res.Corrected != "" {
		p.Corrected = &view.Correction{Shown: res.Corrected, Original: text, OriginalURL: searchURL(r.Page, text, "", "", 1) + "&exact=1"}
	}
	from := min((page-1)*pageSize, len(res.Hits))
	for _, hit := range res.Hits[from:min(from+pageSize, len(res.Hits))] {
		if v, ok := result(r.Page, hit); ok {
			p.Results = append(p.Results, v)
		}
	}
	if page == 1 {
		p.Card = settingsCard(r.Page, text)
	}
	p.Categories = categoryFilters(r.Page, q, res.Facets)
	p.Platforms = platformFilters(r.Page, q, res.Facets)
	p.Narrowed = q.Category != "" || q.Platform != ""
	if page > 1 {
		p.Previous = searchURL(r.Page, text, q.Category, q.Platform, page-1)
	}
	if res.Total > page*pageSize && page < maxResults/pageSize {
		p.Next = searchURL(r.Page, text, q.Category, q.Platform, page+1)
	}
	if len(p.Results) == 0 {
		p.Popular = r.Page.ArticleLinks(r.Page.Snap.Popular(6))
	}
	r.CacheAtClient(searchTime)
	return r.SendFresh(http.StatusOK, p)
}

func searchURL(e page.Context, text, category, platform string, page int) string {
	v := url.Values{"q": {text}}
	if category != "" {
		v.Set("category", category)
	}
	if platform != "" {
		v.Set("platform", platform)
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	return e.Root() + "/search?" + v.Encode()
}

// result is a hit on the results page; false when it is not public any more.
func result(e page.Context, hit search.Hit) (view.Result, bool) {
	v := view.Result{Kind: hit.Doc.Kind, Title: hit.Doc.Title, Section: hit.Section, Snippet: template.HTML(hit.Snippet)} // escaped by search
	switch hit.Doc.Kind {
	case search.Article:
		a := e.Snap.ArticleOf(hit.Doc)
		if a == nil {
			return v, false
		}
		v.Title, _, _ = e.Head(a)
		v.URL = e.Root() + hitPath(hit, "/help/"+a.Slug)
		if t, ok := e.Snap.Help.Topic(a.Category); ok {
			v.Category = t.NameIn(e.Lang, e.Snap.DefaultLanguage())
		}
		if shown := a.In(e.Lang); shown.Body.Lang != e.Lang {
			v.Lang = shown.Body.Lang
		}
		v.Known = len(e.KnownProblems(a)) > 0
	case search.Incident:
		p, ok := e.Snap.PostOf(hit.Doc)
		if !ok {
			return v, false
		}
		link := e.PostLink(p)
		v.Title, v.URL, v.Level, v.State, v.When = link.Title, link.URL, link.Level, link.StateWord, link.When
	default:
		return v, false
	}
	return v, true
}

// hitPath points at the best section, and at the system that it is for.
func hitPath(hit search.Hit, path string) string {
	if hit.Platform != "" && slices.Contains(markdown.Platforms(), hit.Platform) {
		path += "?p=" + hit.Platform
	}
	if hit.Anchor != "" {
		path += "#" + hit.Anchor
	}
	return path
}

func categoryFilters(e page.Context, q search.Query, f search.Facets) []view.Filter {
	var list []view.Filter
	for _, t := range e.Snap.Help.Topics {
		n := f.Category[t.ID]
		if n == 0 && q.Category != t.ID {
			continue
		}
		target, selected := t.ID, q.Category == t.ID
		if selected {
			target = ""
		}
		list = append(list, view.Filter{Name: t.NameIn(e.Lang, e.Snap.DefaultLanguage()), Count: n, URL: searchURL(e, q.Text, target, q.Platform, 1), Selected: selected})
	}
	return list
}

func platformFilters(e page.Context, q search.Query, f search.Facets) []view.Filter {
	var list []view.Filter
	for _, name := range markdown.Platforms() {
		n := f.Platform[name]
		if n == 0 && q.Platform != name {
			continue
		}
		target, selected := name, q.Platform == name
		if selected {
			target = ""
		}
		list = append(list, view.Filter{Name: e.Words().T("platform." + name), Count: n, URL: searchURL(e, q.Text, q.Category, target, 1), Selected: selected})
	}
	return list
}

// A resultValue is one result of the search API.
type resultValue struct {
	Kind    string  `json:"kind"` // article, incident or setting
	ID      string  `json:"id"`
	Slug    string  `json:"slug"`
	Title   string  `json:"title"`
	URL     string  `json:"url"` // site-relative
	Anchor  string  `json:"anchor"`
	Section string  `json:"section"`
	Snippet string  `json:"snippet"` // text with <mark> only
	Score   float64 `json:"score"`
}

// A SearchValue is what the search API answers.
type SearchValue struct {
	Query     string        `json:"query"`
	Corrected string        `json:"corrected,omitempty"`
	Total     int           `json:"total"`
	Results   []resultValue `json:"results"`
}

// SearchAPI answers /api/v1/search, also for search-as-you-type.
func (h *Handlers) SearchAPI(r *web.Request) error {
	if lang := r.QueryParam("lang"); lang != "" {
		if !r.Page.Knows(lang) {
			return web.BadRequest("lang is none of this site's languages: " + strings.Join(r.Page.Snap.Languages(), ", "))
		}
		r.Page.Lang = lang
	}
	limit := 10
	if s := r.QueryParam("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxResults {
			return web.BadRequest("limit is a number from 1 to 100")
		}
		limit = n
	}
	text := queryText(r)
	q := search.Query{
		Text: text, Lang: r.Page.Lang, Limit: limit, Category: r.QueryParam("category"), Platform: r.QueryParam("platform"),
		Typing: r.QueryParam("typing") == "1", Verbatim: r.QueryParam("exact") == "1",
	}
	res := r.Page.Snap.Index.Search(q)
	knownFirst(r.Page, q, &res)
	if sameSite(r) { // typed into a page; programs are not readers
		h.countSearch(r, text, res.Total)
	}
	v := SearchValue{Query: text, Corrected: res.Corrected, Total: res.Total, Results: []resultValue{}}
	card := settingsCard(r.Page, text)
	for i, hit := range res.Hits {
		if card != nil && (hit.Doc.Kind != search.Incident || i >= maxKnown) {
			v.Results, card = append(v.Results, cardResult(card)), nil
		}
		if out, ok := resultOf(r.Page, hit); ok && len(v.Results) < limit {
			v.Results = append(v.Results, out)
		}
	}
	if card != nil && len(v.Results) < limit {
		v.Results = append(v.Results, cardResult(card))
	}
	body, err := web.EncodeJSON(v)
	if err != nil {
		return err
	}
	r.Open()
	r.CacheAtClient(searchTime)
	r.Send(http.StatusOK, "application/json", body)
	return nil
}

// cardResult is the settings card, after what is wrong now and before all else.
func cardResult(card *view.SettingsCard) resultValue {
	return resultValue{Kind: search.Setting, ID: "setting", Title: card.Title, URL: card.URL, Snippet: cardSnippet(card), Score: 1}
}

func resultOf(e page.Context, hit search.Hit) (resultValue, bool) {
	page, ok := result(e, hit)
	if !ok {
		return resultValue{}, false
	}
	v := resultValue{
		Kind: hit.Doc.Kind, Title: page.Title, URL: page.URL, Anchor: hit.Anchor, Section: hit.Section,
		Snippet: hit.Snippet, Score: hit.Score,
	}
	if a := e.Snap.ArticleOf(hit.Doc); a != nil {
		v.ID, v.Slug = strconv.Itoa(a.ID), a.Slug
	} else if p, ok := e.Snap.PostOf(hit.Doc); ok {
		v.ID, v.Slug = p.ID, p.ID
	}
	return v, true
}
