package search

import (
	"cmp"
	"slices"

	"signpost/internal/search/passage"
)

// scratch is the memory of one running search. The scores are zero in between.
// While few documents are touched they are listed, so that the others need not
// be looked at.
type scratch struct {
	score   []float32 // of each document
	slot    []float32 // best alternative of the slot at work
	alt     []float32 // alternative of several terms at work
	marks   []uint32
	listed  bool
	touched []uint32 // documents with a score, when listed
}

// begin decides whether touched documents are listed.
func (sc *scratch) begin(expected int) {
	sc.listed = expected < len(sc.score)/2
	sc.touched = sc.touched[:0]
}

func (sc *scratch) bump(doc uint32, v float32) {
	if sc.listed && sc.score[doc] == 0 {
		sc.touched = append(sc.touched, doc)
	}
	sc.score[doc] += v
}

// scored yields the documents with a score, in no order when they are listed.
func (sc *scratch) scored(yield func(doc uint32, score float32) bool) {
	if sc.listed {
		for _, d := range sc.touched {
			if v := sc.score[d]; v != 0 && !yield(d, v) {
				return
			}
		}
		return
	}
	for d, v := range sc.score {
		if v != 0 && !yield(uint32(d), v) {
			return
		}
	}
}

func (sc *scratch) highest() float32 {
	var h float32
	if sc.listed {
		for _, d := range sc.touched {
			h = max(h, sc.score[d])
		}
		return h
	}
	for _, v := range sc.score {
		if v > h {
			h = v
		}
	}
	return h
}

func newScratch(n int) *scratch {
	return &scratch{score: make([]float32, n), slot: make([]float32, n)}
}

// add adds up the score of all slots.
func (r *ranker) add(sc *scratch, slots []slot) {
	expected := 0
	for _, s := range slots {
		for _, a := range s.alternatives {
			for _, w := range a.terms {
				expected += len(r.terms[w.term].postings)
			}
		}
	}
	sc.begin(expected)
	for _, s := range slots {
		if r.disjoint(&s) {
			for _, a := range s.alternatives {
				w := a.terms[0]
				t := &r.terms[w.term]
				f := s.weight * w.weight * t.idf
				if !sc.listed {
					for _, p := range t.postings {
						sc.score[p.doc] += f * p.weight
					}
					continue
				}
				for _, p := range t.postings {
					sc.bump(p.doc, f*p.weight)
				}
			}
			continue
		}
		r.addBest(sc, &s)
	}
}

// disjoint reports whether no two alternatives can meet in a document: one
// term for each language.
func (r *ranker) disjoint(s *slot) bool {
	if len(s.alternatives) > len(r.lexicons) {
		return false
	}
	for i, a := range s.alternatives {
		if len(a.terms) != 1 {
			return false
		}
		for _, o := range s.alternatives[:i] {
			if r.sameLang(a.terms[0].term, o.terms[0].term) {
				return false
			}
		}
	}
	return true
}

func (r *ranker) sameLang(a, b uint32) bool {
	return r.terms[a].lang == r.terms[b].lang
}

// addBest adds the best alternative of each document.
func (r *ranker) addBest(sc *scratch, s *slot) {
	touched := sc.marks[:0]
	for _, a := range s.alternatives {
		if len(a.terms) == 1 {
			t := &r.terms[a.terms[0].term]
			f := s.weight * a.terms[0].weight * t.idf
			for _, p := range t.postings {
				v := f * p.weight
				if old := sc.slot[p.doc]; old == 0 {
					touched = append(touched, p.doc)
					sc.slot[p.doc] = v
				} else if v > old {
					sc.slot[p.doc] = v
				}
			}
			continue
		}
		touched = r.addPhrase(sc, s.weight, a, touched)
	}
	for _, d := range touched {
		sc.bump(d, sc.slot[d])
		sc.slot[d] = 0
	}
	sc.marks = touched[:0]
}

// addPhrase weighs an alternative of several words: their sum, by the share of
// them that the document has.
func (r *ranker) addPhrase(sc *scratch, weight float32, a alternative, touched []uint32) []uint32 {
	if sc.alt == nil {
		sc.alt = make([]float32, len(r.docs))
	}
	var docs []uint32
	for _, w := range a.terms {
		t := &r.terms[w.term]
		f := weight * w.weight * t.idf / float32(len(a.terms))
		for _, p := range t.postings {
			if sc.alt[p.doc] == 0 {
				docs = append(docs, p.doc)
			}
			sc.alt[p.doc] += f * p.weight
		}
	}
	for _, d := range docs {
		if sc.slot[d] == 0 {
			touched = append(touched, d)
		}
		sc.slot[d] = max(sc.slot[d], sc.alt[d])
		sc.alt[d] = 0
	}
	return touched
}

// A ranked document; the score is of its group's best document.
type ranked struct {
	doc     uint32
	score   float32
	weights passage.Weights // once weighed
}

// best returns the n best groups by descending score and the number of groups
// that have at least the score least, and zeroes the scores. keep may refuse documents.
func (r *ranker) best(sc *scratch, n int, least float32, keep func(doc uint32) bool) ([]ranked, int) {
	top := make([]ranked, 0, n+1)
	total := 0
	var counted []bool
	if !r.single {
		counted = make([]bool, len(r.groups))
	}
	floor := ranked{doc: noDoc}
	one := func(doc uint32, v float32) {
		if v < least || keep != nil && !keep(doc) {
			return
		}
		if r.single {
			total++
		} else if g := r.group[doc]; !counted[g] {
			counted[g] = true
			total++
		}
		if v < floor.score || v == floor.score && doc > floor.doc {
			return
		}
		if top = r.insert(top, ranked{doc: doc, score: v}, n); len(top) == n {
			floor = top[n-1]
		}
	}
	if sc.listed {
		for _, d := range sc.touched {
			if v := sc.score[d]; v != 0 {
				sc.score[d] = 0
				one(d, v)
			}
		}
		return top, total
	}
	simple := r.single && keep == nil
	for d, v := range sc.score {
		if v == 0 {
			continue
		}
		sc.score[d] = 0
		if simple && v <= floor.score { // later documents lose ties
			if v >= least {
				total++
			}
			continue
		}
		one(uint32(d), v)
	}
	return top, total
}

// insert keeps top sorted, with one document per group.
func (r *ranker) insert(top []ranked, d ranked, n int) []ranked {
	if !r.single {
		g := r.group[d.doc]
		for i, o := range top {
			if r.group[o.doc] == g {
				if o.score > d.score || o.score == d.score && o.doc < d.doc {
					return top
				}
				top = slices.Delete(top, i, i+1)
				break
			}
		}
	}
	at, _ := slices.BinarySearchFunc(top, d, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	top = slices.Insert(top, at, d)
	return top[:min(len(top), n)]
}
