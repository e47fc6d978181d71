package search

import (
	"cmp"
	"math"
	"slices"

	"signpost/internal/search/words"
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

// Facets count the matching groups by value; Service and State only those of
// [Store.Advanced].
type Facets struct{ Category, Platform, Kind, Lang, Service, State map[string]int }

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
	Fit Fit // how surely it answers a ticket; only of suggestions
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
	typed := ix.read(q.Text, q.Lang)
	res := ix.search(q, typed)
	if res.Total == 0 && typed.quotes {
		typed.phrases = nil
		res = ix.search(q, typed)
	}
	return res
}

// search ranks documents for a query that has been read.
func (ix *Index) search(q Query, typed reading) Results {
	p := ix.parse(q, typed)
	res := Results{Hits: []Hit{}, Corrected: p.corrected}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	ix.add(sc, p.slots)
	ix.preferLanguage(sc, q.Lang)
	unit := sc.highest()
	for _, prefix := range p.prefixes {
		if ix.addTitles(sc, prefix, len(p.slots), unit) {
			break
		}
	}
	least := ix.rank.fits * unit
	if len(typed.phrases) > 0 {
		least = 0 // what has the phrase fits
	}
	keep := ix.filter(&q, typed)
	if q.Facets {
		res.Facets = ix.facets(sc, least, keep)
	}
	top, total := ix.best(sc, max(q.Limit, reranked), least, keep)
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
func (r *ranker) preferLanguage(sc *scratch, lang string) {
	if lang == "" || len(r.lexicons) < 2 {
		return
	}
	for d, v := range sc.scored {
		if r.lexicons[r.docLang[d]].Lang != lang {
			sc.score[d] = v * r.rank.otherLang
		}
	}
}

// addTitles lifts documents whose title continues what was typed: above all
// others when the whole title begins so, less when only a later word does.
// unit is the best score before. It reports whether any document is lifted.
func (r *ranker) addTitles(sc *scratch, typed string, words int, unit float32) bool {
	if typed == "" {
		return false
	}
	found := r.titles.Beginning(typed)
	if len(found) == 0 {
		return false
	}
	whole := unit*(1+r.rank.passage+r.rank.covered) + 1
	for _, s := range found {
		lift := whole
		if s.Start > 0 {
			lift = whole * .5
			if words <= 1 {
				lift = whole * .99
			}
		}
		if rest := r.titles.At(s)[len(typed):]; rest == "" || rest[0] == ' ' {
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
	return true
}

// lift remembers the best lift of a document.
func (sc *scratch) lift(doc uint32, lift float32) {
	if sc.slot[doc] == 0 {
		sc.marks = append(sc.marks, doc)
	}
	sc.slot[doc] = max(sc.slot[doc], lift)
}

// filter returns what the query lets pass, nil for everything. A phrase is asked of
// the document, whose translations need not have it; what is excluded is excluded in
// all languages.
func (r *ranker) filter(q *Query, typed reading) func(uint32) bool {
	if q.Category == "" && q.Platform == "" && q.Kind == "" && typed.phrases == nil && typed.exclude == nil {
		return nil
	}
	excluded := r.excluded(typed.exclude)
	phrases := make([][]uint32, len(typed.phrases))
	var may []bool // documents that have the words of all phrases; the others are not read
	for i, p := range typed.phrases {
		phrases[i] = hashes(p)
		may = r.having(p, may)
	}
	has := map[uint32]bool{} // the phrases, by document
	return func(d uint32) bool {
		doc := r.docs[d]
		if q.Category != "" && doc.Category != q.Category || q.Kind != "" && doc.Kind != q.Kind ||
			q.Platform != "" && len(doc.Platforms) > 0 && !slices.Contains(doc.Platforms, q.Platform) || excluded[r.group[d]] {
			return false
		}
		if len(phrases) == 0 {
			return true
		}
		if !may[d] {
			return false
		}
		all, known := has[d]
		if !known {
			all = !slices.ContainsFunc(phrases, func(p []uint32) bool { return !doc.says(p) })
			has[d] = all
		}
		return all
	}
}

// having returns the documents that have every one of the folded words; of those in
// may, unless it is nil.
func (r *ranker) having(folded []string, may []bool) []bool {
	for _, w := range folded {
		has := make([]bool, len(r.docs))
		for _, lx := range r.lexicons {
			t, ok := lx.Term(w)
			if !ok {
				continue
			}
			for _, p := range r.terms[t].postings {
				has[p.doc] = may == nil || may[p.doc]
			}
		}
		may = has
	}
	return may
}

// excluded returns the groups that have any of the words or phrases.
func (r *ranker) excluded(exclude [][]string) map[uint32]bool {
	out := map[uint32]bool{}
	for _, e := range exclude {
		for _, lx := range r.lexicons {
			t, ok := lx.Term(e[0])
			if !ok {
				continue
			}
			for _, p := range r.terms[t].postings {
				if len(e) == 1 || r.docs[p.doc].says(hashes(e)) {
					out[r.group[p.doc]] = true
				}
			}
		}
	}
	return out
}

func hashes(folded []string) []uint32 {
	out := make([]uint32, len(folded))
	for i, w := range folded {
		out[i] = words.Hash(w)
	}
	return out
}

// facets counts each matching group once per value.
func (r *ranker) facets(sc *scratch, least float32, keep func(uint32) bool) Facets {
	f := Facets{Category: map[string]int{}, Platform: map[string]int{}, Kind: map[string]int{}, Lang: map[string]int{}}
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
	for _, docs := range r.groups {
		seen = seen[:0]
		all := false
		for _, d := range docs {
			if v := sc.score[d]; v == 0 || v < least || keep != nil && !keep(d) {
				continue
			}
			doc := r.docs[d]
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
func (p *presenter) hits(top []ranked, unit float32, slots []slot, q *Query) []Hit {
	m := p.matcher(slots)
	defer m.Release()
	again := top[:min(len(top), reranked)]
	best := float32(0)
	for i := range again {
		again[i].weights = m.Weigh(p.outline(again[i].doc))
		best = max(best, again[i].weights.Sentence)
	}
	if best > 0 {
		for i := range again {
			w := again[i].weights
			if len(p.docs[again[i].doc].Sections) == 0 { // its text, in another language, may say more
				w.Covered = float32(math.Sqrt(float64(w.Covered)))
			}
			again[i].score += unit * (p.rank.passage*w.Sentence/best + p.rank.named*w.Named + p.rank.covered*w.Covered)
		}
		slices.SortStableFunc(again, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	}
	top = top[:min(len(top), q.Limit)]
	for i := len(again); i < len(top) && !q.Bare; i++ {
		top[i].weights = m.Weigh(p.outline(top[i].doc))
	}
	out := make([]Hit, len(top))
	for i, d := range top {
		shown := p.shown(d.doc, q.Lang)
		out[i] = Hit{Doc: p.docs[shown], Score: float64(d.score)}
		if !q.Bare {
			p.present(m, &out[i], d.doc, shown, d.weights)
		}
	}
	return out
}

// shown returns the group's document in the asked language, else the one that
// matched.
func (p *presenter) shown(doc uint32, lang string) uint32 {
	if lang != "" && !p.single {
		for _, d := range p.groups[p.group[doc]] {
			if p.docs[d].Lang == lang {
				return d
			}
		}
	}
	return doc
}
