// Package lexicon holds the vocabulary of an index: known words and what an
// unknown, mistyped or unfinished one may mean ([Lexicon]), and titles by any of
// their words ([Titles]).
//
// A [Lexicon] is filled with Add and Term, closed with Prepare, and then safe
// for concurrent use.
package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/internal/search/words"
)

// A Lexicon is the vocabulary of one language. Words are looked up by their
// folded form; prefixes and corrections are searched among unstemmed words.
type Lexicon struct {
	Lang        string
	compounding bool              // writes compounds as one word
	words       []Word            // sorted by folded form
	byWord      map[string]uint32 // folded form -> position in words
	stems       map[string]uint32 // stem -> term
	roots       []Word            // stems that are no words themselves, with their most frequent word
	partOf      map[uint32][]uint32
	deletes     deletionTable // of words, then roots
}

// A Word is a known word.
type Word struct {
	Folded   string
	Shown    string   // as written; the most frequent form
	Variants []string // other written forms
	Term     uint32   // number of its stem
	Docs     uint32   // documents that have the word
}

// New returns an empty lexicon.
func New(lang string) *Lexicon {
	return &Lexicon{Lang: lang, compounding: words.Compounding(lang), stems: map[string]uint32{}}
}

// Number returns the term of a stem; a new stem gets the number next.
func (lx *Lexicon) Number(stem string, next uint32) uint32 {
	t, ok := lx.stems[stem]
	if !ok {
		t = next
		lx.stems[stem] = t
	}
	return t
}

// Add adds a written word with its term and the number of its documents.
func (lx *Lexicon) Add(word string, term, docs uint32) {
	lx.words = append(lx.words, Word{Folded: words.Fold(word), Shown: word, Term: term, Docs: docs})
}

// Prepare sorts the words, once all are known, and indexes them.
func (lx *Lexicon) Prepare() {
	slices.SortFunc(lx.words, func(a, b Word) int {
		return cmp.Or(cmp.Compare(a.Folded, b.Folded), cmp.Compare(b.Docs, a.Docs), cmp.Compare(a.Shown, b.Shown))
	})
	out := lx.words[:0]
	for _, w := range lx.words {
		if n := len(out); n > 0 && out[n-1].Folded == w.Folded {
			out[n-1].Docs += w.Docs
			out[n-1].Variants = append(out[n-1].Variants, w.Shown)
			continue
		}
		out = append(out, w)
	}
	lx.words = slices.Clip(out)
	lx.byWord = make(map[string]uint32, len(lx.words))
	for i, w := range lx.words {
		lx.byWord[w.Folded] = uint32(i)
	}
	lx.findRoots()
	lx.findCompounds()
	lx.deletes = newDeletionTable(lx.words, lx.roots)
}

// findRoots lists the stems under which an inflected and mistyped word is
// found, such as "pilow" where only "pillows" is known.
func (lx *Lexicon) findRoots() {
	best := map[uint32]*Word{}
	for i := range lx.words {
		w := &lx.words[i]
		if b := best[w.Term]; b == nil || w.Docs > b.Docs {
			best[w.Term] = w
		}
	}
	for stem, t := range lx.stems {
		if _, ok := lx.byWord[stem]; !ok && best[t] != nil {
			lx.roots = append(lx.roots, Word{Folded: stem, Shown: best[t].Shown, Term: t, Docs: best[t].Docs})
		}
	}
	slices.SortFunc(lx.roots, func(a, b Word) int { return cmp.Compare(a.Folded, b.Folded) })
}

// Words returns all words, sorted by folded form; they must not be changed.
func (lx *Lexicon) Words() []Word { return lx.words }

// Term finds the term of a normalised word: as it is, or by its stem.
func (lx *Lexicon) Term(word string) (uint32, bool) {
	if i, ok := lx.byWord[words.Fold(word)]; ok {
		return lx.words[i].Term, true
	}
	t, ok := lx.stems[words.Stem(lx.Lang, word)]
	return t, ok
}

// Has reports whether the folded word is written so in a text.
func (lx *Lexicon) Has(folded string) bool { _, ok := lx.byWord[folded]; return ok }

// Inflections returns the written words of the same term as word.
func (lx *Lexicon) Inflections(word string) []string {
	t, ok := lx.Term(word)
	if !ok {
		return nil
	}
	var out []string
	for i := range lx.words {
		if w := &lx.words[i]; w.Term == t {
			out = append(append(out, w.Shown), w.Variants...)
		}
	}
	return out
}

// The number of words that a prefix stands for is bounded; the shortest
// prefixes stand for so many that only titles tell them apart.
const (
	maxCompletions      = 64
	maxShortCompletions = 16 // one or two letters
)

// Completions returns the terms of the words that begin with the folded
// prefix, those of the most frequent words when they are many.
func (lx *Lexicon) Completions(prefix string) []uint32 {
	lo, _ := slices.BinarySearchFunc(lx.words, prefix, func(w Word, p string) int { return cmp.Compare(w.Folded, p) })
	hi := lo
	for hi < len(lx.words) && strings.HasPrefix(lx.words[hi].Folded, prefix) {
		hi++
	}
	found := lx.words[lo:hi]
	limit := maxCompletions
	if len(prefix) < 3 {
		limit = maxShortCompletions
	}
	if len(found) > limit {
		found = slices.Clone(found)
		slices.SortStableFunc(found, func(a, b Word) int { return cmp.Compare(b.Docs, a.Docs) })
		found = found[:limit]
	}
	var out []uint32
	for _, w := range found {
		if !slices.Contains(out, w.Term) {
			out = append(out, w.Term)
		}
	}
	return out
}

