package article

import (
	"maps"
	"slices"

	"signpost/internal/lang"
)

// Reason says why a reader sees another text than the one asked for.
type Reason string

// The reasons for a banner above an article.
const (
	AsWanted        Reason = ""
	NoTranslation   Reason = "no-translation"    // shown in the main language
	FrontMatterOnly Reason = "front-matter-only" // title translated, text in the main language
	Outdated        Reason = "outdated"          // translated, but the original has changed since
)

// Shown is what a reader of a language sees.
type Shown struct {
	Head   *Text // title, summary, also
	Body   *Text // the text; its Lang may differ from Head's
	Reason Reason
}

// In returns what a reader who wants a language sees. "pt-BR" is also served by "pt".
func (a *Article) In(tag string) Shown {
	main := a.Texts[a.Main]
	t := a.Texts[tag]
	if t == nil {
		t = a.Texts[lang.Match(tag, slices.Sorted(maps.Keys(a.Texts)))]
	}
	switch {
	case t == nil:
		return Shown{main, main, NoTranslation}
	case t.File.Empty():
		return Shown{t, main, FrontMatterOnly}
	case t.Of > 0 && t.Of < a.Rev:
		return Shown{t, t, Outdated}
	}
	return Shown{t, t, AsWanted}
}

// Languages returns the languages that have a text of their own, the main one
// first, then in alphabetical order: the ones to name in hreflang.
func (a *Article) Languages() []string {
	langs := []string{a.Main}
	for _, lang := range slices.Sorted(maps.Keys(a.Texts)) {
		if lang != a.Main && !a.Texts[lang].File.Empty() {
			langs = append(langs, lang)
		}
	}
	return langs
}
