package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/internal/search/words"
)

// maxQuery bounds what is read of a query, in bytes, and maxQueryWords in words.
const (
	maxQuery      = 2048
	maxQueryWords = 48
	maxPhrases    = 8 // quoted phrases and excluded words
)

// A token is a word of the query as the vocabulary looks it up.
type token struct {
	words.Token
	also   string  // the contraction that the word may stand in; "" for none
	weight float32 // compared with a word of its own
	// version says that the word is a number behind the name of a program or the
	// like, which it must not outweigh.
	version bool
}

// A reading is a query cut into words.
type reading struct {
	text    string // with what is excluded blanked out, in bytes as typed
	tokens  []token
	phrases [][]string // folded words of each quoted phrase
	quotes  bool       // the phrases are quotations in a sentence
	exclude [][]string // the same of what must not occur
}

// read cuts a query into words and brings them to the forms that texts use.
func (v *vocabulary) read(typed, lang string) reading {
	r := reading{text: apostrophes.Replace(cut(typed, maxQuery))}
	r.readOperators()
	words.Scan(r.text, func(t words.Token) bool {
		r.tokens = append(r.tokens, token{Token: t, weight: 1})
		return len(r.tokens) < maxQueryWords
	})
	r.joinCodes()
	v.splitDigits(&r)
	v.spellOut(&r, lang)
	v.readContractions(&r, lang)
	v.markNumbers(&r)
	return r
}

// apostrophes are the signs that people type for one.
var apostrophes = strings.NewReplacer("‘", "'", "`", "'", "´", "'", "ʼ", "'", "′", "'", "＇", "'")

// quotes are pairs of quotation marks.
var quotes = map[rune]string{'"': `"`, '“': `”“"`, '„': `“”"`, '«': "»", '»': "«", '”': "”"}

// readOperators finds quoted phrases, and words and phrases behind a minus. Without
// any other word a minus asks for its word.
func (r *reading) readOperators() {
	blanked := []byte(r.text)
	space := true
	for i := 0; i < len(r.text); {
		c, n := utf8.DecodeRuneInString(r.text[i:])
		minus := space && c == '-'
		start := i
		if minus {
			i++
			c, n = utf8.DecodeRuneInString(r.text[i:])
		}
		closing := quotes[c]
		if !mayOpen(r.text[:start]) { // an inch, not a quotation mark
			closing = ""
		}
		space = unicode.IsSpace(c)
		switch {
		case closing != "" && strings.ContainsAny(r.text[i+n:], closing):
			inner := i + n
			end := inner + strings.IndexAny(r.text[inner:], closing)
			_, n = utf8.DecodeRuneInString(r.text[end:])
			i = end + n
			r.operator(minus, r.text[inner:end], blanked[start:i], true)
		case minus && unicode.IsLetter(c):
			end := len(r.text)
			if at := strings.IndexFunc(r.text[i:], unicode.IsSpace); at >= 0 {
				end = i + at
			}
			r.operator(true, r.text[i:end], blanked[start:end], false)
			i = end
		default:
			i += n
		}
	}
	if words.Plain(string(blanked)) == "" {
		r.exclude = nil
		return
	}
	r.text = string(blanked)
	outside := len(strings.Fields(words.Plain(r.text)))
	for _, p := range r.phrases {
		outside -= len(p)
	}
	r.quotes = len(r.phrases) > 0 && outside >= sentence
}

// sentence is how many words beside a phrase make the query a sentence, in which
// quotation marks need not ask for the words that they enclose.
const sentence = 4

// mayOpen reports whether a quotation mark may follow the text.
func mayOpen(text string) bool {
	c, n := utf8.DecodeLastRuneInString(text)
	return n == 0 || unicode.IsSpace(c) || !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\''
}

// operator notes a phrase or an excluded text and blanks out the latter.
func (r *reading) operator(minus bool, text string, place []byte, quoted bool) {
	said := strings.Fields(words.Plain(text))
	switch {
	case len(said) == 0 || len(r.phrases)+len(r.exclude) >= maxPhrases:
	case minus:
		r.exclude = append(r.exclude, said)
		for i := range place {
			place[i] = ' '
		}
	case quoted && len(said) > 1:
		r.phrases = append(r.phrases, said)
	}
}

// joinCodes reads error codes of Windows as they are written in texts, whether
// typed with, without or apart from their "0x".
func (r *reading) joinCodes() {
	out := r.tokens[:0]
	for i := 0; i < len(r.tokens); i++ {
		t := r.tokens[i]
		if t.Word == "0x" && i+1 < len(r.tokens) && isHex(r.tokens[i+1].Word) && len(r.tokens[i+1].Word) >= 4 {
			i++
			t.Word, t.End = "0x"+r.tokens[i].Word, r.tokens[i].End
		} else if len(t.Word) == 8 && isHex(t.Word) && strings.ContainsAny(t.Word, "0123456789") && strings.ContainsAny(t.Word, "abcdef") || len(t.Word) == 8 && strings.HasPrefix(t.Word, "800") && isHex(t.Word) {
			t.Word = "0x" + t.Word
		}
		out = append(out, t)
	}
	r.tokens = out
}

