package site

import (
	"slices"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/search"
)

// passages keep the sections of documents for search from snapshot to
// snapshot. Those of a document are used again when everything that was asked
// while they were cut has the same answer now.
type passages struct {
	last, next map[*markdown.Doc]cut
	from       visible
	steady     bool // articles and shelves are those of the last snapshot
}

// visible is what sections depend on as a whole: the articles, and which of
// them customers and agents see.
type visible struct {
	edition    int
	help, desk []string // slugs
}

func visibleIn(s *Snapshot) visible {
	slugs := func(list []*article.Article) []string {
		names := make([]string, len(list))
		for i, a := range list {
			names[i] = a.Slug
		}
		return names
	}
	return visible{s.Library.Edition, slugs(s.Help.Articles), slugs(s.Desk.Articles)}
}

type cut struct {
	asked    *markdown.Recorder
	values   content.Values
	sections []search.Section
}

// begin starts a snapshot: what it does not use is forgotten by the next one.
func (p *passages) begin(s *Snapshot) {
	from := visibleIn(s)
	p.steady = p.next != nil && from.edition == p.from.edition && slices.Equal(from.help, p.from.help) && slices.Equal(from.desk, p.from.desk)
	p.from = from
	p.last, p.next = p.next, make(map[*markdown.Doc]cut, len(p.next))
}

// of returns the sections of a document for a reader. They must not be changed.
func (p *passages) of(doc *markdown.Doc, r *content.Reader) []search.Section {
	c, ok := p.last[doc]
	values := r.Library.Values()
	if !ok || !p.steady && !c.asked.Holds(r, c.values == values) {
		c = cut{asked: markdown.Record(r)}
		for _, passage := range doc.Passages(c.asked) {
			c.sections = append(c.sections, search.Section{Anchor: passage.Anchor, Heading: passage.Heading, Text: passage.Text, Platforms: passage.Platforms})
		}
		c.asked.Close()
	}
	c.values = values
	p.next[doc] = c
	return c.sections
}
