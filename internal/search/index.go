package search

import (
	"math"
	"slices"
	"sync"
)

// ranking holds the numbers of the scorer; see the package comment for what
// decided them.
type ranking struct {
	k1        float32
	boost, b  [numFields]float32
	stop      float32 // weight of a stop word in a customer's query
	prefix    float32 // weight of a completed last word
	passage   float32 // weight of the best sentence, relative to the best score
	otherLang float32 // factor for documents of another language than asked
}

var defaultRanking = ranking{
	k1:        1.2,
	boost:     [numFields]float32{2.5, 2.5, 1.5, 1, 1},
	b:         [numFields]float32{.75, 0, .5, .3, .3},
	stop:      .6,
	prefix:    .8,
	otherLang: .9,
	passage:   1,
}

// A posting is a document with the weight of one term in it: the saturated
// frequencies of BM25, summed over the fields.
type posting struct {
	doc    uint32
	weight float32
}

// A term is a stem of one language.
type term struct {
	postings []posting
	idf      float32  // over the union of the fields
	forms    []string // folded words that have this stem
}

// An Index answers searches. It never changes and may be used by any number of
// goroutines while others are built and swapped in.
type Index struct {
	rank     ranking
	docs     []*Document
	group    []uint32   // of each document
	groups   [][]uint32 // documents of each group
	byGroup  map[string]uint32
	single   bool // every group has one document
	terms    []term
	lexicons []*lexicon // by language, sorted
	docLang  []uint8    // index into lexicons
	titles   titleIndex
	asked    askedIndex
	linked   map[uint32][]uint32 // groups that link to each other
	syn      *Synonyms
	scratch  *sync.Pool
}

// WithSynonyms returns an index over the same arrays with other synonyms.
func (ix *Index) WithSynonyms(syn *Synonyms) *Index {
	c := *ix
	c.syn = syn
	return &c
}

// Len returns the number of documents.
func (ix *Index) Len() int { return len(ix.docs) }

// indexes builds both indexes.
func (s *Store) indexes(list []keyed, p *postings, syn *Synonyms) Indexes {
	docs := make([]*Document, len(list))
	internal := false
	for i, k := range list {
		docs[i] = k.doc
		internal = internal || k.doc.Internal
	}
	all := build(docs, nil, p, s.stems, defaultRanking)
	all.syn = syn
	out := Indexes{Public: all, All: all}
	if internal {
		number := make([]uint32, len(docs))
		var public []*Document
		for i, d := range docs {
			number[i] = noDoc
			if !d.Internal {
				number[i] = uint32(len(public))
				public = append(public, d)
			}
		}
		out.Public = build(public, number, p, s.stems, defaultRanking)
		out.Public.syn = syn
	}
	return out
}

// build makes the arrays. number maps positions in the postings to positions
// in docs (noDoc: left out); nil means that they are the same.
func build(docs []*Document, number []uint32, p *postings, stems map[[2]string]string, rank ranking) *Index {
	if number == nil {
		number = make([]uint32, len(docs))
		for i := range number {
			number[i] = uint32(i)
		}
	}
	ix := &Index{rank: rank, docs: docs}
	ix.groupDocuments()
	ix.nameLanguages()
	b := &builder{ix: ix, p: p, number: number, stems: stems}
	b.lexicons()
	b.lengths()
	b.weigh()
	var wg sync.WaitGroup
	for _, lx := range ix.lexicons {
		wg.Go(lx.prepare)
	}
	wg.Go(func() { ix.titles = newTitleIndex(docs) })
	wg.Go(func() { ix.asked = newAskedIndex(ix) })
	wg.Wait()
	for _, lx := range ix.lexicons {
		for _, w := range lx.words {
			ix.terms[w.term].forms = append(ix.terms[w.term].forms, w.folded)
		}
	}
	ix.linkGroups()
	n := len(docs)
	ix.scratch = &sync.Pool{New: func() any { return newScratch(n) }}
	return ix
}

func (ix *Index) groupDocuments() {
	ix.byGroup = map[string]uint32{}
	ix.group = make([]uint32, len(ix.docs))
	ix.single = true
	for i, d := range ix.docs {
		g, ok := ix.byGroup[d.group()]
		if !ok {
			g = uint32(len(ix.groups))
			ix.byGroup[d.group()] = g
			ix.groups = append(ix.groups, nil)
		} else {
			ix.single = false
		}
		ix.group[i] = g
		ix.groups[g] = append(ix.groups[g], uint32(i))
	}
}

func (ix *Index) nameLanguages() {
	var langs []string
	for _, d := range ix.docs {
		if !slices.Contains(langs, d.Lang) {
			langs = append(langs, d.Lang)
		}
	}
	slices.Sort(langs)
	for _, l := range langs {
		ix.lexicons = append(ix.lexicons, &lexicon{lang: l, stems: map[string]uint32{}})
	}
	ix.docLang = make([]uint8, len(ix.docs))
	for i, d := range ix.docs {
		n := slices.Index(langs, d.Lang)
		ix.docLang[i] = uint8(min(n, 255))
		ix.lexicons[ix.docLang[i]].docs++
	}
}

// A builder turns the postings of words into postings of stems.
type builder struct {
	ix     *Index
	p      *postings
	number []uint32
	stems  map[[2]string]string
	words  [][]uint32 // of each term
	lang   []uint8    // of each term
	length [][numFields]uint32
	mean   [][numFields]float32 // of each language, over documents that have the field
}

