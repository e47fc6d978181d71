package ticket

import (
	"strings"
	"unicode"

	"signpost/internal/lang"
)

// frequentIn has the languages in which a word is frequent.
var frequentIn = func() map[string][]string {
	in := map[string][]string{}
	for _, l := range lang.All() {
		for _, w := range l.Detect.Frequent {
			in[w] = append(in[w], l.Tag)
		}
	}
	return in
}()

// scripts has the languages that are told by their script.
var scripts = func() map[*unicode.RangeTable]string {
	of := map[*unicode.RangeTable]string{}
	for _, l := range lang.All() {
		if table := unicode.Scripts[l.Detect.Script]; table != nil {
			of[table] = l.Tag
		}
	}
	return of
}()

// letterIn has the languages that write a letter.
var letterIn = func() map[rune][]string {
	in := map[rune][]string{}
	for _, l := range lang.All() {
		for _, r := range l.Detect.Letters {
			in[r] = append(in[r], l.Tag)
		}
	}
	return in
}()

// Language returns the tag of the language of a text, one of package lang's, by
// its frequent words and letters, or "" when there are too few or none prevails.
func Language(s string) string {
	score := map[string]float64{}
	words := 0
	for w := range strings.FieldsFuncSeq(lower(s[:min(len(s), 20000)]), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\''
	}) {
		words++
		in := frequentIn[w]
		for _, tag := range in {
			score[tag] += 1 / float64(len(in))
		}
		scoreLetters(score, w)
	}
	return prevails(score, words)
}

// prevails returns the language with the highest score; of several that are close, the
// one that is a language of the interface, not only read in tickets. Danish and
// Norwegian share most of their words.
func prevails(score map[string]float64, words int) string {
	top := 0.0
	for _, v := range score {
		top = max(top, v)
	}
	if top < .5 || top < .09*float64(words) {
		return ""
	}
	var close, ours []string
	for _, l := range lang.All() {
		if v := score[l.Tag]; v > 0 && v*1.2 >= top {
			close = append(close, l.Tag)
			if len(l.Search.Stop) > 0 {
				ours = append(ours, l.Tag)
			}
		}
	}
	switch {
	case len(ours) == 1:
		return ours[0]
	case len(close) == 1 && top >= 1.5: // one word, such as a "k", is not enough for a language that is only read
		return close[0]
	}
	return ""
}

// scoreLetters adds what the letters of a word tell.
func scoreLetters(score map[string]float64, word string) {
	told := map[string]bool{}
	for _, r := range word {
		if r < 0x80 {
			continue
		}
		for table, tag := range scripts {
			if !told[tag] && unicode.Is(table, r) {
				told[tag] = true
				score[tag] += 2
			}
		}
		if in := letterIn[r]; len(in) > 0 {
			for _, tag := range in {
				if !told[tag] {
					told[tag] = true
					score[tag] += .5 / float64(len(in))
				}
			}
		}
	}
}
