// Package passage finds where a document answers a query: its best sentence,
// its best section, and the snippet to show.
//
// An [Outline] is a document reduced to hashed words; a [Matcher] knows the
// words of one query. Outlines may be shared, a Matcher belongs to one search.
package passage

import (
	"math"
	"slices"
	"sync"

	"signpost/internal/search/words"
)

// A Matcher finds the words of a query in outlines and texts: it knows all
// written forms of the matched terms.
type Matcher struct {
	table    []Mark    // open addressing; size is a power of two
	bloom    [4]uint64 // of the upper bits of all hashes
	concepts int
	full     []float32     // of each concept, its heaviest mark; 0 when it does not count in titles
	whole    float32       // sum of full
	seen     []conceptSeen // of each concept
	matches  []Match
}

// A Mark is a word to look for.
type Mark struct {
	Hash    uint32 // words.Hash of its folded form; 0 is a free place
	Concept int32  // words of one concept count once
	Weight  float32
	Part    bool // of several words that only count as found side by side
	Apart   bool // the concept repeats others and does not count in titles
}

// conceptSeen says where a concept was seen last.
type conceptSeen struct {
	sentence, section int
	best              float32 // in the section
	titled            bool    // the title or another name says it
}

// A Match is a known word in a text.
type Match struct {
	Start, End int // bytes
	Concept    int32
	Weight     float32
	part       bool
}

var matchers = sync.Pool{New: func() any { return new(Matcher) }}

// NewMatcher returns a matcher for marks whose concepts are numbers below
// concepts. When a word is marked twice, the heavier mark counts.
func NewMatcher(marks []Mark, concepts int) *Matcher {
	m := matchers.Get().(*Matcher)
	m.concepts = concepts
	size := 64
	for size < 3*len(marks) {
		size *= 2
	}
	if cap(m.table) < size {
		m.table = make([]Mark, size)
	}
	m.table = m.table[:size]
	clear(m.table)
	m.bloom = [4]uint64{}
	m.full = slices.Grow(m.full[:0], concepts)[:concepts]
	clear(m.full)
	for _, k := range marks {
		m.bloom[k.Hash>>30] |= 1 << (k.Hash >> 24 & 63)
		m.learn(k)
		if !k.Apart {
			m.full[k.Concept] = max(m.full[k.Concept], k.Weight)
		}
	}
	m.whole = 0
	for _, w := range m.full {
		m.whole += w
	}
	return m
}

// Release gives the memory back; the matcher must not be used afterwards.
func (m *Matcher) Release() { matchers.Put(m) }

func (m *Matcher) learn(k Mark) {
	mask := uint32(len(m.table) - 1)
	for i := k.Hash & mask; ; i = (i + 1) & mask {
		switch old := &m.table[i]; {
		case old.Hash == 0:
			*old = k
			return
		case old.Hash == k.Hash:
			if old.Weight < k.Weight {
				*old = k
			}
			return
		}
	}
}

// look returns the mark of a hash, or nil.
func (m *Matcher) look(hash uint32) *Mark {
	mask := uint32(len(m.table) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		k := &m.table[i]
		if k.Hash == hash {
			return k
		}
		if k.Hash == 0 {
			return nil
		}
	}
}

// Weights say how well a document answers a query.
type Weights struct {
	Sentence float32 // of the best sentence, title included; comparable within one query
	Named    float32 // how much of the query its title or one other name says, and little else: 0 to 1
	Covered  float32 // how much of the query its title and one sentence say together: 0 to 1
	Section  int     // its best section; -1 when none has any word
	Start    int     // where the best sentence of that section's text begins, in bytes; -1 when none has any word
}

// queryShare is the part of a query's weight that counts as unsaid words of
// each sentence: it keeps the shortest ones from winning by one word.
const queryShare = .3

// Weigh finds the best sentence and the best section. A sentence weighs as much
// as the different words of the query in it, more when two of them stand side by
// side as in the query, less by what else it says. A section is better the more
// different words it has, and in one sentence; the heading counts twice, and
// repeats little.
func (m *Matcher) Weigh(o *Outline) Weights {
	w := weighing{Matcher: m, Weights: Weights{Section: -1, Start: -1}, sentence: 1, factor: 2, start: -1, last: -2}
	w.seen = slices.Grow(m.seen[:0], m.concepts)[:m.concepts]
	m.seen = w.seen
	clear(w.seen)
	for _, h := range o.marks {
		if h >= words.MinHash {
			w.length++
			if m.bloom[h>>30]&(1<<(h>>24&63)) == 0 {
				continue
			}
			if k := m.look(h); k != nil {
				w.word(k)
			}
			continue
		}
		switch h {
		case endSentence:
			w.endSentence(&o.sentences[w.sentence-1])
			w.sentence++
		case startSection:
			w.endSection()
			w.section++
			w.factor, w.total, w.repeats, w.near, w.start, w.startWeight = 2, 0, 0, 0, -1, 0
		case endHeading:
			w.factor = 1
		}
	}
	w.endSection()
	w.Sentence = float32(math.Sqrt(float64(w.Sentence)))
	return w.Weights
}

