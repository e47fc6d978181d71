package suggest

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"signpost/internal/lang"
)

// A pattern is the words of a phrase of package lang: "*" is one to four words,
// "x*" a word with any ending.
type pattern []string

// A wordList finds its phrases in a row of words.
type wordList struct {
	byFirst map[string][]pattern
	open    []pattern // those whose first word has any ending
}

// A span is where a phrase stands: the words from inclusive to exclusive.
type span struct{ from, to int }

func newList(phrases ...[]string) *wordList {
	l := &wordList{byFirst: map[string][]pattern{}}
	for _, p := range slices.Concat(phrases...) {
		l.add(p)
		for _, spelling := range []string{sharpS.Replace(p), ascii.Replace(p)} {
			if spelling != p {
				l.add(spelling)
			}
		}
	}
	return l
}

// sharpS writes as in Switzerland, ascii as on a keyboard without the letters of
// German, Norwegian, Danish and Swedish.
var (
	sharpS = strings.NewReplacer("ß", "ss")
	ascii  = strings.NewReplacer("ß", "ss", "ä", "ae", "ö", "oe", "ü", "ue", "æ", "ae", "ø", "oe", "å", "aa")
)

func (l *wordList) add(phrase string) {
	words := pattern(wordsOf(phrase))
	switch {
	case len(words) == 0:
	case strings.HasSuffix(words[0], "*"):
		l.open = append(l.open, words)
	default:
		l.byFirst[words[0]] = append(l.byFirst[words[0]], words)
	}
}

// wordsOf cuts text into words of letters and digits; a "*" is part of a word.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '*' && r != '\''
	})
}

// find returns the phrases in words, the longest at each place.
func (l *wordList) find(words []string) []span {
	var out []span
	for i, w := range words {
		end := -1
		for _, p := range l.byFirst[w] {
			end = max(end, p.match(words, i))
		}
		for _, p := range l.open {
			end = max(end, p.match(words, i))
		}
		if end > i {
			out = append(out, span{i, end})
		}
	}
	return out
}

func (l *wordList) in(words []string) bool { return len(l.find(words)) > 0 }

// maxGap is the most words that a "*" stands for.
const maxGap = 4

// match returns where the pattern ends that begins at words[i], or -1.
func (p pattern) match(words []string, i int) int {
	for n, want := range p {
		if want == "*" {
			for skip := 1; skip <= maxGap && i+skip <= len(words); skip++ {
				if end := p[n+1:].match(words, i+skip); end >= 0 {
					return end
				}
			}
			return -1
		}
		if i >= len(words) {
			return -1
		}
		if prefix, open := strings.CutSuffix(want, "*"); words[i] != want && (!open || !strings.HasPrefix(words[i], prefix)) {
			return -1
		}
		i++
	}
	return i
}

// A vocabulary is how customers tell of trouble in one language. The words of
// failures and names are also those of English, in which programs report errors.
type vocabulary struct {
	short                                      map[string][]string
	ask                                        []string
	names, symptoms                            map[lang.Part]*wordList
	mail, failures, since, outage, others      *wordList
	works, solved, changed, wishes, weakWishes *wordList
	negations, but, receiving, sending         *wordList
	spam, waves, phones, programs, all         *wordList
	refused                                    *wordList
}

var vocabularies = sync.OnceValue(func() map[string]*vocabulary {
	out := map[string]*vocabulary{}
	for _, l := range lang.All() {
		if len(l.Trouble.Failures) > 0 {
			out[l.Tag] = newVocabulary(l, lang.Of(lang.Technical))
		}
	}
	return out
})

func newVocabulary(l, quoted *lang.Language) *vocabulary {
	t, q := &l.Trouble, &quoted.Trouble
	v := &vocabulary{
		short: map[string][]string{}, ask: l.Search.Ask, names: map[lang.Part]*wordList{}, symptoms: map[lang.Part]*wordList{},
		mail: newList(t.Mail), failures: newList(t.Failures, q.Failures), since: newList(t.Since), outage: newList(t.Outage),
		others: newList(t.Others), works: newList(t.Works), solved: newList(t.Solved), changed: newList(t.Changed, t.Personal, q.Personal),
		negations: newList(t.Negations), but: newList(t.But), receiving: newList(t.Receiving), sending: newList(t.Sending),
		spam: newList(t.Spam), waves: newList(t.Waves), phones: newList(t.Phones, q.Phones), programs: newList(t.Programs, q.Programs), all: newList(t.All),
		refused: newList(t.Refused, q.Refused),
	}
	for _, rule := range t.Short {
		from, to, _ := strings.Cut(rule, " = ")
		v.short[strings.Join(wordsOf(from), " ")] = wordsOf(to)
	}
	for _, p := range lang.Parts() {
		v.names[p] = newList(t.Names[p], q.Names[p])
		v.symptoms[p] = newList(t.Symptoms[p], q.Symptoms[p])
	}
	var strong, weak []string
	for _, w := range t.Wishes {
		if len(wordsOf(w)) > 1 {
			strong = append(strong, w)
		} else {
			weak = append(weak, w)
		}
	}
	v.wishes, v.weakWishes = newList(strong), newList(weak)
	return v
}

// host finds names of hosts; what they are made of is not what the customer says.
var host = regexp.MustCompile(`[\pL\pN_-]+(?:\.[\pL\pN_-]+){2,}`)

// sentenceEnd and clauseEnd separate statements.
var (
	sentenceEnd = regexp.MustCompile(`[.!?;:…]+(?:\s|$)|\n+|\s[-–—]+\s`)
	clauseEnd   = regexp.MustCompile(`,(?:\s|$)|[()]`)
)

// clauses cuts a text into statements, each a row of words with short forms
// written out. hosts gives the name by which a described host is known; other hosts are
// left out.
func (v *vocabulary) clauses(text string, hosts map[string]string) [][]string {
	text = host.ReplaceAllStringFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), func(h string) string {
		if len(strings.Trim(h, "0123456789.")) == 0 {
			return h
		}
		return " " + hosts[h] + " "
	})
	var out [][]string
	for _, sentence := range sentenceEnd.Split(text, -1) {
		for _, clause := range clauseEnd.Split(sentence, -1) {
			words := v.long(wordsOf(strings.ReplaceAll(clause, "*", " ")))
			from := 0
			for _, s := range v.but.find(words) {
				if s.from > from {
					out = append(out, words[from:s.from])
				}
				from = s.to
			}
			if from < len(words) {
				out = append(out, words[from:])
			}
		}
	}
	return out
}

// maxShort is the most words of a short form.
const maxShort = 3

func (v *vocabulary) long(words []string) []string {
	var out []string
next:
	for i := 0; i < len(words); {
		for n := min(maxShort, len(words)-i); n > 0; n-- {
			if to, ok := v.short[strings.Join(words[i:i+n], " ")]; ok {
				out = append(out, to...)
				i += n
				continue next
			}
		}
		if w := strings.Trim(words[i], "'"); w != "" {
			out = append(out, w)
		}
		i++
	}
	return out
}
