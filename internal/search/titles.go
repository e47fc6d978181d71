package search

import (
	"cmp"
	"slices"
	"strings"
)

// A titleIndex finds titles in which a typed beginning occurs at the start of
// a word, stop words included.
type titleIndex struct {
	text     []string // of each document: its title's folded words, joined by blanks
	suffixes []suffix // sorted by text
}

// A suffix is a title from one of its words on.
type suffix struct{ doc, start uint32 }

func newTitleIndex(docs []*Document) titleIndex {
	t := titleIndex{text: make([]string, len(docs))}
	for d, doc := range docs {
		text := plainWords(doc.Title)
		t.text[d] = text
		for i := range len(text) {
			if i == 0 || text[i-1] == ' ' {
				t.suffixes = append(t.suffixes, suffix{uint32(d), uint32(i)})
			}
		}
	}
	slices.SortFunc(t.suffixes, func(a, b suffix) int {
		return cmp.Or(cmp.Compare(t.at(a), t.at(b)), cmp.Compare(a.doc, b.doc), cmp.Compare(a.start, b.start))
	})
	return t
}

func (t *titleIndex) at(s suffix) string { return t.text[s.doc][s.start:] }

// plainWords joins the folded words of a text by blanks.
func plainWords(text string) string {
	var b strings.Builder
	scan(text, func(t token) bool {
		if !t.compound {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(fold(t.word))
		}
		return true
	})
	return b.String()
}

// beginning returns the suffixes that begin with text.
func (t *titleIndex) beginning(text string) []suffix {
	lo, _ := slices.BinarySearchFunc(t.suffixes, text, func(s suffix, x string) int { return cmp.Compare(t.at(s), x) })
	n, _ := slices.BinarySearchFunc(t.suffixes[lo:], text, func(s suffix, x string) int {
		if strings.HasPrefix(t.at(s), x) {
			return -1
		}
		return 1
	})
	return t.suffixes[lo : lo+n]
}
