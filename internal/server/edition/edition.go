// Package edition is the site as one reader has it before him: one snapshot in
// one language. It makes what every page shares: its frame, links to articles
// and posts, and the sentences about what is wrong now.
//
// [Publisher.Edition] returns an [Edition]; [Edition.Chrome] is what surrounds a
// page, [Edition.Overall] the sentence about everything.
//
// Guarantees: nothing here knows of a request, a clock or a database, so that
// whatever is made from an edition alone may be kept as long as its snapshot.
// Addresses come from site.yaml, never from the request.
package edition

import (
	"slices"

	"signpost/internal/locale"
	"signpost/internal/site"
)

// A Publisher makes editions: it holds what those of all snapshots and
// languages share.
type Publisher struct {
	texts  *locale.Catalogues
	url    string // of the site, while site.yaml names none; without a slash at the end
	themes themeCache
}

// NewPublisher returns a publisher with the interface texts of all languages.
// url is the site's absolute address while site.yaml names none.
func NewPublisher(texts *locale.Catalogues, url string) *Publisher {
	return &Publisher{texts: texts, url: url}
}

// Edition returns a snapshot in one of its languages.
func (p *Publisher) Edition(snap *site.Snapshot, lang string) Edition {
	return Edition{Snap: snap, Lang: lang, by: p}
}

// An Edition is one snapshot in one language.
type Edition struct {
	Snap *site.Snapshot
	Lang string // one of the site's languages
	by   *Publisher
}

// In returns the same snapshot in another language.
func (e Edition) In(lang string) Edition { return e.by.Edition(e.Snap, lang) }

// Texts are the interface texts of all languages.
func (e Edition) Texts() *locale.Catalogues { return e.by.texts }

// Words are the interface texts of the edition's language.
func (e Edition) Words() *locale.Language { return e.WordsIn(e.Lang) }

// WordsIn are the interface texts of another language, for what is shown in it.
func (e Edition) WordsIn(lang string) *locale.Language { return e.by.texts.For(lang) }

// Knows reports whether lang is one of the site's languages.
func (e Edition) Knows(lang string) bool { return slices.Contains(e.Snap.Languages(), lang) }

// Root is the prefix of the edition's paths: "" for the site's first language,
// else "/de".
func (e Edition) Root() string { return e.RootIn(e.Lang) }

// RootIn is the root of another language.
func (e Edition) RootIn(lang string) string {
	if lang == e.Snap.DefaultLanguage() {
		return ""
	}
	return "/" + lang
}

// Base is the public address of the site, without a slash at the end.
func (e Edition) Base() string {
	if u := e.Snap.Library.Site.URL; u != "" {
		return u
	}
	return e.by.url
}

// Absolute returns the public address of a path of this site. It never repeats
// what a request said about hosts.
func (e Edition) Absolute(path string) string { return e.Base() + path }
