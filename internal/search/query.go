package search

import (
	"cmp"
	"slices"
	"strings"

	"signpost/internal/search/lexicon"
	"signpost/internal/search/words"
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
	key          string // as looked up
	weight       float32
	rarity       float32 // no alternative counts as rarer than this idf; 0: no limit
	phrase       bool    // several words of the query at once, each of which has its own slot
	alternatives []alternative
}

// A parsed query.
type parsed struct {
	slots     []slot
	corrected string
	prefixes  []string // the whole query as plain words, for the titles: as typed, and as it was read
}

// parse reads the words of a customer's query.
func (v *vocabulary) parse(q Query, r reading) parsed {
	p := parser{vocabulary: v, q: q, reading: r, synonyms: v.synonymsOf(r.tokens, q.Lang)}
	p.last = lastWord(r.text, r.tokens)
	for i, t := range r.tokens {
		if !slices.ContainsFunc(r.tokens[:i], func(o token) bool { return o.Word == t.Word }) {
			p.token(i)
		}
	}
	p.weighPhrases()
	for _, s := range p.synonyms {
		v.extend(&p.out, s)
	}
	if len(p.fixes) > 0 {
		p.out.corrected = applyFixes(cut(q.Text, maxQuery), p.fixes)
	}
	p.out.prefixes = []string{words.Plain(r.text)}
	if read := r.plain(); read != p.out.prefixes[0] {
		p.out.prefixes = append(p.out.prefixes, read)
	}
	return p.out
}

// wordOfPhrase is what a word counts that is part of a phrase with synonyms.
const wordOfPhrase = .6

// weighPhrases takes weight from the words of phrases that have synonyms: the "log" of
// "log in" says less of what is asked than the phrase, which has a slot of its own.
func (p *parser) weighPhrases() {
	for i := range p.out.slots {
		s := &p.out.slots[i]
		if slices.ContainsFunc(p.synonyms, func(m synonymMatch) bool {
			return len(m.typed) > 1 && slices.ContainsFunc(m.typed, func(t words.Token) bool { return t.Word == s.key })
		}) {
			s.weight *= wordOfPhrase
		}
	}
}

// A parser is the state of parse.
type parser struct {
	*vocabulary
	reading
	q        Query
	last     int // position of the token that the text ends with
	synonyms []synonymMatch
	out      parsed
	fixes    []fix
	program  float32 // what the word before a version weighs
}

// token adds the slots of one token.
func (p *parser) token(i int) {
	t := p.tokens[i]
	folded := words.Fold(t.Word)
	stop := p.isStop(folded, p.q.Lang)
	s := slot{word: p.text[t.Start:t.End], key: t.Word, weight: t.weight * p.wordWeight(folded, p.q.Lang)}
	p.known(&s, t.Word)
	if t.also != "" {
		p.known(&s, t.also)
	}
	known := len(s.alternatives) > 0
	if i == p.last && (p.q.Typing || !known) || !known && p.joinedToDigits(i) {
		p.complete(&s, folded)
	}
	if len(s.alternatives) == 0 && !t.Compound && !stop && !p.isOrdinary(folded) {
		if p.unknown(&s, t) {
			return
		}
	}
	p.limitRarity(&s, p.q.Lang)
	p.addCompounds(&s)
	p.limitVersion(&s, t)
	if len(s.alternatives) > 0 {
		p.out.slots = append(p.out.slots, s)
	}
	p.joinVerb(i)
}

// joinedToDigits reports whether digits follow the token without a blank.
func (p *parser) joinedToDigits(i int) bool {
	return i+1 < len(p.tokens) && p.tokens[i+1].Start == p.tokens[i].End && !isNumeric(p.tokens[i].Word) && len(p.tokens[i].Word) > 2
}

// unknown reads a word that no text has: as a compound, as mistyped, or as what is
// known of it. It reports whether it has added slots of its own.
func (p *parser) unknown(s *slot, t token) bool {
	if parts := p.split(s, t.Word, p.q.Lang); parts != nil {
		p.out.slots = append(p.out.slots, parts...)
		return true
	}
	if p.q.Verbatim || hasSynonym(p.synonyms, t.Token) {
		return false
	}
	if f, ok := p.correct(s, t.Word, p.speaks(p.tokens, p.q.Lang)); ok {
		if f != "" && t.End-t.Start >= len(t.Word)-1 {
			p.fixes = append(p.fixes, fix{t.Start, t.End, f})
		}
		return false
	}
	if parts := p.halves(s, t.Word, len(p.tokens) == 1); parts != nil {
		p.out.slots = append(p.out.slots, parts...)
		return true
	}
	return false
}

// versionShare is what a version counts at most, compared with the word before it.
const versionShare = 1

