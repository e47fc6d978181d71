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

// Marks between the words of an outline.
const (
	endSentence = iota
	startSection
	endHeading
)

// An Outline is a document as a row of hashed words with marks between them, so
// that its best sentence and section are found without reading its text. Fill
// it with Text and Section.
type Outline []uint32

// Text adds sentences outside of sections: a title, other names.
func (o *Outline) Text(text string) {
	words.Hashes(text, func(h uint32, _, _ int) { *o = append(*o, h) }, func() { *o = append(*o, endSentence) })
}

// Section adds the next section.
func (o *Outline) Section(heading, text string) {
	*o = append(*o, startSection)
	o.Text(heading)
	*o = append(*o, endHeading)
	o.Text(text)
}

// A Matcher finds the words of a query in outlines and texts: it knows all
// written forms of the matched terms.
type Matcher struct {
	table    []Mark    // open addressing; size is a power of two
	bloom    [4]uint64 // of the upper bits of all hashes
	concepts int
	full     []float32     // of each concept, its heaviest mark; 0 when it does not count in titles
	total    float32       // sum of full
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
	m.total = 0
	for _, w := range m.full {
		m.total += w
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

// passageWord is the weight of a word when the length of a sentence is taken.
const passageWord = 2

// Weigh returns the weight of a document's best sentence, title included, how
// much of the query its title or one other name says (0 to 1), and its best
// section, -1 when none has any word. A sentence weighs as much as the
// different words in it, less when it is long. A section is better the more
// different words it has, and in one sentence; the heading counts twice, and
// repeats little.
func (m *Matcher) Weigh(o Outline) (passage, named float32, best int) {
	if cap(m.seen) < m.concepts {
		m.seen = make([]conceptSeen, m.concepts)
	}
	seen := m.seen[:m.concepts]
	clear(seen)
	best = -1
	sentence, section, factor := 1, 0, float32(1)
	var length, different int
	var said float32 // of the concepts that count in titles
	var sum, total, repeats, near, bestTotal float32
	closeSection := func() {
		if t := total + .1*min(repeats, total) + near; section > 0 && t > bestTotal {
			best, bestTotal = section-1, t
		}
	}
	for _, h := range o {
		if h >= words.MinHash {
			length++
			if m.bloom[h>>30]&(1<<(h>>24&63)) == 0 {
				continue
			}
			k := m.look(h)
			if k == nil {
				continue
			}
			s := &seen[k.Concept]
			if s.sentence != sentence {
				s.sentence = sentence
				sum += k.Weight
				if section == 0 && !k.Apart {
					said += k.Weight
					different++
				}
			}
			if s.section != section {
				s.section, s.best = section, 0
			}
			if w := k.Weight * factor; w > s.best {
				total += w - s.best
				s.best = w
			} else {
				repeats += k.Weight
			}
			continue
		}
		if sum > 0 {
			w := sum / float32(math.Sqrt(float64(length)*passageWord+5))
			passage, near = max(passage, w), max(near, w)
			if said > 0 {
				all := said / m.total
				named = max(named, all*all*all*all*float32(different)/float32(length))
			}
		}
		sum, said, length, different = 0, 0, 0, 0
		sentence++
		switch h {
		case startSection:
			closeSection()
			section++
			factor, total, repeats, near = 2, 0, 0, 0
		case endHeading:
			factor = 1
		}
	}
	closeSection()
	return passage, named, best
}

// Find returns the known words of a text; those that are only part of several
// are known beside another one. The result is valid until the next call.
func (m *Matcher) Find(text string) []Match {
	m.matches = m.matches[:0]
	words.Hashes(text, func(h uint32, start, end int) {
		if k := m.look(h); k != nil {
			m.matches = append(m.matches, Match{start, end, k.Concept, k.Weight, k.Part})
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
