package search

import (
	"cmp"
	"math"
	"slices"

	"signpost/internal/search/words"
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
	Bare          bool     // leaves all but Doc and Score of the hits empty
}

const (
	ticketHits    = 5
	maxTicket     = 64 << 10 // bytes of a ticket that are read
	ticketTerms   = 40       // the heaviest words of a ticket that are searched
	ticketTokens  = 400      // the first words that are looked up in the synonyms
	subjectWeight = 2        // a word of the subject counts as often
	otherPlatform = .8       // factor for a document about other platforms
	maxWhy        = 5
)

// Suggest ranks documents for a ticket, by their text and by the tickets that
// were answered with them. Hit.Why has what decided, heaviest first: a word of
// the ticket, "word = synonym", or "asked: word" for earlier tickets.
func (ix *Index) Suggest(t Ticket) []Hit {
	limit := limited(t.Limit, ticketHits)
	read := ticketWords(t)
	slots := ix.ticketSlots(read, t.Lang)
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	ix.add(sc, slots)
	ix.preferLanguage(sc, t.Lang)
	if t.Platform != "" {
		for d, v := range sc.scored {
			if p := ix.docs[d].Platforms; len(p) > 0 && !slices.Contains(p, t.Platform) {
				sc.score[d] = v * otherPlatform
			}
		}
	}
	asked := ix.asked.query(read, ix.stemLanguages(t.Lang))
	ix.asked.add(ix, sc, asked)
	q := Query{Lang: t.Lang, Kind: t.Kind, Limit: limit}
	top, _ := ix.best(sc, limit, ix.filter(&q))
	m := ix.matcher(slots)
	defer m.Release()
	out := make([]Hit, len(top))
	for i, r := range top {
		out[i] = Hit{Doc: ix.shown(r.doc, t.Lang), Score: float64(r.score)}
		if t.Bare {
			continue
		}
		_, section := m.Weigh(ix.outlines.of(r.doc, ix.docs[r.doc]))
		present(m, &out[i], ix.docs[r.doc], section)
		out[i].Why = ix.why(r.doc, slots, asked)
	}
	return out
}

// A ticketWord is a distinct word of a ticket.
type ticketWord struct {
	word   string
	weight float32
}

// ticketWords counts the words that can matter, in order of appearance. The
// count is damped: a ticket repeats itself.
func ticketWords(t Ticket) []ticketWord {
	count := map[string]int{}
	var order []string
	read := func(text string, n int) {
		words.Scan(cut(text, maxTicket), func(k words.Token) bool {
			if words.Countable(k.Word) {
				if count[k.Word] == 0 {
					order = append(order, k.Word)
				}
				count[k.Word] += n
			}
			return true
		})
	}
	read(t.Subject, subjectWeight)
	read(t.Text, 1)
	for _, c := range t.Codes {
		read(c, subjectWeight)
	}
	out := make([]ticketWord, len(order))
	for i, w := range order {
		out[i] = ticketWord{w, float32(1 + math.Log(float64(count[w])))}
	}
	return out
}

// ticketSlots chooses the heaviest words. Words of one stem share a slot.
func (ix *Index) ticketSlots(read []ticketWord, lang string) []slot {
	var slots []slot
	var weights []float32
	byTerm := map[uint32]int{}
	for _, w := range read {
		if ix.isStop(words.Fold(w.word), lang) {
			continue
		}
		s := slot{word: w.word, weight: w.weight}
		ix.known(&s, w.word)
		if len(s.alternatives) == 0 {
			continue
		}
		first := s.alternatives[0].terms[0].term
		if at, ok := byTerm[first]; ok {
			slots[at].weight += w.weight / 2
			continue
		}
		byTerm[first] = len(slots)
		slots = append(slots, s)
		weights = append(weights, ix.terms[first].idf)
	}
	order := make([]int, len(slots))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(slots[b].weight*weights[b], slots[a].weight*weights[a])
	})
	order = order[:min(len(order), ticketTerms)]
	slices.Sort(order)
	p := parsed{slots: make([]slot, len(order))}
	for i, n := range order {
		p.slots[i] = slots[n]
	}
	tokens := make([]words.Token, min(len(read), ticketTokens))
	for i := range tokens {
		tokens[i] = words.Token{Word: read[i].word}
	}
	for _, s := range ix.synonymsOf(tokens) {
		ix.extend(&p, s)
	}
	return p.slots
}

