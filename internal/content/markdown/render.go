package markdown

import (
	"html/template"

	"signpost/internal/problem"
)

// HTML renders the document. What cannot be resolved is shown as a marker.
func (d *Doc) HTML(r Resolver, o Options) template.HTML { return "" }

// Text renders the document as plain text, for replies, feeds and .txt: steps
// keep their numbers, links become "text (URL)".
func (d *Doc) Text(r Resolver, o Options) string { return "" }

// Markdown renders the document as CommonMark (tables as GFM): values
// substituted, parts in place, nothing that only this package understands.
func (d *Doc) Markdown(r Resolver, o Options) string { return "" }

// Check returns all problems that show only with the other files: unknown
// values, broken links and anchors, missing pictures. Paths and lines are
// those of the file or part in which the problem stands.
func (d *Doc) Check(r Resolver) problem.List { return nil }
