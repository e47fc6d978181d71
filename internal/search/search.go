package search

import (
	"cmp"
	"math"
	"slices"
)

// A Query is what a customer typed.
type Query struct {
	Text  string
	Lang  string // preferred language; hides nothing
	Limit int    // hits wanted; 0 means 10, at most 100

	Category, Platform, Kind string // filters; "" lets everything pass

	// Typing says that the last word is not finished. Without it the last
	// word is completed only when it is not a known word.
	Typing bool
	// Verbatim turns the correction of unknown words off.
	Verbatim bool
	// Facets asks for Results.Facets.
	Facets bool
	// Bare leaves Anchor, Section, Platform and Snippet of the hits empty.
	Bare bool
}

// Results of a search. Lists are never nil.
type Results struct {
	Hits      []Hit
	Total     int    // groups that match at all
	Corrected string // the query as it was understood, when unknown words were corrected; else ""
	Facets    Facets // zero unless asked for
}

// Facets count the matching groups by value.
type Facets struct{ Category, Platform, Kind, Lang map[string]int }

// A Hit is one group, shown by its document in the asked language when there
// is one.
type Hit struct {
	Doc   *Document
	Score float64 // comparable within one answer only

	Anchor   string // of the best section; "" for the top of the page
	Section  string // heading of the best section
	Platform string // a platform of the block that the best section is in; "" for none
	// Snippet is HTML: at most 130 characters of escaped text, in which only
	// <mark> is an element.
	Snippet string
	// Why names what matched, for suggestions: words, synonyms, earlier tickets.
	Why []string
}

const (
	defaultHits = 10
	maxHits     = 100
	reranked    = 10 // how many of the best are read again for their best sentence
)

// Search ranks documents for a customer.
func (ix *Index) Search(q Query) Results {
	q.Limit = limited(q.Limit, defaultHits)
	if q.Lang == "" && len(ix.lexicons) == 1 {
		q.Lang = ix.lexicons[0].Lang
	}
	p := ix.parse(q)
	res := Results{Hits: []Hit{}, Corrected: p.corrected}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	ix.add(sc, p.slots)
	ix.preferLanguage(sc, q.Lang)
	unit := ix.addTitles(sc, p.prefix, len(p.slots))
	keep := ix.filter(&q)
	if q.Facets {
		res.Facets = ix.facets(sc, keep)
	}
	top, total := ix.best(sc, max(q.Limit, reranked), keep)
	res.Total = total
	if unit == 0 && len(top) > 0 {
		unit = top[0].score
	}
	res.Hits = ix.hits(top, unit, p.slots, &q)
	return res
}

func limited(n, normal int) int {
	if n <= 0 {
		return normal
	}
	return min(n, maxHits)
}

// preferLanguage lets documents of other languages weigh a little less.
func (ix *Index) preferLanguage(sc *scratch, lang string) {
	if lang == "" || len(ix.lexicons) < 2 {
		return
	}
	for d, v := range sc.scored {
		if ix.lexicons[ix.docLang[d]].Lang != lang {
			sc.score[d] = v * ix.rank.otherLang
		}
	}
}

// addTitles lifts documents whose title continues what was typed: above all
// others when the whole title begins so, less when only a later word does.
// It returns the best score before, when any document is lifted, else 0.
func (ix *Index) addTitles(sc *scratch, typed string, words int) float32 {
	if typed == "" {
		return 0
	}
	found := ix.titles.Beginning(typed)
	if len(found) == 0 {
		return 0
	}
	unit := sc.highest()
	whole := unit*(1+ix.rank.passage+ix.rank.covered) + 1
	for _, s := range found {
		lift := whole
		if s.Start > 0 {
			lift = whole * .5
			if words <= 1 {
				lift = whole * .99
			}
		}
		if rest := ix.titles.At(s)[len(typed):]; rest == "" || rest[0] == ' ' {
			lift *= 1.2 // the last word is whole
			if rest == "" && s.Start == 0 {
				lift *= 1.5
			}
		}
		sc.lift(s.Doc, lift)
	}
	for _, d := range sc.marks {
		sc.bump(d, sc.slot[d])
		sc.slot[d] = 0
	}
	sc.marks = sc.marks[:0]
	return unit
}

