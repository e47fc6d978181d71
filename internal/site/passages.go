package site

import (
	"signpost/internal/content"
	"signpost/internal/content/markdown"
	"signpost/internal/search"
)

// passages keep the sections of documents for search from snapshot to
// snapshot. Those of a document are used again when everything that was asked
// while they were cut has the same answer now.
type passages struct {
	last, next map[*markdown.Doc]cut
}

type cut struct {
	asked    *markdown.Recorder
	sections []search.Section
}

// begin starts a snapshot: what it does not use is forgotten by the next one.
func (p *passages) begin() { p.last, p.next = p.next, make(map[*markdown.Doc]cut, len(p.next)) }

// of returns the sections of a document for a reader. They must not be changed.
func (p *passages) of(doc *markdown.Doc, r *content.Reader) []search.Section {
	c, ok := p.last[doc]
	if !ok || !c.asked.Holds(r) {
		c = cut{asked: markdown.Record(r)}
		for _, passage := range doc.Passages(c.asked) {
			c.sections = append(c.sections, search.Section{Anchor: passage.Anchor, Heading: passage.Heading, Text: passage.Text, Platforms: passage.Platforms})
		}
		c.asked.Close()
	}
	p.next[doc] = c
	return c.sections
}
