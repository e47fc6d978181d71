// Package feed holds what the feed formats below it write: a [Feed] of entries.
// The formats are the packages atom, jsonfeed and rss; each has one function
// Write that turns a Feed into bytes.
//
// Everything in a Feed is text or finished HTML; the encoders escape it. Two
// calls with the same Feed give the same bytes.
package feed

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

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
	Updated  time.Time // zero: the latest of the entries
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
	Author     string // when it differs from the feed's
	Published  time.Time
	Updated    time.Time // zero: never edited
	Categories []Category
}

// A Category is a word by which entries can be filtered.
type Category struct {
	Term  string
	Label string // for people
}

// Tag returns a tag URI (RFC 4151), "tag:HOST,YEAR:path", which stays valid
// when pages move. host has to belong to the site since that year.
func Tag(host string, year int, path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "tag:" + host + "," + strconv.Itoa(year) + ":" + strings.Join(parts, "/")
}

// Changed returns when the entry was last changed.
func (e Entry) Changed() time.Time {
	if e.Updated.IsZero() {
		return e.Published
	}
	return e.Updated
}

// Changed returns when the feed was last changed: Updated, or the latest
// change of an entry; never the time of the call, so that the bytes stay the
// same while nothing happens.
func (f Feed) Changed() time.Time {
	if !f.Updated.IsZero() {
		return f.Updated
	}
	latest := time.Unix(0, 0).UTC()
	for _, e := range f.Entries {
		if c := e.Changed(); c.After(latest) {
			latest = c
		}
	}
	return latest
}
