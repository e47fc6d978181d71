package lexicon

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"signpost/internal/search/words"
)

// Titles finds titles in which a typed beginning occurs at the start of a word,
// stop words included.
type Titles struct {
	text     []string // words.Plain of each title
	suffixes []Suffix // sorted by text
}

// A Suffix is a title from one of its words on. The key is its first eight
// bytes, which decide most comparisons.
type Suffix struct {
	key   uint64
	Doc   uint32 // position of the title
	Start uint32 // in the title's plain words; 0 for the whole title
}

// NewTitles indexes titles by their positions.
func NewTitles(titles []string) *Titles {
	t := &Titles{text: make([]string, len(titles))}
	for d, title := range titles {
		text := words.Plain(title)
		t.text[d] = text
		for i := range len(text) {
			if i == 0 || text[i-1] == ' ' {
				var key [8]byte
				copy(key[:], text[i:])
				t.suffixes = append(t.suffixes, Suffix{binary.BigEndian.Uint64(key[:]), uint32(d), uint32(i)})
			}
		}
	}
	slices.SortFunc(t.suffixes, func(a, b Suffix) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Or(cmp.Compare(t.At(a), t.At(b)), cmp.Compare(a.Doc, b.Doc), cmp.Compare(a.Start, b.Start))
	})
	return t
}

// At returns the plain words from the suffix on.
func (t *Titles) At(s Suffix) string { return t.text[s.Doc][s.Start:] }

// Beginning returns the suffixes that begin with the plain words typed.
func (t *Titles) Beginning(typed string) []Suffix {
	lo, _ := slices.BinarySearchFunc(t.suffixes, typed, func(s Suffix, x string) int { return cmp.Compare(t.At(s), x) })
	n, _ := slices.BinarySearchFunc(t.suffixes[lo:], typed, func(s Suffix, x string) int {
		if strings.HasPrefix(t.At(s), x) {
			return -1
		}
		return 1
	})
	return t.suffixes[lo : lo+n]
}
