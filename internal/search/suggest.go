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
// were answered with them. Those that share no more than a word in passing are
// left out. Hit.Why has what decided, heaviest first: a word of
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
	top, _ := ix.best(sc, max(2*limit, compared), 0, ix.filter(&q, reading{}))
	others := float32(0)
	if len(top) >= compared {
		others = top[compared-1].score
	}
	codes := codeWords(t.Codes)
	m := ix.matcher(slots)
	defer m.Release()
	out := make([]Hit, 0, limit)
	for _, r := range top {
		if len(out) == limit {
			break
		}
		shown := ix.shown(r.doc, t.Lang)
		hit := Hit{Doc: ix.docs[shown], Score: float64(r.score), Fit: fit(r.score, top[0].score, others, ix.evidence(r.doc, slots, codes, earlier))}
		if hit.Fit == Weak {
			continue
		}
		if !t.Bare {
			ix.present(m, &hit, r.doc, shown, m.Weigh(ix.outline(r.doc)))
			hit.Why = ix.why(r.doc, slots, earlier)
		}
		out = append(out, hit)
	}
	return out
}

// A Fit is how surely a document answers a ticket.
type Fit int

// The values of Fit.
const (
	Weak     Fit = iota // shares a word or two
	Possible            // might answer it
	Strong              // stands out, and is about what the ticket speaks of
)

// Thresholds of Fit, measured on 1,337 questions about a mail program and the
// articles that they were answered with. With the earlier 900 as history, 41 % of
// the others get a strong first article, and one of the first three is right for 87 %
// of these (of all: 69 %); without history it is 35 % and 72 % (of all: 54 %).
const (
	compared    = 5   // a strong document is compared with the one at this rank
	standsOut   = 1.6 // times its score
	besideBest  = .8  // of the best score, for the others
	strongShare = .2  // of what the ticket says that a strong document shares with two words
	wholeShare  = .5  // with one
	strongFocus = 4.6 // a word in running text weighs 1 to 3, in a title about 10
	someFocus   = 2   // or
	someWords   = 3
	askedWords  = 4 // of earlier tickets, which stand for the document's own
)

func fit(score, best, others float32, e evidence) Fit {
	about := e.focus >= strongFocus && (e.words >= 2 && e.share >= strongShare || e.share >= wholeShare) || e.asked >= askedWords || e.code
	switch {
	case about && score >= standsOut*others && score >= besideBest*best:
		return Strong
	case e.focus >= someFocus || e.words >= someWords || e.asked > 0 || e.code:
		return Possible
	}
	return Weak
}

// evidence is what a document and a ticket share.
type evidence struct {
	words int     // different words of the ticket
	share float32 // 0 … 1 of the weight of all words of the ticket that the site knows
	focus float32 // how much the document is about the two words that it is most about
	asked int     // words of earlier tickets that it answered
	code  bool    // an error code of the ticket stands in the document
}

// codeWords are the words of a ticket's error codes.
func codeWords(codes []string) map[string]bool {
	out := map[string]bool{}
	for _, c := range codes {
		words.Scan(c, func(k words.Token) bool {
			out[k.Word] = true
			return true
		})
	}
	return out
}

func (ix *Index) evidence(doc uint32, slots []slot, codes map[string]bool, earlier []feedback.Term) evidence {
	var e evidence
	var all, got, first, second float32
	for _, s := range slots {
		var most, best, focused float32
		for _, a := range s.alternatives {
			var whole, part, posted float32
			for _, w := range a.terms {
				t := &ix.terms[w.term]
				weight := s.weight * w.weight * t.idf / float32(len(a.terms))
				whole += weight
				if i, ok := slices.BinarySearchFunc(t.postings, doc, func(x posting, d uint32) int { return cmp.Compare(x.doc, d) }); ok {
					part += weight
					posted += weight * t.postings[i].weight
				}
			}
			most = max(most, whole)
			if part > best {
				best, focused = part, posted
			}
		}
		all, got = all+most, got+best
		if best == 0 {
			continue
		}
		if !s.phrase {
			e.words++
		}
		e.code = e.code || codes[s.word]
		if v := focused / best; v > first {
			first, second = v, first
		} else {
			second = max(second, v)
		}
	}
	if got > 0 {
		e.share = got / all
	}
	if e.focus = first; second > 0 {
		e.focus = (first + second) / 2
	}
	for i := range earlier {
		if earlier[i].Score(ix.group[doc]) > 0 {
			e.asked++
		}
	}
	return e
}

// ticketWords counts the words that can matter, in order of appearance. The
// count is damped: a ticket repeats itself.
func ticketWords(t Ticket) []feedback.Word {
	count := map[string]int{}
	var order []string
	read := func(text string, n int, all bool) {
		words.Scan(cut(text, maxTicket), func(k words.Token) bool {
			if all || words.Countable(k.Word) {
				if count[k.Word] == 0 {
					order = append(order, k.Word)
				}
				count[k.Word] += n
			}
			return true
		})
	}
	read(t.Subject, subjectWeight, false)
	read(t.Text, 1, false)
	for _, c := range t.Codes {
		read(c, subjectWeight, true) // also one of many digits
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
