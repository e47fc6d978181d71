package words

import (
	"strings"
	"unicode"
)

// Plain joins the folded words of a text by blanks.
func Plain(text string) string {
	var b strings.Builder
	Scan(text, func(t Token) bool {
		if !t.Compound {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(Fold(t.Word))
		}
		return true
	})
	return b.String()
}

// Terms returns the distinct stemmed terms of a text, without stop words,
// long numbers, addresses and host names: what may be counted in
// Document.Asked.
func Terms(lang, text string) []string {
	out := []string{}
	seen := map[string]bool{}
	Scan(hideAddresses(text), func(t Token) bool {
		folded := Fold(t.Word)
		if t.Compound && strings.ContainsAny(t.Word, "@.") || IsStop(lang, folded) || !Countable(folded) {
			return true
		}
		if s := Stem(lang, t.Word); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
		return true
	})
	return out
}

// hideAddresses blanks every blank-separated piece that looks like an address,
// a URL or a path, so that no part of it is counted.
func hideAddresses(text string) string {
	var b strings.Builder
	for piece := range strings.FieldsSeq(text) {
		if !strings.ContainsAny(piece, "@\\") && !strings.Contains(piece, "://") && !strings.Contains(strings.Trim(piece, "/"), "/") {
			b.WriteString(piece)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// Countable refuses single signs and everything with more than five digits.
func Countable(word string) bool {
	digits := 0
	for _, r := range word {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return len(word) > 1 && digits <= 5
}
