// Package rss writes RSS 2.0 for readers that know nothing else.
package rss

import (
	"encoding/xml"
	"time"

	"signpost/internal/feed"
)

// ContentType is the media type of the result of [Write].
const ContentType = "application/rss+xml; charset=utf-8"

type document struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	Language    string `xml:"language,omitempty"`
	Changed     string `xml:"lastBuildDate"`
	Generator   string `xml:"generator"`
	Self        self   `xml:"atom:link"`
	Items       []item `xml:"item"`
}

type self struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type item struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        guid     `xml:"guid"`
	Published   string   `xml:"pubDate"`
	Categories  []string `xml:"category"`
	Description string   `xml:"description"`
}

type guid struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// Write returns the feed as an RSS 2.0 document. An item's guid is the id of
// the entry, not its link: two updates of one post are two items.
func Write(f feed.Feed) ([]byte, error) {
	c := channel{
		Title: f.Title, Link: f.Home, Description: f.Subtitle, Language: f.Lang, Changed: stamp(f.Changed()),
		Generator: "Signpost", Self: self{"self", "application/rss+xml", f.Self},
	}
	if c.Description == "" {
		c.Description = f.Title
	}
	for _, e := range f.Entries {
		x := item{Title: e.Title, Link: e.URL, GUID: guid{false, e.ID}, Published: stamp(e.Published), Description: e.HTML}
		if e.HTML == "" {
			x.Description = e.Text
		}
		for _, cat := range e.Categories {
			x.Categories = append(x.Categories, cat.Term)
		}
		c.Items = append(c.Items, x)
	}
	text, err := xml.MarshalIndent(document{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: c}, "", " ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

// stamp writes RFC 822 dates with a year of four digits and a numeric zone.
func stamp(t time.Time) string { return t.Format(time.RFC1123Z) }