// lexicons finds the words of each language and their terms.
func (b *builder) lexicons() {
	seen := make([]uint32, len(b.ix.docs))
	count := make([]uint32, len(b.ix.lexicons))
	for w, word := range b.p.words {
		clear(count)
		for _, r := range b.p.runs[w] {
			for _, rec := range r.records {
				if d := b.number[rec.doc]; d != noDoc && seen[d] != uint32(w)+1 {
					seen[d] = uint32(w) + 1
					count[b.ix.docLang[d]]++
				}
			}
		}
		folded := ""
		for l, n := range count {
			if n == 0 {
				continue
			}
			if folded == "" {
				folded = fold(word)
			}
			lx := b.ix.lexicons[l]
			t := b.term(uint8(l), word, lx)
			b.words[t] = append(b.words[t], uint32(w))
			lx.words = append(lx.words, lexWord{folded: folded, shown: word, term: t, docs: n})
		}
	}
}

func (b *builder) term(l uint8, word string, lx *lexicon) uint32 {
	key := [2]string{lx.lang, word}
	st, ok := b.stems[key]
	if !ok {
		st = stem(lx.lang, word)
		b.stems[key] = st
	}
	t, ok := lx.stems[st]
	if !ok {
		t = uint32(len(b.words))
		lx.stems[st] = t
		b.words = append(b.words, nil)
		b.lang = append(b.lang, l)
	}
	return t
}

// lengths counts the words of each field.
func (b *builder) lengths() {
	b.length = make([][numFields]uint32, len(b.ix.docs))
	for _, runs := range b.p.runs {
		for _, r := range runs {
			for _, rec := range r.records {
				if d := b.number[rec.doc]; d != noDoc {
					b.length[d][r.field] += uint32(rec.tf)
				}
			}
		}
	}
	b.mean = make([][numFields]float32, len(b.ix.lexicons))
	count := make([][numFields]float32, len(b.ix.lexicons))
	for d, l := range b.length {
		for f, n := range l {
			if n > 0 {
				b.mean[b.ix.docLang[d]][f] += float32(n)
				count[b.ix.docLang[d]][f]++
			}
		}
	}
	for l := range b.mean {
		for f := range numFields {
			b.mean[l][f] /= max(1, count[l][f])
		}
	}
}

// weigh computes the postings of all terms, in parallel.
func (b *builder) weigh() {
	b.ix.terms = make([]term, len(b.words))
	n := workers()
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			e := &weigher{builder: b, tf: make([][numFields]uint16, len(b.ix.docs)), mark: make([]uint32, len(b.ix.docs))}
			for t := len(b.words) * w / n; t < len(b.words)*(w+1)/n; t++ {
				b.ix.terms[t] = e.term(uint32(t))
			}
		})
	}
	wg.Wait()
}

// A weigher is one worker's memory.
type weigher struct {
	*builder
	tf      [][numFields]uint16
	mark    []uint32 // term + 1 for which tf is valid
	touched []uint32
	slab    []posting
}

func (e *weigher) term(t uint32) term {
	e.touched = e.touched[:0]
	sorted := true
	for _, w := range e.words[t] {
		for _, r := range e.p.runs[w] {
			for _, rec := range r.records {
				d := e.number[rec.doc]
				if d == noDoc || e.ix.docLang[d] != e.lang[t] {
					continue
				}
				if e.mark[d] != t+1 {
					e.mark[d] = t + 1
					e.tf[d] = [numFields]uint16{}
					sorted = sorted && (len(e.touched) == 0 || e.touched[len(e.touched)-1] < d)
					e.touched = append(e.touched, d)
				}
				e.tf[d][r.field] += rec.tf
			}
		}
	}
	if !sorted {
		slices.Sort(e.touched)
	}
	if cap(e.slab)-len(e.slab) < len(e.touched) {
		e.slab = make([]posting, 0, max(len(e.touched), 1<<13))
	}
	first := len(e.slab)
	for _, d := range e.touched {
		e.slab = append(e.slab, posting{d, e.weight(d)})
	}
	docs := float64(e.ix.lexicons[e.lang[t]].docs)
	df := float64(len(e.touched))
	return term{
		postings: e.slab[first:len(e.slab):len(e.slab)],
		idf:      float32(math.Log(1 + (docs-df+.5)/(df+.5))),
	}
}

func (e *weigher) weight(d uint32) float32 {
	rank, mean := &e.ix.rank, &e.mean[e.ix.docLang[d]]
	var sum float32
	for f, n := range e.tf[d] {
		if n == 0 {
			continue
		}
		tf := float32(n)
		long := 1 - rank.b[f] + rank.b[f]*float32(e.length[d][f])/mean[f]
		sum += rank.boost[f] * tf * (rank.k1 + 1) / (tf + rank.k1*long)
	}
	return sum
}

// linkGroups joins groups by links in both directions.
func (ix *Index) linkGroups() {
	ix.linked = map[uint32][]uint32{}
	for i, d := range ix.docs {
		for _, l := range d.Links {
			if g, ok := ix.byGroup[l]; ok && g != ix.group[i] {
				ix.linked[ix.group[i]] = append(ix.linked[ix.group[i]], g)
				ix.linked[g] = append(ix.linked[g], ix.group[i])
			}
		}
	}
	for g, l := range ix.linked {
		slices.Sort(l)
		ix.linked[g] = slices.Compact(l)
	}
}
