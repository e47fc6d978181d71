package ticket

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/internal/lang"
)

// A phrase is what a "*" that stands alone separates in a phrase of package
// lang. It is compared with text that [lower] made.
type phrase []part

// A part is a row of words; with open its last one may have any ending.
type part struct {
	text string
	open bool
}

func parsePhrase(s string) phrase {
	var p phrase
	for i, w := range strings.Split(" "+lower(s)+" ", " * ") {
		w = strings.TrimSpace(w)
		text, open := strings.CutSuffix(w, "*")
		if i == 0 || w != "" {
			p = append(p, part{text, open})
		} else {
			p = append(p, part{}) // "*" at the end
		}
	}
	return p
}

// lower prepares text for comparison: small letters and plain apostrophes. The result
// may differ in length.
func lower(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "’", "'")
}

// boundary reports whether a word can end between two pieces of text. Chinese
// and Japanese have no blanks between words.
func boundary(before, after string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	return !wordRune(a) || !wordRune(b)
}

func wordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) &&
		(r < 0x3000 || !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana))
}

// at returns where the part ends that begins at s[i:], or -1.
func (p part) at(s string, i int) int {
	if !strings.HasPrefix(s[i:], p.text) || !boundary(s[:i], s[i:]) {
		return -1
	}
	end := i + len(p.text)
	for p.open && end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !wordRune(r) {
			break
		}
		end += n
	}
	if !boundary(s[:end], s[end:]) {
		return -1
	}
	return end
}

// find returns the first place of the part in s from i on, at most gap bytes
// later; -1, -1 when there is none.
func (p part) find(s string, i, gap int) (start, end int) {
	limit := min(len(s), i+gap+len(p.text))
	for i <= limit {
		n := strings.Index(s[i:limit], p.text)
		if n < 0 {
			return -1, -1
		}
		if end = p.at(s, i+n); end >= 0 {
			return i + n, end
		}
		i += n + 1
	}
	return -1, -1
}

// from returns where the phrase ends that begins at s[i:], or -1; a "*" is at
// most gap bytes, and something.
func (p phrase) from(s string, i, gap int) int {
	end := p[0].at(s, i)
	for _, next := range p[1:] {
		if end < 0 || end == len(s) {
			return -1
		}
		if next.text == "" {
			return min(len(s), end+gap)
		}
		_, end = next.find(s, end+1, gap)
	}
	return end
}

// phrases is a list of phrases, the longest first.
type phrases []phrase

// phrasesOf gathers a list of all languages.
func phrasesOf(list func(*lang.Mail) []string) phrases {
	var texts []string
	for _, l := range lang.All() {
		texts = append(texts, list(&l.Mail)...)
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	var out phrases
	for _, t := range slices.Compact(texts) {
		out = append(out, parsePhrase(t))
	}
	return out
}

// prefix returns where the longest phrase ends that s begins with, 0 when none does.
func (l phrases) prefix(s string) int {
	best := 0
	for _, p := range l {
		if len(p) == 1 && len(p[0].text) <= best {
			break
		}
		best = max(best, p.from(s, 0, 80))
	}
	return best
}

// whole reports whether s is nothing but one phrase and signs.
func (l phrases) whole(s string) bool {
	for _, p := range l {
		if end := p.from(s, 0, 80); end >= 0 && !strings.ContainsFunc(s[end:], wordOrCJK) {
			return true
		}
	}
	return false
}

// within reports whether one of the phrases is anywhere in s.
func (l phrases) within(s string) bool {
	for _, p := range l {
		for i := 0; ; {
			start, end := p[0].find(s, i, len(s))
			if start < 0 {
				break
			}
			if len(p) == 1 || p.from(s, start, 400) >= 0 {
				return true
			}
			i = end
		}
	}
	return false
}

func wordOrCJK(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
