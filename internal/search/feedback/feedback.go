// Package feedback ranks groups of documents by the earlier tickets that were
// answered with them.
//
// The terms of a group's tickets are one more field of it, ranked by BM25 with an
// idf of its own: small while few groups have tickets, so that a short history
// does not drown the text. Only stemmed terms and counts are known here, never a
// ticket.
package feedback

import (
	"cmp"
	"math"
	"slices"

	"signpost/internal/search/words"
)

const (
	k1    = 4
	b     = .75
	boost = 2 // against the text
)

// An Index holds the counts of all groups. It never changes.
type Index struct {
	terms map[string]term
}

type term struct {
	idf    float32
	groups []group // by number
}

type group struct {
	number uint32
	weight float32
}

// New indexes, for every group by its number, how many tickets had a term.
func New(counts []map[string]int) *Index {
	var groups, total float64
	length := make([]float64, len(counts))
	for g, c := range counts {
		for _, n := range c {
			length[g] += float64(max(n, 0))
		}
		if length[g] > 0 {
			groups++
			total += length[g]
		}
	}
	ix := &Index{map[string]term{}}
	for g, c := range counts {
		long := 1 - b + b*length[g]/(total/groups)
		for t, n := range c {
			if n > 0 {
				e := ix.terms[t]
				e.groups = append(e.groups, group{uint32(g), float32(float64(n) * (k1 + 1) / (float64(n) + k1*long))})
				ix.terms[t] = e
			}
		}
	}
	for t, e := range ix.terms {
		df := float64(len(e.groups))
		e.idf = float32(math.Log(1 + (groups-df+.5)/(df+.5)))
		ix.terms[t] = e
	}
	return ix
}

// A Word is a distinct word of a ticket with its weight.
type Word struct {
	Word   string // normalised
	Weight float32
}

// A Term is a word of a ticket that earlier tickets have.
type Term struct {
	Word
	term
}

// Query finds the heaviest words of a ticket among those of earlier ones, at
// most limit, stemmed in any of the languages.
func (ix *Index) Query(read []Word, langs []string, limit int) []Term {
	if len(ix.terms) == 0 {
		return nil
	}
	var out []Term
	seen := map[string]int{}
	for _, w := range read {
		for _, l := range langs {
			s := words.Stem(l, w.Word)
			t, ok := ix.terms[s]
			if !ok || words.IsStop(l, words.Fold(w.Word)) {
				continue
			}
			at, ok := seen[s]
			switch {
			case !ok:
				seen[s] = len(out)
				out = append(out, Term{w, t})
			case out[at].Word.Word != w.Word: // another inflection
				out[at].Weight += w.Weight / 2
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Term) int { return cmp.Compare(b.Weight*b.idf, a.Weight*a.idf) })
	return out[:min(len(out), limit)]
}

// Scores yields the groups that have the term, with what it adds.
func (t *Term) Scores(yield func(group uint32, score float32) bool) {
	f := boost * t.Weight * t.idf
	for _, g := range t.groups {
		if !yield(g.number, f*g.weight) {
			return
		}
	}
}

// Score returns what the term adds to a group, 0 when it does not have it.
func (t *Term) Score(g uint32) float32 {
	i, ok := slices.BinarySearchFunc(t.groups, g, func(a group, g uint32) int { return cmp.Compare(a.number, g) })
	if !ok {
		return 0
	}
	return boost * t.Weight * t.idf * t.groups[i].weight
}
