package markdown

import (
	"slices"
	"strings"
	"unicode/utf8"

	"signpost/internal/content/markdown/syntax"
)

// A Heading is one line of a table of contents.
type Heading struct {
	Level     int // 1 to 6
	Anchor    string
	Text      string
	Platforms []string // of the platform block around it; nil for everyone
}

// A Step is one step of a "kind: howto".
type Step struct {
	Number    int // that its writer gave it
	Anchor    string
	Name      string   // first sentence
	Text      string   // all of it, plain
	Image     string   // file name of the first picture, or ""
	From      string   // path of the file it stands in, for Image
	Platforms []string // nil for everyone
}

// A Passage is a piece of a document for search: what stands under one
// heading, or in one platform block without a heading.
type Passage struct {
	Anchor    string // "" for the text before the first heading
	Heading   string
	Level     int
	Text      string   // plain, without URLs
	Platforms []string // nil for everyone
}

// A Figure is a picture, alone in its paragraph or within text.
type Figure struct {
	From    string // path of the file it stands in
	Line    int
	Name    string // file name relative to the folder of From
	Alt     string
	Caption string
}

// A Reference is a link to a page of this site and where it stands.
type Reference struct {
	Ref
	Line int
}

// Outline returns the headings in order.
func (d *Doc) Outline(r Resolver) []Heading {
	var out []Heading
	for p := range d.places() {
		if p.Kind == syntax.Heading {
			out = append(out, Heading{int(p.Level), p.ID(), plain(p.Children, orNothing(r)), p.platforms})
		}
	}
	return out
}

// plainWriter writes the text of single blocks, for search and data.
func (d *Doc) plainWriter(r Resolver) *textWriter {
	w := &textWriter{d: d, r: orNothing(r), o: Options{NoURLs: true}.filled()}
	w.o.Texts.Picture = ""
	return w
}

// Steps returns the steps in order.
func (d *Doc) Steps(r Resolver) []Step {
	var out []Step
	w := d.plainWriter(r)
	for p := range d.places() {
		if p.Kind != syntax.Item || p.ID() == "" {
			continue
		}
		s := Step{Number: p.Step(), Anchor: p.ID(), From: p.path, Platforms: p.platforms}
		s.Text = oneLine(w.blocks(p, "\n"))
		s.Name = firstSentence(s.Text)
		if i := slices.IndexFunc(p.Children, func(c *syntax.Node) bool { return c.Kind == syntax.Paragraph }); i >= 0 {
			s.Name = firstSentence(oneLine(w.inlines(p.inside(p.Children[i]))))
		}
		for n := range p.All() {
			if n.Kind == syntax.Image {
				s.Image = n.Text
				break
			}
		}
		out = append(out, s)
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func firstSentence(s string) string {
	for i := range s {
		if strings.IndexByte(".!?:", s[i]) >= 0 && (i+1 == len(s) || s[i+1] == ' ') {
			return strings.TrimRight(s[:i+1], ".:")
		}
	}
	return s
}

// Passages returns the document cut for search, values substituted.
func (d *Doc) Passages(r Resolver) []Passage {
	if d.root == nil {
		return nil
	}
	c := cutter{w: d.plainWriter(r)}
	c.w.bare = true
	c.begin(Passage{})
	c.blocks(place{d.root, d.Path, nil})
	return slices.DeleteFunc(c.out, func(p Passage) bool { return p.Text == "" && p.Heading == "" })
}

type cutter struct {
	w   *textWriter
	out []Passage
}

func (c *cutter) begin(p Passage) { c.out = append(c.out, p) }

func (c *cutter) blocks(p place) {
	for _, child := range p.Children {
		q := p.inside(child)
		switch q.Kind {
		case syntax.Heading:
			c.begin(Passage{q.ID(), oneLine(c.w.inlines(q)), int(q.Level), "", q.platforms})
		case syntax.Include:
			c.blocks(q)
		case syntax.Platform:
			around := c.out[len(c.out)-1]
			c.begin(Passage{q.ID(), around.Heading, around.Level, "", q.Node.Platforms()})
			c.blocks(q)
			around.Text = ""
			c.begin(around)
		default:
			last := &c.out[len(c.out)-1]
			last.Text = strings.TrimSpace(last.Text + "\n" + c.w.block(q))
		}
	}
}

// Figures returns the pictures in order, values not substituted.
func (d *Doc) Figures() []Figure {
	var out []Figure
	for p := range d.places() {
		if p.Kind == syntax.Image {
			out = append(out, Figure{p.path, int(p.Line), p.Text, syntax.Typed(syntax.PlainText(p.Children)), syntax.Typed(p.Title())})
		}
	}
	return out
}

// References returns the links to pages of this site in order, those with
// values in them left out.
func (d *Doc) References() []Reference {
	var out []Reference
	for p := range d.places() {
		if p.Kind != syntax.Link && p.Kind != syntax.Name || strings.Contains(p.Text, "{{") {
			continue
		}
		if ref, _, ok := reference(p, p.Text); ok && ref.Target != "" {
			out = append(out, Reference{ref, int(p.Line)})
		}
	}
	return out
}

// Anchors returns all anchors of headings, platform blocks and steps.
func (d *Doc) Anchors() []string { return slices.Clone(d.anchors) }

// HasAnchor reports whether a link may name the fragment.
func (d *Doc) HasAnchor(fragment string) bool { return d.known[fragment] > 0 }

// Lead returns the first paragraph as plain text of at most limit characters,
// cut at a word, as a summary for a document that has none.
func (d *Doc) Lead(r Resolver, limit int) string {
	for p := range d.places() {
		if p.Kind != syntax.Paragraph {
			continue
		}
		if s := oneLine(d.plainWriter(r).inlines(p)); s != "" {
			return cut(s, limit)
		}
	}
	return ""
}

func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	kept := string([]rune(s)[:max(limit-1, 0)])
	if i := strings.LastIndexByte(kept, ' '); i > len(kept)/2 {
		kept = kept[:i]
	}
	return strings.TrimRight(kept, " ,;:") + "…"
}
