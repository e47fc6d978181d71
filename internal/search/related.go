package search

import (
	"cmp"
	"slices"
	"strings"

	"signpost/internal/search/words"
)

const (
	relatedHits   = 5
	relatedTerms  = 25 // the heaviest words of an article that are searched
	linkShare     = .5 // what a link adds, relative to the best score
	serviceShare  = .1 // what a shared service adds
	categoryShare = .2 // what the same category adds
)

// Related returns the articles nearest to a group, by links in both
// directions, shared services, category and terms. It is a pure function of the
// index. limit 0 means 5.
func (ix *Index) Related(group, lang string, limit int) []Hit {
	g, ok := ix.byGroup[group]
	if !ok {
		return []Hit{}
	}
	limit = limited(limit, relatedHits)
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	ix.add(sc, ix.articleSlots(g))
	for _, d := range ix.groups[g] {
		sc.score[d] = 0
	}
	unit := sc.highest() + .001
	for _, other := range ix.linked[g] {
		for _, d := range ix.groups[other] {
			sc.bump(d, linkShare*unit)
		}
	}
	own := ix.docs[ix.groups[g][0]]
	for d, v := range sc.scored {
		doc := ix.docs[d]
		if sharesAny(own.Services, doc.Services) {
			v += serviceShare * unit
		}
		if own.Category != "" && own.Category == doc.Category {
			v += categoryShare * unit
		}
		sc.score[d] = v
	}
	top, _ := ix.best(sc, limit, 0, func(d uint32) bool { return ix.docs[d].Kind == Article })
	out := make([]Hit, len(top))
	for i, r := range top {
		out[i] = Hit{Doc: ix.docs[ix.shown(r.doc, lang)], Score: float64(r.score)}
	}
	return out
}

func sharesAny(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// fullest returns the group's document in the language that has most documents
// with a text. Comparing in one language keeps articles that are translated
// whole from being nearest to everything.
func (r *ranker) fullest(g uint32) uint32 {
	return slices.MaxFunc(r.groups[g], func(a, b uint32) int {
		return cmp.Or(
			cmp.Compare(min(1, len(r.docs[a].Sections)), min(1, len(r.docs[b].Sections))),
			cmp.Compare(r.langTexts[r.docLang[a]], r.langTexts[r.docLang[b]]),
			cmp.Compare(b, a),
		)
	})
}

// articleSlots makes a query of the heaviest words of a group's fullest
// document.
func (r *ranker) articleSlots(g uint32) []slot {
	weight := map[uint32]float32{}
	d := r.fullest(g)
	doc := r.docs[d]
	lx := r.lexicons[r.docLang[d]]
	read := func(text string, n float32) {
		words.Scan(text, func(t words.Token) bool {
			if id, ok := lx.Term(t.Word); ok && !words.IsStop(lx.Lang, words.Fold(t.Word)) && words.Countable(t.Word) {
				weight[id] += n
			}
			return true
		})
	}
	read(doc.Title, 4)
	read(strings.Join(doc.Also, " "), 2)
	read(doc.Summary, 2)
	for _, s := range doc.Sections {
		read(s.Heading, 2)
		read(s.Text, 1)
	}
	var all []weighted
	for id, n := range weight {
		all = append(all, weighted{id, n / (n + 4)})
	}
	slices.SortFunc(all, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight*r.terms[b.term].idf, a.weight*r.terms[a.term].idf), cmp.Compare(a.term, b.term))
	})
	var slots []slot
	for _, w := range all[:min(len(all), relatedTerms)] {
		slots = append(slots, slot{weight: 1, alternatives: []alternative{{terms: []weighted{w}}}})
	}
	return slots
}