// A weighing is the state of Weigh. Until its end, weights of sentences are
// squares.
type weighing struct {
	*Matcher
	Weights
	seen              []conceptSeen
	sentence, section int     // numbers from 1; 0 is outside of sections
	factor            float32 // 2 in titles and headings
	bestTotal         float32
	titled            float32 // what the title and other names say, of whole

	// of the section
	total, repeats, near float32
	start                int
	startWeight          float32

	// of the sentence
	length, different int
	sum               float32
	said              float32 // by concepts that count in titles
	added             float32 // said beyond the title
	last, lastAt      int     // concept and position of the word before
	lastWeight        float32
}

// inTitle reports whether the sentence is the title or another name.
func (w *weighing) inTitle() bool { return w.section == 0 && w.factor == 2 }

func (w *weighing) word(k *Mark) {
	s := &w.seen[k.Concept]
	if s.sentence != w.sentence {
		s.sentence = w.sentence
		w.sum += k.Weight
		if int(k.Concept) == w.last+1 && w.length == w.lastAt+1 {
			w.sum += min(k.Weight, w.lastWeight)
		}
		if !k.Apart {
			w.said += k.Weight
			w.different++
			if !s.titled {
				w.added += w.full[k.Concept]
				s.titled = w.inTitle()
			}
		}
	}
	w.last, w.lastAt, w.lastWeight = int(k.Concept), w.length, k.Weight
	if s.section != w.section {
		s.section, s.best = w.section, 0
	}
	if v := k.Weight * w.factor; v > s.best {
		w.total += v - s.best
		s.best = v
	} else {
		w.repeats += k.Weight
	}
}

func (w *weighing) endSentence(s *sentence) {
	if w.sum > 0 {
		v := w.sum * w.sum / (s.rarity + queryShare*w.whole)
		w.Sentence, w.near = max(w.Sentence, v), max(w.near, v)
		if w.factor == 1 && w.section > 0 && v > w.startWeight {
			w.start, w.startWeight = int(s.start), v
		}
	}
	if w.said > 0 {
		if w.inTitle() {
			share := w.said / w.whole
			w.Named = max(w.Named, share*share*share*share*float32(w.different)/float32(w.length))
			w.titled += w.added
			w.Covered = max(w.Covered, min(1, w.titled/w.whole))
		} else {
			w.Covered = max(w.Covered, min(1, (w.titled+w.added)/w.whole))
		}
	}
	w.length, w.different, w.sum, w.said, w.added, w.last, w.lastAt = 0, 0, 0, 0, 0, -2, 0
}

func (w *weighing) endSection() {
	if w.section == 0 {
		return
	}
	if v := w.total + .1*min(w.repeats, w.total) + float32(math.Sqrt(float64(w.near))); v > w.bestTotal {
		w.Section, w.Start, w.bestTotal = w.section-1, w.start, v
	}
}

// searched is how much of a text is looked at for a snippet, in bytes.
const searched = 400

// Find returns the known words of a text from a byte position on, as many as a
// snippet needs; those that are only part of several are known beside another
// one. The result is valid until the next call.
func (m *Matcher) Find(text string, from int) []Match {
	m.matches = m.matches[:0]
	to := min(len(text), from+searched)
	for to < min(len(text), from+searched+words.MaxWord) && text[to] > ' ' { // whole words
		to++
	}
	words.Hashes(text[from:to], func(h uint32, start, end int) {
		if m.bloom[h>>30]&(1<<(h>>24&63)) == 0 {
			return
		}
		if k := m.look(h); k != nil {
			m.matches = append(m.matches, Match{from + start, from + end, k.Concept, k.Weight, k.Part})
		}
	}, func() {})
	kept, before := m.matches[:0], Match{}
	for i, x := range m.matches {
		if !x.part || x.beside(before) || i+1 < len(m.matches) && m.matches[i+1].beside(x) {
			kept = append(kept, x)
		}
		before = x
	}
	m.matches = kept
	return m.matches
}

// beside reports whether a match follows another of its concept at once.
func (x Match) beside(before Match) bool {
	return before.End > 0 && x.Concept == before.Concept && x.Start-before.End <= 1
}