// lift remembers the best lift of a document.
func (sc *scratch) lift(doc uint32, lift float32) {
	if sc.slot[doc] == 0 {
		sc.marks = append(sc.marks, doc)
	}
	sc.slot[doc] = max(sc.slot[doc], lift)
}

// filter returns what the query lets pass, nil for everything.
func (ix *Index) filter(q *Query) func(uint32) bool {
	if q.Category == "" && q.Platform == "" && q.Kind == "" {
		return nil
	}
	return func(d uint32) bool {
		doc := ix.docs[d]
		return (q.Category == "" || doc.Category == q.Category) &&
			(q.Kind == "" || doc.Kind == q.Kind) &&
			(q.Platform == "" || len(doc.Platforms) == 0 || slices.Contains(doc.Platforms, q.Platform))
	}
}

// facets counts each matching group once per value.
func (ix *Index) facets(sc *scratch, keep func(uint32) bool) Facets {
	f := Facets{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
	type value struct {
		kind byte
		text string
	}
	var seen []value // of the group
	everywhere := 0  // groups that fit every platform
	count := func(m map[string]int, kind byte, text string) {
		if v := (value{kind, text}); text != "" && !slices.Contains(seen, v) {
			seen = append(seen, v)
			m[text]++
		}
	}
	for _, docs := range ix.groups {
		seen = seen[:0]
		all := false
		for _, d := range docs {
			if sc.score[d] == 0 || keep != nil && !keep(d) {
				continue
			}
			doc := ix.docs[d]
			count(f.Category, 'c', doc.Category)
			count(f.Kind, 'k', doc.Kind)
			count(f.Lang, 'l', doc.Lang)
			for _, p := range doc.Platforms {
				count(f.Platform, 'p', p)
			}
			all = all || len(doc.Platforms) == 0
		}
		if all {
			everywhere++
		}
	}
	for p := range f.Platform { // as [Index.filter] lets them pass
		f.Platform[p] += everywhere
	}
	return f
}

// hits turns ranked documents into what is shown. The first are ordered again
// by how well their best sentence answers, and how much of the query it says
// with the title; unit is what a perfect one adds.
func (ix *Index) hits(top []ranked, unit float32, slots []slot, q *Query) []Hit {
	m := ix.matcher(slots)
	defer m.Release()
	again := top[:min(len(top), reranked)]
	best := float32(0)
	for i := range again {
		again[i].weights = m.Weigh(ix.outline(again[i].doc))
		best = max(best, again[i].weights.Sentence)
	}
	if best > 0 {
		for i := range again {
			w := again[i].weights
			if len(ix.docs[again[i].doc].Sections) == 0 { // its text, in another language, may say more
				w.Covered = float32(math.Sqrt(float64(w.Covered)))
			}
			again[i].score += unit * (ix.rank.passage*w.Sentence/best + ix.rank.named*w.Named + ix.rank.covered*w.Covered)
		}
		slices.SortStableFunc(again, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	}
	top = top[:min(len(top), q.Limit)]
	for i := len(again); i < len(top) && !q.Bare; i++ {
		top[i].weights = m.Weigh(ix.outline(top[i].doc))
	}
	out := make([]Hit, len(top))
	for i, r := range top {
		shown := ix.shown(r.doc, q.Lang)
		out[i] = Hit{Doc: ix.docs[shown], Score: float64(r.score)}
		if !q.Bare {
			ix.present(m, &out[i], r.doc, shown, r.weights)
		}
	}
	return out
}

// shown returns the group's document in the asked language, else the one that
// matched.
func (ix *Index) shown(doc uint32, lang string) uint32 {
	if lang != "" && !ix.single {
		for _, d := range ix.groups[ix.group[doc]] {
			if ix.docs[d].Lang == lang {
				return d
			}
		}
	}
	return doc
}