// limitVersion keeps a number from outweighing the word before it.
func (p *parser) limitVersion(s *slot, t token) {
	weight := float32(0)
	for _, a := range s.alternatives {
		if w := a.terms[0]; len(a.terms) == 1 {
			weight = max(weight, s.weight*w.weight*p.terms[w.term].idf)
		}
	}
	if !isNumeric(t.Word) {
		if s.weight == 1 {
			p.program = weight
		}
	} else if t.version && p.program > 0 && weight > versionShare*p.program {
		s.weight *= versionShare * p.program / weight
	}
}

// verbDistance is how many words may stand between a verb and its prefv.
const verbDistance = 6

// joinVerb adds a verb of which the token is the prefix: "ankommen" for "kommt nicht an".
func (p *parser) joinVerb(i int) {
	prefix := words.Fold(p.tokens[i].Word)
	for n := range p.lexicons {
		lx := p.lexicons[n]
		if !words.IsSeparable(lx.Lang, prefix) || p.q.Lang != "" && p.q.Lang != lx.Lang {
			continue
		}
		for j := i - 1; j >= max(0, i-verbDistance); j-- {
			verb := words.Fold(p.tokens[j].Word)
			if p.tokens[j].Compound || len(verb) < 3 || words.Asks(lx.Lang, verb) {
				continue
			}
			var s slot
			for _, form := range []string{verb, verb + "n", verb + "en", strings.TrimSuffix(verb, "t") + "en", strings.TrimSuffix(verb, "st") + "en"} {
				if t, ok := lx.Term(prefix + form); ok && !s.has(t) {
					s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, 1}}})
				}
			}
			if len(s.alternatives) > 0 {
				s.word, s.key, s.weight = p.text[p.tokens[j].Start:p.tokens[j].End], prefix+verb, 1
				p.out.slots = append(p.out.slots, s)
				return
			}
		}
	}
}

// lastWord returns the position of the token that the text ends with, or -1.
func lastWord(text string, tokens []token) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		if t := &tokens[i]; t.End == len(text) && !t.Compound {
			return i
		}
	}
	return -1
}

// isStop asks the language of the query, and all languages when it has none.
func (v *vocabulary) isStop(folded, lang string) bool { return v.inList(words.IsStop, folded, lang) }

func (v *vocabulary) inList(list func(lang, folded string) bool, folded, lang string) bool {
	if words.HasStops(lang) {
		return list(lang, folded)
	}
	return slices.ContainsFunc(v.lexicons, func(lx *lexicon.Lexicon) bool { return list(lx.Lang, folded) })
}

// isOrdinary reports whether a word is an everyday word of any of the languages.
func (v *vocabulary) isOrdinary(folded string) bool {
	return slices.ContainsFunc(v.lexicons, func(lx *lexicon.Lexicon) bool {
		return words.IsOrdinary(lx.Lang, folded) || words.IsStop(lx.Lang, folded)
	})
}

// isKnown reports whether any text has the word.
func (v *vocabulary) isKnown(word string) bool {
	return slices.ContainsFunc(v.lexicons, func(lx *lexicon.Lexicon) bool { _, ok := lx.Term(word); return ok })
}

// languages returns the tags of the index's languages, the asked one first.
func (v *vocabulary) languages(lang string) []string {
	var out []string
	for _, lx := range v.lexicons {
		if lx.Lang == lang {
			out = slices.Insert(out, 0, lang)
		} else {
			out = append(out, lx.Lang)
		}
	}
	return out
}

// wordWeight is what a word of a customer's query counts.
func (v *vocabulary) wordWeight(folded, lang string) float32 {
	switch {
	case !v.isStop(folded, lang):
		return 1
	case v.inList(words.Asks, folded, lang):
		return v.rank.asks
	}
	return v.rank.stop
}

// known adds the word's own term in every language.
func (v *vocabulary) known(s *slot, word string) {
	for _, lx := range v.lexicons {
		if t, ok := lx.Term(word); ok {
			s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, 1}}})
		}
	}
}

// What a part of a compound and a compound of a word count, compared with the
// word itself.
const (
	halfWeight     = .5 // where the rest of the word is not known
	partWeight     = .8
	compoundWeight = .5
)

// split reads an unknown compound, or words without a blank between them, as its
// words, each in a slot. Where words are not usually compounds one mistyped letter is
// likelier.
func (v *vocabulary) split(s *slot, word, lang string) []slot {
	var out []slot
	for _, folded := range slices.Concat([]string{words.Fold(word)}, words.Spellings(words.Fold(word))) {
		for _, lx := range v.lexicons {
			if !lx.Compounding() && slices.ContainsFunc(lx.Corrections(folded), func(c lexicon.Candidate) bool { return c.Errors < 2 }) {
				continue
			}
			for i, part := range lx.Split(folded) {
				if i == len(out) {
					out = append(out, slot{word: s.word, key: part, weight: partWeight * v.wordWeight(part, lang)})
				}
				if t, ok := lx.Term(part); ok {
					out[i].alternatives = append(out[i].alternatives, alternative{terms: []weighted{{t, 1}}})
				}
			}
		}
		if out != nil {
			break
		}
	}
	return out
}

