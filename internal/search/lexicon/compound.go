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

// Compounding reports whether the language writes compounds as one word.
func (lx *Lexicon) Compounding() bool { return lx.compounding }

// Split takes an unknown folded word apart into two known ones: a compound,
// "serverzertifikat" into "server" and "zertifikat" with or without an "s"
// between them, or in a language without compounds words with a missing blank,
// "thankyou", one of which may be a stop word then. It returns nil when there are
// no two such words.
func (lx *Lexicon) Split(word string) []string {
	return lx.split(word, !lx.Compounding(), func(w string) bool { _, ok := lx.Term(w); return ok })
}

// split cuts where the shorter part is longest.
func (lx *Lexicon) split(word string, stops bool, known func(string) bool) []string {
	var parts []string
	best := 0
	for i := shortestPart - 1; i+shortestPart-1 <= len(word); i++ {
		if !utf8.RuneStart(word[i]) || min(i, len(word)-i) <= best {
			continue
		}
		first, rest := word[:i], word[i:]
		if lx.Compounding() && !known(first) && i > shortestPart && strings.HasSuffix(first, "s") {
			first = first[:i-1]
		}
		if lx.isPart(first, stops) && lx.isPart(rest, stops) && known(first) && known(rest) {
			best, parts = min(i, len(word)-i), []string{first, rest}
		}
	}
	return parts
}

// isPart refuses what is too short, and stop words unless stops lets them be parts;
// those may be a letter shorter.
func (lx *Lexicon) isPart(word string, stops bool) bool {
	if words.IsStop(lx.Lang, word) {
		return stops && len(word) >= shortestPart-1
	}
	return len(word) >= shortestPart
}

// findCompounds notes for each term the known compounds that have it as a part.
func (lx *Lexicon) findCompounds() {
	if !lx.Compounding() {
		return
	}
	lx.partOf = map[uint32][]uint32{}
	exact := func(w string) bool { _, ok := lx.byWord[w]; return ok }
	for i := range lx.words {
		w := &lx.words[i]
		for _, p := range lx.split(w.Folded, false, exact) {
			part := lx.words[lx.byWord[p]].Term
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
