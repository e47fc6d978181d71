package search

import (
	"cmp"
	"math"
	"slices"

	"signpost/internal/search/feedback"
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
	earlier := ix.asked.Query(read, ix.stemLanguages(t.Lang), ticketTerms)
	ix.addAsked(sc, earlier)
	q := Query{Lang: t.Lang, Kind: t.Kind, Limit: limit}
	top, _ := ix.best(sc, limit, 0, ix.filter(&q, reading{}))
	m := ix.matcher(slots)
	defer m.Release()
	out := make([]Hit, len(top))
	for i, r := range top {
		shown := ix.shown(r.doc, t.Lang)
		out[i] = Hit{Doc: ix.docs[shown], Score: float64(r.score)}
		if t.Bare {
			continue
		}
		ix.present(m, &out[i], r.doc, shown, m.Weigh(ix.outline(r.doc)))
		out[i].Why = ix.why(r.doc, slots, earlier)
	}
	return out
}

// ticketWords counts the words that can matter, in order of appearance. The
// count is damped: a ticket repeats itself.
func ticketWords(t Ticket) []feedback.Word {
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
	out := make([]feedback.Word, len(order))
	for i, w := range order {
		out[i] = feedback.Word{Word: w, Weight: float32(1 + math.Log(float64(count[w])))}
	}
	return out
}

// ticketSlots chooses the heaviest words. Words of one stem share a slot.
func (v *vocabulary) ticketSlots(read []feedback.Word, lang string) []slot {
	var slots []slot
	var weights []float32
	byTerm := map[uint32]int{}
	for _, w := range read {
		if v.isStop(words.Fold(w.Word), lang) {
			continue
		}
		s := slot{word: w.Word, key: w.Word, weight: w.Weight}
		v.known(&s, w.Word)
		if len(s.alternatives) == 0 {
			continue
		}
		first := s.alternatives[0].terms[0].term
		if at, ok := byTerm[first]; ok {
			slots[at].weight += w.Weight / 2
			continue
		}
		byTerm[first] = len(slots)
		v.limitRarity(&s, lang)
		slots = append(slots, s)
		weights = append(weights, v.terms[first].idf*s.alternatives[0].terms[0].weight)
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
	tokens := make([]token, min(len(read), ticketTokens))
	for i := range tokens {
		tokens[i] = token{Token: words.Token{Word: read[i].Word}}
	}
	for _, s := range v.synonymsOf(tokens, lang) {
		v.extend(&p, s)
	}
	return p.slots
}

// why names what weighs most in a document's score.
func (p *presenter) why(doc uint32, slots []slot, earlier []feedback.Term) []string {
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
				t := &p.terms[w.term]
				if i, ok := slices.BinarySearchFunc(t.postings, doc, func(x posting, d uint32) int { return cmp.Compare(x.doc, d) }); ok {
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
	for i := range earlier {
		if v := earlier[i].Score(p.group[doc]); v > 0 {
			all = append(all, reason{"asked: " + earlier[i].Word.Word, v})
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.score, a.score) })
	out := []string{}
	for _, r := range all {
		if len(out) < maxWhy && !slices.Contains(out, r.name) { // a synonym of two words is one reason
			out = append(out, r.name)
		}
	}
	return out
}

// stemLanguages are those in which the words of a ticket are stemmed.
func (v *vocabulary) stemLanguages(lang string) []string {
	var out []string
	if lang != "" {
		out = append(out, lang)
	}
	for _, lx := range v.lexicons {
		if lx.Lang != lang {
			out = append(out, lx.Lang)
		}
	}
	return out
}

// counts returns the tickets of every group. Documents of a group may hold them
// all or only one of them.
func (r *ranker) counts() []map[string]int {
	out := make([]map[string]int, len(r.groups))
	for g, docs := range r.groups {
		out[g] = map[string]int{}
		for _, d := range docs {
			for t, n := range r.docs[d].Asked {
				out[g][t] = max(out[g][t], n)
			}
		}
	}
	return out
}

// addAsked gives each group's tickets to all of its documents.
func (r *ranker) addAsked(sc *scratch, terms []feedback.Term) {
	for i := range terms {
		for g, v := range terms[i].Scores {
			for _, d := range r.groups[g] {
				sc.bump(d, v)
			}
		}
	}
}

// Terms returns the distinct stemmed terms of a text: what may be counted in
// Document.Asked. See [words.Terms].
func Terms(lang, text string) []string { return words.Terms(lang, text) }