// A Candidate is a known word that an unknown one may mean.
type Candidate struct {
	Word   *Word
	Score  float32 // 1 for the same word in another spelling, less for a typing error
	Errors int     // letters to change
}

// maxCandidates is how many known words stand for an unknown one.
const maxCandidates = 3

// Corrections returns the words that the folded unknown word most likely means.
func (lx *Lexicon) Corrections(word string) []Candidate {
	if lx.Compounding() { // and spell umlauts as two letters
		for _, w := range words.Spellings(word) {
			if i, ok := lx.byWord[w]; ok {
				return []Candidate{{&lx.words[i], 1, 0}}
			}
		}
	}
	n := utf8.RuneCountInString(word)
	if n < 4 || n > words.MaxWord || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return nil
	}
	if n >= longWord {
		return lx.within(word, n, 2, 0)
	}
	out := lx.within(word, n, 1, 0)
	if len(out) == 0 && n == longWord-1 { // "paswrod": a letter too few hides how long the word is
		out = lx.within(word, n, 2, longWord)
	}
	return out
}

// longWord is the length from which two typing errors are forgiven.
const longWord = 8

// within returns the candidates at a distance of at most far that have at
// least so many letters.
func (lx *Lexicon) within(word string, n, far, letters int) []Candidate {
	stem := words.Stem(lx.Lang, word)
	places := lx.deletes.near(word, far)
	if stem != word && len(stem) > 3 {
		places = slices.Concat(places, lx.deletes.near(stem, far))
		slices.Sort(places)
		places = slices.Compact(places)
	}
	var out []Candidate
	for _, i := range places {
		w := lx.at(i)
		if words.IsStop(lx.Lang, w.Folded) || len(w.Folded) < 4 || len(w.Folded) < letters || letters > 0 && w.Folded[0] != word[0] {
			continue
		}
		d := distance(word, w.Folded, far)
		if d > far && stem != word && len(stem) > 3 {
			d = distance(stem, w.Folded, min(far, max(1, len(stem)-longWord+2)))
		}
		if d > far {
			continue
		}
		score := float32(.85)
		if d == 2 {
			score = .5
		}
		if w.Folded[0] != word[0] {
			score *= .8
		}
		if n == 4 {
			score *= .6 // four letters are near to too many words
		}
		score *= 1 - .2/float32(1+min(w.Docs, 20))
		out = append(out, Candidate{w, score, d})
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Word.Docs, a.Word.Docs), cmp.Compare(a.Word.Folded, b.Word.Folded))
	})
	var best []Candidate // of different terms
	for _, c := range out {
		if len(best) < maxCandidates && !slices.ContainsFunc(best, func(o Candidate) bool { return o.Word.Term == c.Word.Term }) {
			best = append(best, c)
		}
	}
	return best
}

// at returns a word or root by its position in the deletion table.
func (lx *Lexicon) at(i uint32) *Word {
	if int(i) < len(lx.words) {
		return &lx.words[i]
	}
	return &lx.roots[int(i)-len(lx.words)]
}

// distance counts insertions, deletions, replacements and swaps of
// neighbours, up to limit+1.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if len(s)-len(t) > limit || len(t)-len(s) > limit {
		return limit + 1
	}
	var rows [3][words.MaxWord + 2]int
	for j := range len(t) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		row, prev, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		best := i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, prev[j]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
	}
	return rows[len(s)%3][len(t)]
}

// A deletionTable finds words near to another without comparing all: two
// words at distance d agree after at most d deletions in each. Only the first
// letters are indexed, which keeps the table small; [distance] decides.
type deletionTable struct {
	keys []uint64 // hash in the upper half, position of the word in the lower
}

// deletionPrefix is how many letters are indexed.
const deletionPrefix = 7

func newDeletionTable(known, roots []Word) deletionTable {
	var keys []uint64
	for i, w := range slices.Concat(known, roots) {
		if len(w.Folded) < 2 || len(w.Folded) > words.MaxWord || strings.ContainsFunc(w.Folded, func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		far := 1
		if len(w.Folded) >= 7 {
			far = 2
		}
		deletions(w.Folded, far, func(h uint32) { keys = append(keys, uint64(h)<<32|uint64(i)) })
	}
	slices.Sort(keys)
	return deletionTable{slices.Clip(slices.Compact(keys))}
}

// near returns the positions of words that may be within the distance.
func (t deletionTable) near(word string, far int) []uint32 {
	var out []uint32
	deletions(word, far, func(h uint32) {
		lo, _ := slices.BinarySearch(t.keys, uint64(h)<<32)
		for ; lo < len(t.keys) && uint32(t.keys[lo]>>32) == h; lo++ {
			out = append(out, uint32(t.keys[lo]))
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// deletions yields the hashes of the word's first letters with up to far of
// them deleted.
func deletions(word string, far int, yield func(uint32)) {
	r := []rune(word)
	r = r[:min(len(r), deletionPrefix)]
	yield(hashWithout(r, -1, -1))
	for i := range r {
		yield(hashWithout(r, i, -1))
		if far > 1 {
			for j := i + 1; j < len(r); j++ {
				yield(hashWithout(r, i, j))
			}
		}
	}
}

// hashWithout is FNV-1a over the runes except those at i and j.
func hashWithout(r []rune, i, j int) uint32 {
	h := uint32(2166136261)
	for k, c := range r {
		if k != i && k != j {
			h = (h ^ uint32(c)) * 16777619
		}
	}
	return h
}
