// Package feed holds what the feed formats below it write: a [Feed] of entries.
// The formats are the packages atom, jsonfeed and rss; each has one function
// Write that turns a Feed into bytes.
//
// Everything in a Feed is text or finished HTML; the encoders escape it. Two
// calls with the same Feed give the same bytes.
package feed

import "time"

// A Feed is a list of entries, newest first. URLs are absolute.
type Feed struct {
	ID       string // permanent tag: or http URI
	Title    string
	Subtitle string
	Lang     string // BCP 47
	Home     string // the page that the feed belongs to
	Self     string // where the feed itself is
	Icon     string // square picture, or ""
	Author   string
	Updated  time.Time // of the newest entry or edit; zero: computed from the entries
	Entries  []Entry
}

// An Entry is one article or one update of a post.
type Entry struct {
	ID         string // permanent: see [Tag]
	URL        string
	Title      string
	Lang       string // when it differs from the feed's
	HTML       string // full text, safe HTML
	Text       string // full text, plain
	Summary    string // one sentence, or ""
	Author     string
	Published  time.Time
	Updated    time.Time // zero: never edited
	Categories []Category
}

// A Category is a word by which entries can be filtered.
type Category struct {
	Term  string
	Label string // for people
}

// Tag returns a tag URI (RFC 4151): "tag:HOST,YEAR:path". It stays valid when
// pages move.
func Tag(host string, year int, path string) string { return "" }
