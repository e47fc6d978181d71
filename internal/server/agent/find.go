package agent

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content/markdown"
	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

const (
	findSize = 20    // hits of a page
	findPage = 1_000 // the last one that can be asked for
)

// findExamples show what the query language is for.
var findExamples = []string{"lang:de title:apop +imap -pop3", `"app password" platform:ios`, "state:overdue category:account"}

// Find answers /agent/search: the agents' own search, in bleve's query language.
func (h *Handlers) Find(r *web.Request) error {
	text := strings.TrimSpace(strings.ToValidUTF8(r.QueryParam("q"), ""))
	l := r.Page.Words()
	p := &view.AgentSearch{Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("search"), Fields: search.AdvancedFields()}
	p.Title, p.Query = l.T("search.button"), text
	for _, q := range findExamples {
		p.Examples = append(p.Examples, view.Link{Text: q, URL: findURL(r.Page, q, 1)})
	}
	if text == "" {
		return r.SendFresh(http.StatusOK, p)
	}
	n, _ := strconv.Atoi(r.QueryParam("page"))
	n = min(max(n, 1), findPage)
	res, err := r.App.Live.Advanced(r.Request().Context(), search.AdvancedQuery{Text: text, Lang: r.Page.Lang, Offset: (n - 1) * findSize, Limit: findSize})
	var misread *search.QueryError
	switch {
	case errors.As(err, &misread):
		p.Error = misreadText(r.Page, misread)
		return r.SendFresh(http.StatusBadRequest, p)
	case errors.Is(err, context.DeadlineExceeded):
		p.Error = l.T("find.slow")
		return r.SendFresh(http.StatusServiceUnavailable, p)
	case errors.Is(err, context.Canceled):
		return nil // nobody waits any more
	case err != nil:
		return err
	}
	p.Asked, p.Total = true, res.Total
	p.Facets, p.Narrowed = findFacets(r.Page, text, res.Facets)
	for _, hit := range res.Hits {
		if v, ok := h.found(r, hit); ok {
			p.Results = append(p.Results, v)
		}
	}
	if n > 1 {
		p.Previous = findURL(r.Page, text, n-1)
	}
	if res.Total > n*findSize {
		p.Next = findURL(r.Page, text, n+1)
	}
	return r.SendFresh(http.StatusOK, p)
}

func findURL(e page.Context, text string, n int) string {
	v := url.Values{"q": {text}}
	if n > 1 {
		v.Set("page", strconv.Itoa(n))
	}
	return e.Root() + "/agent/search?" + v.Encode()
}

// misreadText says what is wrong with a query, where, and what to do.
func misreadText(e page.Context, q *search.QueryError) string {
	l := e.Words()
	text := l.T("find." + string(q.Reason))
	if near := q.Near(); near != "" {
		text += " " + l.T("find.near", "field", near)
	}
	if q.Part != "" {
		text = l.T("find.error", "part", q.Part, "n", strconv.Itoa(q.At)) + " " + text
	}
	return text
}

// found is a hit as agents see it; false when it is not there any more.
func (h *Handlers) found(r *web.Request, hit search.Hit) (view.AgentHit, bool) {
	l, doc := r.Page.Words(), hit.Doc
	v := view.AgentHit{Title: doc.Title, Section: hit.Section, Snippet: template.HTML(hit.Snippet)} // escaped by search
	if doc.Lang != r.Page.Lang {
		v.Lang = languageName(r.Page, doc.Lang)
	}
	for _, s := range doc.State {
		if s != "public" {
			v.States = append(v.States, stateName(r.Page, s))
		}
	}
	if p, ok := r.Page.Snap.PostOf(doc); ok {
		link := r.Page.PostLink(p)
		v.URL, v.Level, v.StateWord, v.Updated = link.URL, link.Level, link.StateWord, link.When.Text
		return v, true
	}
	a := r.Page.Snap.DeskArticleOf(doc)
	if a == nil {
		return v, false
	}
	v.ID, v.Anchor = a.ID, hit.Anchor
	q := url.Values{"lang": {doc.Lang}}
	if slices.Contains(markdown.Platforms(), hit.Platform) {
		q.Set("platform", hit.Platform)
	}
	if hit.Anchor != "" {
		q.Set("section", sectionPrefix+hit.Anchor)
	}
	v.URL = r.Page.Root() + "/agent/a/" + strconv.Itoa(a.ID) + "?" + q.Encode()
	if r.Page.Snap.Help.Has(a) {
		v.Public = r.Page.Root() + "/help/" + a.Slug
		if r.Page.Knows(doc.Lang) {
			v.Public = r.Page.RootIn(doc.Lang) + "/help/" + a.Slug
		}
	}
	dates := r.Page.Snap.Library.Dates(a)
	updated := dates.Updated
	if updated.IsZero() {
		updated = dates.Published
	}
	v.Updated = view.On(l, updated).Text
	return v, true
}

func languageName(e page.Context, lang string) string {
	if e.Knows(lang) {
		return e.WordsIn(lang).Name
	}
	return lang
}

func stateName(e page.Context, state string) string {
	key := map[string]string{
		"public": "find.public", "draft": "write.hidden.draft", "scheduled": "write.hidden.later", "internal": "editor.internal", "overdue": "desk.overdue",
	}[state]
	return e.Words().T(key)
}

// findFacets are the values by which what was found can be narrowed.
func findFacets(e page.Context, text string, f search.Facets) (list []view.FilterGroup, narrowed bool) {
	l := e.Words()
	for _, g := range []struct {
		field, key string
		counts     map[string]int
		name       func(string) string
	}{
		{"lang", "desk.lang", f.Lang, func(v string) string { return languageName(e, v) }},
		{"category", "search.topic", f.Category, func(v string) string {
			if t, ok := e.Snap.Desk.Topic(v); ok {
				return t.NameIn(e.Lang, e.Snap.DefaultLanguage())
			}
			return v
		}},
		{"platform", "search.device", f.Platform, func(v string) string { return l.T("platform." + v) }},
		{"service", "status.components", f.Service, func(v string) string { return v }},
		{"kind", "find.kind", f.Kind, func(v string) string {
			if v == search.Incident {
				return l.T("kind.incident")
			}
			return l.T("report.article")
		}},
		{"state", "find.state", f.State, func(v string) string { return stateName(e, v) }},
	} {
		group := view.FilterGroup{Name: l.T(g.key)}
		for _, value := range slices.SortedFunc(maps.Keys(g.counts), func(a, b string) int {
			return cmp.Or(cmp.Compare(g.counts[b], g.counts[a]), strings.Compare(a, b))
		}) {
			other, selected := toggled(text, g.field+":"+value)
			narrowed = narrowed || selected
			group.Options = append(group.Options, view.Filter{Name: g.name(value), Count: g.counts[value], URL: findURL(e, other, 1), Selected: selected})
		}
		if len(group.Options) > 1 || slices.ContainsFunc(group.Options, func(o view.Filter) bool { return o.Selected }) {
			list = append(list, group)
		}
	}
	return list, narrowed
}

// toggled is a query without a clause that it has, or with one that it lacks.
func toggled(text, clause string) (other string, selected bool) {
	padded := " " + text + " "
	for _, sign := range []string{" ", " +"} {
		if before, after, ok := strings.Cut(padded, sign+clause+" "); ok && strings.Count(before, `"`)%2 == 0 {
			return strings.TrimSpace(before + " " + strings.TrimSpace(after)), true
		}
	}
	return text + " " + clause, false
}
