package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"

	"signpost/internal/search/words"
)

// shortestPart is the length of the shortest word that is looked for in a
// compound; shorter ones are endings and chance.
const shortestPart = 4

// compounds reports whether the language writes compounds as one word.
func (lx *Lexicon) compounds() bool { return lx.Lang == "de" || lx.Lang == "nb" }

// Split takes an unknown folded compound apart: "serverzertifikat" into the
// terms of "server" and "zertifikat", with or without an "s" between them. It
// returns nil when that is not two known words.
func (lx *Lexicon) Split(word string) []uint32 {
	if !lx.compounds() {
		return nil
	}
	head, tail := lx.split(word, func(w string) (uint32, bool) { return lx.Term(w) })
	if tail == nil {
		return nil
	}
	return []uint32{*head, *tail}
}

// split cuts where the shorter part is longest.
func (lx *Lexicon) split(word string, known func(string) (uint32, bool)) (head, tail *uint32) {
	best := 0
	for i := shortestPart; i+shortestPart <= len(word); i++ {
		if !utf8.RuneStart(word[i]) || min(i, len(word)-i) <= best {
			continue
		}
		b, ok := known(word[i:])
		if !ok || words.IsStop(lx.Lang, word[i:]) {
			continue
		}
		first := word[:i]
		a, ok := known(first)
		if !ok && i > shortestPart && strings.HasSuffix(first, "s") {
			first = first[:i-1]
			a, ok = known(first)
		}
		if ok && !words.IsStop(lx.Lang, first) {
			best, head, tail = min(i, len(word)-i), &a, &b
		}
	}
	return head, tail
}

// findCompounds notes for each term the known compounds that have it as a part.
func (lx *Lexicon) findCompounds() {
	if !lx.compounds() {
		return
	}
	lx.partOf = map[uint32][]uint32{}
	exact := func(w string) (uint32, bool) {
		i, ok := lx.byWord[w]
		if !ok {
			return 0, false
		}
		return lx.words[i].Term, true
	}
	for i := range lx.words {
		w := &lx.words[i]
		head, tail := lx.split(w.Folded, exact)
		if tail == nil {
			continue
		}
		for _, part := range []uint32{*head, *tail} {
			if l := lx.partOf[part]; part != w.Term && !slices.Contains(l, w.Term) {
				lx.partOf[part] = append(l, w.Term)
			}
		}
	}
}

// maxCompounds bounds the compounds that one word finds.
const maxCompounds = 64

// Compounds returns the terms of known compounds that have the term as a part:
// those of "posteingangsserver" and "mailserver" for "server".
func (lx *Lexicon) Compounds(term uint32) []uint32 {
	l := lx.partOf[term]
	return l[:min(len(l), maxCompounds)]
}
