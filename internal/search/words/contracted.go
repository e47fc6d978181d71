package words

import (
	"slices"
	"strings"

	"signpost/internal/lang"
)

// A Contraction is two ways to write the same words, folded: "dont" and "do not".
type Contraction struct{ Short, Long []string }

// contractions of each language, by the first word of their short forms, and of
// their long forms where those are several words.
var contractions, expansions = func() (short, long map[string]map[string][]Contraction) {
	short, long = map[string]map[string][]Contraction{}, map[string]map[string][]Contraction{}
	put := func(of map[string]map[string][]Contraction, tag, first string, c Contraction) {
		if of[tag] == nil {
			of[tag] = map[string][]Contraction{}
		}
		of[tag][first] = append(of[tag][first], c)
	}
	for _, l := range lang.All() {
		for _, pair := range l.Search.Contracted {
			from, to, _ := strings.Cut(pair, " = ")
			c := Contraction{strings.Fields(Plain(from)), strings.Fields(Plain(to))}
			put(short, l.Tag, c.Short[0], c)
			if len(c.Long) > 1 && len(c.Short) == 1 {
				put(long, l.Tag, c.Long[0], c)
			}
		}
	}
	return short, long
}()

// Contracted returns the contraction that the folded words begin with, in the
// first of the languages that has one; ok is false when there is none.
func Contracted(langs, folded []string) (c Contraction, ok bool) {
	return beginning(contractions, langs, folded, func(c Contraction) []string { return c.Short })
}

// Contractible returns the contraction whose long form the folded words begin with.
func Contractible(langs, folded []string) (c Contraction, ok bool) {
	return beginning(expansions, langs, folded, func(c Contraction) []string { return c.Long })
}

func beginning(of map[string]map[string][]Contraction, langs, folded []string, form func(Contraction) []string) (Contraction, bool) {
	for _, tag := range langs {
		for _, c := range of[tag][folded[0]] {
			if f := form(c); len(f) <= len(folded) && slices.Equal(f, folded[:len(f)]) {
				return c, true
			}
		}
	}
	return Contraction{}, false
}
