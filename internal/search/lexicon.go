package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A lexicon is the vocabulary of one language. Words are looked up by their
// folded form; prefixes and corrections are searched among unstemmed words.
type lexicon struct {
	lang    string
	docs    int               // documents in the language
	words   []lexWord         // sorted by folded form
	byWord  map[string]uint32 // folded form -> position in words
	stems   map[string]uint32 // stem -> term
	deletes deletionTable
}

type lexWord struct {
	folded   string
	shown    string   // as written; the most frequent form
	variants []string // other written forms
	term     uint32
	docs     uint32 // documents that have the word
}

// prepare sorts the words, once all are known, and indexes them.
func (lx *lexicon) prepare() {
	slices.SortFunc(lx.words, func(a, b lexWord) int {
		return cmp.Or(cmp.Compare(a.folded, b.folded), cmp.Compare(b.docs, a.docs), cmp.Compare(a.shown, b.shown))
	})
	out := lx.words[:0]
	for _, w := range lx.words {
		if n := len(out); n > 0 && out[n-1].folded == w.folded {
			out[n-1].docs += w.docs
			out[n-1].variants = append(out[n-1].variants, w.shown)
			continue
		}
		out = append(out, w)
	}
	lx.words = slices.Clip(out)
	lx.byWord = make(map[string]uint32, len(lx.words))
	for i, w := range lx.words {
		lx.byWord[w.folded] = uint32(i)
	}
	lx.deletes = newDeletionTable(lx.words)
}

// term finds the term of a normalised word, known or not.
func (lx *lexicon) term(word string) (uint32, bool) {
	if i, ok := lx.byWord[fold(word)]; ok {
		return lx.words[i].term, true
	}
	t, ok := lx.stems[stem(lx.lang, word)]
	return t, ok
}

// maxExpansions caps the words that a prefix stands for.
const maxExpansions = 64

// completions returns the terms of the words that begin with the folded
// prefix, the most frequent first.
func (lx *lexicon) completions(prefix string) []uint32 {
	lo, _ := slices.BinarySearchFunc(lx.words, prefix, func(w lexWord, p string) int { return cmp.Compare(w.folded, p) })
	hi := lo
	for hi < len(lx.words) && strings.HasPrefix(lx.words[hi].folded, prefix) {
		hi++
	}
	found := lx.words[lo:hi]
	if len(found) > maxExpansions {
		found = slices.Clone(found)
		slices.SortStableFunc(found, func(a, b lexWord) int { return cmp.Compare(b.docs, a.docs) })
		found = found[:maxExpansions]
	}
	var out []uint32
	for _, w := range found {
		if !slices.Contains(out, w.term) {
			out = append(out, w.term)
		}
	}
	return out
}

// A candidate is a known word that a mistyped one may mean.
type candidate struct {
	word  *lexWord
	score float32
}

// maxCandidates is how many known words stand for an unknown one.
const maxCandidates = 3

// corrections returns the words that the folded unknown word most likely means.
func (lx *lexicon) corrections(word string) []candidate {
	n := utf8.RuneCountInString(word)
	if n < 4 || n > maxWord || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return nil
	}
	far := 1
	if n >= 8 {
		far = 2
	}
	var out []candidate
	for _, i := range lx.deletes.near(word, far) {
		w := &lx.words[i]
		if isStop(lx.lang, w.folded) {
			continue
		}
		d := distance(word, w.folded, far)
		if d > far {
			continue
		}
		score := float32(.85)
		if d == 2 {
			score = .5
		}
		if w.folded[0] != word[0] {
			score *= .8
		}
		if n == 4 {
			score *= .6 // four letters are near to too many words
		}
		score *= 1 - .2/float32(1+min(w.docs, 20))
		out = append(out, candidate{w, score})
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.word.docs, a.word.docs), cmp.Compare(a.word.folded, b.word.folded))
	})
	return out[:min(len(out), maxCandidates)]
}

// distance counts insertions, deletions, replacements and swaps of
// neighbours, up to limit+1.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if len(s)-len(t) > limit || len(t)-len(s) > limit {
		return limit + 1
	}
	var rows [3][maxWord + 2]int
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

func newDeletionTable(words []lexWord) deletionTable {
	var keys []uint64
	for i, w := range words {
		if len(w.folded) < 2 || len(w.folded) > maxWord || strings.ContainsFunc(w.folded, func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		far := 1
		if len(w.folded) >= 7 {
			far = 2
		}
		deletions(w.folded, far, func(h uint32) { keys = append(keys, uint64(h)<<32|uint64(i)) })
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