func isHex(word string) bool {
	return word != "" && strings.Trim(word, "0123456789abcdef") == ""
}

func isCode(word string) bool { return strings.HasPrefix(word, "0x") && isHex(word[2:]) }

// Weights of the parts of a word that joins letters and digits, and of the numbers
// that a version or a code consists of.
const (
	digitsWeight = .3
	numberWeight = .15
)

// splitDigits reads letters joined to digits, such as "ios17", as their parts, unless
// a text has them joined.
func (v *vocabulary) splitDigits(r *reading) {
	var out []token
	for i, t := range r.tokens {
		parts := runs(t)
		if parts == nil || v.isKnown(t.Word) {
			if out != nil {
				out = append(out, t)
			}
			continue
		}
		if out == nil {
			out = append(out, r.tokens[:i]...)
		}
		for _, p := range parts {
			if unicode.IsDigit(rune(p.Word[0])) && len(p.Word) != 3 { // three are a code
				p.weight, p.version = digitsWeight, true
			}
			out = append(out, p)
		}
	}
	if out != nil {
		r.tokens = out
	}
}

// runs returns the letters and the digits of a word that has both, nil when it is
// not such a word, or a code.
func runs(t token) []token {
	if t.Compound || isCode(t.Word) || len(t.Word) != t.End-t.Start || len(t.Word) > words.MaxWord {
		return nil
	}
	var out []token
	start := 0
	for i := 1; i <= len(t.Word); i++ {
		if i < len(t.Word) && unicode.IsDigit(rune(t.Word[i])) == unicode.IsDigit(rune(t.Word[i-1])) {
			continue
		}
		p := t
		p.Word, p.Start, p.End = t.Word[start:i], t.Start+start, t.Start+i
		out = append(out, p)
		start = i
	}
	letters := func(p token) bool { return len(p.Word) > 2 && !unicode.IsDigit(rune(p.Word[0])) }
	if len(out) != 2 || unicode.IsDigit(rune(t.Word[0])) || !slices.ContainsFunc(out, letters) {
		return nil
	}
	return out
}

// spellOut finds the words whose umlauts and Norwegian letters are typed as two.
func (v *vocabulary) spellOut(r *reading, lang string) {
	for i := range r.tokens {
		t := &r.tokens[i]
		folded := words.Fold(t.Word)
		if v.isKnown(t.Word) || v.isStop(folded, lang) {
			continue
		}
		for _, w := range words.Spellings(folded) {
			if v.isKnown(w) || v.isStop(w, lang) {
				t.Word = w
				break
			}
		}
	}
}

// readContractions reads contractions as their long forms, and marks the words that
// a text may contract.
func (v *vocabulary) readContractions(r *reading, lang string) {
	langs := v.languages(lang)
	folded := make([]string, len(r.tokens))
	for i, t := range r.tokens {
		folded[i] = words.Fold(t.Word)
		if t.Compound {
			folded[i] = "."
		}
	}
	out := make([]token, 0, len(r.tokens))
	for i := 0; i < len(r.tokens); i++ {
		c, ok := words.Contracted(langs, folded[i:])
		if !ok {
			if c, ok = words.Contractible(langs, folded[i:]); !ok {
				out = append(out, r.tokens[i])
				continue
			}
			for n := range c.Long {
				t := r.tokens[i+n]
				t.also = c.Short[0]
				out = append(out, t)
			}
			i += len(c.Long) - 1
			continue
		}
		for _, w := range c.Long {
			t := r.tokens[i]
			t.Word, t.End = w, r.tokens[i+len(c.Short)-1].End
			if len(c.Short) == 1 {
				t.also = c.Short[0]
			}
			out = append(out, t)
		}
		i += len(c.Short) - 1
	}
	r.tokens = out[:min(len(out), maxQueryWords)]
}

// markNumbers finds versions behind a word, and takes weight from the numbers of
// which a longer one consists.
func (v *vocabulary) markNumbers(r *reading) {
	for i := range r.tokens {
		whole := &r.tokens[i]
		if whole.Compound && isNumeric(whole.Word) {
			for j := i - 1; j >= 0 && r.tokens[j].Start >= whole.Start; j-- {
				r.tokens[j].weight = numberWeight
				r.tokens[j].version = true
			}
		}
		if i == 0 || !isNumeric(whole.Word) || whole.Compound {
			continue
		}
		if before := &r.tokens[i-1]; !isNumeric(before.Word) && !isReply(whole.Word) {
			whole.version = true
		}
	}
}

// isNumeric accepts digits and the signs between them.
func isNumeric(word string) bool {
	return strings.Trim(word, "0123456789.-_") == "" && strings.ContainsAny(word, "0123456789")
}

// isReply accepts the reply codes of SMTP that name a failure (RFC 5321 section 4.2.1).
func isReply(word string) bool {
	return len(word) == 3 && (word[0] == '4' || word[0] == '5')
}

// plain joins the words for comparison with titles.
func (r *reading) plain() string {
	var b strings.Builder
	for _, t := range r.tokens {
		if !t.Compound {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words.Fold(t.Word))
		}
	}
	return b.String()
}
