package lang

import (
	"slices"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The names of plural forms, as Unicode's CLDR has them.
var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// A PluralRule chooses the form of a noun beside a number. The zero value is
// the rule of a language without plural forms.
type PluralRule struct{ tag language.Tag }

// PluralOf returns the rule of a language, that of its parent ("de-AT") when it
// has none of its own, or a rule with the form "other" only.
func PluralOf(tag string) PluralRule {
	t, err := language.Parse(tag)
	if err != nil {
		return PluralRule{}
	}
	return PluralRule{t}
}

// Form returns the form for a whole number: "zero", "one", "two", "few", "many"
// or "other".
func (r PluralRule) Form(n int) string {
	if n < 0 {
		n = -n
	}
	return formNames[plural.Cardinal.MatchPlural(r.tag, n, 0, 0, 0, 0)]
}

// Forms returns the forms that the language has for whole numbers, in the order
// of [PluralRule.Form]'s list.
func (r PluralRule) Forms() []string {
	var forms []string
	for _, name := range []string{"zero", "one", "two", "few", "many", "other"} {
		// CLDR's rules look at the last three digits, and at the number itself
		// when it is small.
		found := name == "other"
		for n := 0; n <= 1000 && !found; n++ {
			found = r.Form(n) == name
		}
		if found {
			forms = append(forms, name)
		}
	}
	return slices.Clip(forms)
}
