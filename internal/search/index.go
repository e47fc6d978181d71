package search

import (
	"slices"
	"sync"
	"sync/atomic"

	"signpost/internal/search/feedback"
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
	asks      float32 // weight of a stop word that makes the question, such as "how" or "not"
	prefix    float32 // weight of a completed last word
	passage   float32 // weight of the best sentence, relative to the best score
	named     float32 // weight of a title that says the whole query, likewise
	covered   float32 // weight of title and best sentence that say the whole query, likewise
	fits      float32 // results end below this part of the best score
	otherLang float32 // factor for documents of another language than asked
}

var defaultRanking = ranking{
	k1:        3,
	boost:     [postings.NumFields]float32{3, 3, 1.5, 1, 1},
	b:         [postings.NumFields]float32{.75, 0, .5, .3, .3},
	stop:      .4,
	asks:      .7,
	prefix:    .8,
	fits:      .1,
	otherLang: .9,
	passage:   1,
	named:     1,
	covered:   1.5,
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
	lang     uint8    // index into vocabulary.lexicons
	forms    []uint32 // wordHash of the words that have this stem
}

// An Index answers searches. It never changes and may be used by any number of
// goroutines while others are built and swapped in.
//
// A query goes down three parts: the vocabulary reads what was typed and makes slots
// of it, each a word with the terms that it may mean; the ranker adds up the slots
// and returns the best documents; the presenter orders the first of them by their
// best sentence and says where to look and what to show.
type Index struct {
	*vocabulary
	*ranker
	*presenter
}

// A vocabulary knows the words of the documents: it parses, corrects and completes
// what people type.
type vocabulary struct {
	rank     ranking
	terms    []term
	lexicons []*lexicon.Lexicon // by language, sorted
	syn      *Synonyms
}

// A ranker finds the documents that fit slots best.
type ranker struct {
	*vocabulary
	docs     []*Document
	group    []uint32   // of each document
	groups   [][]uint32 // documents of each group
	byGroup  map[string]uint32
	single   bool    // every group has one document
	docLang  []uint8 // index into lexicons
	langDocs []int   // documents of each language
	// langTexts counts those of them that are more than a title.
	langTexts []int
	titles    *lexicon.Titles
	asked     *feedback.Index
	linked    map[uint32][]uint32 // groups that link to each other
	scratch   *sync.Pool
}

// A presenter chooses what is shown of documents.
type presenter struct {
	*ranker
	rarity   []map[uint32]float32 // what a word says, by its wordHash, in each language
	outlines *outlines
}

// newIndex joins the three parts.
func newIndex(v vocabulary, r ranker, p presenter) *Index {
	r.vocabulary = &v
	p.ranker = &r
	return &Index{&v, &r, &p}
}

// WithSynonyms returns an index over the same arrays with other synonyms.
func (ix *Index) WithSynonyms(syn *Synonyms) *Index {
	v := *ix.vocabulary
	v.syn = syn
	return newIndex(v, *ix.ranker, *ix.presenter)
}

// Len returns the number of documents.
func (ix *Index) Len() int { return len(ix.docs) }

// indexes builds both indexes.
func (s *Store) indexes(docs []*Document, p *postings.Postings, syn *Synonyms) Indexes {
	all := build(docs, nil, p, s.stems, defaultRanking, s.last.All)
	all.syn = syn
	out := Indexes{Public: all, All: all}
	if slices.ContainsFunc(docs, func(d *Document) bool { return d.Internal }) {
		number := make([]uint32, len(docs), len(docs)+1)
		var public []*Document
		for i, d := range docs {
			number[i] = noDoc
			if !d.Internal {
				number[i] = uint32(len(public))
				public = append(public, d)
			}
		}
		out.Public = build(public, number, p, s.stems, defaultRanking, s.last.Public)
		out.Public.syn = syn
	}
	s.last = out
	return out
}

// build makes the arrays. last, when not nil, is an earlier index; its titles
// are used again when they are the same. number maps positions in the postings to positions
// in docs (noDoc: left out); nil means that they are the same.
func build(docs []*Document, number []uint32, p *postings.Postings, stems map[[2]string]string, rank ranking, last *Index) *Index {
	if number == nil {
		number = make([]uint32, len(docs), len(docs)+1)
		for i := range number {
			number[i] = uint32(i)
		}
	}
	number = append(number, noDoc) // for Gone
	ix := newIndex(vocabulary{rank: rank}, ranker{docs: docs}, presenter{})
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
	wg.Go(func() { ix.asked = feedback.New(ix.counts()) })
	var lengths sync.WaitGroup
	lengths.Go(b.lengths)
	b.lexicons()
	for _, lx := range ix.lexicons {
		wg.Go(lx.Prepare)
	}
	lengths.Wait()
	b.weigh()
	wg.Wait()
	ix.hashForms()
	ix.linkGroups()
	n := len(docs)
	ix.outlines = &outlines{byDoc: make([]atomic.Pointer[passage.Outline], n)}
	ix.scratch = &sync.Pool{New: func() any { return newScratch(n) }}
	return ix
}

// hashForms notes the hashes of the written forms of each term, and what they say.
func (ix *Index) hashForms() {
	for _, lx := range ix.lexicons {
		rarity := make(map[uint32]float32, len(lx.Words()))
		for _, w := range lx.Words() {
			h, t := words.Hash(w.Folded), &ix.terms[w.Term]
			t.forms = append(t.forms, h)
			rarity[h] = t.idf
			if words.IsStop(lx.Lang, w.Folded) {
				rarity[h] *= ix.rank.stop
			}
		}
		ix.rarity = append(ix.rarity, rarity)
	}
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