// why names what weighs most in a document's score.
func (ix *Index) why(doc uint32, slots []slot, asked []askedTerm) []string {
	type reason struct {
		name  string
		score float32
	}
	var all []reason
	for _, s := range slots {
		best := reason{}
		for _, a := range s.alternatives {
			var v float32
			for _, w := range a.terms {
				t := &ix.terms[w.term]
				if i, ok := slices.BinarySearchFunc(t.postings, doc, func(p posting, d uint32) int { return cmp.Compare(p.doc, d) }); ok {
					v += s.weight * w.weight * t.idf * t.postings[i].weight / float32(len(a.terms))
				}
			}
			if v > best.score {
				best = reason{s.word, v}
				if a.why != "" {
					best.name = s.word + " = " + a.why
				}
			}
		}
		if best.score > 0 {
			all = append(all, best)
		}
	}
	for _, a := range asked {
		if v := a.in(ix.group[doc]); v > 0 {
			all = append(all, reason{"asked: " + a.word, v})
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.score, a.score) })
	out := []string{}
	for _, r := range all[:min(len(all), maxWhy)] {
		out = append(out, r.name)
	}
	return out
}

// stemLanguages are those in which the words of a ticket are stemmed.
func (ix *Index) stemLanguages(lang string) []string {
	var out []string
	if lang != "" {
		out = append(out, lang)
	}
	for _, lx := range ix.lexicons {
		if lx.Lang != lang {
			out = append(out, lx.Lang)
		}
	}
	return out
}

// The tickets answered with a group are one more field of it, ranked by BM25
// with its own idf: small while few groups have tickets, so that a short
// history does not drown the text.
const (
	askedK1    = 4
	askedB     = .75
	askedBoost = 2
)

type askedIndex struct {
	terms map[string]askedPostings
}

type askedPostings struct {
	idf    float32
	groups []posting // doc is the group; by group
}

// An askedTerm is a word of the ticket that earlier tickets have.
type askedTerm struct {
	word   string
	weight float32
	askedPostings
}

// in returns the term's score for a group.
func (a *askedTerm) in(group uint32) float32 {
	i, ok := slices.BinarySearchFunc(a.groups, group, func(p posting, g uint32) int { return cmp.Compare(p.doc, g) })
	if !ok {
		return 0
	}
	return askedBoost * a.weight * a.idf * a.groups[i].weight
}

func newAskedIndex(ix *Index) askedIndex {
	counts := make([]map[string]int, len(ix.groups))
	var groups, total float64
	length := make([]float64, len(ix.groups))
	for g, docs := range ix.groups {
		counts[g] = map[string]int{}
		for _, d := range docs {
			for t, n := range ix.docs[d].Asked {
				counts[g][t] = max(counts[g][t], n)
			}
		}
		for _, n := range counts[g] {
			length[g] += float64(n)
		}
		if length[g] > 0 {
			groups++
			total += length[g]
		}
	}
	a := askedIndex{map[string]askedPostings{}}
	for g, c := range counts {
		for t, n := range c {
			p := a.terms[t]
			long := 1 - askedB + askedB*length[g]/(total/groups)
			w := float64(n) * (askedK1 + 1) / (float64(n) + askedK1*long)
			p.groups = append(p.groups, posting{uint32(g), float32(w)})
			a.terms[t] = p
		}
	}
	for t, p := range a.terms {
		df := float64(len(p.groups))
		p.idf = float32(math.Log(1 + (groups-df+.5)/(df+.5)))
		a.terms[t] = p
	}
	return a
}

// query finds the heaviest words of a ticket among those of earlier ones.
func (a *askedIndex) query(read []ticketWord, langs []string) []askedTerm {
	var out []askedTerm
	if len(a.terms) == 0 {
		return nil
	}
	seen := map[string]int{}
	for _, w := range read {
		for _, l := range langs {
			s := words.Stem(l, w.word)
			p, ok := a.terms[s]
			if !ok || words.IsStop(l, words.Fold(w.word)) {
				continue
			}
			if at, ok := seen[s]; ok {
				if out[at].word != w.word {
					out[at].weight += w.weight / 2
				}
				continue
			}
			seen[s] = len(out)
			out = append(out, askedTerm{w.word, w.weight, p})
		}
	}
	slices.SortStableFunc(out, func(a, b askedTerm) int { return cmp.Compare(b.weight*b.idf, a.weight*a.idf) })
	return out[:min(len(out), ticketTerms)]
}

// add gives each group's tickets to all of its documents.
func (a *askedIndex) add(ix *Index, sc *scratch, terms []askedTerm) {
	for _, t := range terms {
		f := askedBoost * t.weight * t.idf
		for _, p := range t.groups {
			for _, d := range ix.groups[p.doc] {
				sc.bump(d, f*p.weight)
			}
		}
	}
}

// Terms returns the distinct stemmed terms of a text: what may be counted in
// Document.Asked. See [words.Terms].
func Terms(lang, text string) []string { return words.Terms(lang, text) }
