package help

import (
	"html"
	"slices"

	"signpost/internal/content/status"
	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/site"
)

const (
	maxKnown    = 3 // open posts before the results of a search
	bestResults = 3 // articles whose services count as those of the query,
	nearBest    = 2 // when their score is at least this part of the best one
	faintWords  = 4 // a post with less than this part of it shares a common word only
)

// knownFirst puts what is wrong now before all other hits: the open posts that
// the words are about, and those that touch the services of the best articles.
func knownFirst(e page.Context, q search.Query, res *search.Results) {
	if q.Category != "" || len(e.Snap.Board.Banners()) == 0 {
		return
	}
	q.Kind, q.Limit, q.Facets = search.Incident, maxKnown, false
	var known []search.Hit
	add := func(p status.PostState, hit search.Hit) {
		there := slices.ContainsFunc(known, func(h search.Hit) bool { return h.Doc.Group == hit.Doc.Group })
		if p.Banner && p.Phase == status.Open && !there && len(known) < maxKnown {
			known = append(known, hit)
		}
	}
	best := 0.0
	if len(res.Hits) > 0 {
		best = res.Hits[0].Score
	}
	for _, hit := range e.Snap.Index.Search(q).Hits {
		if p, ok := e.Snap.PostOf(hit.Doc); ok && hit.Score >= best/faintWords {
			add(p, hit)
		}
	}
	matched := len(known)
	articles := 0
	for _, hit := range res.Hits {
		a := e.Snap.ArticleOf(hit.Doc)
		if a == nil || articles == bestResults || hit.Score < best/nearBest {
			continue
		}
		articles++
		for _, p := range e.KnownProblems(a) {
			add(p, site.PostHit(p, html.EscapeString(e.Sentence(p))))
		}
	}
	res.Total += len(known) - matched
	rest := slices.DeleteFunc(res.Hits, func(h search.Hit) bool {
		return slices.ContainsFunc(known, func(k search.Hit) bool { return k.Doc.Group == h.Doc.Group })
	})
	res.Hits = append(known, rest...)
}
