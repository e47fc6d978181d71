package search

import (
	"slices"
	"sync"
	"sync/atomic"

	"signpost/internal/search/asked"
	"signpost/internal/search/lexicon"
	"signpost/internal/search/passage"
	"signpost/internal/search/postings"
	"signpost/internal/search/words"
)

// ranking holds the numbers of the scorer; see the package comment for what
// decided them.
type ranking struct {
	k1        float32
	boost, b  [postings.NumFields]float32
	stop      float32 // weight of a stop word in a customer's query
	prefix    float32 // weight of a completed last word
	passage   float32 // weight of the best sentence, relative to the best score
	named     float32 // weight of a title that says the whole query, likewise
	otherLang float32 // factor for documents of another language than asked
}

var defaultRanking = ranking{
	k1:        1.2,
	boost:     [postings.NumFields]float32{2.5, 2.5, 1.5, 1, 1},
	b:         [postings.NumFields]float32{.75, 0, .5, .3, .3},
	stop:      .6,
	prefix:    .8,
	otherLang: .9,
	passage:   1,
	named:     1,
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
	forms    []uint32 // wordHash of the words that have this stem
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
	lexicons []*lexicon.Lexicon // by language, sorted
	docLang  []uint8            // index into lexicons
	langDocs []int              // documents of each language
	// langTexts counts those of them that are more than a title.
	langTexts []int
	titles    *lexicon.Titles
	asked     *asked.Index
	linked    map[uint32][]uint32 // groups that link to each other
	outlines  outlines
	syn       *Synonyms
	scratch   *sync.Pool
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
func (s *Store) indexes(list []keyed, p *postings.Postings, syn *Synonyms) Indexes {
	docs := make([]*Document, len(list))
	shared := outlines{make([]*atomic.Pointer[passage.Outline], len(list)), &s.outlined}
	internal := false
	for i, k := range list {
		docs[i] = k.doc
		shared.byDoc[i] = k.outline
		internal = internal || k.doc.Internal
	}
	all := build(docs, nil, p, s.stems, defaultRanking, s.last.All)
	all.syn, all.outlines = syn, shared
	out := Indexes{Public: all, All: all}
	if internal {
		number := make([]uint32, len(docs))
		var public []*Document
		kept := outlines{nil, &s.outlined}
		for i, d := range docs {
			number[i] = noDoc
			if !d.Internal {
				number[i] = uint32(len(public))
				public = append(public, d)
				kept.byDoc = append(kept.byDoc, shared.byDoc[i])
			}
		}
		out.Public = build(public, number, p, s.stems, defaultRanking, s.last.Public)
		out.Public.syn, out.Public.outlines = syn, kept
	}
	s.last = out
	return out
}

// build makes the arrays. last, when not nil, is an earlier index; its titles
// are used again when they are the same. number maps positions in the postings to positions
// in docs (noDoc: left out); nil means that they are the same.
func build(docs []*Document, number []uint32, p *postings.Postings, stems map[[2]string]string, rank ranking, last *Index) *Index {
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
	var wg sync.WaitGroup
	wg.Go(func() {
		if last != nil && slices.EqualFunc(docs, last.docs, func(a, b *Document) bool { return a.Title == b.Title }) {
			ix.titles = last.titles
			return
		}
		titles := make([]string, len(docs))
		for i, d := range docs {
			titles[i] = d.Title
		}
		ix.titles = lexicon.NewTitles(titles)
	})
	wg.Go(func() { ix.asked = asked.New(ix.counts()) })
	var lengths sync.WaitGroup
	lengths.Go(b.lengths)
	b.lexicons()
	for _, lx := range ix.lexicons {
		wg.Go(lx.Prepare)
	}
	lengths.Wait()
	b.weigh()
	wg.Wait()
	for _, lx := range ix.lexicons {
		for _, w := range lx.Words() {
			ix.terms[w.Term].forms = append(ix.terms[w.Term].forms, words.Hash(w.Folded))
		}
	}
	ix.linkGroups()
	n := len(docs)
	ix.outlines = outlines{make([]*atomic.Pointer[passage.Outline], n), new(atomic.Int64)}
	for i := range n {
		ix.outlines.byDoc[i] = new(atomic.Pointer[passage.Outline])
	}
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
		ix.lexicons = append(ix.lexicons, lexicon.New(l))
	}
	ix.docLang = make([]uint8, len(ix.docs))
	ix.langDocs, ix.langTexts = make([]int, len(langs)), make([]int, len(langs))
	for i, d := range ix.docs {
		n := slices.Index(langs, d.Lang)
		ix.docLang[i] = uint8(min(n, 255))
		ix.langDocs[ix.docLang[i]]++
		if len(d.Sections) > 0 {
			ix.langTexts[ix.docLang[i]]++
		}
	}
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
