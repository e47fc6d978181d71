package article

// Reason says why a reader sees another text than the one asked for.
type Reason string

// The reasons for a banner above an article.
const (
	AsWanted        Reason = ""
	NoTranslation   Reason = "no-translation"    // shown in the main language
	FrontMatterOnly Reason = "front-matter-only" // title translated, text in the main language
	Outdated        Reason = "outdated"          // translated, but the main text has changed since
)

// Shown is what a reader of a language sees.
type Shown struct {
	Head   *Text // title, summary, also
	Body   *Text // the text; its Lang may differ from Head's
	Reason Reason
}

// In returns what a reader who wants lang sees.
func (a *Article) In(lang string) Shown { return Shown{a.Texts[a.Main], a.Texts[a.Main], AsWanted} }

// Languages returns the languages that have a text of their own, the main one
// first, then in alphabetical order: the ones to name in hreflang.
func (a *Article) Languages() []string { return nil }
