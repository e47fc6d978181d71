// Package page is what every page of the site is made from: one snapshot in
// one language. It makes what every page shares: its frame, links to articles
// and posts, and the sentences about what is wrong now.
//
// [Builder.Context] returns a [Context]; [Context.Chrome] is what surrounds a
// page, [Context.Overall] the sentence about everything.
//
// Guarantees: nothing here knows of a request, a clock or a database, so that
// whatever is made from a context alone may be kept as long as its snapshot.
// Addresses come from site.yaml, never from the request.
package page

import (
	"slices"

	"signpost/internal/locale"
	"signpost/internal/site"
)

// A Builder makes contexts: it holds what those of all snapshots and
// languages share.
type Builder struct {
	url     string // of the site, while site.yaml names none; without a slash at the end
	notices bool   // readers can subscribe to the status
	themes  themeCache
}

// NewBuilder returns a builder. url is the site's absolute address while
// site.yaml names none; notices says that readers can subscribe to the status.
func NewBuilder(url string, notices bool) *Builder { return &Builder{url: url, notices: notices} }

// Context returns a snapshot in one of its languages.
func (p *Builder) Context(snap *site.Snapshot, lang string) Context {
	return Context{Snap: snap, Lang: lang, by: p}
}

// A Context is one snapshot in one language.
type Context struct {
	Snap *site.Snapshot
	Lang string // one of the site's languages
	by   *Builder
}

// In returns the same snapshot in another language.
func (e Context) In(lang string) Context { return e.by.Context(e.Snap, lang) }

// Texts are the interface texts of all languages.
func (e Context) Texts() *locale.Catalogues { return e.Snap.Library.Texts }

// Words are the interface texts of the context's language.
func (e Context) Words() *locale.Language { return e.WordsIn(e.Lang) }

// WordsIn are the interface texts of another language, for what is shown in it.
func (e Context) WordsIn(lang string) *locale.Language { return e.Texts().For(lang) }

// Knows reports whether lang is one of the site's languages.
func (e Context) Knows(lang string) bool { return slices.Contains(e.Snap.Languages(), lang) }

// Root is the prefix of the context's paths: "" for the site's first language,
// else "/de".
func (e Context) Root() string { return e.RootIn(e.Lang) }

// RootIn is the root of another language.
func (e Context) RootIn(lang string) string {
	if lang == e.Snap.DefaultLanguage() {
		return ""
	}
	return "/" + lang
}

// Base is the public address of the site, without a slash at the end.
func (e Context) Base() string {
	if u := e.Snap.Library.Site.URL; u != "" {
		return u
	}
	return e.by.url
}

// Absolute returns the public address of a path of this site. It never repeats
// what a request said about hosts.
func (e Context) Absolute(path string) string { return e.Base() + path }
