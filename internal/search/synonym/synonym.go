// Package synonym reads the synonym file of a site. Entries are looked up by
// folded words; how they weigh is the ranking's business.
package synonym

import (
	"fmt"
	"slices"
	"strings"

	"signpost/internal/problem"
	"signpost/internal/search/words"
)

// Limits of a synonym file.
const (
	maxEntry   = 256 // bytes of an entry that are read
	maxEntries = 64  // in one line
	maxLines   = 10_000
)

// A Set holds the groups of a synonym file. It never changes; nil is empty.
type Set struct {
	byFirst map[string][]*Synonym // by the first folded word, and by its stems
}

// Of returns the synonyms whose From begins with the folded word or stem.
func (s *Set) Of(first string) []*Synonym {
	if s == nil {
		return nil
	}
	return s.byFirst[first]
}

// A Synonym says that the words of From also mean each of To.
type Synonym struct {
	From []string   // folded words
	To   [][]string // folded words of each entry
	Name []string   // the entries of To, as written
}

// Parse reads a synonym file: one group per line, "a, b, c" for words
// that mean the same, "a => b, c" for one direction, "#" for a comment. An
// entry may have several words. Bad lines are left out and reported.
func Parse(path string, text []byte) (*Set, problem.List) {
	s := &Set{byFirst: map[string][]*Synonym{}}
	var problems problem.List
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		if n > maxLines {
			problems.Errorf(path, n, "split the file by topic and drop what nobody searches for", "more than %d lines", maxLines)
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

func (s *Set) addLine(line string) error {
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
		list := strings.Fields(words.Plain(name[:min(len(name), maxEntry)]))
		if len(list) == 0 {
			if name == "" {
				return nil, fmt.Errorf("an entry is empty")
			}
			return nil, fmt.Errorf("the entry %q has no word", problem.Printable(name))
		}
		out = append(out, entry{list, name})
	}
	if len(out) > maxEntries {
		return nil, fmt.Errorf("%d entries in one group, at most %d", len(out), maxEntries)
	}
	return out, nil
}

func (s *Set) link(from, to []entry) {
	for _, f := range from {
		syn := &Synonym{From: f.words}
		for _, t := range to {
			if !slices.Equal(f.words, t.words) {
				syn.To = append(syn.To, t.words)
				syn.Name = append(syn.Name, t.name)
			}
		}
		if len(syn.To) == 0 {
			continue
		}
		keys := []string{f.words[0]}
		for _, lang := range words.Stemmed() {
			keys = append(keys, words.Stem(lang, f.words[0]))
		}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			s.byFirst[k] = append(s.byFirst[k], syn)
		}
	}
}
