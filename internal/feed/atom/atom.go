// Package atom writes Atom feeds (RFC 4287).
package atom

import (
	"encoding/xml"
	"time"

	"signpost/internal/feed"
)

// ContentType is the media type of the result of [Write].
const ContentType = "application/atom+xml; charset=utf-8"

type document struct {
	XMLName   xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string   `xml:"xml:lang,attr,omitempty"`
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Subtitle  string   `xml:"subtitle,omitempty"`
	Updated   string   `xml:"updated"`
	Links     []link   `xml:"link"`
	Author    *person  `xml:"author"`
	Generator string   `xml:"generator"`
	Icon      string   `xml:"icon,omitempty"`
	Entries   []entry  `xml:"entry"`
}

type entry struct {
	Lang       string     `xml:"xml:lang,attr,omitempty"`
	ID         string     `xml:"id"`
	Title      string     `xml:"title"`
	Updated    string     `xml:"updated"`
	Published  string     `xml:"published"`
	Links      []link     `xml:"link"`
	Author     *person    `xml:"author"`
	Categories []category `xml:"category"`
	Summary    string     `xml:"summary,omitempty"`
	Content    content    `xml:"content"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type person struct {
	Name string `xml:"name"`
}

type category struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr,omitempty"`
}

type content struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// Write returns the feed as an Atom document. The content of an entry is its
// HTML, or its text when there is no HTML.
func Write(f feed.Feed) ([]byte, error) {
	d := document{
		Lang: f.Lang, ID: f.ID, Title: f.Title, Subtitle: f.Subtitle, Updated: stamp(f.Changed()),
		Author: author(f.Author, f.Title), Generator: "Signpost", Icon: f.Icon,
		Links: []link{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Home}},
	}
	for _, e := range f.Entries {
		x := entry{
			ID: e.ID, Title: e.Title, Updated: stamp(e.Changed()), Published: stamp(e.Published),
			Links: []link{{"alternate", "text/html", e.URL}}, Summary: e.Summary, Content: content{"html", e.HTML},
		}
		if e.HTML == "" {
			x.Content = content{"text", e.Text}
		}
		if e.Author != "" {
			x.Author = &person{e.Author}
		}
		if e.Lang != f.Lang {
			x.Lang = e.Lang
		}
		for _, c := range e.Categories {
			x.Categories = append(x.Categories, category(c))
		}
		d.Entries = append(d.Entries, x)
	}
	text, err := xml.MarshalIndent(d, "", " ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

// author is required for a feed whose entries may have none (RFC 4287, 4.1.1).
func author(name, title string) *person {
	if name == "" {
		name = title
	}
	return &person{name}
}

func stamp(t time.Time) string { return t.Truncate(time.Second).Format(time.RFC3339) }
