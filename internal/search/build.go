package search

import (
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"signpost/internal/search/lexicon"
	"signpost/internal/search/postings"
	"signpost/internal/search/words"
)

// noDoc marks documents that an index leaves out.
const noDoc = ^uint32(0)

// A builder turns the postings of words into postings of stems.
type builder struct {
	ix     *Index
	p      *postings.Postings
	number []uint32 // of each position in the postings, Gone included; noDoc for what is left out
	stems  map[[2]string]string
	words  [][]uint32                    // of each term
	lang   []uint8                       // of each term
	long   [][postings.NumFields]float32 // of each document: k1 times its relative length
}

// lexicons finds the words of each language and their terms.
func (b *builder) lexicons() {
	seen := make([]uint32, len(b.ix.docs))
	count := make([]uint32, len(b.ix.lexicons))
	for w, word := range b.p.Words {
		clear(count)
		for _, r := range b.p.Runs[w] {
			for _, rec := range r.Records {
				if d := b.number[r.Docs[rec.Doc()]]; d != noDoc && seen[d] != uint32(w)+1 {
					seen[d] = uint32(w) + 1
					count[b.ix.docLang[d]]++
				}
			}
		}
		for l, n := range count {
			if n == 0 {
				continue
			}
			lx := b.ix.lexicons[l]
			t := b.term(uint8(l), word, lx)
			b.words[t] = append(b.words[t], uint32(w))
			lx.Add(word, t, n)
		}
	}
}

func (b *builder) term(l uint8, word string, lx *lexicon.Lexicon) uint32 {
	key := [2]string{lx.Lang, word}
	st, ok := b.stems[key]
	if !ok {
		st = words.Stem(lx.Lang, word)
		b.stems[key] = st
	}
	t := lx.Number(st, uint32(len(b.words)))
	if t == uint32(len(b.words)) {
		b.words = append(b.words, nil)
		b.lang = append(b.lang, l)
	}
	return t
}

// lengths compares the length of each field with the mean.
func (b *builder) lengths() {
	length := make([][postings.NumFields]uint32, len(b.ix.docs))
	for _, runs := range b.p.Runs {
		for _, r := range runs {
			for _, rec := range r.Records {
				if d := b.number[r.Docs[rec.Doc()]]; d != noDoc {
					length[d][r.Field] += rec.TF()
				}
			}
		}
	}
	mean := make([][postings.NumFields]float32, len(b.ix.lexicons)) // over documents that have the field
	count := make([][postings.NumFields]float32, len(b.ix.lexicons))
	for d, l := range length {
		for f, n := range l {
			if n > 0 {
				mean[b.ix.docLang[d]][f] += float32(n)
				count[b.ix.docLang[d]][f]++
			}
		}
	}
	b.long = make([][postings.NumFields]float32, len(b.ix.docs))
	rank := &b.ix.rank
	for d, l := range length {
		lang := b.ix.docLang[d]
		for f, n := range l {
			if n > 0 {
				m := mean[lang][f] / count[lang][f]
				b.long[d][f] = rank.k1 * (1 - rank.b[f] + rank.b[f]*float32(n)/m)
			}
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
			e := &weigher{builder: b, tf: make([][postings.NumFields]uint32, len(b.ix.docs)), mark: make([]uint32, len(b.ix.docs)), bits: make([]uint64, len(b.ix.docs)/64+1)}
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
	tf      [][postings.NumFields]uint32
	mark    []uint32 // term + 1 for which tf is valid
	touched []uint32
	bits    []uint64 // of each document; zero in between
	slab    []posting
}

func (e *weigher) term(t uint32) term {
	e.touched = e.touched[:0]
	sorted := true
	for _, w := range e.words[t] {
		for _, r := range e.p.Runs[w] {
			for _, rec := range r.Records {
				d := e.number[r.Docs[rec.Doc()]]
				if d == noDoc || e.ix.docLang[d] != e.lang[t] {
					continue
				}
				if e.mark[d] != t+1 {
					e.mark[d] = t + 1
					e.tf[d] = [postings.NumFields]uint32{}
					sorted = sorted && (len(e.touched) == 0 || e.touched[len(e.touched)-1] < d)
					e.touched = append(e.touched, d)
				}
				e.tf[d][r.Field] += rec.TF()
			}
		}
	}
	if !sorted {
		e.sortTouched()
	}
	if cap(e.slab)-len(e.slab) < len(e.touched) {
		e.slab = make([]posting, 0, max(len(e.touched), 1<<13))
	}
	first := len(e.slab)
	for _, d := range e.touched {
		e.slab = append(e.slab, posting{d, e.weight(d)})
	}
	docs := float64(e.ix.langDocs[e.lang[t]])
	df := float64(len(e.touched))
	return term{
		lang:     e.lang[t],
		postings: e.slab[first:len(e.slab):len(e.slab)],
		idf:      float32(math.Log(1 + (docs-df+.5)/(df+.5))),
	}
}

// sortTouched orders the documents; when they are many it is faster to set a bit
// for each and to read all bits.
func (e *weigher) sortTouched() {
	if len(e.touched) < len(e.bits)/4 {
		slices.Sort(e.touched)
		return
	}
	for _, d := range e.touched {
		e.bits[d/64] |= 1 << (d % 64)
	}
	e.touched = e.touched[:0]
	for i, b := range e.bits {
		for ; b != 0; b &= b - 1 {
			e.touched = append(e.touched, uint32(i*64+bits.TrailingZeros64(b)))
		}
		e.bits[i] = 0
	}
}

func (e *weigher) weight(d uint32) float32 {
	rank, long := &e.ix.rank, &e.long[d]
	var sum float32
	for f, n := range e.tf[d] {
		if n > 0 {
			tf := float32(n)
			sum += rank.boost[f] * tf * (rank.k1 + 1) / (tf + long[f])
		}
	}
	return sum
}

// workers is how many goroutines share one piece of work.
func workers() int { return max(1, min(runtime.GOMAXPROCS(0), 8)) }
