package words

import (
	"strings"
	"sync"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"

	"signpost/internal/lang"
)

// stemmers has a function for each algorithm that a language may name. They
// take and return lower-case words.
var stemmers = map[lang.Algorithm]func(string) string{
	lang.Danish:      snowball(danish.Stem),
	lang.Dutch:       snowball(dutch.Stem),
	lang.English:     folded(snowball(english.Stem)),
	lang.Finnish:     snowball(finnish.Stem),
	lang.French:      snowball(french.Stem),
	lang.GermanLight: folded(lightGerman),
	lang.Hungarian:   snowball(hungarian.Stem),
	lang.Italian:     snowball(italian.Stem),
	lang.Norwegian:   snowball(norwegian.Stem),
	lang.Portuguese:  snowball(portuguese.Stem),
	lang.Romanian:    snowball(romanian.Stem),
	lang.Russian:     snowball(russian.Stem),
	lang.Spanish:     snowball(spanish.Stem),
	lang.Swedish:     snowball(swedish.Stem),
	lang.Turkish:     snowball(turkish.Stem),
}

func snowball(stem func(*snowballstem.Env) bool) func(string) string {
	return func(word string) string {
		env := snowballstem.NewEnv(word)
		stem(env)
		return env.Current()
	}
}

// folded gives a stemmer words without accents, as people type them.
func folded(stem func(string) string) func(string) string {
	return func(word string) string { return stem(Fold(word)) }
}

var germanFilter = de.NewGermanLightStemmerFilter()

func lightGerman(word string) string {
	return string(germanFilter.Filter(analysis.TokenStream{{Term: []byte(word)}})[0].Term)
}

// stemmerOf has the stemmer of each language that has one, by its tag.
var stemmerOf = sync.OnceValue(func() map[string]func(string) string {
	of := map[string]func(string) string{}
	for _, l := range lang.All() {
		if f := stemmers[l.Search.Stemmer]; f != nil {
			of[l.Tag] = f
		}
	}
	return of
})

// stems are the exceptions from the stemmers by language: the stem of a folded word.
var stems = func() map[string]map[string]string {
	of := map[string]map[string]string{}
	for _, l := range lang.All() {
		for _, pair := range l.Search.Stems {
			if of[l.Tag] == nil {
				of[l.Tag] = map[string]string{}
			}
			word, stem, _ := strings.Cut(pair, "=")
			of[l.Tag][Fold(word)] = Fold(stem)
		}
	}
	return of
}()

// Stem returns the folded stem of a normalised word. Words with digits or
// signs are exact tokens: only folded, as are those of a language without a
// stemmer.
func Stem(lang, word string) string {
	for _, r := range word {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return Fold(word)
		}
	}
	if exceptions := stems[lang]; exceptions != nil {
		if stem, ok := exceptions[Fold(word)]; ok {
			return stem
		}
	}
	if stem := stemmerOf()[lang]; stem != nil {
		return Fold(stem(word))
	}
	return Fold(word)
}

// Stemmed returns the languages that have a stemmer.
func Stemmed() []string {
	var tags []string
	for _, l := range lang.All() {
		if stemmerOf()[l.Tag] != nil {
			tags = append(tags, l.Tag)
		}
	}
	return tags
}
