package search

import (
	"slices"
	"strings"

	"signpost/internal/search/lexicon"
	"signpost/internal/search/words"
)

// maxQuery bounds what is read of a query, in bytes, and maxQueryWords in words.
const (
	maxQuery      = 2048
	maxQueryWords = 48
)

// An alternative is one way to read a word of the query: the terms that must
// be added up, each with a weight.
type alternative struct {
	terms []weighted
	why   string // what to name in Hit.Why; "" for the word itself
}

type weighted struct {
	term   uint32
	weight float32
}

// A slot is one word of the query. Alternatives for the same document do not
// add up: the best one counts.
type slot struct {
	word         string // as typed
	weight       float32
	rarity       float32 // no alternative counts as rarer than this idf; 0: no limit
	phrase       bool    // several words of the query at once, each of which has its own slot
	alternatives []alternative
}

// A parsed query.
type parsed struct {
	slots     []slot
	corrected string
	prefix    string // the whole query as plain words, for the titles
}

// parse reads the words of a customer's query.
func (ix *Index) parse(q Query) parsed {
	text := cut(q.Text, maxQuery)
	var tokens []words.Token
	words.Scan(text, func(t words.Token) bool {
		tokens = append(tokens, t)
		return len(tokens) < maxQueryWords
	})
	var out parsed
	var fixes []fix
	last := lastWord(text, tokens)
	synonyms := ix.synonymsOf(tokens, q.Lang)
	for i, t := range tokens {
		if slices.ContainsFunc(tokens[:i], func(o words.Token) bool { return o.Word == t.Word }) {
			continue
		}
		s := slot{word: text[t.Start:t.End], weight: ix.wordWeight(words.Fold(t.Word), q.Lang)}
		ix.known(&s, t.Word)
		if i == last && (q.Typing || len(s.alternatives) == 0) {
			ix.complete(&s, words.Fold(t.Word))
		}
		if len(s.alternatives) == 0 && !t.Compound {
			if parts := ix.split(&s, t.Word, q.Lang); parts != nil {
				out.slots = append(out.slots, parts...)
				continue
			}
		}
		if len(s.alternatives) == 0 && s.weight == 1 && !t.Compound && !q.Verbatim && !hasSynonym(synonyms, t) {
			if f := ix.correct(&s, t.Word, q.Lang); f != "" {
				fixes = append(fixes, fix{t.Start, t.End, f})
			}
		}
		ix.limitRarity(&s, q.Lang)
		ix.addCompounds(&s)
		if len(s.alternatives) > 0 {
			out.slots = append(out.slots, s)
		}
	}
	for _, s := range synonyms {
		ix.extend(&out, s)
	}
	if len(fixes) > 0 {
		out.corrected = applyFixes(text, fixes)
	}
	out.prefix = words.Plain(text)
	return out
}

// lastWord returns the position of the token that the text ends with, or -1.
func lastWord(text string, tokens []words.Token) int {
	for i, t := range tokens {
		if t.End == len(text) && !t.Compound {
			return i
		}
	}
	return -1
}

// isStop asks the language of the query, and all languages when it has none.
func (ix *Index) isStop(folded, lang string) bool { return ix.inList(words.IsStop, folded, lang) }

func (ix *Index) inList(list func(lang, folded string) bool, folded, lang string) bool {
	if words.HasStops(lang) {
		return list(lang, folded)
	}
	return slices.ContainsFunc(ix.lexicons, func(lx *lexicon.Lexicon) bool { return list(lx.Lang, folded) })
}

// wordWeight is what a word of a customer's query counts.
func (ix *Index) wordWeight(folded, lang string) float32 {
	switch {
	case !ix.isStop(folded, lang):
		return 1
	case ix.inList(words.Asks, folded, lang):
		return ix.rank.asks
	}
	return ix.rank.stop
}

// known adds the word's own term in every language.
func (ix *Index) known(s *slot, word string) {
	for _, lx := range ix.lexicons {
		if t, ok := lx.Term(word); ok {
			s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, 1}}})
		}
	}
}

// What a part of a compound and a compound of a word count, compared with the
// word itself.
const (
	partWeight     = .8
	compoundWeight = .5
)

