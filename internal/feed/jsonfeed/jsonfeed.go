// Package jsonfeed writes JSON Feed, version 1.1.
package jsonfeed

import (
	"bytes"
	"encoding/json"
	"time"

	"signpost/internal/feed"
)

// ContentType is the media type of the result of [Write].
const ContentType = "application/feed+json; charset=utf-8"

type document struct {
	Version     string   `json:"version"`
	Title       string   `json:"title"`
	HomeURL     string   `json:"home_page_url"`
	FeedURL     string   `json:"feed_url"`
	Description string   `json:"description,omitempty"`
	Icon        string   `json:"icon,omitempty"`
	Authors     []author `json:"authors,omitempty"`
	Language    string   `json:"language,omitempty"`
	Items       []item   `json:"items"`
}

type author struct {
	Name string `json:"name"`
}

type item struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	HTML      string   `json:"content_html,omitempty"`
	Text      string   `json:"content_text,omitempty"`
	Summary   string   `json:"summary,omitempty"`
	Published string   `json:"date_published"`
	Modified  string   `json:"date_modified,omitempty"`
	Authors   []author `json:"authors,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Language  string   `json:"language,omitempty"`
}

// Write returns the feed as a JSON Feed. Every item has at least one of
// content_html and content_text; date_modified stands only after an edit.
func Write(f feed.Feed) ([]byte, error) {
	d := document{
		Version: "https://jsonfeed.org/version/1.1", Title: f.Title, HomeURL: f.Home, FeedURL: f.Self,
		Description: f.Subtitle, Icon: f.Icon, Authors: authors(f.Author), Language: f.Lang, Items: []item{},
	}
	for _, e := range f.Entries {
		x := item{
			ID: e.ID, URL: e.URL, Title: e.Title, HTML: e.HTML, Text: e.Text, Summary: e.Summary,
			Published: stamp(e.Published), Authors: authors(e.Author),
		}
		if e.HTML == "" && e.Text == "" {
			x.Text = e.Title
		}
		if e.Changed().After(e.Published) {
			x.Modified = stamp(e.Updated)
		}
		if e.Lang != f.Lang {
			x.Language = e.Lang
		}
		for _, c := range e.Categories {
			x.Tags = append(x.Tags, c.Term)
		}
		d.Items = append(d.Items, x)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(d)
	return b.Bytes(), err
}

func authors(name string) []author {
	if name == "" {
		return nil
	}
	return []author{{name}}
}

func stamp(t time.Time) string { return t.Truncate(time.Second).Format(time.RFC3339) }
