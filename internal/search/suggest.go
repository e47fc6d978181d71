package search

import (
	"slices"
	"strings"
	"unicode"
)

// A Ticket is what remains of a customer's message after quotes, greeting and
// signature were taken away.
type Ticket struct {
	Subject, Text string
	Lang          string   // preferred language of the articles
	Platform      string   // preferred platform; hides nothing
	Codes         []string // error codes, host names and programs found in the text
	Kind          string   // filter; "" lets everything pass
	Limit         int      // 0 means 5, at most 100
}

type askedIndex struct{}

func newAskedIndex(ix *Index) askedIndex { return askedIndex{} }

// Suggest ranks documents for a ticket, by their text and by the tickets that
// were answered with them.
func (ix *Index) Suggest(t Ticket) []Hit { return []Hit{} }

// Related returns the articles nearest to a group, by links in both
// directions, shared services and shared terms. It is a pure function of the
// index.
func (ix *Index) Related(group, lang string, limit int) []Hit { return []Hit{} }

// Terms returns the distinct stemmed terms of a text, without stop words,
// long numbers, addresses and host names: what may be counted in
// Document.Asked.
func Terms(lang, text string) []string {
	var out []string
	seen := map[string]bool{}
	scan(text, func(t token) bool {
		folded := fold(t.word)
		if t.compound && strings.ContainsAny(t.word, "@.") || isStop(lang, folded) || !countable(folded) {
			return true
		}
		if s := stem(lang, t.word); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
		return true
	})
	return out
}

// countable refuses single signs and everything with more than five digits.
func countable(word string) bool {
	digits := 0
	for _, r := range word {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return len(word) > 1 && digits <= 5
}

// Advanced runs an agent's query string.
func (s *Store) Advanced(query string, limit int) ([]Hit, error) { return []Hit{}, nil }

var _ = slices.Sort[[]int]
