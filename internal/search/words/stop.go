package words

import "signpost/internal/lang"

// Stop words by language, folded. For customers they weigh less than others; for
// tickets, most of which is politeness, they do not count.
var stopWords = wordSets(func(l *lang.Language) []string { return l.Search.Stop })

// Those of them that make the question or turn it round: interrogatives,
// auxiliary verbs and negations.
var askWords = wordSets(func(l *lang.Language) []string { return l.Search.Ask })

// Everyday words that are never mistyped for others.
var ordinaryWords = wordSets(func(l *lang.Language) []string { return l.Search.Ordinary })

// Verb prefixes that stand apart from their verb.
var separable = wordSets(func(l *lang.Language) []string { return l.Search.Separable })

// IsOrdinary reports whether the folded word is an everyday word of the language.
func IsOrdinary(lang, folded string) bool { return ordinaryWords[lang][folded] }

// IsSeparable reports whether the folded word may be a verb's prefix that stands
// apart from it, as "an" in "kommt nicht an".
func IsSeparable(lang, folded string) bool { return separable[lang][folded] }

// Linking returns the letters that may stand between the parts of a compound.
func Linking(tag string) []string {
	if l := lang.Of(tag); l != nil {
		return l.Search.Linking
	}
	return nil
}

// wordSets returns a list of each language that has one as a set of folded words.
func wordSets(list func(*lang.Language) []string) map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for _, l := range lang.All() {
		for _, w := range list(l) {
			if sets[l.Tag] == nil {
				sets[l.Tag] = map[string]bool{}
			}
			sets[l.Tag][Fold(w)] = true
		}
	}
	return sets
}

// HasStops reports whether the stop words of the language are known.
func HasStops(lang string) bool { return stopWords[lang] != nil }

// IsStop reports whether the folded word is a stop word of the language.
func IsStop(lang, folded string) bool { return stopWords[lang][folded] }

// Asks reports whether the folded stop word makes the question, as "how", "can"
// and "not" do.
func Asks(lang, folded string) bool { return askWords[lang][folded] }

// Compounding reports whether the language writes compounds as one word.
func Compounding(tag string) bool {
	l := lang.Of(tag)
	return l != nil && l.Search.Compounds
}
