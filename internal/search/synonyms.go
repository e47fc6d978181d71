package search

import (
	"fmt"
	"slices"
	"strings"

	"signpost/internal/problem"
	"signpost/internal/search/lexicon"
	"signpost/internal/search/words"
)

// Limits of a synonym file.
const (
	maxSynonymEntries = 64 // in one line
	maxSynonymLines   = 10_000
	synonymWeight     = .8
)

// Synonyms are the parsed groups of a synonym file. They never change.
type Synonyms struct {
	byFirst map[string][]synonym // by the first folded word
}

// A synonym says that the words of from also mean each of to.
type synonym struct {
	from []string   // folded words
	to   [][]string // folded words of each entry
	name []string   // the entries of to, as written
}

// ParseSynonyms reads a synonym file: one group per line, "a, b, c" for words
// that mean the same, "a => b, c" for one direction, "#" for a comment. An
// entry may have several words. Bad lines are left out and reported.
func ParseSynonyms(path string, text []byte) (*Synonyms, problem.List) {
	s := &Synonyms{byFirst: map[string][]synonym{}}
	var problems problem.List
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		if n > maxSynonymLines {
			problems.Errorf(path, n, "split the file by topic and drop what nobody searches for", "more than %d lines", maxSynonymLines)
			break
		}
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := s.addLine(line); err != nil {
			problems.Errorf(path, n, `write "a, b, c" or "a => b, c"`, "%v", err)
		}
	}
	return s, problems
}

// entry is one word or phrase of a line.
type entry struct {
	words []string
	name  string
}

func (s *Synonyms) addLine(line string) error {
	left, right, oneWay := strings.Cut(line, "=>")
	from, err := entries(left)
	if err != nil {
		return err
	}
	if !oneWay {
		if len(from) < 2 {
			return fmt.Errorf("a group needs at least two entries, this has only %q", from[0].name)
		}
		s.link(from, from)
		return nil
	}
	if strings.Contains(right, "=>") {
		return fmt.Errorf(`more than one "=>"`)
	}
	to, err := entries(right)
	if err != nil {
		return err
	}
	s.link(from, to)
	return nil
}

func entries(list string) ([]entry, error) {
	var out []entry
	for _, name := range strings.Split(list, ",") {
		name = strings.TrimSpace(name)
		list := strings.Fields(words.Plain(cut(name, maxQuery)))
		if len(list) == 0 {
			if name == "" {
				return nil, fmt.Errorf("an entry is empty")
			}
			return nil, fmt.Errorf("the entry %q has no word", problem.Printable(name))
		}
		out = append(out, entry{list, name})
	}
	if len(out) > maxSynonymEntries {
		return nil, fmt.Errorf("%d entries in one group, at most %d", len(out), maxSynonymEntries)
	}
	return out, nil
}

func (s *Synonyms) link(from, to []entry) {
	for _, f := range from {
		syn := synonym{from: f.words}
		for _, t := range to {
			if !slices.Equal(f.words, t.words) {
				syn.to = append(syn.to, t.words)
				syn.name = append(syn.name, t.name)
			}
		}
		if len(syn.to) > 0 {
			s.byFirst[f.words[0]] = append(s.byFirst[f.words[0]], syn)
		}
	}
}

// addSynonyms adds to each slot what its word, or a phrase that begins with
// it, also means.
func (ix *Index) addSynonyms(p *parsed, tokens []words.Token) {
	if ix.syn == nil || len(ix.syn.byFirst) == 0 {
		return
	}
	var typed []words.Token
	for _, t := range tokens {
		if !t.Compound {
			typed = append(typed, t)
		}
	}
	for i := range typed {
		for _, key := range ix.forms(typed[i].Word) {
			for _, syn := range ix.syn.byFirst[key] {
				if ix.matches(syn.from, typed[i:]) {
					ix.extend(p, typed[i:i+len(syn.from)], syn)
				}
			}
		}
	}
}

// forms returns the folded word and its stems, under which a synonym may be
// written.
func (ix *Index) forms(word string) []string {
	out := []string{words.Fold(word)}
	for _, lx := range ix.lexicons {
		if s := words.Stem(lx.Lang, word); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// matches compares the words by their stems in any language.
func (ix *Index) matches(from []string, typed []words.Token) bool {
	if len(from) > len(typed) {
		return false
	}
	for i, f := range from {
		w := typed[i].Word
		same := f == words.Fold(w) || slices.ContainsFunc(ix.lexicons, func(lx *lexicon.Lexicon) bool {
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
func (ix *Index) extend(p *parsed, typed []words.Token, syn synonym) {
	s := slot{word: typed[0].Word, weight: 1}
	if at := slices.IndexFunc(p.slots, func(o slot) bool { return strings.EqualFold(o.word, typed[0].Word) }); at >= 0 && len(typed) == 1 {
		s = p.slots[at]
		p.slots = slices.Delete(p.slots, at, at+1)
	}
	for i, to := range syn.to {
		for _, lx := range ix.lexicons {
			a := alternative{why: syn.name[i]}
			for _, w := range to {
				if t, ok := lx.Term(w); ok {
					a.terms = append(a.terms, weighted{t, synonymWeight})
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