// halves reads a word of which only a part is known, each part in a slot. A part
// may be mistyped. In a language without compounds that is a guess, made only for a
// word that stands alone.
func (v *vocabulary) halves(s *slot, word string, alone bool) []slot {
	var out []slot
	for _, folded := range slices.Concat([]string{words.Fold(word)}, words.Spellings(words.Fold(word))) {
		for _, lx := range v.lexicons {
			if !alone && !lx.Compounding() {
				continue
			}
			for i, part := range lx.Halves(folded) {
				if i == len(out) {
					out = append(out, slot{word: s.word, key: part.Word.Folded, weight: halfWeight})
				}
				out[i].alternatives = append(out[i].alternatives, alternative{terms: []weighted{{part.Word.Term, part.Score}}})
			}
		}
		if out != nil {
			break
		}
	}
	return out
}

// addCompounds adds the compounds that have the word as a part.
func (v *vocabulary) addCompounds(s *slot) {
	if len(s.alternatives) > len(v.lexicons) {
		return // an unfinished or unknown word means enough already
	}
	for _, a := range s.alternatives {
		for _, t := range v.lexiconOf(a.terms[0].term).Compounds(a.terms[0].term) {
			if !s.has(t) {
				s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, compoundWeight * v.limited(s, t)}}})
			}
		}
	}
}

// lexiconOf returns the lexicon of a term's language.
func (v *vocabulary) lexiconOf(term uint32) *lexicon.Lexicon {
	return v.lexicons[v.terms[term].lang]
}

// limitRarity keeps a word that is common in the asked language from counting
// as a rare one where another language borrows it, by a rare synonym, or by a
// rare word that it may mean too.
func (v *vocabulary) limitRarity(s *slot, lang string) {
	likeliest := float32(0)
	for _, a := range s.alternatives {
		w, t := a.terms[0].weight, &v.terms[a.terms[0].term]
		if v.lexiconOf(a.terms[0].term).Lang != lang {
			continue
		}
		if w > likeliest || w == likeliest && t.idf < s.rarity {
			likeliest, s.rarity = w, t.idf
		}
	}
	for i := range s.alternatives {
		s.alternatives[i].terms[0].weight *= v.limited(s, s.alternatives[i].terms[0].term)
	}
}

// limited is the factor by which a term's idf is brought to the slot's limit.
func (v *vocabulary) limited(s *slot, term uint32) float32 {
	if idf := v.terms[term].idf; s.rarity > 0 && idf > s.rarity {
		return s.rarity / idf
	}
	return 1
}

// complete adds the words that begin with what was typed.
func (v *vocabulary) complete(s *slot, prefix string) {
	for _, p := range slices.Concat([]string{prefix}, words.Spellings(prefix)) {
		for _, lx := range v.lexicons {
			for _, t := range lx.Completions(p) {
				if !s.has(t) {
					s.alternatives = append(s.alternatives, alternative{terms: []weighted{{t, v.rank.prefix}}})
				}
			}
		}
		if len(s.alternatives) > 0 {
			return
		}
	}
}

func (s *slot) has(t uint32) bool {
	return slices.ContainsFunc(s.alternatives, func(a alternative) bool { return len(a.terms) == 1 && a.terms[0].term == t })
}

// speaks returns the languages of the query, likeliest first: those that know most
// of its words, the asked one before the others.
func (v *vocabulary) speaks(tokens []token, lang string) []*lexicon.Lexicon {
	var out []*lexicon.Lexicon
	most := 0
	for _, lx := range v.lexicons {
		n := 0
		for _, t := range tokens {
			folded := words.Fold(t.Word)
			if !t.Compound && !isNumeric(folded) && (lx.Has(folded) || words.IsStop(lx.Lang, folded) || words.IsOrdinary(lx.Lang, folded)) {
				n++
			}
		}
		if n > most {
			most, out = n, out[:0]
		}
		if n == most {
			out = append(out, lx)
		}
	}
	slices.SortStableFunc(out, func(a, b *lexicon.Lexicon) int {
		return cmp.Compare(btoi(b.Lang == lang), btoi(a.Lang == lang))
	})
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// correct adds the words that an unknown word may mean, of the first language that
// has any, and returns the likeliest as it is written, "" when it is only spelt
// differently.
func (v *vocabulary) correct(s *slot, word string, in []*lexicon.Lexicon) (shown string, ok bool) {
	folded := words.Fold(word)
	for _, lx := range in {
		for i, c := range lx.Corrections(folded) {
			s.alternatives = append(s.alternatives, alternative{terms: []weighted{{c.Word.Term, c.Score}}, why: c.Word.Shown})
			if i == 0 && c.Score < 1 {
				shown = c.Word.Shown
			}
			ok = true
		}
		if ok {
			break
		}
	}
	return shown, ok
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
