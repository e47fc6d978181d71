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

// Split takes an unknown folded word apart into known ones: a compound,
// "serverzertifikat" into "server" and "zertifikat", with or without the letters that
// link them, or in a language without compounds words with a missing blank,
// "thankyou", one of which may be a stop word then. It returns nil when there are no
// such words.
func (lx *Lexicon) Split(word string) []string {
	known := func(w string) bool { _, ok := lx.Term(w); return ok }
	if parts := lx.split(word, !lx.Compounding(), known); parts != nil || !lx.Compounding() {
		return parts
	}
	return lx.splitFurther(word, maxParts, known)
}

// maxParts is how many words a compound may have.
const maxParts = 4

// splitFurther takes a compound of more than two words apart, the longest first word first.
func (lx *Lexicon) splitFurther(word string, parts int, known func(string) bool) []string {
	if parts < 3 {
		return nil
	}
	for i := len(word) - 2*shortestPart; i >= shortestPart; i-- {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		first, ok := lx.firstPart(word[:i], false, known)
		if !ok {
			continue
		}
		rest := lx.split(word[i:], false, known)
		if rest == nil {
			rest = lx.splitFurther(word[i:], parts-1, known)
		}
		if rest != nil {
			return append([]string{first}, rest...)
		}
	}
	return nil
}

// firstPart returns a known word that another may follow in a compound, without the
// letters that link them.
func (lx *Lexicon) firstPart(word string, stops bool, known func(string) bool) (string, bool) {
	if lx.isPart(word, stops) && known(word) {
		return word, true
	}
	if !lx.Compounding() {
		return "", false
	}
	for _, l := range words.Linking(lx.Lang) {
		if part, ok := strings.CutSuffix(word, l); ok && lx.isPart(part, stops) && known(part) {
			return part, true
		}
	}
	return "", false
}

// split cuts where the shorter part is longest.
func (lx *Lexicon) split(word string, stops bool, known func(string) bool) []string {
	var parts []string
	best := 0
	for i := shortestPart - 1; i+shortestPart-1 <= len(word); i++ {
		if !utf8.RuneStart(word[i]) || min(i, len(word)-i) <= best || !lx.isPart(word[i:], stops) || !known(word[i:]) {
			continue
		}
		if first, ok := lx.firstPart(word[:i], stops, known); ok {
			best, parts = min(i, len(word)-i), []string{first, word[i:]}
		}
	}
	return parts
}

// shortestHalf is the length of the shortest word that may stand for a longer one of
// which nothing else is known.
const shortestHalf = 3

// Halves returns what is known of an unknown folded word at one of its ends: a
// written word, and a mistyped one beside it when there is such a one. The longest
// known word wins; a part of three letters must be a third of the word.
func (lx *Lexicon) Halves(word string) []Candidate {
	var best []Candidate
	longest := 0
	try := func(part, rest string, first bool) {
		i, ok := lx.byWord[part]
		if !ok || len(part) < shortestHalf || 3*len(part) < len(word) && len(part) < shortestPart || words.IsStop(lx.Lang, part) || !utf8.ValidString(rest) {
			return
		}
		length, parts := len(part), []Candidate{{Word: &lx.words[i], Score: 1}}
		if c := lx.Corrections(rest); len(c) > 0 && c[0].Errors < 2 && len(rest) > shortestPart && len(part) >= shortestPart {
			length = len(word)
			if parts = append(parts, c[0]); !first {
				parts[0], parts[1] = parts[1], parts[0]
			}
		}
		if length > longest {
			longest, best = length, parts
		}
	}
	for i := 2; i <= len(word)-2; i++ {
		try(word[:i], word[i:], true)
		try(word[i:], word[:i], false)
	}
	return best
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
