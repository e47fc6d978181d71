package search

import (
	"slices"

	"signpost/internal/problem"
	"signpost/internal/search/lexicon"
	"signpost/internal/search/synonym"
	"signpost/internal/search/words"
)

// Synonyms are the parsed groups of a synonym file.
type Synonyms = synonym.Set

// ParseSynonyms reads a synonym file: one group per line, "a, b, c" for words
// that mean the same, "a => b, c" for one direction, "#" for a comment. An
// entry may have several words. Bad lines are left out and reported.
func ParseSynonyms(path string, text []byte) (*Synonyms, problem.List) {
	return synonym.Parse(path, text)
}

// synonymWeight is what a synonym counts, compared with the word itself.
const synonymWeight = .8

// A synonymMatch is a word or phrase of the query that has synonyms.
type synonymMatch struct {
	typed []words.Token
	*synonym.Synonym
}

// synonymsOf finds the words and phrases that have synonyms. A stop word alone has
// only those that are written for it: its stem may be that of another language's
// word, as "and" and "ändern" share one.
func (v *vocabulary) synonymsOf(tokens []token, lang string) []synonymMatch {
	if v.syn == nil {
		return nil
	}
	var typed []words.Token
	for _, t := range tokens {
		if !t.Compound {
			typed = append(typed, t.Token)
		}
	}
	var out []synonymMatch
	for i := range typed {
		first := len(out)
		stop := v.isStop(words.Fold(typed[i].Word), lang)
		for _, key := range v.forms(typed[i].Word) {
			for _, syn := range v.syn.Of(key) {
				if stop && len(syn.From) == 1 && syn.From[0] != words.Fold(typed[i].Word) {
					continue
				}
				known := slices.ContainsFunc(out[first:], func(m synonymMatch) bool { return m.Synonym == syn })
				if !known && v.matches(syn.From, typed[i:]) {
					out = append(out, synonymMatch{typed[i : i+len(syn.From)], syn})
				}
			}
		}
	}
	return out
}

// hasSynonym reports whether a word is part of a match: then it is no typing
// error.
func hasSynonym(found []synonymMatch, t words.Token) bool {
	return slices.ContainsFunc(found, func(m synonymMatch) bool { return slices.Contains(m.typed, t) })
}

// forms returns the folded word and its stems, under which a synonym may be
// written.
func (v *vocabulary) forms(word string) []string {
	out := []string{words.Fold(word)}
	for _, lx := range v.lexicons {
		if s := words.Stem(lx.Lang, word); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// matches compares the words by their stems in any language.
func (v *vocabulary) matches(from []string, typed []words.Token) bool {
	if len(from) > len(typed) {
		return false
	}
	for i, f := range from {
		w := typed[i].Word
		same := f == words.Fold(w) || slices.ContainsFunc(v.lexicons, func(lx *lexicon.Lexicon) bool {
			return words.Stem(lx.Lang, f) == words.Stem(lx.Lang, w)
		})
		if !same {
			return false
		}
	}
	return true
}

// extend adds alternatives to the slot of the first word. A phrase becomes a
// slot of its own, in which its words are one alternative.
func (v *vocabulary) extend(p *parsed, syn synonymMatch) {
	typed := syn.typed
	s := slot{word: typed[0].Word, key: typed[0].Word, weight: 1, phrase: len(typed) > 1}
	if at := slices.IndexFunc(p.slots, func(o slot) bool { return o.key == typed[0].Word }); at >= 0 && len(typed) == 1 {
		s = p.slots[at]
		p.slots = slices.Delete(p.slots, at, at+1)
	}
	for i, to := range syn.To {
		for _, lx := range v.lexicons {
			a := alternative{why: syn.Name[i]}
			for _, w := range to {
				if t, ok := lx.Term(w); ok {
					a.terms = append(a.terms, weighted{t, synonymWeight * v.limited(&s, t)})
				}
			}
			if len(a.terms) == len(to) {
				s.alternatives = append(s.alternatives, a)
			}
		}
	}
	if len(s.alternatives) > 0 {
		p.slots = append(p.slots, s)
	}
}
