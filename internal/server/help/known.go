package help

import (
	"html"
	"slices"

	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/site"
	"signpost/internal/suggest"
)

const maxKnown = 3 // open posts before the results of a search

// knownFirst puts the open posts before all other hits that the query tells the
// symptom of. What merely shares a word with them is left to the banner.
func knownFirst(e page.Context, q search.Query, res *search.Results) {
	if q.Category != "" || len(e.Snap.Board.Banners()) == 0 {
		return
	}
	var known []search.Hit
	for _, p := range suggest.Explaining(e.Snap, q.Text, e.Lang) {
		if p.Banner && len(known) < maxKnown {
			known = append(known, site.PostHit(p, html.EscapeString(e.Sentence(p))))
		}
	}
	rest := slices.DeleteFunc(res.Hits, func(h search.Hit) bool {
		p, ok := e.Snap.PostOf(h.Doc)
		return ok && p.Banner || slices.ContainsFunc(known, func(k search.Hit) bool { return k.Doc.Group == h.Doc.Group })
	})
	res.Total += len(known) - (len(res.Hits) - len(rest))
	res.Hits = append(known, rest...)
}