// split reads an unknown compound, or two words without a blank between them, as
// its two words, each in a slot. Where words are not usually compounds one
// mistyped letter is likelier.
func (ix *Index) split(s *slot, word, lang string) []slot {
	var out []slot
	folded := words.Fold(word)
	for _, lx := range ix.lexicons {
		if !lx.Compounding() && slices.ContainsFunc(lx.Corrections(folded), func(c lexicon.Candidate) bool { return c.Errors < 2 }) {
			continue
		}
		for i, part := range lx.Split(folded) {
			if i == len(out) {
				out = append(out, slot{word: s.word, weight: partWeight * ix.wordWeight(part, lang)})
			}
			if t, ok := lx.Term(part); ok {
				out[i].alternatives = append(out[i].alternatives, alternative{terms: []weighted{{t, 1}}})
			}
		}
	}
	return out
}

// addCompounds adds the compounds that have the word as a part.
func (ix *Index) addCompounds(s *slot) {
	if len(s.alternatives) > len(ix.lexicons) {
		return // an unfinished or unknown word means enough already
	}
	for _, a := range s.alternatives {
		for _, t := range ix.lexiconOf(a.terms[0].term).Compounds(a.terms[0].term) {
			if !s.has(t) {
				s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, compoundWeight * ix.limited(s, t)}}})
			}
		}
	}
}

// lexiconOf returns the lexicon of a term's language.
func (ix *Index) lexiconOf(term uint32) *lexicon.Lexicon {
	return ix.lexicons[ix.docLang[ix.terms[term].postings[0].doc]]
}

// limitRarity keeps a word that is common in the asked language from counting
// as a rare one where another language borrows it, by a rare synonym, or by a
// rare word that it may mean too.
func (ix *Index) limitRarity(s *slot, lang string) {
	likeliest := float32(0)
	for _, a := range s.alternatives {
		w, t := a.terms[0].weight, &ix.terms[a.terms[0].term]
		if ix.lexiconOf(a.terms[0].term).Lang != lang {
			continue
		}
		if w > likeliest || w == likeliest && t.idf < s.rarity {
			likeliest, s.rarity = w, t.idf
		}
	}
	for i := range s.alternatives {
		s.alternatives[i].terms[0].weight *= ix.limited(s, s.alternatives[i].terms[0].term)
	}
}

// limited is the factor by which a term's idf is brought to the slot's limit.
func (ix *Index) limited(s *slot, term uint32) float32 {
	if idf := ix.terms[term].idf; s.rarity > 0 && idf > s.rarity {
		return s.rarity / idf
	}
	return 1
}

// complete adds the words that begin with what was typed.
func (ix *Index) complete(s *slot, prefix string) {
	for _, lx := range ix.lexicons {
		for _, t := range lx.Completions(prefix) {
			if !s.has(t) {
				s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, ix.rank.prefix}}})
			}
		}
	}
}

func (s *slot) has(t uint32) bool {
	return slices.ContainsFunc(s.alternatives, func(a alternative) bool { return len(a.terms) == 1 && a.terms[0].term == t })
}

// correct adds the words that an unknown word may mean, and returns the
// likeliest as it is written, "" when it is only spelt differently.
func (ix *Index) correct(s *slot, word, lang string) string {
	best, shown := float32(0), ""
	for _, lx := range ix.lexicons {
		for _, c := range lx.Corrections(words.Fold(word)) {
			score := c.Score
			if lang != "" && lx.Lang != lang {
				score *= ix.rank.otherLang
			}
			if !s.has(c.Word.Term) {
				s.alternatives = append(s.alternatives, alternative{terms: []weighted{{c.Word.Term, score}}, why: c.Word.Shown})
			}
			if score > best {
				best, shown = score, c.Word.Shown
				if c.Score == 1 {
					shown = ""
				}
			}
		}
	}
	return shown
}

// A fix replaces a part of the query.
type fix struct {
	start, end int
	word       string
}

func applyFixes(text string, fixes []fix) string {
	var b strings.Builder
	at := 0
	for _, f := range fixes {
		b.WriteString(text[at:f.start])
		b.WriteString(f.word)
		at = f.end
	}
	b.WriteString(text[at:])
	return b.String()
}

// cut shortens a text to at most n bytes, at a rune.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}
