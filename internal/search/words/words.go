// Package words cuts texts into words and brings words to the forms in which
// they are compared.
//
// [Scan] finds words and exact tokens (error codes, host names); [Fold] drops
// accents, [Stem] inflection by language, with the stemmers of bleve's family.
// Most callers need [Terms] or [Plain] only. Words of a language that has no
// stemmer in package lang are only folded.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"
)

// Version names the folder of the durable index. Raise it when the
// words that Scan finds or the fields change; stemming is done when the
// postings are read and does not count.
const Version = "1"

// MaxWord is the length in bytes above which a run of letters is no word
// (keys, encoded attachments).
const MaxWord = 64

// A Token is one word of a text. Words are lower case and composed (NFC).
// A compound, such as "5.7.1", "imap.example.com" or "e-mail", follows its
// parts as one more token that spans them.
type Token struct {
	Word       string
	Start, End int // bytes in the text
	Compound   bool
}

// Scan calls yield for every token of text, in order, until it returns false.
func Scan(text string, yield func(Token) bool) {
	i := 0
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			i += n
			continue
		}
		if ideograph(r) {
			i = scanIdeographs(text, i, yield)
		} else {
			i = scanCompound(text, i, yield)
		}
		if i < 0 {
			return
		}
	}
}

// scanCompound reads words joined by single connectors and returns the
// position after them, or -1 to stop.
func scanCompound(text string, start int, yield func(Token) bool) int {
	end, parts, letters := start, 0, true
	for {
		wordStart := end
		end = wordEnd(text, wordStart)
		parts++
		if !emit(text, wordStart, end, false, yield) {
			return -1
		}
		if end+1 >= len(text) || !connector(text[end]) {
			break
		}
		r, _ := utf8.DecodeRuneInString(text[end+1:])
		if !inWord(r) || ideograph(r) {
			break
		}
		letters = letters && text[end] == '-'
		end++
	}
	if parts > 1 && end-start <= 4*MaxWord && !emitCompound(text, start, end, letters, yield) {
		return -1
	}
	return end
}

// connector reports whether c joins two words to an exact token.
func connector(c byte) bool {
	return c == '.' || c == '-' || c == '_' || c == '@'
}

func emit(text string, start, end int, compound bool, yield func(Token) bool) bool {
	if end-start > MaxWord {
		return true
	}
	return yield(Token{normalize(text[start:end]), start, end, compound})
}

// emitCompound drops hyphens, so that "e-mail" and "email" are one word.
func emitCompound(text string, start, end int, hyphens bool, yield func(Token) bool) bool {
	word := text[start:end]
	if hyphens {
		word = strings.ReplaceAll(word, "-", "")
	}
	return yield(Token{normalize(word), start, end, true})
}

// scanIdeographs yields the overlapping pairs of a run of Chinese, Japanese or
// Korean signs, which have no spaces between words.
func scanIdeographs(text string, start int, yield func(Token) bool) int {
	prev, i := -1, start
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !ideograph(r) {
			break
		}
		if prev >= 0 && !yield(Token{norm.NFC.String(text[prev : i+n]), prev, i + n, false}) {
			return -1
		}
		prev, i = i, i+n
	}
	if prev == start && !yield(Token{norm.NFC.String(text[start:i]), start, i, false}) {
		return -1
	}
	return i
}

// wordEnd returns the end of the word at start. An apostrophe between letters
// belongs to it.
func wordEnd(text string, start int) int {
	i := start
	for i < len(text) {
		if c := text[i]; c < utf8.RuneSelf {
			if !asciiWord[c] && !(c == '\'' && i > start && i+1 < len(text) && letterAt(text[i+1:])) {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if ideograph(r) || !inWord(r) && !(r == '’' && i > start && letterAt(text[i+n:])) {
			return i
		}
		i += n
	}
	return i
}

func letterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

var asciiWord = func() (t [utf8.RuneSelf]bool) {
	for c := range byte(utf8.RuneSelf) {
		t[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return
}()

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return asciiWord[r]
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

func ideograph(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// normalize lowers a word and drops its apostrophes and a possessive 's.
func normalize(w string) string {
	plain := true
	for i := range len(w) {
		c := w[i]
		if c >= utf8.RuneSelf || c == '\'' || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return w
	}
	w = strings.ReplaceAll(norm.NFC.String(strings.ToLower(w)), "’", "'")
	w = strings.TrimSuffix(w, "'s")
	return strings.ReplaceAll(w, "'", "")
}

// Fold drops what people leave out when they type: accents, umlauts, ligatures.
func Fold(w string) string {
	ascii := true
	for i := range len(w) {
		if w[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return w
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(w) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ł':
			b.WriteByte('l')
		case r == 'đ', r == 'ð':
			b.WriteByte('d')
		case r == 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// maxSpelt bounds the pairs of letters that [Spellings] may read as one.
const maxSpelt = 4

// Spellings returns what a folded word may be when umlauts and Norwegian letters
// are typed as two letters each: of "aendern" what Fold makes of "ändern", of
// "passoerd" that of "passørd". The fewer pairs stay, the earlier it comes.
func Spellings(folded string) []string {
	var at []int
	for i := 0; i+1 < len(folded) && len(at) < maxSpelt; i++ {
		switch folded[i : i+2] {
		case "ae", "oe", "ue", "aa":
			at = append(at, i+1)
			i++
		}
	}
	var out []string
	for set := 1<<len(at) - 1; set > 0; set-- {
		var b strings.Builder
		from := 0
		for k, i := range at {
			if set>>(len(at)-1-k)&1 == 1 {
				b.WriteString(folded[from:i])
				from = i + 1
			}
		}
		b.WriteString(folded[from:])
		out = append(out, b.String())
	}
	return out
}

// Analyzer gives bleve the words of Scan, unstemmed.
type Analyzer struct{}

func (Analyzer) Analyze(text []byte) analysis.TokenStream {
	slab := make([]analysis.Token, 0, len(text)/5+1)
	stream := make(analysis.TokenStream, 0, cap(slab))
	Scan(string(text), func(t Token) bool {
		if len(slab) == cap(slab) {
			slab = make([]analysis.Token, 0, max(16, len(stream)/4))
		}
		slab = append(slab, analysis.Token{Term: []byte(t.Word), Start: t.Start, End: t.End, Position: len(stream) + 1})
		stream = append(stream, &slab[len(slab)-1])
		return true
	})
	return stream
}
